/** Watches for what stops the sound, and says which it is and what still works, while it lasts. */

import { faultOf, offline, waitOf } from "./faults.js";

const MEDIA = ["error", "playing", "progress", "stalled", "waiting"];

export class FaultWatch {
  #player;
  #audio;
  #message;
  /** Nothing has come for three seconds, by the browser's own count. */
  #isStalled = false;
  /** Counts what was asked: an answer that comes after the sound has gone on is stale. */
  #asked = 0;

  /**
   * @param {HTMLElement} player
   * @param {HTMLMediaElement} audio
   * @param {import("./message-line.js").MessageLine} message
   */
  constructor(player, audio, message) {
    this.#player = player;
    this.#audio = audio;
    this.#message = message;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of MEDIA) this.#audio.addEventListener(type, this, { signal });
    for (const type of ["offline", "online"]) addEventListener(type, this, { signal });
    if (!navigator.onLine) this.#message.say("network", offline());
    // The sound may have failed before this script came.
    if (this.#audio.error) this.#askWhy();
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    switch (type) {
      case "error":
        return this.#askWhy();
      case "stalled":
      case "waiting":
        this.#isStalled ||= type === "stalled";
        return this.#isStuck ? this.#ask(waitOf(this.#audio.currentSrc)) : undefined;
      case "progress":
        this.#isStalled = false;
        return;
      case "playing":
        this.#isStalled = false;
        this.#asked += 1;
        return this.#message.say("sound", "");
      case "online":
        this.#message.say("network", "");
        return this.#audio.error ? this.#askWhy() : undefined;
      case "offline":
        return this.#message.say("network", offline());
    }
  }

  /** A browser that finds no server tries again and again for a minute or more, and meanwhile reports no error. */
  get #isStuck() {
    return this.#isStalled && !this.#audio.paused && this.#audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  #askWhy() {
    this.#ask(faultOf(this.#audio, "duration" in this.#player.dataset));
  }

  /** @param {Promise<string>} answer */
  async #ask(answer) {
    this.#asked += 1;
    const asked = this.#asked;
    const text = await answer;
    if (asked === this.#asked) this.#message.say("sound", text);
  }
}
