/**
 * Reads the texts of a page that can be searched: the lines, their translations where shown, and the notes; and finds
 * where each of them stands, on the page and in time.
 *
 * @typedef {import("../transcript/words.js").Span} Span
 * @typedef {import("./index.js").Part} Part
 */

import { indexAt } from "../transcript/cues.js";
import { isShown, saidBeside, spanOf, textOf } from "../transcript/words.js";
import { SearchIndex } from "./index.js";

const TEXTS = ".cue .time, .cue .translated, .note .own, .note .body";
const BLOCKS = "p, li, blockquote, pre, dt, dd, td, th, h1, h2, h3, h4, h5, h6, div";
const SAID = 0;
export const NOTES = 1;

// What a claim rests on is no more searched than what the note does.
const isSearched = (/** @type {Node} */ { parentElement }) =>
  parentElement.closest(".from") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;

export class SearchPage {
  /** @type {Text[]} */
  #nodes = [];
  /** @type {import("./index.js").Piece[]} */
  #pieces = [];
  /** @type {HTMLElement[]} what each piece is shown or hidden with: its note, or the first text of its track */
  #units = [];
  /** @type {Map<HTMLElement, boolean>} */
  #shown = new Map();
  /** @type {Map<string, number>} by language */
  #translations = new Map();
  /** @type {Map<number, HTMLElement>} the first text of each track */
  #begun = new Map();
  /** @type {HTMLElement[]} lines, and notes that belong to none */
  #anchors = [];
  /** @type {number[]} the piece with which each of them begins */
  #begins = [];
  /** What is searched in these. */
  #firsts;
  /** @type {Float64Array | null} when each of them begins */
  #starts = null;
  /** @type {number | null} */
  #length = null;
  /** @type {Map<number, Span | null>} what was asked of pieces: a page of thousands of lines is slow to ask */
  #passages = new Map();

  /** @param {Element} player */
  constructor(player) {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (player.querySelectorAll(TEXTS))) this.#read(element);
    this.#firsts = Float64Array.from(this.#begins);
    this.index = new SearchIndex(this.#pieces);
  }

