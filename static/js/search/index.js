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
    this.#places = places;
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
 * Write texts as words, the first with a space before it, the last with one after it. A page may have a million signs:
 * nothing is made for each but its letters and its place.
 * @param {readonly Piece[]} pieces
 */
function read(pieces) {
  const written = new Written(pieces.reduce((length, { text }) => length + text.length + 2, 1));
  /** @type {number[]} */
  const starts = [];
  let gap = SPACE;
  for (const { text, begins } of pieces) {
    if (begins === "text" && starts.length) for (const letter of [SPACE, BORDER]) written.add(letter, 0);
    if (begins) gap = begins === "text" ? SPACE : BREAK;
    starts.push(written.length);
    for (let place = 0; place < text.length; ) {
      const code = text.codePointAt(place);
      const letters = lettersOf(code);
      for (let index = 0; index < letters.length; ) {
        const letter = letters.length === 1 ? letters : String.fromCodePoint(letters.codePointAt(index));
        index += letter.length;
        if (letter === SPACE || letter === MARK) {
          if (gap !== BREAK) gap = widened(gap, letter);
        } else {
          if (gap) written.add(gap, place);
          gap = "";
          written.add(letter, place);
        }
      }
      place += code > 0xffff ? 2 : 1;
    }
  }
  written.add(SPACE, pieces.length ? pieces[pieces.length - 1].text.length : 0);
  return { words: grouped(written.words).replaceAll(BREAK, SPACE), places: written.places, starts };
}

/** @type {string[]} what `folded` gives for code points that are common */
const common = [];
const COMMON = 0x2100;

/** @param {number} code */
function lettersOf(code) {
  if (code >= COMMON) return folded(String.fromCodePoint(code));
  return (common[code] ??= folded(String.fromCodePoint(code)));
}

/** Letters one after another, and of each of their units the place that it comes from. */
class Written {
  words = "";
  length = 0;
  #places;

  /** @param {number} capacity how many there is space for; it grows when needed */
  constructor(capacity) {
    this.#places = new Int32Array(capacity);
  }

  get places() {
    return this.#places.subarray(0, this.length);
  }

  /**
   * @param {string} letter
   * @param {number} place
   */
  add(letter, place) {
    this.words += letter;
    if (this.length + letter.length > this.#places.length) this.#grow();
    for (let unit = 0; unit < letter.length; unit += 1) this.#places[this.length++] = place;
  }

  #grow() {
    const larger = new Int32Array(2 * this.#places.length + 8);
    larger.set(this.#places);
    this.#places = larger;
  }
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
