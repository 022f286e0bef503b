/**
 * <basket-link>: leads to the reader's own basket, and says how many passages are in it. A link that adds a passage to a
 * basket, wherever it stands on the page, puts it into that one.
 */

import { basketWith, kept } from "../clips/basket.js";
import { collect } from "../clips/collecting.js";
import { isPlain } from "./requests.js";

const CHANGES = ["basketchange", "pageshow", "storage"];

export class BasketLink extends HTMLElement {
  connectedCallback() {
    for (const type of CHANGES) addEventListener(type, this);
    document.addEventListener("click", this);
    this.#show();
  }

  disconnectedCallback() {
    for (const type of CHANGES) removeEventListener(type, this);
    document.removeEventListener("click", this);
  }

  /** @param {any} event */
  handleEvent(event) {
    if (event.type !== "click") return this.#show();
    const link = event.target.closest("a.collect");
    if (link && isPlain(event)) collect(event, link);
  }

  #show() {
    const passages = kept();
    const link = this.querySelector("a");
    link.href = basketWith(passages);
    link.textContent = passages.length ? `Basket (${passages.length})` : "Basket";
  }
}
