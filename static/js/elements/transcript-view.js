/**
 * <transcript-view>: marks the line that is spoken, paints its words, and keeps it in view; and gives each line that is
 * read the control that opens what there is about it.
 */

import { indexAt, stepFrom } from "../transcript/cues.js";
import { PageFollower } from "../transcript/scrolling.js";
import { isUnnamed, SpokenWords, voiceOf, wordStartsNear } from "../transcript/words.js";
import { LineControls } from "./line-controls.js";
import { ask, tell } from "./requests.js";

const EVENTS = ["timechange", "playchange", "linerequest", "wordrequest", "followrequest", "suspendrequest"];
// Pressed again within this time of a word's start, "the word before" means the one before that: short words last no longer.
const WORD = 250;

export class TranscriptView extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {HTMLElement[]} */
  #lines = [];
  /** @type {(string | null)[]} who speaks first in each */
  #voices = [];
  #starts = new Float64Array();
  #current = -1;
  #words = new SpokenWords();
  /** @type {PageFollower | null} */
  #follower = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    new LineControls(this).start(this.#leaving.signal);
    this.#player = this.closest("recording-player[data-highlight]");
    if (!this.#player) return;
    [this.#lines, this.#voices] = [[], []];
    this.#read();
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
        this.#step(this.#starts, stepFrom(this.#starts, this.#player.heard, detail.step));
        break;
      case "wordrequest":
        this.#stepByWord(detail.step);
        break;
      case "followrequest":
        this.#follower?.toggle();
        break;
      case "suspendrequest":
        this.#follower?.suspend(detail.suspended);
        break;
    }
  }

  #read() {
    let voice = null;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".turn, .cue[data-start]"))) {
      if (element.matches(".turn")) {
        voice = voiceOf(element) || null;
      } else {
        this.#lines.push(element);
        this.#voices.push(isUnnamed(element) ? null : voice);
      }
    }
  }

  /** @param {HTMLElement} player */
  #listen(player) {
    const { signal } = this.#leaving;
    for (const type of EVENTS) player.addEventListener(type, this, { signal });
    this.#follower = new PageFollower(this, (following, suspended) => tell(player, "followchange", { following, suspended }));
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
    if (this.#player) tell(this.#player, "linechange", this.#factsOf(index));
  }

  /**
   * What others are told of a line.
   * @param {number} index
   */
  #factsOf(index) {
    const line = this.#lines[index];
    if (!line) return { voice: null, start: null, end: null };
    const { start, end } = line.dataset;
    return { voice: this.#voices[index], start: Number(start), end: Number(end) };
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
  #stepByWord(step) {
    const starts = wordStartsNear(this.#lines, this.#current);
    this.#step(starts, stepFrom(starts, this.#player.heard, step, WORD));
  }

  /**
   * @param {ArrayLike<number>} moments
   * @param {number} index of one; -1 for none
   */
  #step(moments, index) {
    if (index >= 0) ask(this, "seekrequest", { ms: moments[index] });
  }
}