  /** @param {readonly string[]} needles */
  find(needles) {
    this.#shown.clear();
    return this.index.find(needles, (piece) => this.#isShown(piece));
  }

  /**
   * Give the note that a piece belongs to; null where it belongs to a line.
   * @param {number} piece
   * @returns {HTMLElement | null}
   */
  noteOf(piece) {
    return this.#nodes[piece].parentElement.closest(".note");
  }

  /**
   * Give the line or the note that a piece belongs to.
   * @param {number} piece
   * @returns {HTMLElement}
   */
  ownerOf(piece) {
    return this.noteOf(piece) ?? this.#anchorOf(piece);
  }

  /**
   * Give what can be painted: the browser would look after thousands of ranges that live, at each change of the page.
   * @param {Part} part
   */
  paintedOf({ piece, from, to }) {
    const node = this.#nodes[piece];
    return new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to });
  }

  /**
   * Give what can be measured.
   * @param {Part} part
   */
  rangeOf({ piece, from, to }) {
    const range = new Range();
    range.setStart(this.#nodes[piece], from);
    range.setEnd(this.#nodes[piece], to);
    return range;
  }

  /**
   * Find when a hit is said, or what passage the note is about in which it is; null where that is no time.
   * @param {readonly Part[]} parts
   * @returns {Span | null}
   */
  spanOf(parts) {
    const [first, last] = [parts[0], parts[parts.length - 1]];
    if (this.index.trackOf(first.piece) === SAID) {
      return spanOf(this.#lineOf(first.piece), first.from, this.#lineOf(last.piece), last.to);
    }
    const begun = this.passageOf(first.piece);
    return begun && { start: begun.start, end: this.passageOf(last.piece)?.end ?? begun.end };
  }

  /**
   * Find when the line of a piece is said, or what passage its note is about; null where that is no time.
   * @param {number} piece
   * @returns {Span | null}
   */
  passageOf(piece) {
    let passage = this.#passages.get(piece);
    if (passage === undefined) {
      const { start, end } = this.ownerOf(piece).dataset;
      passage = start === undefined ? null : { start: Number(start), end: Number(end) };
      this.#passages.set(piece, passage);
    }
    return passage;
  }

  /**
   * Find the pieces that stand, at least in part, between two heights of the window.
   * @param {number} top
   * @param {number} bottom
   * @returns {[number, number]} the first, and the first after them
   */
  between(top, bottom) {
    const first = this.#firstWhere((anchor) => endsBelow(anchor, top));
    const end = this.#firstWhere((anchor) => beginsBelow(anchor, bottom));
    return [this.#firsts[first] ?? this.#nodes.length, this.#firsts[end] ?? this.#nodes.length];
  }

  /**
   * Find the first piece of the line that begins at a moment or after it; the number of pieces where none does.
   * @param {number} moment milliseconds
   */
  from(moment) {
    this.#starts ??= Float64Array.from(this.#momentsOfAnchors());
    return this.#firsts[indexAt(this.#starts, moment - 1) + 1] ?? this.#nodes.length;
  }

  /** A line that is not timed counts with the timed line above it, notes that belong to none come after all. */
  *#momentsOfAnchors() {
    let moment = 0;
    for (const { dataset, className } of this.#anchors) {
      moment = Number(dataset.start ?? (className.includes("cue") ? moment : Infinity));
      yield moment;
    }
  }

  /** When the last line ends, in milliseconds. */
  get length() {
    this.#length ??= this.#anchors.reduce((length, { dataset }) => Math.max(length, Number(dataset.end ?? 0)), 0);
    return this.#length;
  }

  /**
   * Find the first piece of an element, or after it.
   * @param {Element} element
   */
  at(element) {
    return Math.max(this.#nodes.findIndex((node) => element.contains(node)), 0);
  }

  /** @param {HTMLElement} element */
  #read(element) {
    if (element.className === "time") this.#readLine(/** @type {HTMLElement} */ (saidBeside(element)), SAID);
    else if (element.matches(".translated")) this.#readLine(element, this.#trackOf(element));
    else this.#readNote(element);
  }

  /**
   * @param {HTMLElement} words
   * @param {number} track
   */
  #readLine(words, track) {
    const text = textOf(words);
    if (!text) return;
    const begins = this.#begun.has(track) ? "word" : "text";
    if (begins === "text") this.#begun.set(track, words);
    this.#add(text, track, begins, this.#begun.get(track), words.closest(".cue"));
  }

  /** @param {HTMLElement} element */
  #readNote(element) {
    const note = /** @type {HTMLElement} */ (element.closest(".note"));
    const line = note.closest(".cue");
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, isSearched);
    /** @type {Element | null} */
    let before = null;
    while (walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode);
      const block = node.parentElement.closest(BLOCKS);
      this.#add(node, NOTES, before === null ? "text" : block === before ? "" : "word", note, line ?? note);
      before = block;
    }
  }

  /**
   * @param {Text} node
   * @param {number} track
   * @param {"text" | "word" | ""} begins
   * @param {HTMLElement} unit
   * @param {HTMLElement} anchor
   */
  #add(node, track, begins, unit, anchor) {
    if (anchor !== this.#anchors[this.#anchors.length - 1]) {
      this.#anchors.push(anchor);
      this.#begins.push(this.#nodes.length);
    }
    this.#nodes.push(node);
    this.#pieces.push({ text: node.data, track, begins });
    this.#units.push(unit);
  }

  /** @param {HTMLElement} translated */
  #trackOf({ lang }) {
    if (!this.#translations.has(lang)) this.#translations.set(lang, NOTES + 1 + this.#translations.size);
    return this.#translations.get(lang);
  }

  /** @param {number} piece */
  #isShown(piece) {
    const unit = this.#units[piece];
    const known = this.#shown.get(unit);
    if (known !== undefined) return known;
    const is = isShown(unit);
    this.#shown.set(unit, is);
    return is;
  }

  /**
   * @param {number} piece
   * @returns {HTMLElement}
   */
  #anchorOf(piece) {
    return this.#nodes[piece].parentElement.closest(".cue") ?? this.noteOf(piece);
  }

  /**
   * @param {number} piece
   * @returns {import("../transcript/words.js").Line}
   */
  #lineOf(piece) {
    const { start, end, words = "" } = this.#anchorOf(piece).dataset;
    return { start: Number(start), end: Number(end), text: this.#nodes[piece].data, words };
  }

  /**
   * Find the first anchor of which something is true that is true of all after it.
   * @param {(anchor: HTMLElement) => boolean} is
   */
  #firstWhere(is) {
    let low = 0;
    let high = this.#anchors.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (is(this.#anchors[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/**
 * Tell whether an element ends below a height of the window. Where its run of lines is all above it or below, the lines
 * need not be laid out to know.
 * @param {Element} element
 * @param {number} height
 */
function endsBelow(element, height) {
  const run = element.closest(".run")?.getBoundingClientRect();
  if (run && (run.bottom <= height || run.top > height)) return run.top > height;
  return element.getBoundingClientRect().bottom > height;
}

/**
 * Tell whether an element begins at a height of the window or below it.
 * @param {Element} element
 * @param {number} height
 */
function beginsBelow(element, height) {
  const run = element.closest(".run")?.getBoundingClientRect();
  if (run && (run.bottom <= height || run.top >= height)) return run.top >= height;
  return element.getBoundingClientRect().top >= height;
}
