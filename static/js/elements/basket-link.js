/** <basket-link>: leads to the reader's own basket, and says how many passages are in it. */

import { basketWith, kept } from "../clips/basket.js";

const CHANGES = ["basketchange", "pageshow", "storage"];

export class BasketLink extends HTMLElement {
  connectedCallback() {
    for (const type of CHANGES) addEventListener(type, this);
    this.handleEvent();
  }

  disconnectedCallback() {
    for (const type of CHANGES) removeEventListener(type, this);
  }

  handleEvent() {
    const passages = kept();
    const link = this.querySelector("a");
    link.href = basketWith(passages);
    link.textContent = passages.length ? `Basket (${passages.length})` : "Basket";
  }
}
