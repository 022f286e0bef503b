/** The passage that is to be played, once or again and again, until it has been heard or left. */

/**
 * @typedef {import("./fragment.js").Passage} Passage
 * @typedef {import("./playhead.js").Playhead} Playhead
 */

export class PassageInHand {
  #playhead;
  #told;
  /** @type {Passage | null} */
  #passage = null;

  /**
   * @param {Playhead} playhead
   * @param {(passage: Passage | null, begun: boolean) => void} told called when another passage is in hand, or it begins
   */
  constructor(playhead, told) {
    this.#playhead = playhead;
    this.#told = told;
  }

  /** The moment after which nothing more is to be heard; Infinity where nothing says so. */
  get end() {
    return this.#passage?.end ?? Infinity;
  }

  get isLoop() {
    return this.#passage?.loop === true;
  }

  /**
   * @param {Passage | null} passage
   * @param {boolean} [begun]
   */
  take(passage, begun = false) {
    this.#passage = passage;
    this.#told(passage, begun);
  }

  /**
   * Play a passage again and again.
   * @param {{start: number, end: number, lead: number}} span
   */
  loop({ start, end, lead }) {
    this.take({ start, end: Math.min(end, this.#playhead.length ?? end), loop: true, lead }, true);
    this.#playhead.go(this.#first);
    this.#playhead.play();
  }

  /** @param {number} lead from now on, where it is a loop */
  setLead(lead) {
    if (this.isLoop) this.take({ ...this.#passage, lead }, true);
  }

  /**
   * Let go of it where a seek leads out of it; one without an end is over with the first seek.
   * @param {number} moment
   */
  keepOnlyWith(moment) {
    if (!this.#passage) return;
    const { end } = this.#passage;
    if (end === null || moment < this.#first || moment >= end) this.take(null);
  }

  /** The sound has begun to play. */
  begin() {
    if (this.#passage) this.take(this.#passage.end === null ? null : this.#passage, true);
  }

  /**
   * Stop at its end, or go back to its start, before anything after it is shown.
   * @param {string} cause why the clock is read
   */
  check(cause) {
    if (!this.#passage?.end || !this.#isOver(cause)) return;
    const { end, loop } = this.#passage;
    if (loop) {
      this.#playhead.go(this.#first);
      if (!this.#playhead.isPlaying) this.#playhead.play();
    } else {
      this.#playhead.stopAt(end);
      this.take(null);
    }
  }

  /** Where it begins to be heard. */
  get #first() {
    return Math.max(this.#passage.start - (this.#passage.lead ?? 0), 0);
  }

  /** @param {string} cause */
  #isOver(cause) {
    return this.#playhead.isPlaying ? this.#playhead.now >= this.#passage.end : cause === "ended" && this.#passage.loop;
  }
}
