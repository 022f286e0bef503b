/**
 * <pointed-moment>: shows the moment that the pointer is over on the timeline, and how its line begins. Touch has no
 * hover, and needs none.
 */

import { clock } from "../playback/timecode.js";
import { indexAt } from "../transcript/cues.js";
import { saidOf, textOf } from "../transcript/words.js";

const OWN = ["pointercancel", "pointerleave", "pointermove"];

export class PointedMoment extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLElement | null} the <time-line> */
  #timeline = null;
  /** @type {HTMLElement[] | null} */
  #cues = null;
  #starts = new Float64Array();
  #isDismissed = false;

  connectedCallback() {
    this.#timeline = this.closest("time-line");
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of OWN) this.#timeline?.addEventListener(type, this, { signal });
    document.addEventListener("keydown", this, { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    if (event.type === "pointermove" && event.pointerType !== "touch") {
      if (!this.#isDismissed) this.#show(event.clientX);
    } else if (event.type !== "keydown") {
      this.#isDismissed = false;
      this.hidden = true;
    } else if (event.key === "Escape" && !this.hidden) {
      this.#isDismissed = true;
      this.hidden = true;
    }
  }

  /** @param {number} x */
  #show(x) {
    const { left, width } = this.#timeline.getBoundingClientRect();
    const length = Number(/** @type {HTMLInputElement} */ (this.#timeline.querySelector("input.position")).max);
    if (!length) return;
    const moment = Math.min(Math.max(((x - left) / width) * length, 0), length);
    const [when, words] = this.children;
    when.textContent = clock(moment);
    words.textContent = this.#wordsAt(moment);
    this.hidden = false;
    this.style.left = `${Math.min(Math.max(x - left - this.offsetWidth / 2, 0), width - this.offsetWidth)}px`;
  }

  /**
   * The line that is spoken at a moment; none where nobody speaks, or where it is not known who does.
   * @param {number} moment
   */
  #wordsAt(moment) {
    const page = this.#timeline.closest("recording-player[data-highlight]");
    if (!page) return "";
    if (!this.#cues) {
      this.#cues = [...page.querySelectorAll(".cue[data-start]")].map((cue) => /** @type {HTMLElement} */ (cue));
      this.#starts = Float64Array.from(this.#cues, (cue) => Number(cue.dataset.start));
    }
    const cue = this.#cues[indexAt(this.#starts, moment)];
    return cue && moment < Number(cue.dataset.end) ? (textOf(saidOf(cue))?.data.slice(0, 80) ?? "") : "";
  }
}
