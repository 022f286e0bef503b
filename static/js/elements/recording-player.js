/**
 * <recording-player>: plays the audio, which nothing else touches. It answers the requests that bubble up to it
 * (requests.js lists them) and tells everyone inside it what the sound does.
 */

import { AudioClock } from "../playback/audio-clock.js";
import { Bookmark, ResumeOffer } from "../playback/bookmark.js";
import { FaultWatch } from "../playback/faults.js";
import { LockScreen } from "../playback/lock-screen.js";
import { Loops, PassageInHand } from "../playback/passage.js";
import { Playhead } from "../playback/playhead.js";
import { Speeds, Volume } from "../playback/speed-and-volume.js";
import { watchStillness } from "../playback/still-sound.js";
import { display, passageIn } from "../playback/timecode.js";
import { Controls, FootMargin, MessageLine, MoreRow } from "../playback/transport.js";
import { nextAfter } from "../transcript/cues.js";
import { LateParts } from "./late-parts.js";
import { seekByLink, tell } from "./requests.js";

/** @typedef {import("../playback/timecode.js").Passage} Passage */

const REQUESTS = [
  "forgetrequest", "passagerequest", "pauserequest", "playpauserequest", "playrequest", "replayrequest", "seekrequest", "skiprequest",
];
const REPLAY = 5_000;
const ADVICE = ".advised:not([hidden]) summary";

