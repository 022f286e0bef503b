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
import { PassageInHand } from "./passage-in-hand.js";
import { Playhead } from "./playhead.js";
import { ask, tell } from "./requests.js";
import { Speeds } from "./speeds.js";

/** @typedef {import("./fragment.js").Passage} Passage */

const REQUESTS = [
  "looprequest", "muterequest", "pauserequest", "playpauserequest", "playrequest", "seekrequest", "skiprequest",
  "speedrequest",
];
const MUTED = "The sound is off; press m to hear it again.";

export class RecordingPlayer extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLAudioElement | null} */
  #audio = null;
  /** @type {Playhead | null} */
  #playhead = null;
  /** @type {PassageInHand | null} */
  #passage = null;
  /** @type {Speeds | null} */
  #speeds = null;
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

  /** Where the audio is, in milliseconds. */
  get now() {
    return this.#playhead?.now ?? 0;
  }

  /** The moment whose line and notes are current: at rest at a passage's end, the last that was heard. */
  get heard() {
    return this.#playhead?.heard ?? 0;
  }

  get playing() {
    return this.#playhead?.isPlaying ?? false;
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, detail } = event;
    switch (type) {
      case "playrequest":
        return this.#play();
      case "pauserequest":
        return this.#playhead.pause();
      case "playpauserequest":
        return this.playing ? this.#playhead.pause() : this.#play();
      case "seekrequest":
        return this.#seek(detail);
      case "skiprequest":
        return this.#seek({ ms: this.now + detail.ms });
      case "looprequest":
        return this.#loop(detail);
      case "speedrequest":
        return this.#speeds.change(detail.step);
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
    this.#playhead = new Playhead(audio);
    this.#passage = new PassageInHand(this.#playhead, (passage, begun) => tell(this, "passagechange", { passage, begun }));
    this.#speeds = new Speeds(audio);
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
    this.#playhead.go(this.#beginning);
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
    this.#playhead.pause();
    this.#passage.take(passage);
    this.#playhead.go(passage.start);
    if (isToBePlayed) this.toggleAttribute("data-begun", true);
    this.#tellTime(true);
    if (isToBePlayed) this.#play();
  }

  /** Where the browser does not permit it, the button already says what it would play. */
  #play() {
    this.#playhead.play(this.#beginning);
  }

  get #beginning() {
    return Number(this.dataset.begin ?? 0);
  }

  /** @param {{ms: number, play?: boolean}} where */
  #seek({ ms, play = false }) {
    const moment = Math.min(Math.max(ms, 0), this.#playhead.length ?? Infinity);
    this.#passage.keepOnlyWith(moment);
    this.#playhead.go(moment);
    this.toggleAttribute("data-begun", true);
    this.#tellTime(true);
    if (play) this.#play();
  }

  /** @param {{start?: number, end?: number}} span */
  #loop({ start, end }) {
    if (start === undefined || end === undefined) {
      if (!this.#passage.isLoop) return;
      this.#playhead.pause();
      this.#passage.take(null);
    } else {
      this.#passage.take({ start, end: Math.min(end, this.#playhead.length ?? end), loop: true }, true);
      this.#playhead.go(start);
      this.#play();
    }
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

  /** @param {string} cause why the clock is read */
  #read(cause) {
    if (cause === "play") {
      this.#playhead.leaveRest();
      this.toggleAttribute("data-begun", true);
      this.#passage.begin();
    }
    this.#passage.check(cause, () => this.#play());
    if (["play", "pause", "ended"].includes(cause)) tell(this, "playchange", { playing: this.playing });
    this.#tellTime(cause === "seeked");
  }

  /** @param {boolean} sought */
  #tellTime(sought) {
    tell(this, "timechange", { ms: this.now, heard: this.heard, playing: this.playing, sought });
  }

  /** The next moment at which something begins or ends. */
  get #nextMoment() {
    this.#moments ??= Float64Array.from(
      [...this.querySelectorAll("[data-start]")].flatMap(({ dataset }) => [Number(dataset.start), Number(dataset.end)]),
    ).sort();
    return Math.min(nextAfter(this.#moments, this.now), this.#passage.end);
  }

  /** The server knows the length of most files better than the browser, which may guess it from the bitrate. */
  #measure() {
    const { length } = this.#playhead;
    if (!this.dataset.duration && length) tell(this, "durationchange", { ms: length });
  }

  /** @param {string} text */
  #say(text) {
    const message = this.querySelector(".message");
    if (message && message.textContent !== text) message.textContent = text;
  }
}
