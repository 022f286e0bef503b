/**
 * Shows the line in hand as it sounds: the outline around it, its edges in figures, and what it overlaps. What is drawn
 * stays as it is while an edge moves within it.
 *
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./edges.js").Span} Span
 */

import { EdgeRow, overlaps, spanOf } from "./edges.js";
import { Outline, holds, windowOf } from "./outline.js";
import { LevelStore } from "./sound-levels.js";

const REPLACED = 409;

export class SoundView {
  #hand;
  #length;
  #outline;
  #edges;
  #levels;
  #tell;
  /** @type {string | null} the line for which what is drawn was chosen */
  #drawn = null;
  /** @type {AbortSignal} */
  #signal;

  /**
   * @param {HTMLElement} root holds .outline and .edges
   * @param {import("./sound-line.js").LineInHand} hand
   * @param {{outline: string | undefined, length: number}} sound the address of its levels, and how long it is
   * @param {ConstructorParameters<typeof Outline>[2] & {nudge: (edge: Edge, by: number) => void, replaced: () => void}} tell
   *   what is done by hand; and that the archive has another sound by now
   */
  constructor(root, hand, { outline, length }, tell) {
    this.#hand = hand;
    this.#length = length;
    this.#outline = new Outline(/** @type {Element} */ (root.querySelector(".outline > svg")), length, tell);
    this.#edges = new EdgeRow(root, tell.nudge);
    this.#levels = new LevelStore(outline, length);
    this.#tell = tell;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#signal = signal;
    this.#outline.start(signal);
    this.#edges.start(signal);
  }

  /** The levels of what is drawn, and of more around it; null where they are not known yet. */
  get levels() {
    const { from, to } = this.#outline.window;
    return this.#levels.known(from, to);
  }

  /**
   * Show the line where it stands now, in a drawing that holds it.
   * @param {Edge} taken
   * @param {number} now where the sound is, for a line without times
   */
  draw(taken, now) {
    const { id, span } = this.#hand;
    const window = windowOf(span, now, this.#length);
    const drawn = this.#outline.window;
    const isHeld = span ? holds(drawn, span, this.#length) : drawn.from === window.from && drawn.to === window.to;
    const isOther = id !== this.#drawn;
    this.#drawn = id;
    this.show(taken);
    if (isOther || !isHeld) void this.#drawWindow(window);
  }

  /**
   * @param {Edge} taken
   * @param {Span | null} [span] where the line has other times for show
   */
  show(taken, span = this.#hand.span) {
    const { previous, next } = this.#hand.lines;
    const [before, after] = [spanOf(previous), spanOf(next)];
    const over = overlaps(span, before, after);
    this.#outline.show({ span, taken, previous: before, next: after, over });
    this.#edges.show(span, taken, over);
  }

  /**
   * Show where the sound is; for a line without times, the page of the recording that it is in.
   * @param {Edge} taken
   * @param {number} now
   */
  showHead(taken, now) {
    const { from, to } = this.#outline.window;
    if (!this.#hand.span && (now < from || now >= to)) this.draw(taken, now);
    this.#outline.showHead(now);
  }

  /** @param {{from: number, to: number}} window */
  async #drawWindow(window) {
    this.#outline.draw(window, this.#levels.known(window.from, window.to));
    const found = await this.#levels.get(window.from, window.to, this.#signal);
    if (!found || this.#signal.aborted) return;
    if (found.status === REPLACED) this.#tell.replaced();
    if (this.#outline.window === window) this.#outline.draw(window, found.levels);
  }
}
