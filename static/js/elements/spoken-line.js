/**
 * <spoken-line>: says which line is being spoken, by whom and when, where that is asked, and never else. Moves the focus
 * to the line, and a screen reader with it. Goes from speaker to speaker. Its buttons are under More.
 */

import { clock } from "../playback/timecode.js";
import { stepFrom } from "../transcript/cues.js";
import { bringIntoView } from "../transcript/scrolling.js";
import { uncheckedLabel } from "../quoting/unchecked.js";
import { inLanguageOf, SpokenLines } from "../transcript/spoken-lines.js";
import { textOf } from "../transcript/words.js";
import { ask } from "./requests.js";

const EVENTS = ["focuslinerequest", "linechange", "turnrequest", "whererequest"];
// What is said again in the same words is heard again only where it was gone in between.
const PAUSE = 50;

export class SpokenLine extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {SpokenLines | null} */
  #lines = null;
  #saying = 0;

  connectedCallback() {
    this.#player = this.closest("recording-player");
    if (!this.#player) return;
    this.#lines = new SpokenLines(this.#player);
    this.#leaving = new AbortController();
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal: this.#leaving.signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
    clearTimeout(this.#saying);
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "whererequest":
        return this.#say();
      case "focuslinerequest":
        return this.#moveFocus();
      case "turnrequest":
        return this.#step(detail.step);
      case "linechange":
        return this.#clear(); // what was said of another line is not to be read here later
    }
  }

  #say() {
    const line = this.#lines.current;
    const time = clock(this.#player.heard);
    this.#clear();
    this.#saying = setTimeout(() => {
      if (!line) return this.append(`${time}. No line has been spoken yet.`);
      const voice = line.voice ? [inLanguageOf("bdi", line.voice, line.said), ": "] : [];
      const words = line.words.flatMap((each) => [inLanguageOf("bdi", textOf(each).data, each), " "]);
      const label = uncheckedLabel([line.cue]);
      this.append(`${time}. `, ...voice, ...words.slice(0, -1), label && ` (${label})`);
    }, PAUSE);
  }

  #clear() {
    clearTimeout(this.#saying);
    this.replaceChildren();
  }

  #moveFocus() {
    const cue = this.#lines.current?.cue;
    if (!cue) return;
    // A screen reader reads all that has the focus: the line, and not its notes.
    const line = /** @type {HTMLElement} */ (cue.querySelector(":scope > .line") ?? cue);
    // Only while it has the focus: thousands of lines that could have it would each be a stop to some.
    line.tabIndex = -1;
    line.addEventListener("blur", () => line.removeAttribute("tabindex"), { once: true });
    line.focus({ preventScroll: true });
    bringIntoView(line);
  }

  /** @param {number} step */
  #step(step) {
    const starts = this.#lines.turns;
    const index = stepFrom(starts, this.#player.heard, step);
    if (index >= 0) ask(this, "seekrequest", { ms: starts[index] });
  }
}
