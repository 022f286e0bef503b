/**
 * Joins the texts of a page into one string of words with spaces between, in which a search is a few calls of indexOf,
 * and finds the way back from a place in it to a place in a text.
 *
 * @typedef {object} Piece a text node
 * @property {string} text
 * @property {number} track texts of one track follow each other: 0 the words said, then those of translations, the notes
 * @property {"text" | "word" | ""} begins what begins with it: a text of its own, through whose borders no hit goes; a
 *   word; or nothing, since it goes on with the word of the piece before
 * @typedef {{piece: number, from: number, to: number}} Part which piece, and offsets into its text
 */

import { indexAt } from "../transcript/cues.js";
import { Hits, inPageOrder, joined, Places } from "./hits.js";
import { folded, grouped, MARK, patternOf, widened } from "./letters.js";

const SPACE = " ";
// Between two lines, or two blocks of a note, until numbers have been joined.
const BREAK = "\t";
// Between texts: no needle holds it.
const BORDER = "\n";

export class SearchIndex {
  #pieces;
  /** @type {number[]} the pieces in the order of the words: track after track, each in the page's order */
  #order;
  /** Where in the words each of them begins. */
  #starts;
  /** Where in the words the second track begins. */
  #secondTrack;
  #words;
  #hasMarks;
  /** For each letter of the words, the offset of its sign in the text of its piece. */
  #places;

  /** @param {readonly Piece[]} pieces in the page's order */
  constructor(pieces) {
    this.#pieces = pieces;
    this.#order = pieces.map((_, piece) => piece).sort((one, other) => pieces[one].track - pieces[other].track || one - other);
    const { words, places, starts } = read(this.#order.map((piece) => pieces[piece]));
    this.#words = words;
    this.#hasMarks = words.includes(MARK);
    this.#places = Int32Array.from(places);
    this.#starts = Float64Array.from(starts);
    this.#secondTrack = starts[this.#order.findIndex((piece) => pieces[piece].track > 0)] ?? Infinity;
  }

  /**
   * Find needles, as letters.js makes them.
   * @param {readonly string[]} needles
   * @param {(piece: number) => boolean} [isShown] of a piece of track 0 it tells whether all are shown
   */
  find(needles, isShown = () => true) {
    const found = joined(needles.map((needle) => this.#search(needle)));
    // Most searches find something in the first track alone, which is in the page's order already.
    const isInFirst = found.length > 0 && found.starts[found.length - 1] < this.#secondTrack;
    if (isInFirst && isShown(this.pieceAt(found.starts[0]))) return new Hits(this, found, new Map());
    return inPageOrder(found, this, isShown);
  }

  /**
   * Find which piece a place in the words is in.
   * @param {number} place
   */
  pieceAt(place) {
    return this.#order[indexAt(this.#starts, place)];
  }

  /** Make what finds the pieces of places that are asked for in order; faster than one by one. */
  pieces() {
    let at = 0;
    return (/** @type {number} */ place) => {
      while (at + 1 < this.#starts.length && this.#starts[at + 1] <= place) at += 1;
      return this.#order[at];
    };
  }

  /** @param {number} piece */
  trackOf(piece) {
    return this.#pieces[piece].track;
  }

  /**
   * Find the texts that the words between two places come from.
   * @param {number} start
   * @param {number} end
   * @returns {Part[]} one for each piece
   */
  parts(start, end) {
    const first = indexAt(this.#starts, start);
    const last = indexAt(this.#starts, end - 1);
    return this.#order.slice(first, last + 1).map((piece, index) => {
      const { text } = this.#pieces[piece];
      const from = index ? text.length - text.trimStart().length : this.#places[start];
      const to = first + index < last ? text.trimEnd().length : endOfSign(text, this.#places[end - 1]);
      return { piece, from, to };
    });
  }

  /** @param {string} needle */
  #search(needle) {
    const [before, after] = [needle.startsWith(SPACE) ? 1 : 0, needle.endsWith(SPACE) ? 1 : 0];
    const found = new Places();
    if (needle.includes(MARK) || (this.#hasMarks && needle.length > 1)) {
      for (const match of this.#words.matchAll(patternOf(needle))) found.add(match.index + before, match.index + match[0].length);
      return found;
    }
    for (let at = this.#words.indexOf(needle); at >= 0; ) {
      const [start, end] = [at + before, at + needle.length - after];
      found.add(start, end);
      at = this.#words.indexOf(needle, end);
    }
    return found;
  }
}

/**
 * Write texts as words, the first with a space before it, the last with one after it.
 * @param {readonly Piece[]} pieces
 */
function read(pieces) {
  /** @type {string[]} */
  const words = [];
  /** @type {number[]} */
  const places = [];
  /** @type {number[]} */
  const starts = [];
  let gap = SPACE;
  let place = 0;
  const add = (/** @type {string} */ letter) => {
    words.push(letter);
    for (let unit = 0; unit < letter.length; unit += 1) places.push(place);
  };
  for (const { text, begins } of pieces) {
    place = 0;
    if (begins === "text" && words.length) [SPACE, BORDER].forEach(add);
    if (begins) gap = begins === "text" ? SPACE : BREAK;
    starts.push(places.length);
    for (const sign of text) {
      for (const letter of folded(sign)) {
        if (letter === SPACE || letter === MARK) {
          if (gap !== BREAK) gap = widened(gap, letter);
        } else {
          if (gap) add(gap);
          gap = "";
          add(letter);
        }
      }
      place += sign.length;
    }
  }
  add(SPACE);
  return { words: grouped(words.join("")).replaceAll(BREAK, SPACE), places, starts };
}

/**
 * Find where a sign ends, its accents included.
 * @param {string} text
 * @param {number} at
 */
function endOfSign(text, at) {
  const accents = /[^]\p{M}*/uy;
  accents.lastIndex = at;
  return at + (accents.exec(text)?.[0].length ?? 1);
}
