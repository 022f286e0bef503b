/**
 * Plays the passages of a page one after another: *Play through*, which is *Stop* meanwhile.
 *
 * @typedef {import("../elements/found-passages.js").FoundPassages} FoundPassages
 */

import { say } from "../quoting/copying.js";

export class Through {
  #isOn = false;

  /** @param {HTMLElement} page with a button `.through` and <found-passages> */
  constructor(page) {
    this.page = page;
    /** What the button says while nothing is played. */
    this.name = this.#button.textContent.trim();
  }

  get #button() {
    return /** @type {HTMLElement} */ (this.page.querySelector(".through"));
  }

  /** What plays a passage each, in order. @returns {HTMLElement[]} */
  get #starts() {
    return [...this.page.querySelectorAll("button.round")].map((each) => /** @type {HTMLElement} */ (each));
  }

  /** Show the button where there is something to play. */
  show() {
    this.#button.hidden = this.#starts.length === 0;
  }

  /** Begin with the first passage, or stop. */
  turn() {
    this.#isOn = !this.#isOn;
    this.#tell();
    if (this.#isOn) this.#starts[0]?.click();
    else /** @type {FoundPassages} */ (this.page.querySelector("found-passages")).pause();
  }

  /** @param {Element} passage that is over */
  goOn(passage) {
    if (!this.#isOn) return;
    const next = this.#starts[this.#starts.findIndex((each) => passage.contains(each)) + 1];
    if (next) {
      next.click();
      next.closest(".passage").scrollIntoView({ block: "nearest" });
      return;
    }
    this.#isOn = false;
    this.#tell();
    say(this.page, "That was the last passage.");
  }

  #tell() {
    this.#button.querySelector("span").textContent = this.#isOn ? "Stop" : this.name;
    this.#button.querySelector("path").setAttribute("d", this.#isOn ? "M6 6h12v12H6z" : "M7 4.5v15l12.5-7.5z");
  }
}
