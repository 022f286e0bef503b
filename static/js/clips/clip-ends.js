/**
 * Says where a clip may begin and end (at words and lines, or, where there are none, at moments a little apart), paints
 * the words that it holds, and writes the command that makes it.
 *
 * @typedef {import("../transcript/words.js").Span} Span
 * @typedef {"start" | "end"} Edge
 * @typedef {Pick<ClipLines, "at" | "starts" | "ends" | "lineStarts" | "lineEnds">} Lines
 */

import { display, fragment } from "../playback/timecode.js";
import { selectedParts, spanOfParts } from "../quoting/selected-words.js";
import { indexAt, nextAfter } from "../transcript/cues.js";
import { lineOf, saidIn, textOf, textWithin, unitsOf } from "../transcript/words.js";

// How far a moment or a clip goes where no words say it.
const STEP = 100;
const LINE = 1_000;
const SHORT = 5_000;
/** @type {Map<string, [number, boolean]>} step, and whether by line */
const STEPS = new Map([
  ["ArrowLeft", [-1, false]], ["ArrowDown", [-1, false]], ["ArrowRight", [1, false]], ["ArrowUp", [1, false]],
  ["PageDown", [-1, true]], ["PageUp", [1, true]],
]);
const HIGHLIGHT = "clip";

/** Where a clip may begin and end, and how its ends move. */
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

/** The lines of a transcript as clips need them: where words begin and end, and what a clip holds. */
export class ClipLines {
  #said;
  /** @type {Float64Array | null} */
  #starts = null;
  /** @type {Float64Array | null} */
  #ends = null;
  #highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;

  /** @param {Element} page holds the lines, or none where the transcript may not follow the sound */
  constructor(page) {
    this.#said = saidIn(page).filter((said) => said.closest("[data-start]"));
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
    if (this.#highlight) CSS.highlights.set(HIGHLIGHT, this.#highlight);
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

/**
 * Move a moment to the next or the previous of those given; null where there is none.
 * @param {ArrayLike<number>} moments in order
 * @param {number} moment
 * @param {number} step 1 or -1
 */
export function moved(moments, moment, step) {
  const found = step > 0 ? nextAfter(moments, moment) : moments[indexAt(moments, moment - 1)];
  return Number.isFinite(found) ? found : null;
}

/**
 * Tell whether what is played again and again is this passage.
 * @param {import("../playback/timecode.js").Passage | null} loop
 * @param {Span | null} span
 */
export function isLoopOf(loop, span) {
  return loop !== null && span !== null && loop.start === span.start && loop.end === span.end;
}

/**
 * Write the command that makes a clip.
 * @param {string} slug
 * @param {string} name what the clip's file is called before its times
 * @param {string} suffix which sets its format
 * @param {Span} span
 */
export function commandFor(slug, name, suffix, { start, end }) {
  const file = `${name}_${fragment(start)}-${fragment(end)}${suffix}`;
  return `player clip ${quoted(slug)} --from ${display(start)} --to ${display(end)} -o ${quoted(file)}`;
}

/**
 * Write a word as a POSIX shell reads it.
 * @param {string} word
 */
function quoted(word) {
  return /^[\w.,:@%+/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
