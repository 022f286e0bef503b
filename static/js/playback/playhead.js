/** Reads the audio's clock, in whole milliseconds, and moves it: nothing else does either. */

import { anew } from "./still-sound.js";

// How far short of its aim a seek may land: after one to a line's start, that line is meant.
const SHORT = 100;
// What was asked for anew, and fails again so soon, has failed for another reason.
const AGAIN = 30_000;

export class Playhead {
  #audio;
  #beginning;
  #mayPlay;
  /** @type {number | null} where the last seek went, until the clock has got there */
  #aim = null;
  /** @type {number | null} the last moment heard, at rest at a passage's end */
  #rest = null;
  #tries = 0;
  /** Until when a sound that was asked for anew is not asked for again. */
  #again = 0;

  /**
   * @param {HTMLMediaElement} audio
   * @param {number} beginning where to begin, and to begin again after the end
   * @param {() => boolean} mayPlay is asked whenever it is to play
   */
  constructor(audio, beginning, mayPlay) {
    this.#audio = audio;
    this.#beginning = beginning;
    this.#mayPlay = mayPlay;
  }

  get beginning() {
    return this.#beginning;
  }

  /** Where the audio is. Rounded: a seek to 31.2 s may be reported as 31.199999 s. */
  get now() {
    const measured = Math.round(this.#audio.currentTime * 1000);
    if (this.#aim !== null && measured < this.#aim && this.#aim - measured <= SHORT) return this.#aim;
    this.#aim = null;
    return measured;
  }

  /** The moment whose line and notes are current. */
  get heard() {
    return this.#rest ?? this.now;
  }

  get isPlaying() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  /** How long the sound is; null where the browser does not know. */
  get length() {
    const { duration } = this.#audio;
    return Number.isFinite(duration) ? Math.round(duration * 1000) : null;
  }

  /** @param {number} ms */
  go(ms) {
    this.#rest = null;
    this.#aim = ms;
    this.#audio.currentTime = ms / 1000;
  }

  /**
   * Stop at a moment, with the one before it as the last that was heard.
   * @param {number} ms
   */
  stopAt(ms) {
    this.pause();
    this.go(ms);
    this.#rest = ms - 1;
  }

  /** The sound moves on from a passage's end. */
  leaveRest() {
    this.#rest = null;
  }

  /** Play, if the browser permits; where it does not, the button already says what it would play. */
  play() {
    if (!this.#mayPlay()) return;
    if (this.#audio.error) this.#reload();
    // Of several sources none played.
    else if (this.#audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) this.#audio.load();
    else if (this.#audio.ended) this.go(this.#beginning);
    // Chromium 156 may never finish a seek away from the end that follows at once on one to it; asked again, it does.
    else if (this.#audio.seeking) this.go(this.now);
    this.#start();
  }

  pause() {
    this.#audio.pause();
  }

  /**
   * Where the sound has failed, as its address was good for a while only, ask for it anew, at the same place. Tell whether
   * it may come: what has just been asked for so is not.
   * @param {boolean} isToPlay
   */
  renew(isToPlay) {
    return !this.#audio.error || this.loadAnew(isToPlay);
  }

  /**
   * Ask for the sound anew, at the same place; not, where that has just been done. Tell whether it is.
   * @param {boolean} isToPlay
   */
  loadAnew(isToPlay) {
    const now = performance.now();
    if (now < this.#again) return false;
    this.#again = now + AGAIN;
    this.#reload();
    if (isToPlay) this.#start();
    return true;
  }

  #start() {
    this.#audio.play().catch((refusal) => {
      // NotAllowedError: no gesture yet. AbortError: paused or sought meanwhile. The error event tells of the rest.
      if (!(refusal instanceof DOMException)) throw refusal;
    });
  }

  /** Chromium asks for the rest of what it has of an address, even of one that failed; of another it has nothing. */
  #reload() {
    const { now } = this;
    const { currentSrc, playbackRate } = this.#audio;
    this.#tries += 1;
    this.#audio.src = anew(currentSrc, this.#tries);
    this.#audio.playbackRate = playbackRate; // the browser's own control sets no default
    this.go(now);
  }
}
