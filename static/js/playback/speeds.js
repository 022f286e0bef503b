/** How fast the sound plays, at its own pitch. The speed that was chosen is remembered; to slow down is not to choose. */

import { recall, remember } from "../elements/memory.js";
import { tell } from "../elements/requests.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const SLOW = 0.5;
const WHAT = "speed";

export class Speeds {
  #player;
  #audio;
  #chosen = 1;

  /**
   * @param {HTMLElement} player
   * @param {HTMLMediaElement} audio
   */
  constructor(player, audio) {
    this.#player = player;
    this.#audio = audio;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of ["slowrequest", "speedrequest"]) this.#player.addEventListener(type, this, { signal });
    this.#audio.addEventListener("ratechange", this, { signal });
    // The default everywhere by now, but a word at half speed must never come out an octave lower.
    this.#audio.preservesPitch = true;
    const speed = recall(WHAT);
    if (SPEEDS.includes(speed)) this.#choose(speed);
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "speedrequest":
        return this.#change(detail.step);
      case "slowrequest":
        return this.#set(this.#audio.playbackRate === SLOW ? this.#chosen : SLOW);
      case "ratechange":
        return tell(this.#player, "speedchange", { speed: this.#audio.playbackRate });
    }
  }

  /** @param {number} [step] 1 faster, -1 slower; without it the next, round and round */
  #change(step) {
    const index = SPEEDS.indexOf(this.#audio.playbackRate);
    const next = step ? Math.min(Math.max(index + step, 0), SPEEDS.length - 1) : (index + 1) % SPEEDS.length;
    this.#choose(SPEEDS[next]);
    remember(WHAT, SPEEDS[next]);
  }

  /** @param {number} speed */
  #choose(speed) {
    // Where half speed is what was chosen, there is nothing to go back to but the sound's own.
    this.#chosen = speed === SLOW ? 1 : speed;
    this.#set(speed);
  }

  /** @param {number} speed */
  #set(speed) {
    this.#audio.defaultPlaybackRate = speed; // kept when the sound has to be loaded again
    this.#audio.playbackRate = speed;
  }
}
