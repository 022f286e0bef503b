/** The outline of the sound in the timeline: asked for, and asked for again while the server is still making it. */

const FIRST = 400;
const GROWTH = 1.5;
const LONGEST = 10_000;
const IN_THE_MAKING = 202;

export class WaveDrawing {
  #line;
  #path;
  #told;
  #bar;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {HTMLElement} line the <time-line>, which says in data-wave where the drawing is */
  constructor(line) {
    this.#line = line;
    this.#path = line.querySelector(".wave path");
    this.#told = /** @type {HTMLElement | null} */ (line.querySelector(".drawing"));
    this.#bar = this.#told?.querySelector("progress");
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    signal.addEventListener("abort", () => clearTimeout(this.#waiting));
    this.#look(FIRST, signal);
  }

  /**
   * @param {number} pause before the next look, if there is to be one
   * @param {AbortSignal} signal
   */
  async #look(pause, signal) {
    const drawing = await this.#fetch(signal);
    if (signal.aborted) return;
    if (drawing?.outline) this.#path?.setAttribute("d", drawing.outline);
    this.#show(drawing, pause > FIRST);
    if (!drawing?.isReady) this.#waiting = setTimeout(() => this.#look(Math.min(pause * GROWTH, LONGEST), signal), pause);
  }

  /**
   * Get the drawing as it is by now; null where the server cannot be heard.
   * @param {AbortSignal} signal
   */
  async #fetch(signal) {
    try {
      const answer = await fetch(this.#line.dataset.wave ?? "", { signal });
      if (!answer.ok) return { outline: null, isReady: true, read: 0 };
      const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
      return {
        outline: drawn.querySelector("path")?.getAttribute("d"),
        isReady: answer.status !== IN_THE_MAKING,
        read: Number(drawn.dataset.read),
      };
    } catch {
      return null;
    }
  }

  /**
   * Say that it is being made, if that takes more than a moment.
   * @param {{isReady: boolean, read: number} | null} drawing
   * @param {boolean} isLong
   */
  #show(drawing, isLong) {
    if (!this.#told || !this.#bar) return;
    const isAwaited = drawing !== null && !drawing.isReady;
    this.#told.hidden = !isAwaited || !isLong;
    if (isAwaited) this.#bar.value = drawing.read;
  }
}
