/**
 * Finds the words in lines that have what is looked for, as the search of the page compares letters: capitals and
 * accents make no difference.
 *
 * @typedef {import("./lines.js").Line} Line
 * @typedef {{index: number, first: number, last: number}} Hit a line, and words of it, both included
 */

import { lineOf, needlesOf, patternOf } from "../search/letters.js";
import { wordsOf } from "./words.js";

export class LineHits {
  /** @type {WeakMap<Line, {text: string, starts: number[]}>} lines as they are compared, as long as they are lines of it */
  #folded = new WeakMap();

  /**
   * Give all hits in lines, in their order.
   * @param {{length: number, at: (index: number) => Line | null}} lines
   * @param {string} query
   * @returns {Hit[]}
   */
  all(lines, query) {
    const patterns = needlesOf(query).map(patternOf);
    const found = [];
    for (let index = 0; patterns.length && index < lines.length; index += 1) {
      const { text, starts } = this.#of(/** @type {Line} */ (lines.at(index)));
      for (const { from, to } of placesOf(text, patterns)) {
        const first = wordAt(starts, from);
        const last = wordAt(starts, to);
        const before = found.at(-1);
        if (before?.index !== index || before.first !== first || before.last !== last) found.push({ index, first, last });
      }
    }
    return found;
  }

  /** Fold the words of a line one by one, so that each letter is known to be of a word. @param {Line} line */
  #of(line) {
    let found = this.#folded.get(line);
    if (found) return found;
    found = { text: " ", starts: [] };
    for (const { from, to } of wordsOf(line.text)) {
      found.starts.push(found.text.length);
      const word = lineOf(line.text.slice(from, to));
      if (word) found.text += `${word} `;
    }
    this.#folded.set(line, found);
    return found;
  }
}

/**
 * Give the hit after a place, or before it; from the other end where there is none.
 * @param {readonly Hit[]} hits some
 * @param {{index: number, word: number}} place
 * @param {1 | -1} step
 * @param {boolean} isHere whether one at that very place counts
 * @returns {number} which it is
 */
export function hitAfter(hits, { index, word }, step, isHere) {
  const beside = (/** @type {Hit} */ hit) => hit.index - index || hit.first - word;
  if (step < 0) {
    const found = hits.findLastIndex((hit) => beside(hit) < 0);
    return found < 0 ? hits.length - 1 : found;
  }
  return Math.max(hits.findIndex((hit) => beside(hit) > 0 || (isHere && beside(hit) === 0)), 0);
}

/**
 * @param {string} text folded
 * @param {readonly RegExp[]} patterns
 */
function placesOf(text, patterns) {
  const places = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ 0: said, index }) => ({ from: index + said.search(/[^ -]/), to: index + said.length - 1 })),
  );
  return patterns.length > 1 ? places.sort((one, other) => one.from - other.from) : places;
}

/**
 * @param {readonly number[]} starts
 * @param {number} offset
 */
function wordAt(starts, offset) {
  return Math.max(starts.findLastIndex((start) => start <= offset), 0);
}
