/**
 * Plays a passage, once or again and again, until it has been heard or left; and chooses what is looped: the clip or
 * the words chosen last, else the line being spoken, each with its lead-in.
 *
 * @typedef {import("./timecode.js").Passage} Passage
 * @typedef {import("./playhead.js").Playhead} Playhead
 * @typedef {import("../transcript/words.js").Span} Span
 */

import { recall, remember } from "../elements/memory.js";
import { ask, tell } from "../elements/requests.js";

/** The passage that is to be played, until it has been heard or left. */
export class PassageInHand {
  #playhead;
  #notify;
  /** @type {Passage | null} */
  #passage = null;

  /**
   * @param {Playhead} playhead
   * @param {(passage: Passage | null, begun: boolean) => void} notify called when another passage is in hand, or it begins
   */
  constructor(playhead, notify) {
    this.#playhead = playhead;
    this.#notify = notify;
  }

  /** The moment after which nothing more is to be heard; Infinity where nothing says so. */
  get end() {
    return this.#passage?.end ?? Infinity;
  }

  get isLoop() {
    return this.#passage?.loop === true;
  }

  /**
   * @param {Passage | null} passage
   * @param {boolean} [begun]
   */
  set(passage, begun = false) {
    this.#passage = passage;
    this.#notify(passage, begun);
  }

  /**
   * Play a passage again and again.
   * @param {{start: number, end: number, lead: number}} span
   */
  loop({ start, end, lead }) {
    this.set({ start, end: Math.min(end, this.#playhead.length ?? end), loop: true, lead }, true);
    this.#playhead.go(this.#first);
    this.#playhead.play();
  }

  /** @param {number} lead from now on, where it is a loop */
  setLead(lead) {
    if (this.isLoop) this.set({ ...this.#passage, lead }, true);
  }

  /**
   * Let go of it where a seek leads out of it; one without an end is over with the first seek.
   * @param {number} moment
   */
  keepOnlyWith(moment) {
    if (!this.#passage) return;
    const { end } = this.#passage;
    if (end === null || moment < this.#first || moment >= end) this.set(null);
  }

  /** The sound has begun to play. */
  begin() {
    if (this.#passage) this.set(this.#passage.end === null ? null : this.#passage, true);
  }

  /**
   * Stop at its end, or go back to its start, before anything after it is shown.
   * @param {string} cause why the clock is read
   */
  check(cause) {
    if (!this.#passage?.end || !this.#isOver(cause)) return;
    const { end, loop } = this.#passage;
    if (loop) {
      this.#playhead.go(this.#first);
      if (!this.#playhead.isPlaying) this.#playhead.play();
    } else {
      this.#playhead.stopAt(end);
      this.set(null);
    }
  }

  /** Where it begins to be heard. */
  get #first() {
    return Math.max(this.#passage.start - (this.#passage.lead ?? 0), 0);
  }

  /** @param {string} cause */
  #isOver(cause) {
    return this.#playhead.isPlaying ? this.#playhead.now >= this.#passage.end : cause === "ended" && this.#passage.loop;
  }
}

const REQUESTS = ["leadrequest", "looprequest", "repeatrequest"];
const EVENTS = ["clipchange", "linechange", "selectionspanchange"];
/** Lead-ins in milliseconds. */
const LEADS = [0, 500, 1_000, 2_000];
const WHAT = "lead";
const NO_LINE = "There is no line to loop. Choose a passage with Start here and End here.";

/** What is looped. */
export class Loops {
  #player;
  #passage;
  #playhead;
  #message;
  /** @type {Map<string, Span>} by the event that told of it, the latest last */
  #chosen = new Map();
  /** @type {Span | null} */
  #line = null;
  #lead = 0;

  /**
   * @param {HTMLElement} player
   * @param {PassageInHand} passage
   * @param {Playhead} playhead
   * @param {import("./transport.js").MessageLine} message
   */
  constructor(player, passage, playhead, message) {
    this.#player = player;
    this.#passage = passage;
    this.#playhead = playhead;
    this.#message = message;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of [...REQUESTS, ...EVENTS]) this.#player.addEventListener(type, this, { signal });
    this.#setLead(recall(WHAT, 0));
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "looprequest":
        return this.#loop(detail);
      case "repeatrequest":
        return this.#repeat();
      case "leadrequest":
        return this.#setLead(detail.ms);
      case "linechange":
        // Of a line whose end is not after its start, nothing says how long it lasts.
        this.#line = detail.end > detail.start ? { start: detail.start, end: detail.end } : null;
        break;
      default:
        this.#chosen.delete(type);
        if (detail.span) this.#chosen.set(type, detail.span);
    }
  }

  /** @param {{start?: number, end?: number, lead?: number}} span */
  #loop({ start, end, lead = this.#lead }) {
    if (start !== undefined && end !== undefined) {
      this.#passage.loop({ start, end, lead });
    } else if (this.#passage.isLoop) {
      this.#playhead.pause();
      this.#passage.set(null);
    }
  }

  /** Whoever has heard a passage often enough wants to hear what follows: the sound goes on. */
  #repeat() {
    const span = [...this.#chosen.values()].at(-1) ?? this.#line;
    this.#message.say("loop", span || this.#passage.isLoop ? "" : NO_LINE);
    if (this.#passage.isLoop) this.#passage.set(null);
    else if (span) ask(this.#player, "looprequest", span);
  }

  /** @param {any} ms */
  #setLead(ms) {
    if (!LEADS.includes(ms)) return;
    this.#lead = ms;
    remember(WHAT, ms);
    this.#passage.setLead(ms);
    tell(this.#player, "leadchange", { ms });
  }
}
