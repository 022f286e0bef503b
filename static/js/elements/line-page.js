/** <line-page>: what there is about a line, on a page of its own, from which the line can be put into the reader's basket. */

import { collect } from "../clips/collecting.js";
import { isPlain } from "./requests.js";

export class LinePage extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  /** @param {any} event */
  handleEvent(event) {
    const link = event.target.closest("a.collect");
    if (link && isPlain(event)) collect(event, link);
  }
}
