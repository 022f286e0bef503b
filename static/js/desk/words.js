/**
 * Divides the text of a line into its words, as the server counts them, and tells which of them differ.
 *
 * @typedef {{from: number, to: number}} Place offsets into a text
 * @typedef {{speaker: string | null, text: string}} Turn
 */

// What Python's str.split() splits at: the server counts words with it. See transcript/words.js.
const WORD = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/**
 * @param {string} text
 * @returns {Place[]}
 */
export function wordsOf(text) {
  return [...text.matchAll(WORD)].map(({ index, 0: word }) => ({ from: index, to: index + word.length }));
}

/**
 * Find the word at an offset, or the last that begins before it; the first, where none does.
 * @param {readonly Place[]} words
 * @param {number} offset
 */
export function wordAt(words, offset) {
  const found = words.findLastIndex(({ from }) => from <= offset);
  return Math.max(found, 0);
}

/**
 * Find the turn in which a word of the line stands, and which word of the turn it is.
 * @param {readonly Turn[]} turns
 * @param {number} word counted through all turns
 */
export function turnAt(turns, word) {
  let before = 0;
  for (let turn = 0; turn < turns.length; turn += 1) {
    const count = wordsOf(turns[turn].text).length;
    if (word < before + count || turn === turns.length - 1) return { turn, word: Math.max(word - before, 0), before };
    before += count;
  }
  return { turn: 0, word: 0, before: 0 };
}

/**
 * Give the words of a line from one to another, both included.
 * @param {string} text
 * @param {number} first
 * @param {number} last
 */
export function wordsBetween(text, first, last) {
  const words = wordsOf(text);
  return words.length ? text.slice(words[first]?.from ?? text.length, words[Math.min(last, words.length - 1)].to) : "";
}

/**
 * Find what differs between two texts: from the first word that differs to the last, in each; null where none does.
 * @param {string} one
 * @param {string} other
 * @returns {{one: Place, other: Place} | null} numbers of words, half open
 */
export function difference(one, other) {
  const here = wordsOf(one).map(({ from, to }) => one.slice(from, to));
  const there = wordsOf(other).map(({ from, to }) => other.slice(from, to));
  const most = Math.min(here.length, there.length);
  let from = 0;
  while (from < most && here[from] === there[from]) from += 1;
  let after = 0;
  while (after < most - from && here.at(-1 - after) === there.at(-1 - after)) after += 1;
  if (from === here.length - after && from === there.length - after) return null;
  return { one: { from, to: here.length - after }, other: { from, to: there.length - after } };
}

/** More pairs of words than these are not compared: then all from the first that differs to the last counts. */
const MOST_PAIRS = 250_000;

/**
 * Find the runs of words of a text that another does not have, in order (longest common subsequence of their words).
 * @param {string} one
 * @param {string} other
 * @returns {Place[]} offsets into `one`
 */
export function differing(one, other) {
  const range = difference(one, other);
  if (!range) return [];
  const words = wordsOf(one);
  const here = words.slice(range.one.from, range.one.to).map(({ from, to }) => one.slice(from, to));
  const there = wordsOf(other).slice(range.other.from, range.other.to).map(({ from, to }) => other.slice(from, to));
  const isOwn = here.length * there.length > MOST_PAIRS ? here.map(() => true) : ownOf(here, there);
  const runs = [];
  isOwn.forEach((is, at) => {
    const { from, to } = words[range.one.from + at];
    if (is && isOwn[at - 1]) runs.at(-1).to = to;
    else if (is) runs.push({ from, to });
  });
  return runs;
}

/**
 * @param {string[]} here
 * @param {string[]} there
 * @returns {boolean[]} of each word here, whether it is in none of the longest runs that both have
 */
function ownOf(here, there) {
  const common = Array.from({ length: here.length + 1 }, () => new Uint32Array(there.length + 1));
  for (let i = here.length - 1; i >= 0; i -= 1) {
    for (let j = there.length - 1; j >= 0; j -= 1) {
      common[i][j] = here[i] === there[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const isOwn = here.map(() => true);
  for (let i = 0, j = 0; i < here.length && j < there.length; ) {
    if (here[i] === there[j]) {
      isOwn[i] = false;
      i += 1;
      j += 1;
    } else if (common[i + 1][j] >= common[i][j + 1]) i += 1;
    else j += 1;
  }
  return isOwn;
}
