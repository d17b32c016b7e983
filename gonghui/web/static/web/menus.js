// Open menus close by Escape and by a click elsewhere; a message about errors gets the focus.
"use strict";

function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!except || !menu.contains(except)) menu.open = false;
  });
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  if (open && open.contains(document.activeElement)) open.querySelector("summary").focus();
  closeMenus(null);
});

const wrong = document.querySelector("[data-focus]");
if (wrong) wrong.focus();
