/** The lines of a transcript as clips need them: which are selected, where words begin and end, and what a clip holds. */

import { spanOf, textWithin, unitsOf } from "./clip-span.js";
import { indexAt } from "./cues.js";

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
    this.#said = [...page.querySelectorAll(".cue > .said")].filter(({ firstChild }) => firstChild instanceof Text);
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
    const selection = getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const parts = this.#said.filter((said) => range.intersectsNode(said)).map((said) => partOf(said, range)).filter(isText);
    if (!parts.length) return null;
    const [first, last] = [parts[0], parts[parts.length - 1]];
    return spanOf(first.line, first.from, last.line, last.to);
  }

  /**
   * Find the line that is current at a moment; null where there are no lines.
   * @param {number} now
   * @returns {Span | null}
   */
  at(now) {
    if (!this.#said.length) return null;
    const { start, end } = lineOf(this.#said[Math.max(indexAt(this.lineStarts, now), 0)]);
    return { start, end };
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

/** @param {Element} said */
function lineOf(said) {
  const { start, end, words = "" } = /** @type {HTMLElement} */ (said.parentElement).dataset;
  return { start: Number(start), end: Number(end), text: textOf(said).data, words };
}

/** @param {Element} said */
function textOf(said) {
  return /** @type {Text} */ (said.firstChild);
}

/**
 * @param {Element} said
 * @param {Range} range
 */
function partOf(said, range) {
  const text = textOf(said);
  // A border that is not in the text lies before it or after it.
  const endsBefore = range.comparePoint(text, text.length) > 0;
  const startsAfter = range.comparePoint(text, 0) < 0;
  const { startContainer, startOffset, endContainer, endOffset } = range;
  return {
    line: lineOf(said),
    from: startContainer === text ? startOffset : startsAfter ? text.length : 0,
    to: endContainer === text ? endOffset : endsBefore ? 0 : text.length,
  };
}

/** @param {ReturnType<typeof partOf>} part */
function isText({ line, from, to }) {
  return line.text.slice(from, to).trim() !== "";
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
