/** The line under the controls that says what else a listener must know now, the most urgent first. */

const SUBJECTS = /** @type {const} */ (["replaced", "sound", "network", "parts", "address", "loop", "mute", "place"]);

/** @typedef {typeof SUBJECTS[number]} Subject */

export class MessageLine {
  #line;
  #said = new Map();

  /** @param {Element | null} line holds .message, and whatever is to be pressed [data-about] a subject */
  constructor(line) {
    this.#line = line;
  }

  /**
   * @param {Subject} subject
   * @param {string} text "" where there is nothing more to say of it
   */
  say(subject, text) {
    this.#said.set(subject, text);
    const message = this.#line?.querySelector(".message");
    const all = SUBJECTS.map((each) => this.#said.get(each)).filter(Boolean).join(" ");
    if (message && message.textContent !== all) message.textContent = all;
    for (const each of this.#line?.querySelectorAll("[data-about]") ?? []) {
      const button = /** @type {HTMLElement} */ (each);
      button.hidden = !this.#said.get(button.dataset.about);
    }
  }
}