export class RecordingPlayer extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLAudioElement | null} */
  #audio = null;
  /** @type {Playhead | null} */
  #playhead = null;
  /** @type {PassageInHand | null} */
  #passage = null;
  /** @type {Bookmark | null} */
  #bookmark = null;
  /** @type {MessageLine | null} */
  #message = null;
  /** @type {Float64Array | null} */
  #moments = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    new LateParts(this, (text) => this.#tellOfParts(text)).start(this.#leaving.signal);
    this.#audio = this.querySelector("audio");
    if (!this.#audio || !this.hasAttribute("data-playable")) return;
    this.#takeOver(this.#audio);
    this.#listen(this.#audio, this.#leaving.signal);
    this.#begin(this.#leaving.signal);
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

  /** @param {boolean} isToPlay */
  renew(isToPlay) {
    return this.#playhead.renew(isToPlay);
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, detail } = event;
    switch (type) {
      case "playrequest":
        return this.#playhead.play();
      case "pauserequest":
        return this.#playhead.pause();
      case "playpauserequest":
        return this.playing ? this.#playhead.pause() : this.#playhead.play();
      case "seekrequest":
        return this.#seek(detail);
      case "skiprequest":
        return this.#seek({ ms: this.now + detail.ms });
      case "replayrequest":
        return this.#seek({ ms: this.now - REPLAY, play: true });
      case "forgetrequest":
        return this.#forget();
      case "passagerequest":
        return this.#cueUp(detail, true);
      case "click":
        return event.target.closest(ADVICE) ? this.#goOn(event.target.closest(".advised")) : void seekByLink(event);
      case "hashchange":
        return this.#openAddress(location.hash, true);
      case "durationchange":
        return this.#measure();
    }
  }

  /**
   * Where nothing plays there is no line for messages, and the search itself says how it is.
   * @param {string} text
   */
  #tellOfParts(text) {
    if (this.#message) return this.#message.say("parts", text);
    const search = this.querySelector("transcript-search");
    if (!search) return;
    for (const place of search.querySelectorAll(".status, .number")) place.textContent = text;
    /** @type {HTMLElement} */ (search.querySelector(".count")).hidden = !text;
  }

  /** @param {HTMLAudioElement} audio */
  #takeOver(audio) {
    audio.controls = false;
    // The server's #t= is for pages without JavaScript: a browser stops at its end too, late, and again on every play.
    const sources = /** @type {HTMLMediaElement[]} */ (audio.hasAttribute("src") ? [audio] : [...audio.children]);
    // Where none of them played before this script came, they fail again, and it is heard why.
    if (sources[0].src.includes("#") || audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) {
      for (const each of sources) each.src = each.src.split("#")[0];
      audio.load();
    }
    for (const part of this.querySelectorAll("time-line")) /** @type {HTMLElement} */ (part).hidden = false;
    this.#playhead = new Playhead(audio, Number(this.dataset.begin ?? 0), () => this.#mayPlay());
    this.#passage = new PassageInHand(this.#playhead, (passage, begun) => tell(this, "passagechange", { passage, begun }));
    this.#message = new MessageLine(this.querySelector(".message-line"));
  }

  /**
   * @param {HTMLAudioElement} audio
   * @param {AbortSignal} signal
   */
  #listen(audio, signal) {
    const transport = /** @type {HTMLElement} */ (this.querySelector(".transport"));
    const bar = /** @type {HTMLElement} */ (transport.querySelector(".controls"));
    const parts = [
      new Controls(this, bar),
      new MoreRow(this, bar),
      new FootMargin(transport),
      new LockScreen(this),
      new FaultWatch(this, audio, this.#message),
      new Speeds(this, audio),
      new Volume(this, audio, this.#message),
      new Loops(this, this.#passage, this.#playhead, this.#message),
    ];
    for (const part of parts) part.start(signal);
    watchStillness(audio, () => this.#playhead.loadAnew(true), signal);
    for (const type of [...REQUESTS, "click"]) this.addEventListener(type, this, { signal });
    audio.addEventListener("durationchange", this, { signal });
    addEventListener("hashchange", this, { signal });
    const next = () => ({ now: this.now, next: this.#nextMoment });
    new AudioClock(audio, (cause) => this.#read(cause), next).start(signal);
  }

  /** @param {AbortSignal} signal */
  #begin(signal) {
    const bookmark = new Bookmark(this);
    this.#bookmark = bookmark;
    bookmark.start(signal);
    this.#measure();
    this.#playhead.go(this.#playhead.beginning);
    this.#tellTime(false);
    const namesMoment = (part) => new URLSearchParams(part.slice(1)).has("t");
    if (namesMoment(location.hash)) this.#openAddress(location.hash, true);
    // What the server has refused of it, the page says already.
    else if (namesMoment(location.search) && !this.querySelector(".refused")) this.#openAddress(location.search, false);
    else if (bookmark.place !== null) this.#goBack(bookmark.place, new ResumeOffer(this, bookmark, this.#message), signal);
  }

  /**
   * Where nothing else was asked for, go to where the listener was at the last visit.
   * @param {number} place
   * @param {ResumeOffer} offer
   * @param {AbortSignal} signal
   */
  #goBack(place, offer, signal) {
    this.#playhead.go(place);
    this.#tellTime(true);
    offer.start(place, signal);
  }

  /** Where a listener should know something first, the focus goes to what goes on past it. */
  #mayPlay() {
    const first = /** @type {HTMLElement | null} */ (this.querySelector(ADVICE));
    first?.focus();
    return !first;
  }

  /** @param {HTMLElement} panel */
  #goOn(panel) {
    panel.hidden = true;
    this.#playhead.play();
    /** @type {HTMLElement} */ (this.querySelector(".play")).focus();
  }

  #forget() {
    this.#bookmark.forget();
    this.#message.say("place", "Forgotten. Your next visit starts from the beginning.");
  }

  /**
   * Cue up the passage that an address names, where it names one.
   * @param {string} part its hash or its query
   * @param {boolean} isToBePlayed
   */
  #openAddress(part, isToBePlayed) {
    this.#message.say("address", "");
    try {
      const passage = passageIn(part);
      if (passage) this.#cueUp(this.#within(passage), isToBePlayed);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#message.say("address", `The address asks for a passage that cannot be played: ${error.message}.`);
    }
  }

  /**
   * Cut a passage off where the sound ends, as far as that is known.
   * @param {Passage} passage
   * @returns {Passage}
   * @throws {RangeError} where all of it lies beyond
   */
  #within(passage) {
    const length = Number(this.dataset.duration) || this.#playhead.length || Infinity;
    if (passage.start >= length) {
      throw new RangeError(`${display(passage.start)} is not in the recording, which ends at ${display(length)}`);
    }
    return passage.end === null ? passage : { ...passage, end: Math.min(passage.end, length) };
  }

  /**
   * @param {Passage} passage
   * @param {boolean} isToBePlayed
   */
  #cueUp(passage, isToBePlayed) {
    this.#playhead.pause();
    this.#passage.set(passage);
    this.#playhead.go(passage.start);
    if (isToBePlayed) this.toggleAttribute("data-begun", true);
    this.#tellTime(true);
    if (isToBePlayed) this.#playhead.play();
  }

  /** @param {{ms: number, play?: boolean}} where */
  #seek({ ms, play = false }) {
    const moment = Math.min(Math.max(ms, 0), this.#playhead.length ?? Infinity);
    this.#passage.keepOnlyWith(moment);
    this.#playhead.go(moment);
    this.toggleAttribute("data-begun", true);
    this.#tellTime(true);
    if (play) this.#playhead.play();
  }

  /** @param {string} cause why the clock is read */
  #read(cause) {
    // Not all that plays it has asked here: a browser has keys of its own.
    if (cause === "play" && !this.#mayPlay()) this.#playhead.pause();
    else if (cause === "play") {
      this.#playhead.leaveRest();
      this.#message.say("address", "");
      this.toggleAttribute("data-begun", true);
      this.#passage.begin();
    }
    this.#passage.check(cause);
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
}
