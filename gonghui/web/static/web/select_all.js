// A tick box [data-all=NAME] ticks all boxes of that name in its form; [data-picked] says how many are ticked,
// in words of its own where it has some ("已到#人").
"use strict";

function boxes(all) {
  return [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)];
}

function count(all) {
  const ticked = boxes(all).filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes(all).length;
  all.indeterminate = ticked > 0 && !all.checked;
  all.form.querySelectorAll("[data-picked]").forEach((place) => {
    const words = place.dataset.picked;
    if (words) place.textContent = words.replace("#", ticked);
    else place.textContent = ticked ? `已选${ticked}条` : "勾选后批量办理";
  });
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || !box.form) return;
  if (box.dataset.all) {
    boxes(box).forEach((one) => { one.checked = box.checked; });
    count(box);
  } else {
    box.form.querySelectorAll(`[data-all="${box.name}"]`).forEach(count);
  }
});
