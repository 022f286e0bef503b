/** <set-page>: the page of a set, whose passages are played through, and whose link is copied. */

import { Through } from "../clips/through.js";
import { copy } from "../quoting/copying.js";

export class SetPage extends HTMLElement {
  #leaving = new AbortController();
  /** @type {Through | null} */
  #through = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of ["click", "passageend"]) this.addEventListener(type, this, { signal });
    this.#through ??= new Through(this);
    this.#through.show();
    this.querySelector(".copy-link").toggleAttribute("hidden", false);
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    if (event.type === "passageend") return this.#through.goOn(event.target.closest(".passage"));
    const button = event.target.closest("button");
    if (button?.matches(".through")) this.#through.turn();
    else if (button?.matches(".copy-link")) copy(this, "Link", this.dataset.address);
  }
}
