/** <transcript-view>: marks the line that is spoken, paints its words, and keeps it in view. */

import { indexAt, stepFrom } from "./cues.js";
import { PageFollower } from "./page-follower.js";
import { ask, tell } from "./requests.js";
import { SpokenWords } from "./spoken-words.js";

const TOLD = ["timechange", "playchange", "linerequest", "followrequest", "holdrequest"];

export class TranscriptView extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {HTMLElement[]} */
  #lines = [];
  #starts = new Float64Array();
  #current = -1;
  #words = new SpokenWords();
  /** @type {PageFollower | null} */
  #follower = null;

  connectedCallback() {
    this.#player = this.closest("recording-player[data-highlight]");
    if (!this.#player) return;
    this.#lines = [...this.querySelectorAll(".cue")];
    this.#starts = Float64Array.from(this.#lines, (line) => Number(line.dataset.start));
    this.#listen(this.#player);
    if (this.#player.heard !== undefined) this.#show(this.#player.heard);
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#mark(-1);
    this.#words.show(null, 0);
  }

  /** @param {CustomEvent} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "timechange":
        if (this.#show(detail.heard) || detail.sought) this.#follow();
        break;
      case "playchange":
        if (detail.playing) this.#follow();
        break;
      case "linerequest":
        this.#step(detail.step);
        break;
      case "followrequest":
        this.#follower?.toggle();
        break;
      case "holdrequest":
        this.#follower?.hold(detail.held);
        break;
    }
  }

  /** @param {HTMLElement} player */
  #listen(player) {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of TOLD) player.addEventListener(type, this, { signal });
    this.#follower = new PageFollower(this, (following, held) => tell(player, "followchange", { following, held }));
    this.#follower.start(signal);
  }

  /**
   * @param {number} now
   * @returns {boolean} whether another line is current than before
   */
  #show(now) {
    const index = indexAt(this.#starts, now);
    const isOther = index !== this.#current;
    if (isOther) this.#mark(index);
    this.#words.show(this.#lines[index] ?? null, now);
    return isOther;
  }

  /** @param {number} index of the line; -1 for none */
  #mark(index) {
    this.#lines[this.#current]?.removeAttribute("aria-current");
    this.#lines[index]?.setAttribute("aria-current", "true");
    this.#current = index;
    if (this.#player) tell(this.#player, "linechange", { voice: this.#lines[index]?.dataset.voice ?? null });
  }

  #follow() {
    const line = this.#lines[this.#current];
    if (line && this.#hasBegun) this.#follower?.show(line);
  }

  /** Nothing scrolls before the reader has asked to hear something: the page opens at its title. */
  get #hasBegun() {
    return this.#player?.hasAttribute("data-begun") ?? false;
  }

  /** @param {number} step */
  #step(step) {
    const index = stepFrom(this.#starts, this.#player.heard, step);
    if (index >= 0) ask(this, "seekrequest", { ms: this.#starts[index] });
  }
}
