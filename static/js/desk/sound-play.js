/**
 * Plays the recording at the desk: the line in hand, once or again and again, or on from the playhead; at its own speed
 * or slower, at the same pitch. It alone moves the audio.
 *
 * @typedef {import("./edges.js").Span} Span
 */

import { recall, remember } from "../elements/memory.js";
import { AudioClock } from "../playback/audio-clock.js";
import { PassageInHand } from "../playback/passage.js";
import { Playhead } from "../playback/playhead.js";

const WHAT = "desk-slow";
/** How fast it plays when it is slow. */
export const SLOW = Object.freeze([0.5, 0.6, 0.7, 0.8, 0.9]);
const USUAL = 0.7;
// So near the end of a line there is nothing left to hear.
const LEFT = 60;

export class LinePlayer {
  #audio;
  #playhead;
  #passage;
  #tell;
  #nextMoment;
  #isLoop = false;
  #isSlow = false;
  #slow = USUAL;
  // Paused or sought within a line by hand: it is gone on from there.
  #isMidway = false;

  /**
   * @param {HTMLAudioElement} audio
   * @param {() => void} tell called when the clock was read
   * @param {(now: number) => number} nextMoment the next moment at which something is to be shown
   */
  constructor(audio, tell, nextMoment) {
    this.#audio = audio;
    this.#playhead = new Playhead(audio, 0, () => true);
    this.#passage = new PassageInHand(this.#playhead, () => {});
    this.#tell = tell;
    this.#nextMoment = nextMoment;
    const slow = recall(WHAT, USUAL);
    if (SLOW.includes(slow)) this.#slow = slow;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#audio.controls = false;
    this.#audio.preservesPitch = true; // a word at half speed must never come out an octave lower
    this.#setRate();
    const next = () => ({ now: this.now, next: Math.min(this.#nextMoment(this.now), this.#passage.end) });
    new AudioClock(this.#audio, (cause) => this.#read(cause), next).start(signal);
  }

  /** Where it is, in milliseconds; at rest at the end of a passage, that. */
  get now() {
    return this.#playhead.now;
  }

  get isPlaying() {
    return this.#playhead.isPlaying;
  }

  /** How long the sound is, as the browser knows it; null where it does not. */
  get length() {
    return this.#playhead.length;
  }

  get isLoop() {
    return this.#isLoop;
  }

  get isSlow() {
    return this.#isSlow;
  }

  get slow() {
    return this.#slow;
  }

  /** Whether it stops at the end of a passage, or goes back from there. */
  get isBounded() {
    return this.isPlaying && this.#passage.end < Infinity;
  }

  /**
   * Play a line, from where it was paused in it, else from its start; or the recording, where it has no times.
   * @param {Span | null} span
   */
  play(span) {
    if (!span) return this.playOn();
    const { now } = this;
    const isWithin = this.#isMidway && now >= span.start && now < span.end - LEFT;
    this.#isMidway = false;
    if (isWithin) this.#passage.set({ ...span, loop: this.#isLoop, lead: 0 }, true);
    else if (this.#isLoop) return this.#passage.loop({ ...span, lead: 0 });
    else this.#begin(span);
    this.#playhead.play();
  }

  /**
   * Play a passage once, whatever is looped.
   * @param {Span} span
   */
  playOnce(span) {
    this.#begin(span);
    this.#playhead.play();
  }

  /**
   * Play a passage again and again.
   * @param {Span} span
   */
  playAgain(span) {
    this.#passage.loop({ ...span, lead: 0 });
  }

  /** Play on from here, past the end of any line. */
  playOn() {
    this.#isMidway = false;
    this.#passage.set(null);
    this.#playhead.leaveRest();
    if (!this.isPlaying) this.#playhead.play();
  }

  pause() {
    this.#isMidway = true;
    this.#playhead.pause();
  }

  /**
   * Go to a moment, playing on where it plays.
   * @param {number} moment
   */
  seek(moment) {
    const there = Math.min(Math.max(moment, 0), this.length ?? Infinity);
    this.#passage.keepOnlyWith(there);
    this.#isMidway = true;
    this.#playhead.go(there);
    this.#tell();
  }

  /**
   * Be at rest at the start of a line.
   * @param {number} moment
   */
  rest(moment) {
    this.#playhead.pause();
    this.#passage.set(null);
    this.#isMidway = false;
    this.#playhead.go(moment);
    this.#tell();
  }

  /**
   * What plays now ends, or begins again, where the line does by now.
   * @param {Span} span
   */
  keepTo(span) {
    if (this.isBounded) this.#passage.set({ ...span, loop: this.#isLoop, lead: 0 }, true);
  }

  /**
   * @param {boolean} isLoop
   * @param {Span | null} span of the line in hand
   */
  setLoop(isLoop, span) {
    this.#isLoop = isLoop;
    if (this.isPlaying && span) {
      if (this.now >= span.start && this.now < span.end) this.#passage.set({ ...span, loop: isLoop, lead: 0 }, true);
      else if (isLoop) this.#passage.loop({ ...span, lead: 0 });
    } else if (isLoop && span) this.play(span);
  }

  /** @param {boolean} isSlow */
  setSlow(isSlow) {
    this.#isSlow = isSlow;
    this.#setRate();
  }

  /** @param {number} slow one of `SLOW`; who chooses it wants to hear it */
  chooseSlow(slow) {
    if (!SLOW.includes(slow)) return;
    this.#slow = slow;
    remember(WHAT, slow);
    this.setSlow(true);
  }

  /** @param {Span} span */
  #begin(span) {
    this.#isMidway = false;
    this.#passage.set({ ...span, loop: false, lead: 0 }, true);
    this.#playhead.go(span.start);
  }

  #setRate() {
    const rate = this.#isSlow ? this.#slow : 1;
    this.#audio.defaultPlaybackRate = rate; // kept when the sound has to be loaded again
    this.#audio.playbackRate = rate;
  }

  /** @param {string} cause why the clock is read */
  #read(cause) {
    if (cause === "play") this.#playhead.leaveRest();
    this.#passage.check(cause);
    this.#tell();
  }
}
