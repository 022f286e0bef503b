/** <citation-list>: lets each of its citations be copied. Without JavaScript they are there to be selected. */

import { copy } from "../quoting/copying.js";

export class CitationList extends HTMLElement {
  #leaving = new AbortController();

  connectedCallback() {
    this.#leaving = new AbortController();
    for (const button of this.querySelectorAll("button.copy")) /** @type {HTMLElement} */ (button).hidden = false;
    this.addEventListener("click", this, { signal: this.#leaving.signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {MouseEvent} event */
  handleEvent({ target }) {
    const button = /** @type {Element} */ (target).closest("button.copy");
    const citation = button?.closest(".citation");
    if (!citation) return;
    copy(this, citation.querySelector("h2").firstChild.textContent.trim(), citation.querySelector(".written").textContent);
  }
}
