/**
 * <recording-player>: the one hand on the audio. It answers the requests that bubble up to it (requests.js lists them)
 * and tells everyone inside it what the sound does.
 */

import { AudioClock } from "./audio-clock.js";
import { Controls } from "./controls.js";
import { nextAfter } from "./cues.js";
import { faultOf, offline } from "./faults.js";
import { passageIn } from "./fragment.js";
import { requestOf } from "./keys.js";
import { seekByLink } from "./links.js";
import { LockScreen } from "./lock-screen.js";
import { ask, tell } from "./requests.js";

/** @typedef {import("./fragment.js").Passage} Passage */

const REQUESTS = [
  "looprequest", "muterequest", "passagerequest", "pauserequest", "playpauserequest", "playrequest",
  "seekrequest", "skiprequest", "speedrequest",
];
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
// How far short of its aim a seek may land: after one to a line's start, that line is meant.
const SHORT = 100;
const MUTED = "The sound is off; press m to hear it again.";

export class RecordingPlayer extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLAudioElement | null} */
  #audio = null;
  /** @type {Passage | null} what the address asks for, until it has been heard or left */
  #passage = null;
  /** @type {number | null} where the last seek went, until the clock has got there */
  #aim = null;
  /** @type {number | null} the last moment heard, at rest at a passage's end */
  #rest = null;
  /** @type {Float64Array | null} */
  #moments = null;

  connectedCallback() {
    this.#audio = this.querySelector("audio");
    if (!this.#audio || !this.hasAttribute("data-playable")) return;
    this.#leaving = new AbortController();
    this.#takeOver(this.#audio);
    this.#listen(this.#audio, this.#leaving.signal);
    this.#begin();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    if (this.#audio) this.#audio.controls = true;
  }

  /** Where the audio is, in milliseconds. Rounded: a seek to 31.2 s may be reported as 31.199999 s. */
  get now() {
    const measured = Math.round((this.#audio?.currentTime ?? 0) * 1000);
    if (this.#aim !== null && measured < this.#aim && this.#aim - measured <= SHORT) return this.#aim;
    this.#aim = null;
    return measured;
  }

  /** The moment whose line and notes are current. */
  get heard() {
    return this.#rest ?? this.now;
  }

  get playing() {
    return this.#audio !== null && !this.#audio.paused && !this.#audio.ended;
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, detail } = event;
    switch (type) {
      case "playrequest":
        return this.#play();
      case "pauserequest":
        return this.#audio.pause();
      case "playpauserequest":
        return this.playing ? this.#audio.pause() : this.#play();
      case "seekrequest":
        return this.#seek(detail);
      case "skiprequest":
        return this.#seek({ ms: this.now + detail.ms });
      case "looprequest":
        return this.#loop(detail);
      case "passagerequest":
        return this.#cueUp(detail, true);
      case "speedrequest":
        return this.#changeSpeed(detail.step);
      case "muterequest":
        return this.#mute();
      case "click":
        return void seekByLink(event);
      case "keydown":
        return this.#press(event);
      case "hashchange":
        return this.#openAddress(location.hash, true);
      case "durationchange":
        return this.#measure();
      case "ratechange":
        return tell(this, "speedchange", { speed: this.#audio.playbackRate });
      case "error":
        return void faultOf(this.#audio).then((fault) => this.#say(fault));
      case "playing":
      case "online":
        return this.#say(this.#audio.muted ? MUTED : "");
      case "offline":
        return this.#say(offline());
    }
  }

  /** @param {HTMLAudioElement} audio */
  #takeOver(audio) {
    audio.controls = false;
    // The server's #t= is for pages without JavaScript: a browser stops at its end too, late, and again on every play.
    const [address, fragment] = audio.src.split("#");
    if (fragment) audio.src = address;
    for (const part of this.querySelectorAll("time-line")) /** @type {HTMLElement} */ (part).hidden = false;
  }

  /**
   * @param {HTMLAudioElement} audio
   * @param {AbortSignal} signal
   */
  #listen(audio, signal) {
    const bar = /** @type {HTMLElement | null} */ (this.querySelector(".controls"));
    if (bar) new Controls(this, bar).start(signal);
    new LockScreen(this).start();
    for (const type of REQUESTS) this.addEventListener(type, this, { signal });
    this.addEventListener("click", this, { signal });
    for (const type of ["durationchange", "error", "playing", "ratechange"]) audio.addEventListener(type, this, { signal });
    for (const type of ["hashchange", "offline", "online"]) addEventListener(type, this, { signal });
    document.addEventListener("keydown", this, { signal });
    const next = () => ({ now: this.now, next: this.#nextMoment });
    new AudioClock(audio, (cause) => this.#read(cause), next).start(signal);
  }

  #begin() {
    this.#go(Number(this.dataset.begin ?? 0));
    this.#tellTime(false);
    if (new URLSearchParams(location.hash.slice(1)).has("t")) this.#openAddress(location.hash, true);
    else this.#openAddress(location.search, false);
  }

  /**
   * Cue up the passage that an address names, where it names one.
   * @param {string} part its hash or its query
   * @param {boolean} isToBePlayed
   */
  #openAddress(part, isToBePlayed) {
    try {
      const passage = passageIn(part);
      if (passage) this.#cueUp(passage, isToBePlayed);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#say(`The address asks for a passage that cannot be read: ${error.message}.`);
    }
  }

  /**
   * @param {Passage} passage
   * @param {boolean} isToBePlayed
   */
  #cueUp(passage, isToBePlayed) {
    this.#audio.pause();
    this.#setPassage(passage, false);
    this.#go(passage.start);
    if (isToBePlayed) this.toggleAttribute("data-begun", true);
    this.#tellTime(true);
    if (isToBePlayed) this.#play();
  }

  /** Play, if the browser permits; where it does not, the button already says what it would play. */
  #play() {
    if (this.#audio.error) this.#reload();
    else if (this.#audio.ended) this.#go(Number(this.dataset.begin ?? 0));
    // Chromium 156 may never finish a seek away from the end that follows at once on one to it; asked again, it does.
    else if (this.#audio.seeking) this.#go(this.now);
    this.#audio.play().catch((refusal) => {
      // NotAllowedError: no gesture yet. AbortError: paused or sought meanwhile. The error event tells of the rest.
      if (!(refusal instanceof DOMException)) throw refusal;
    });
  }

  #reload() {
    const { now } = this;
    this.#audio.load();
    this.#go(now);
  }

  /** @param {{ms: number, play?: boolean}} where */
  #seek({ ms, play = false }) {
    const moment = Math.min(Math.max(ms, 0), this.#duration ?? Infinity);
    const isWithin = this.#passage && moment >= this.#passage.start && moment < (this.#passage.end ?? Infinity);
    if (this.#passage && (!isWithin || this.#passage.end === null)) this.#setPassage(null);
    this.#go(moment);
    this.toggleAttribute("data-begun", true);
    this.#tellTime(true);
    if (play) this.#play();
  }

  /** @param {{start?: number, end?: number}} span */
  #loop({ start, end }) {
    if (start === undefined || end === undefined) {
      if (!this.#passage?.loop) return;
      this.#audio.pause();
      this.#setPassage(null);
    } else {
      this.#setPassage({ start, end: Math.min(end, this.#duration ?? end), loop: true }, true);
      this.#go(start);
      this.#play();
    }
  }

  /** @param {number} ms */
  #go(ms) {
    this.#rest = null;
    this.#aim = ms;
    this.#audio.currentTime = ms / 1000;
  }

  /** @param {number} [step] 1 faster, -1 slower; without it the next, round and round */
  #changeSpeed(step) {
    const index = SPEEDS.indexOf(this.#audio.playbackRate);
    const next = step ? Math.min(Math.max(index + step, 0), SPEEDS.length - 1) : (index + 1) % SPEEDS.length;
    this.#audio.defaultPlaybackRate = SPEEDS[next]; // kept when the sound has to be loaded again
    this.#audio.playbackRate = SPEEDS[next];
  }

  #mute() {
    this.#audio.muted = !this.#audio.muted;
    this.#say(this.#audio.muted ? MUTED : "");
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const request = requestOf(event);
    if (!request) return;
    event.preventDefault();
    ask(this, request.type, request.detail);
  }

  /**
   * Read the clock, and stop at the end of the passage before anything after it is shown.
   * @param {string} cause
   */
  #read(cause) {
    if (cause === "play") {
      this.#rest = null;
      this.toggleAttribute("data-begun", true);
      if (this.#passage) this.#setPassage(this.#passage.end === null ? null : this.#passage, true);
    }
    if (this.#isAtEnd(cause)) this.#end(this.#passage);
    if (["play", "pause", "ended"].includes(cause)) tell(this, "playchange", { playing: this.playing });
    this.#tellTime(cause === "seeked");
  }

  /** @param {string} cause */
  #isAtEnd(cause) {
    if (!this.#passage?.end) return false;
    return this.playing ? this.now >= this.#passage.end : cause === "ended" && this.#passage.loop;
  }

  /** @param {Passage} passage that has been heard to its end */
  #end({ start, end, loop }) {
    if (loop) {
      this.#go(start);
      if (!this.playing) this.#play();
      return;
    }
    this.#audio.pause();
    this.#go(end);
    this.#rest = end - 1;
    this.#setPassage(null);
  }

  /** @param {boolean} sought */
  #tellTime(sought) {
    tell(this, "timechange", { ms: this.now, heard: this.heard, playing: this.playing, sought });
  }

  /**
   * @param {Passage | null} passage
   * @param {boolean} [begun]
   */
  #setPassage(passage, begun = false) {
    this.#passage = passage;
    tell(this, "passagechange", { passage, begun });
  }

  /** The next moment at which something begins or ends. */
  get #nextMoment() {
    this.#moments ??= Float64Array.from(
      [...this.querySelectorAll("[data-start]")].flatMap(({ dataset }) => [Number(dataset.start), Number(dataset.end)]),
    ).sort();
    return Math.min(nextAfter(this.#moments, this.now), this.#passage?.end ?? Infinity);
  }

  get #duration() {
    const { duration } = this.#audio;
    return Number.isFinite(duration) ? Math.round(duration * 1000) : null;
  }

  /** The server knows the length of most files better than the browser, which may guess it from the bitrate. */
  #measure() {
    if (!this.dataset.duration && this.#duration) tell(this, "durationchange", { ms: this.#duration });
  }

  /** @param {string} text */
  #say(text) {
    const message = this.querySelector(".message");
    if (message && message.textContent !== text) message.textContent = text;
  }
}
