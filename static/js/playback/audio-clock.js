/**
 * Reads the audio's own clock whenever somebody could see or need it: at every display frame, and at each moment that
 * matters by a timer. Frames stop in a hidden page, and in a covered window or an embedded page out of sight, which do
 * not count as hidden; a page's own timers are throttled there, a worker's are not.
 * Measured lateness: timeupdate 170 ms, frames at most one frame, the worker's timer 0.2 ms.
 */

// Each of these can break the step between the clock and what is shown.
const RESYNC = [
  "ended", "loadedmetadata", "pause", "play", "playing", "ratechange", "seeked", "timeupdate", "waiting",
];
const LONGEST_WAIT = 1_000;
const WHILE_STALLED = 250;

/**
 * How long to wait, in milliseconds of the wall, until the audio's clock reads `next`.
 * @param {number} now milliseconds of the audio
 * @param {number} next likewise, or Infinity
 * @param {number} rate playbackRate
 */
export function waitUntil(now, next, rate) {
  return Math.min(Math.max((next - now) / rate, 1), LONGEST_WAIT);
}

export class AudioClock {
  #audio;
  #tell;
  #next;
  #frame = 0;
  #ticket = 0;
  #armedFor = NaN;
  /** @type {Worker | null} */
  #worker = null;

  /**
   * @param {HTMLMediaElement} audio
   * @param {(cause: string) => void} tell called when the clock should be read
   * @param {() => {now: number, next: number}} next where the clock is and the next moment that matters, milliseconds
   */
  constructor(audio, tell, next) {
    this.#audio = audio;
    this.#tell = tell;
    this.#next = next;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of RESYNC) this.#audio.addEventListener(type, this, { signal });
    document.addEventListener("visibilitychange", this, { signal });
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    if (type === "play") this.#worker ??= this.#hire();
    this.#tell(type);
    this.#rest();
    if (this.#isRunning) this.#await();
  }

  get #isRunning() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  #hire() {
    const worker = new Worker(new URL("clock-worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      if (data !== this.#ticket) return;
      this.#rest();
      this.#tick("timer");
    });
    return worker;
  }

  /** @param {string} cause */
  #tick(cause) {
    if (!this.#isRunning) return;
    this.#tell(cause);
    if (this.#isRunning) this.#await();
  }

  #await() {
    this.#frame = requestAnimationFrame(() => this.#tick("frame"));
    const { now, next } = this.#next();
    if (next === this.#armedFor) return;
    const isStalled = this.#audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    this.#armedFor = next;
    this.#setTimer(isStalled ? WHILE_STALLED : waitUntil(now, next, this.#audio.playbackRate));
  }

  #rest() {
    cancelAnimationFrame(this.#frame);
    this.#armedFor = NaN;
    this.#setTimer(null);
  }

  /** @param {number | null} delay */
  #setTimer(delay) {
    this.#ticket += 1;
    this.#worker?.postMessage({ ticket: this.#ticket, delay });
  }

  #end() {
    this.#rest();
    this.#worker?.terminate();
    this.#worker = null;
  }
}
