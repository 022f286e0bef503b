/** How fast the sound plays. */

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export class Speeds {
  #audio;

  /** @param {HTMLMediaElement} audio */
  constructor(audio) {
    this.#audio = audio;
  }

  /** @param {number} [step] 1 faster, -1 slower; without it the next, round and round */
  change(step) {
    const index = SPEEDS.indexOf(this.#audio.playbackRate);
    const next = step ? Math.min(Math.max(index + step, 0), SPEEDS.length - 1) : (index + 1) % SPEEDS.length;
    this.#audio.defaultPlaybackRate = SPEEDS[next]; // kept when the sound has to be loaded again
    this.#audio.playbackRate = SPEEDS[next];
  }
}
