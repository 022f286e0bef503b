/** Shows who may have said the words in hand, each with the number that is its key. */

import { made } from "./made.js";

const MOST_KEYS = 9;

export class Speakers {
  #element;
  #chosen;
  /** @type {{name: string, label: string}[]} */
  #speakers = [];
  /** @type {string | null | undefined} who is shown as the speaker */
  #shown;

  /**
   * @param {HTMLElement} element the fieldset
   * @param {(speaker: string | null) => void} chosen
   */
  constructor(element, chosen) {
    this.#element = element;
    this.#chosen = chosen;
    element.addEventListener("change", ({ target }) => chosen(this.#nameOf(/** @type {HTMLInputElement} */ (target).value)));
  }

  /** @param {{name: string, label: string}[]} speakers */
  list(speakers) {
    this.#speakers = speakers;
    this.#shown = undefined;
  }

  /**
   * Say who speaks.
   * @param {string | null} speaker
   */
  show(speaker) {
    if (speaker === this.#shown) return;
    this.#shown = speaker;
    const isListed = speaker === null || this.#speakers.some(({ name }) => name === speaker);
    const all = isListed ? this.#speakers : [...this.#speakers, { name: /** @type {string} */ (speaker), label: speaker }];
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const hadFocus = this.#element.contains(focused);
    const choices = all.map(({ name, label }, index) =>
      this.#choice(String(index), index < MOST_KEYS ? String(index + 1) : "", label ?? name, name === speaker),
    );
    const none = this.#choice("", "0", "Not known", speaker === null);
    const another = made("button", { type: "button", "data-does": "another-speaker", "aria-keyshortcuts": "P" }, "another");
    this.#element.replaceChildren(this.#element.querySelector("legend"), ...choices, none, another);
    if (hadFocus) this.#element.querySelector("input:checked")?.focus();
  }

  /**
   * Choose the speaker of a number key; 0 is nobody who is known.
   * @param {number} number
   * @returns {boolean} whether there is one
   */
  choose(number) {
    if (number > this.#speakers.length) return false;
    this.#chosen(number ? this.#speakers[number - 1].name : null);
    return true;
  }

  /** @param {string} value */
  #nameOf(value) {
    return value === "" ? null : (this.#speakers[Number(value)]?.name ?? this.#shown ?? null);
  }

  /**
   * @param {string} value
   * @param {string} key
   * @param {string} label
   * @param {boolean} isChosen
   */
  #choice(value, key, label, isChosen) {
    const input = /** @type {HTMLInputElement} */ (
      made("input", { type: "radio", name: "desk-speaker", value, checked: isChosen, "aria-keyshortcuts": key || null })
    );
    return made("label", {}, input, key !== "" && made("kbd", { "aria-hidden": "true" }, key), " ", made("span", {}, made("bdi", {}, label)));
  }
}
