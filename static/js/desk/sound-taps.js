/**
 * Times lines by ear while the sound plays: each tap starts the next line here, and ends the one before.
 *
 * @typedef {import("./edges.js").Span} Span
 * @typedef {{id: string, start: number | null, end: number | null, turns: {text: string}[]}} Line
 * @typedef {{id: string, span: Span}} Timing
 * @typedef {{timings: Timing[], take: string | null, told: string}} Tap lines that get these times, in this order; the
 *   line that is in hand then, where it is another; and what is to be told
 */

import { SHORTEST, spanOf, startedAt } from "./edges.js";
import { textOf } from "./sound-line.js";

const NOTHING = { timings: [], take: null };

/** What a line lasts until the next tap ends it is guessed by its words. */
export class Taps {
  /** @type {string | null} the line that the last tap leads to, until it is in hand */
  #awaited = null;
  /** @type {number[]} taps that came before it was */
  #waiting = [];
  /** @type {Set<string>} lines that this run of taps has started */
  #started = new Set();

  /** Another run of taps begins. */
  begin() {
    this.#awaited = null;
    this.#waiting = [];
    this.#started.clear();
  }

  /**
   * A line is in hand. Give the taps that waited for it.
   * @param {string | null} id
   * @returns {number[]}
   */
  taken(id) {
    if (this.#awaited === null) return [];
    const waiting = id === this.#awaited ? this.#waiting : [];
    this.#awaited = null;
    this.#waiting = [];
    return waiting;
  }

  /**
   * @param {number} moment
   * @param {{line: Line | null, previous: Line | null, next: Line | null}} lines
   * @param {number} length of the recording
   * @returns {Tap}
   */
  tap(moment, { line, previous, next }, length) {
    if (this.#awaited !== null) {
      this.#waiting.push(moment);
      return { ...NOTHING, told: "" };
    }
    if (!line) return { ...NOTHING, told: "No line is in hand." };
    const span = spanOf(line);
    if (span === null || moment < span.start) return this.#first(moment, line, previous, length);
    if (moment - span.start < SHORTEST) return { ...NOTHING, told: "" }; // a key that bounces
    const ended = { id: line.id, span: { start: span.start, end: moment } };
    if (!next) return { timings: [ended], take: null, told: "That was the last line." };
    const begun = startedAt(spanOf(next), moment, textOf(next), length);
    if (!begun) return { timings: [ended], take: null, told: "The recording is over." };
    this.#awaited = next.id;
    this.#started.add(next.id);
    return { timings: [ended, { id: next.id, span: begun }], take: next.id, told: "" };
  }

  /**
   * Start the line in hand; the one before ends here where it would last longer, or a tap has started it.
   * @param {number} moment
   * @param {Line} line
   * @param {Line | null} previous
   * @param {number} length
   * @returns {Tap}
   */
  #first(moment, line, previous, length) {
    const begun = startedAt(spanOf(line), moment, textOf(line), length);
    if (!begun) return { ...NOTHING, told: "The recording is over." };
    this.#started.add(line.id);
    const timings = [{ id: line.id, span: begun }];
    const before = spanOf(previous);
    if (previous && before && moment - before.start >= SHORTEST) {
      const isToEnd = before.end > moment || this.#started.has(previous.id);
      if (isToEnd) timings.unshift({ id: previous.id, span: { start: before.start, end: moment } });
    }
    return { timings, take: null, told: "" };
  }
}
