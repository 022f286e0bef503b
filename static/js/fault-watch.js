/** Watches for what stops the sound, and says which it is and what still works, while it lasts. */

import { faultOf, offline } from "./faults.js";

export class FaultWatch {
  #audio;
  #message;

  /**
   * @param {HTMLMediaElement} audio
   * @param {import("./message-line.js").MessageLine} message
   */
  constructor(audio, message) {
    this.#audio = audio;
    this.#message = message;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of ["error", "playing"]) this.#audio.addEventListener(type, this, { signal });
    for (const type of ["offline", "online"]) addEventListener(type, this, { signal });
    if (!navigator.onLine) this.#message.say("network", offline());
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    switch (type) {
      case "error":
        return void faultOf(this.#audio).then((fault) => this.#message.say("sound", fault));
      case "playing":
        return this.#message.say("sound", "");
      case "online":
        return this.#message.say("network", "");
      case "offline":
        return this.#message.say("network", offline());
    }
  }
}
