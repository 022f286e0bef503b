/** <key-list>: hears the keys, and shows what each of them does in a dialog, where each can be switched off. */

import { requestOf } from "../playback/transport.js";
import { GROUPS, keyOf, KeySwitches, shortcutsOf, shown } from "./keys.js";
import { lateSheet } from "./late-sheet.js";
import { ask } from "./requests.js";

/** @typedef {import("./keys.js").Key} Key */

/** @type {[string, (element: HTMLElement) => import("./requests.js").Request][]} what is beside the transport's buttons */
const SEARCHING = [
  ["transcript-search :is(.unfold, input)", () => ({ type: "searchrequest" })],
  ["[data-hit-step]", ({ dataset }) => ({ type: "hitrequest", detail: { step: Number(dataset.hitStep) } })],
];

export class KeyList extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLElement | null} */
  #player = null;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  #switches = new KeySwitches();

  connectedCallback() {
    this.#player = this.closest("recording-player");
    this.#dialog = this.querySelector("dialog");
    if (!this.#player || !this.#dialog) return;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#player.addEventListener("helprequest", this, { signal });
    document.addEventListener("keydown", this, { signal });
    for (const type of ["change", "click", "keydown"]) this.#dialog.addEventListener(type, this, { signal });
    this.#opener?.addEventListener("click", () => this.#open(), { signal });
    if (this.#opener) this.#opener.hidden = false;
    this.#fill();
    this.#show();
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** Where there is no transport, whose button asks for the list. @returns {HTMLElement | null} */
  get #opener() {
    return this.querySelector(".open");
  }

  async #open() {
    await lateSheet(this.#player.dataset.later);
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "helprequest":
        this.#open();
        break;
      case "keydown":
        this.#press(event);
        break;
      case "change":
        this.#switch(event.target);
        break;
      case "click":
        if (event.target === this.#dialog || event.target.closest(".close")) this.#dialog.close();
        break;
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (this.#dialog.open) return event.stopPropagation(); // Esc closes the dialog and nothing behind it
    if (event.currentTarget === this.#dialog) return;
    const key = keyOf(event);
    if (!key || !this.#switches.isOn(key) || !this.#has(key)) return;
    event.preventDefault();
    ask(this, key.type, key.detail);
  }

  /**
   * Tell whether there is anything on the page that a key is for.
   * @param {Key} key
   */
  #has({ needs }) {
    return !needs || document.querySelector(needs) !== null;
  }

  /** @param {HTMLInputElement} box */
  #switch(box) {
    if (box.dataset.key === undefined) this.#switches.setAll(box.checked);
    else this.#switches.set(box.dataset.key, box.checked);
    this.#show();
  }

  #show() {
    for (const box of this.#dialog.querySelectorAll("input")) {
      const key = GROUPS.flatMap(({ keys }) => keys).find((each) => each.key === box.dataset.key);
      box.checked = key ? this.#switches.isChosen(key) : !this.#switches.areAllOff;
      box.disabled = key !== undefined && this.#switches.areAllOff;
    }
    this.#name(".controls button", requestOf);
    for (const [selector, request] of SEARCHING) this.#name(selector, request);
  }

  /**
   * Say which keys do the same as a button or a field, of those that are on.
   * @param {string} selector
   * @param {(element: HTMLElement) => import("./requests.js").Request | null} requestOf
   */
  #name(selector, requestOf) {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (this.#player.querySelectorAll(selector))) {
      const request = requestOf(element);
      if (!request) continue;
      const keys = shortcutsOf(request, (key) => this.#switches.isOn(key));
      if (keys) element.setAttribute("aria-keyshortcuts", keys);
      else element.removeAttribute("aria-keyshortcuts");
    }
  }

  #fill() {
    const lists = GROUPS.map(({ about, keys }) => ({ about, keys: keys.filter((key) => this.#has(key)) }));
    this.#dialog.querySelector(".keys").replaceChildren(...lists.filter(({ keys }) => keys.length).map(listOf));
  }
}

/** @param {{about: string, keys: readonly Key[]}} group */
function listOf({ about, keys }) {
  return element("fieldset", element("legend", about), ...keys.map(rowOf));
}

/** @param {Key} key */
function rowOf({ key, does }) {
  const box = /** @type {HTMLInputElement} */ (element("input"));
  box.type = "checkbox";
  box.dataset.key = key;
  return element("label", box, element("kbd", shown(key)), element("span", does));
}

/**
 * @param {string} name
 * @param {(Node | string)[]} children
 */
function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
