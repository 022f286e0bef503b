/**
 * <citation-list>: lets each of its citations be copied; without JavaScript they are there to be selected. In a dialog,
 * it shows the citation of a passage: what the page of citations shows.
 */

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

/** The citation of a passage in a dialog: what the page of citations shows, and the same without JavaScript. */
export class CiteDialog {
  #dialog;
  /** @type {[Node, number, Node, number] | null} what was selected: a reader may select in the dialog too */
  #selected = null;
  #asked = "";

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#dialog.addEventListener("close", () => this.#giveBack(), { signal });
    this.#dialog.querySelector(".close").addEventListener("click", () => this.#dialog.close(), { signal });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /**
   * @param {string} address of the page of citations
   * @param {string} times what passage it is, in words
   */
  async open(address, times) {
    const selection = getSelection();
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    this.#selected = anchorNode && focusNode ? [anchorNode, anchorOffset, focusNode, focusOffset] : null;
    this.#asked = address;
    this.#dialog.querySelector(".times").textContent = times;
    this.#dialog.querySelector(".own").setAttribute("href", address);
    this.#show(paragraph("The citation is loading …"));
    this.#dialog.showModal();
    const found = await citationAt(address).catch(() => null);
    if (this.#asked !== address) return; // another has been asked for meanwhile
    this.#show(found ?? paragraph("The citation could not be loaded. The page linked below will have it once the server responds."));
  }

  /** @param {Element} element */
  #show(element) {
    this.#dialog.querySelector(".citations").replaceChildren(element);
  }

  #giveBack() {
    this.#asked = "";
    if (this.#selected?.every((each) => !(each instanceof Node) || each.isConnected)) {
      getSelection().setBaseAndExtent(...this.#selected);
    }
  }
}

/**
 * @param {string} address
 * @returns {Promise<Element>}
 * @throws {Error} where the server does not answer, or with something else
 */
async function citationAt(address) {
  const response = await fetch(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = page.querySelector("citation-list") ?? page.querySelector("main > p:nth-of-type(2)");
  if (!found) throw new Error(`${address} has no citation`);
  return document.importNode(found, true);
}

/** @param {string} text */
function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
