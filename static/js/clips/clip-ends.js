/** Where a clip may begin and end: at words and lines; where there are none, at moments a little apart. */

import { moved } from "./clip-span.js";

/**
 * @typedef {import("./clip-span.js").Span} Span
 * @typedef {"start" | "end"} Edge
 * @typedef {Pick<import("./clip-lines.js").ClipLines, "at" | "starts" | "ends" | "lineStarts" | "lineEnds">} Lines
 */

// How far a moment or a clip goes where no words say it.
const STEP = 100;
const LINE = 1_000;
const SHORT = 5_000;
/** @type {Map<string, [number, boolean]>} step, and whether by line */
const STEPS = new Map([
  ["ArrowLeft", [-1, false]], ["ArrowDown", [-1, false]], ["ArrowRight", [1, false]], ["ArrowUp", [1, false]],
  ["PageDown", [-1, true]], ["PageUp", [1, true]],
]);

export class ClipEnds {
  #lines;
  /** Of the recording, in milliseconds. */
  duration;

  /**
   * @param {Lines} lines
   * @param {number} duration Infinity where it is not known
   */
  constructor(lines, duration) {
    this.#lines = lines;
    this.duration = duration;
  }

  /**
   * Give a passage for this moment: its line, or a little of the recording from now on.
   * @param {number} now
   * @returns {Span}
   */
  around(now) {
    const start = Math.max(Math.min(now, this.duration - SHORT), 0);
    return this.#lines.at(now) ?? { start, end: Math.min(start + SHORT, this.duration) };
  }

  /**
   * Let a passage start or end at a moment; its other end gives way where it must.
   * @param {Span} span
   * @param {Edge} edge
   * @param {number} moment
   * @returns {Span}
   */
  withEdge({ start, end }, edge, moment) {
    if (edge === "start") return { start: moment, end: end > moment ? end : Math.min(moment + SHORT, this.duration) };
    return { start: start < moment ? start : Math.max(moment - SHORT, 0), end: moment };
  }

  /**
   * Move an end of a passage as a key says; null where the key says nothing, or there is no further to go.
   * @param {Span} span
   * @param {Edge} edge
   * @param {string} key
   */
  byKey(span, edge, key) {
    const [step, isByLine] = STEPS.get(key) ?? [0, false];
    return step ? this.moved(span, edge, step, isByLine) : null;
  }

  /**
   * Tell whether a key moves an end.
   * @param {string} key
   */
  isKey(key) {
    return STEPS.has(key);
  }

  /**
   * Move an end of a passage to the next or previous word, or line; null where there is none, or nothing would be left.
   * @param {Span} span
   * @param {Edge} edge
   * @param {number} step 1 or -1
   * @param {boolean} isByLine
   * @returns {Span | null}
   */
  moved(span, edge, step, isByLine) {
    const moments = this.#momentsOf(edge, isByLine);
    const moment = moments.length
      ? moved(moments, span[edge], step)
      : Math.min(Math.max(span[edge] + step * (isByLine ? LINE : STEP), 0), this.duration);
    if (moment === null || moment > this.duration) return null;
    const found = { ...span, [edge]: moment };
    return found.end > found.start ? found : null;
  }

  /**
   * @param {Edge} edge
   * @param {boolean} isByLine
   */
  #momentsOf(edge, isByLine) {
    const { lineStarts, lineEnds, starts, ends } = this.#lines;
    if (edge === "start") return isByLine ? lineStarts : starts;
    return isByLine ? lineEnds : ends;
  }
}
