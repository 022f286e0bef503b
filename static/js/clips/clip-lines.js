/** The lines of a transcript as clips need them: where words begin and end, and what a clip holds. */

import { textWithin } from "./clip-span.js";
import { indexAt } from "../transcript/cues.js";
import { lineOf, saidIn, textOf } from "../transcript/said-lines.js";
import { selectedParts, spanOfParts } from "../quoting/selected-words.js";
import { unitsOf } from "../transcript/words.js";

/** @typedef {import("./clip-span.js").Span} Span */

const NAME = "clip";

export class ClipLines {
  #said;
  /** @type {Float64Array | null} */
  #starts = null;
  /** @type {Float64Array | null} */
  #ends = null;
  #highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;

  /** @param {Element} page holds the lines, or none where the transcript may not follow the sound */
  constructor(page) {
    this.#said = saidIn(page);
  }

  /** When words begin, in order. */
  get starts() {
    return (this.#starts ??= sorted(this.#units.map(({ start }) => start)));
  }

  /** When words end, in order. */
  get ends() {
    return (this.#ends ??= sorted(this.#units.map(({ end }) => end)));
  }

  /** When lines begin, in order. */
  get lineStarts() {
    return sorted(this.#said.map((said) => lineOf(said).start));
  }

  /** When lines end, in order. */
  get lineEnds() {
    return sorted(this.#said.map((said) => lineOf(said).end));
  }

  get #units() {
    return this.#said.flatMap((said) => unitsOf(lineOf(said)));
  }

  /**
   * Find when the selected words are spoken; null where none are selected.
   * @returns {Span | null}
   */
  selected() {
    return spanOfParts(selectedParts(this.#said));
  }

  /**
   * Find the line that is current at a moment; null where there are no lines, or nothing says how long it lasts.
   * @param {number} now
   * @returns {Span | null}
   */
  at(now) {
    if (!this.#said.length) return null;
    const { start, end } = lineOf(this.#said[Math.max(indexAt(this.lineStarts, now), 0)]);
    return end > start ? { start, end } : null;
  }

  /**
   * Paint the words of a clip, or none.
   * @param {Span | null} span
   * @returns {Range[]} what is painted
   */
  paint(span) {
    const ranges = span ? this.#said.flatMap((said) => rangesOf(said, span)) : [];
    this.#highlight?.clear();
    for (const range of ranges) this.#highlight?.add(range);
    if (this.#highlight) CSS.highlights.set(NAME, this.#highlight);
    return ranges;
  }
}

/**
 * @param {Element} said
 * @param {Span} span
 * @returns {Range[]} one, or none
 */
function rangesOf(said, span) {
  const within = textWithin(lineOf(said), span);
  if (!within) return [];
  const range = new Range();
  range.setStart(textOf(said), within.from);
  range.setEnd(textOf(said), within.to);
  return [range];
}

/** @param {number[]} moments */
function sorted(moments) {
  return Float64Array.from(moments).sort();
}
