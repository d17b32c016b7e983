// The picker of figures: the fields for a month or for other days show only when they are asked for.
"use strict";

function suit(form) {
  const chosen = form.elements.during.value;
  form.querySelectorAll("[data-during]").forEach((field) => {
    field.hidden = field.dataset.during !== chosen;
  });
}

document.querySelectorAll("form[data-window]").forEach((form) => {
  suit(form);
  form.elements.during.addEventListener("change", () => suit(form));
});
