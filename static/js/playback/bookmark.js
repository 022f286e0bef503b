/**
 * Remembers where the listener was in a recording until the next visit, and offers then to begin anew. Neither its
 * first seconds nor its last are a place to go back to; and a passage that is looped, or that an address asked for, is
 * no place in the whole.
 *
 * A place is kept under the path of the page and a digest of the sound: archives that share a host, side by side or one
 * after the other, each have their own, and so has a sound that takes another's place. Texts may be edited, and the
 * archive's folder moved: the place stays.
 */

import { forget, recall, remember, rename } from "../elements/memory.js";
import { ask } from "../elements/requests.js";
import { clock } from "./timecode.js";

const EVENTS = ["durationchange", "passagechange", "playchange", "timechange"];
const FIRST = 10_000;
const LAST = 5_000;
const EVERY = 5_000;

export class Bookmark {
  #player;
  #what;
  #beginning;
  #length;
  /** Where it was kept last, or playing began. */
  #kept = 0;
  #isHeard = false;
  #isBounded = false;
  #isAside = false;

  /** @param {import("../elements/recording-player.js").RecordingPlayer} player */
  constructor(player) {
    const { slug, sound, kind, substance, duration } = player.dataset;
    this.#player = player;
    this.#what = `position:${location.pathname}:${sound}`;
    rename(`position:${slug}`, this.#what);
    this.#beginning = kind === "reading" ? 0 : Number(substance ?? 0);
    this.#length = Number(duration ?? Infinity);
  }

  /** The place remembered, in milliseconds; null where there is none. */
  get place() {
    const place = recall(this.#what);
    return Number.isInteger(place) && !this.#isFirst(place) && !this.#isLast(place) ? place : null;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
    addEventListener("pagehide", this, { signal });
    // A phone may end a hidden page without another word.
    document.addEventListener("visibilitychange", this, { signal });
  }

  forget() {
    forget(this.#what);
    this.#isHeard = false;
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "durationchange":
        this.#length = detail.ms;
        break;
      case "passagechange":
        this.#isBounded = (detail.passage?.end ?? null) !== null;
        // At rest at the passage's end, the listener is still where the passage led; to play on from there is not.
        this.#isAside = this.#isBounded || (this.#isAside && !this.#player.playing);
        break;
      case "playchange":
        if (detail.playing) this.#begin();
        else this.#keep();
        break;
      case "timechange":
        if (detail.playing && Math.abs(detail.ms - this.#kept) >= EVERY) this.#keep();
        break;
      default:
        this.#keep();
    }
  }

  #begin() {
    this.#isHeard = true;
    this.#isAside = this.#isBounded;
    this.#kept = this.#player.now;
  }

  #keep() {
    const { now } = this.#player;
    if (!this.#isHeard || this.#isAside || this.#isFirst(now)) return;
    this.#kept = now;
    if (this.#isLast(now)) forget(this.#what);
    else remember(this.#what, now);
  }

  /** @param {number} moment */
  #isFirst(moment) {
    return moment < this.#beginning + FIRST;
  }

  /** @param {number} moment */
  #isLast(moment) {
    return moment > this.#length - LAST;
  }
}

const SUBJECT = "place";
// Heard on from there, the place needs no more words.
const WHILE = 10_000;

/** Says where the listener was at the last visit, and offers the beginning instead, until the listener goes on. */
export class ResumeOffer {
  #player;
  #bookmark;
  #message;
  #place = NaN;

  /**
   * @param {import("../elements/recording-player.js").RecordingPlayer} player
   * @param {Bookmark} bookmark
   * @param {import("./transport.js").MessageLine} message
   */
  constructor(player, bookmark, message) {
    this.#player = player;
    this.#bookmark = bookmark;
    this.#message = message;
  }

  /**
   * @param {number} place
   * @param {AbortSignal} signal ends it
   */
  start(place, signal) {
    this.#place = place;
    this.#message.say(SUBJECT, `You left off at ${clock(place)}.`);
    this.#player.addEventListener("timechange", this, { signal });
    for (const button of this.#buttons) button.addEventListener("click", this, { signal });
  }

  /** @param {any} event */
  handleEvent({ type, detail, currentTarget }) {
    if (type === "timechange") {
      const isElsewhere = detail.ms < this.#place || detail.ms > this.#place + WHILE;
      if (isElsewhere) this.#end("");
      return;
    }
    const isForgotten = currentTarget.matches(".forget");
    if (isForgotten) this.#bookmark.forget();
    this.#end(isForgotten ? "Forgotten." : "");
    if (isForgotten) ask(this.#player, "pauserequest");
    ask(this.#player, "seekrequest", { ms: Number(this.#player.dataset.begin ?? 0), play: !isForgotten });
    // Its own place is gone.
    /** @type {HTMLElement | null} */ (this.#player.querySelector(".play"))?.focus();
  }

  get #buttons() {
    return this.#player.querySelectorAll(`[data-about=${SUBJECT}]`);
  }

  /** @param {string} text that is left to say */
  #end(text) {
    this.#place = NaN;
    this.#message.say(SUBJECT, text);
    for (const button of this.#buttons) /** @type {HTMLElement} */ (button).hidden = true;
  }
}
