// Search-as-you-type choice. A box [data-choose=ADDRESS] holds a text input and a hidden input that
// keeps "id|text" of what was picked. Without this file the text is resolved when the form is sent.
"use strict";

class Choice {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input:not([type=hidden])");
    this.kept = box.querySelector("input[type=hidden]");
    this.list = null;
    this.at = -1;
    this.asked = 0;
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => window.setTimeout(() => this.close(), 200));
  }

  later() {
    this.kept.value = "";
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), 250);
  }

  async ask() {
    const number = ++this.asked;
    const address = new URL(this.box.dataset.choose, window.location.href);
    address.searchParams.set("q", this.input.value);
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok || number !== this.asked) return;
    this.show(await answer.text());
  }

  show(html) {
    this.close();
    this.box.insertAdjacentHTML("beforeend", html);
    this.list = this.box.querySelector(".choose-list");
    this.list.id = `${this.input.id}_list`;
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "true");
    this.options().forEach((option, index) => {
      option.id = `${this.list.id}_${index}`;
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.pick(option);
      });
    });
  }

  options() {
    return this.list ? [...this.list.querySelectorAll("[data-pk]")] : [];
  }

  key(event) {
    if (event.key === "ArrowDown" && !this.list) {
      this.ask();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.pick(this.options()[this.at]);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  move(step) {
    const options = this.options();
    if (!options.length) return;
    this.at = (this.at + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    options[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.at].id);
  }

  pick(option) {
    this.input.value = option.dataset.label;
    this.kept.value = `${option.dataset.pk}|${option.dataset.label}`;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    if (this.list) this.list.remove();
    this.list = null;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function choices(root) {
  root.querySelectorAll("[data-choose]").forEach((box) => {
    if (!box.dataset.ready) {
      box.dataset.ready = "1";
      new Choice(box);
    }
  });
}

choices(document);
document.addEventListener("htmx:load", (event) => choices(event.detail.elt));
