/** The moment that the pointer is over on the timeline, and how its line begins. Touch has no hover, and needs none. */

import { indexAt } from "./cues.js";
import { clock } from "./timecode.js";

const OWN = ["pointercancel", "pointerleave", "pointermove"];

export class PointedMoment {
  #line;
  #position;
  #label;
  /** @type {HTMLElement[] | null} */
  #cues = null;
  #starts = new Float64Array();
  #isDismissed = false;

  /**
   * @param {HTMLElement} line the <time-line>
   * @param {HTMLInputElement} position its range input, whose `max` is the length in milliseconds
   */
  constructor(line, position) {
    this.#line = line;
    this.#position = position;
    this.#label = /** @type {HTMLElement | null} */ (line.querySelector(".pointed"));
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of OWN) this.#line.addEventListener(type, this, { signal });
    document.addEventListener("keydown", this, { signal });
  }

  /** @param {any} event */
  handleEvent(event) {
    if (!this.#label) return;
    if (event.type === "pointermove" && event.pointerType !== "touch") {
      if (!this.#isDismissed) this.#show(this.#label, event.clientX);
    } else if (event.type !== "keydown") {
      this.#isDismissed = false;
      this.#label.hidden = true;
    } else if (event.key === "Escape" && !this.#label.hidden) {
      this.#isDismissed = true;
      this.#label.hidden = true;
    }
  }

  /**
   * @param {HTMLElement} label
   * @param {number} x
   */
  #show(label, x) {
    const { left, width } = this.#line.getBoundingClientRect();
    const length = Number(this.#position.max);
    if (!length) return;
    const moment = Math.min(Math.max(((x - left) / width) * length, 0), length);
    const [when, words] = label.children;
    when.textContent = clock(moment);
    words.textContent = this.#wordsAt(moment);
    label.hidden = false;
    label.style.left = `${Math.min(Math.max(x - left - label.offsetWidth / 2, 0), width - label.offsetWidth)}px`;
  }

  /**
   * The line that is spoken at a moment; none where nobody speaks, or where it is not known who does.
   * @param {number} moment
   */
  #wordsAt(moment) {
    const page = this.#line.closest("recording-player[data-highlight]");
    if (!page) return "";
    if (!this.#cues) {
      this.#cues = [...page.querySelectorAll(".cue[data-start]")].map((cue) => /** @type {HTMLElement} */ (cue));
      this.#starts = Float64Array.from(this.#cues, (cue) => Number(cue.dataset.start));
    }
    const cue = this.#cues[indexAt(this.#starts, moment)];
    return cue && moment < Number(cue.dataset.end) ? (cue.querySelector(".said")?.textContent?.slice(0, 80) ?? "") : "";
  }
}
