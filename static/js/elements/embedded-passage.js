/**
 * <embedded-passage>: a passage in a frame of another site. It marks the line that is spoken, keeps it in view, and stops
 * where the passage ends. The browser's own control plays it, with this script and without.
 */

import { AudioClock } from "../playback/audio-clock.js";
import { Playhead } from "../playback/playhead.js";
import { watchStillness } from "../playback/still-sound.js";
import { indexAt, nextAfter } from "../transcript/cues.js";
import { isPlain } from "./requests.js";

export class EmbeddedPassage extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLAudioElement | null} */
  #audio = null;
  /** @type {Playhead | null} */
  #playhead = null;
  /** @type {HTMLElement[]} */
  #lines = [];
  #starts = new Float64Array();
  #moments = new Float64Array();
  #current = -1;
  /** Where this script has scrolled the words to. */
  #scrolled = 0;
  #isFollowing = true;
  /** Whether the sound is in the passage, so that it stops at the end of that. */
  #isWithin = true;
  #hasEnded = false;

  connectedCallback() {
    this.#leaving = new AbortController();
    this.#audio = this.querySelector("audio");
    if (!this.#audio) return;
    const { signal } = this.#leaving;
    this.#takeOver(this.#audio);
    if (this.hasAttribute("data-followed")) this.#read();
    this.addEventListener("click", this, { signal });
    // On its way there: Chromium 156 pauses what has controls and fails, before anything at it is told.
    if ("led" in this.dataset) this.addEventListener("error", this, { signal, capture: true });
    this.#words?.addEventListener("scroll", this, { signal });
    watchStillness(this.#audio, () => this.#playhead.loadAnew(true), signal);
    const next = () => ({ now: this.#playhead.now, next: this.#nextMoment });
    new AudioClock(this.#audio, (cause) => this.#tick(cause), next).start(signal);
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    if (event.type === "scroll") return this.#letGo();
    if (event.type === "error") return void this.#playhead.renew(!this.#audio.paused);
    const link = /** @type {HTMLElement | null} */ (event.target.closest("a[data-seek]"));
    if (link && isPlain(event)) {
      event.preventDefault();
      this.#playFrom(Number(link.dataset.seek));
    } else if (event.target.closest(".follow")) {
      this.#follow(true);
    }
  }

  get #words() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".words"));
  }

  get #begin() {
    return Number(this.dataset.begin);
  }

  get #end() {
    return Number(this.dataset.stop ?? Infinity);
  }

  /** @param {HTMLAudioElement} audio */
  #takeOver(audio) {
    // The server's #t= is for pages without JavaScript: a browser stops at its end too, late, and again on every play.
    const sources = /** @type {HTMLMediaElement[]} */ (audio.hasAttribute("src") ? [audio] : [...audio.children]);
    if (sources[0].src.includes("#") || audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) {
      for (const each of sources) each.src = each.src.split("#")[0];
      audio.load();
    }
    this.#playhead = new Playhead(audio, this.#begin, () => true);
    this.#playhead.go(this.#begin);
  }

  #read() {
    this.#lines = [...this.querySelectorAll(".cue")].map((line) => /** @type {HTMLElement} */ (line));
    this.#starts = Float64Array.from(this.#lines, ({ dataset }) => Number(dataset.start));
    const moments = this.#lines.flatMap(({ dataset }) => [Number(dataset.start), Number(dataset.end)]);
    this.#moments = Float64Array.from(moments).sort();
    this.#mark();
  }

  get #nextMoment() {
    return Math.min(nextAfter(this.#moments, this.#playhead.now), this.#isWithin ? this.#end : Infinity);
  }

  /** @param {number} moment */
  #playFrom(moment) {
    const panel = this.querySelector("details");
    if (panel && !panel.open) {
      // What a listener should know first is not passed over.
      return panel.querySelector("summary").focus();
    }
    this.#playhead.go(moment);
    this.#isFollowing = true;
    this.#playhead.play();
  }

  /** @param {string} cause why the clock is read */
  #tick(cause) {
    const { now, isPlaying } = this.#playhead;
    if (cause === "play") {
      this.#playhead.leaveRest();
      // It has been heard: once more. At the sound's own end, a browser begins with that of the recording.
      if (now === this.#end || this.#hasEnded) this.#playhead.go(this.#begin);
      this.#hasEnded = false;
    } else if (cause === "ended") {
      this.#hasEnded = true;
    } else if (cause === "seeked" && now !== this.#end) {
      this.#playhead.leaveRest();
      this.#isWithin = now < this.#end;
    } else if (isPlaying && this.#isWithin && now >= this.#end && !this.#audio.seeking) {
      this.#playhead.stopAt(this.#end);
    }
    this.#mark();
  }

  #mark() {
    const index = indexAt(this.#starts, this.#playhead.heard);
    if (index === this.#current) return;
    this.#lines[this.#current]?.removeAttribute("aria-current");
    this.#lines[index]?.setAttribute("aria-current", "true");
    this.#current = index;
    this.#follow(this.#isFollowing);
  }

  /** Only the words scroll: to scroll more would move the page of the other site. @param {boolean} isFollowing */
  #follow(isFollowing) {
    this.#isFollowing = isFollowing;
    /** @type {HTMLElement} */ (this.querySelector(".follow")).hidden = isFollowing;
    const [line, words] = [this.#lines[this.#current], this.#words];
    if (!isFollowing || !line || !words || !getSelection().isCollapsed) return;
    const [at, seen] = [line.getBoundingClientRect(), words.getBoundingClientRect()];
    if (at.top < seen.top) words.scrollTop -= seen.top - at.top;
    else if (at.bottom > seen.bottom) words.scrollTop += Math.min(at.bottom - seen.bottom, at.top - seen.top);
    this.#scrolled = words.scrollTop;
  }

  /** Where the reader has scrolled, the words stay there. */
  #letGo() {
    if (Math.abs(this.#words.scrollTop - this.#scrolled) < 2) return;
    this.#isFollowing = false;
    /** @type {HTMLElement} */ (this.querySelector(".follow")).hidden = !this.#lines.length;
  }
}
