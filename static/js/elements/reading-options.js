/** <reading-options>: remembers how the reader likes the page. What is chosen is done by style sheets alone. */

import { recall, remember } from "./memory.js";

const WHAT = "view";

/**
 * @typedef {{language: string, size: string, reader: boolean, hidden: string[]}} View `hidden` are kinds of notes; the
 *   others are values of the inputs of these names
 */

/** @type {View} */
const FIRST = { language: "original", size: "normal", reader: false, hidden: [] };

export class ReadingOptions extends HTMLElement {
  #leaving = new AbortController();

  connectedCallback() {
    this.#leaving = new AbortController();
    this.#apply(viewIn(recall(WHAT)));
    for (const box of this.#all("large-line")) /** @type {HTMLElement} */ (box.closest("label")).hidden = false;
    this.addEventListener("change", this, { signal: this.#leaving.signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  handleEvent() {
    const { language, size, reader, hidden } = viewIn(recall(WHAT));
    const kinds = this.#all("kind");
    // What this page does not offer, another does: it stays as it was chosen there.
    const elsewhere = hidden.filter((kind) => !kinds.some(({ value }) => value === kind));
    remember(WHAT, {
      language: this.#all("language").find(({ checked }) => checked)?.value ?? language,
      size: this.#all("size").find(({ checked }) => checked)?.value ?? size,
      reader: this.#all("reader")[0]?.checked ?? reader,
      hidden: [...elsewhere, ...kinds.filter(({ checked }) => !checked).map(({ value }) => value)],
    });
    this.#leaveOutMarks();
  }

  /** @param {View} view */
  #apply({ language, size, reader, hidden }) {
    for (const input of [...this.#all("language"), ...this.#all("size")]) {
      if (input.value === language || input.value === size) input.checked = true;
    }
    for (const input of this.#all("reader")) input.checked = reader;
    for (const input of this.#all("kind")) input.checked = !hidden.includes(input.value);
    this.#leaveOutMarks();
  }

  /**
   * Leave out the timeline's marks of kinds that are left out: no style sheet can do that at the cost of a few
   * elements.
   */
  #leaveOutMarks() {
    const hidden = this.#all("kind").filter(({ checked }) => !checked).map(({ value }) => value);
    for (const mark of this.closest("recording-player")?.querySelectorAll(".mark[data-kind]") ?? []) {
      mark.toggleAttribute("data-left-out", hidden.includes(/** @type {SVGElement} */ (mark).dataset.kind));
    }
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement[]}
   */
  #all(name) {
    return [...this.querySelectorAll(`input[name="${name}"]`)];
  }
}

/**
 * Take of what was remembered what has the right shape.
 * @param {any} kept
 * @returns {View}
 */
function viewIn(kept) {
  const { language, size, reader, hidden } = { ...FIRST, ...(typeof kept === "object" ? kept : null) };
  return {
    language: String(language),
    size: String(size),
    reader: reader === true,
    hidden: Array.isArray(hidden) ? hidden.map(String) : [],
  };
}
