// The shares of a target: their sum and what it is beyond the target, while they are typed.
"use strict";

document.querySelectorAll("form[data-shares]").forEach((form) => {
  const whole = Number(form.dataset.shares);
  const shares = [...form.querySelectorAll("[data-share]")];
  const total = form.querySelector("[data-total]");
  const difference = form.querySelector("[data-difference]");
  const plain = (value) => value.toLocaleString("zh-CN", { maximumFractionDigits: 4 });
  form.addEventListener("input", () => {
    const sum = shares.reduce((before, share) => before + Number(share.value.replace(/,/g, "") || 0), 0);
    total.textContent = Number.isFinite(sum) ? plain(sum) : "—";
    difference.textContent = Number.isFinite(sum) ? plain(sum - whole) : "—";
  });
});
