/**
 * Keeps the lines as the server has them, changed by the splices that it answers with.
 *
 * @typedef {import("./words.js").Turn} Turn
 * @typedef {{text: string, by: string | null}} Reading
 * @typedef {{first: number, last: number, doubtful: boolean, readings: Reading[]}} Doubt words from 0, both included
 * @typedef {{id: string, start: number | null, end: number | null, text: string, turns: Turn[],
 *   approximate: boolean, paragraph: boolean, unchecked: boolean, aligned: number | null,
 *   heard: {date: string, name: string}[], doubtful: number[], doubts: Doubt[], page: string | null, older: string[]}} Line
 * @typedef {{after: string | null, old: string[], new: Line[]}} Splice `after` is the line before them, null for the head
 */

export class Lines {
  /** @type {Line[]} */
  #lines = [];
  /** @type {Map<string, number>} */
  #places = new Map();
  /** How many lines nobody has heard, and how many words are doubtful: kept, not counted anew among 20,000 lines. */
  unheard = 0;
  doubtful = 0;

  /** @param {Line[]} lines */
  constructor(lines = []) {
    this.#lines = lines;
    this.#count(0);
    this.#tally(lines, 1);
  }

  get length() {
    return this.#lines.length;
  }

  /** @param {number} index @returns {Line | null} */
  at(index) {
    return index < 0 ? null : this.#lines[index] ?? null;
  }

  /** @param {number} from @param {number} to */
  slice(from, to) {
    return this.#lines.slice(from, to);
  }

  /** @param {string} id @returns {Line | null} */
  of(id) {
    return this.at(this.indexOf(id));
  }

  /** @param {string} id */
  indexOf(id) {
    return this.#places.get(id) ?? -1;
  }

  /**
   * Put lines in the place of others.
   * @param {Splice} splice
   * @returns {{at: number, gone: number}} where, and how many are gone; the server's list is another where it is -1
   */
  apply({ after, old, new: lines }) {
    const at = old.length ? this.indexOf(old[0]) : after === null ? 0 : this.indexOf(after) + 1;
    const isThere = old.every((id, index) => this.#lines[at + index]?.id === id);
    if (at < 0 || !isThere || (this.at(at - 1)?.id ?? null) !== after) return { at: -1, gone: 0 };
    this.#tally(this.#lines.slice(at, at + old.length), -1);
    this.#tally(lines, 1);
    this.#lines.splice(at, old.length, ...lines);
    const isSame = old.length === lines.length && lines.every(({ id }, index) => id === old[index]);
    if (!isSame) {
      for (const id of old) this.#places.delete(id);
      this.#count(at);
    }
    return { at, gone: old.length };
  }

  /**
   * Find the next such line after a place; from the head again, where none follows. -1 where there is none.
   * @param {number} index
   * @param {(line: Line) => boolean} isMeant
   */
  next(index, isMeant) {
    const { length } = this.#lines;
    for (let step = 1; step <= length; step += 1) {
      const place = (index + step) % length;
      if (isMeant(this.#lines[place])) return place;
    }
    return -1;
  }

  /**
   * @param {readonly Line[]} lines
   * @param {1 | -1} by
   */
  #tally(lines, by) {
    for (const line of lines) {
      if (isUnheard(line)) this.unheard += by;
      if (line.doubts.length || line.doubtful.length) this.doubtful += by * doubtfulIn(line).length;
    }
  }

  /** @param {number} from */
  #count(from) {
    for (let index = from; index < this.#lines.length; index += 1) this.#places.set(this.#lines[index].id, index);
  }
}

/** @param {Line} line */
export function isUnheard({ unchecked, heard }) {
  return unchecked && heard.length === 0;
}

/**
 * Give the words of a line of which somebody is not sure, or a machine; each once, in order.
 * @param {Line} line
 */
export function doubtfulIn({ doubts, doubtful }) {
  const starts = doubts.filter((each) => each.doubtful).map(({ first }) => first);
  return [...new Set([...starts, ...doubtful])].sort((one, other) => one - other);
}

/**
 * Find what is noted of some words: their doubt, or their variants.
 * @param {Line} line
 * @param {number} first
 * @param {number} last
 * @returns {Doubt | null}
 */
export function doubtAt({ doubts }, first, last = first) {
  return doubts.find((each) => each.first <= last && each.last >= first) ?? null;
}

/**
 * Say when a word begins, in milliseconds of the recording; null where that is not known.
 * @param {Line} line
 * @param {number} word
 */
export function wordStart({ start, words }, word) {
  const at = words[word];
  return start === null || at === null || at === undefined ? null : start + at;
}

/**
 * Give the turns of a line; one without words has one to type in.
 * @param {Line} line
 * @returns {Turn[]}
 */
export function turnsOf({ turns, text }) {
  return turns.length ? turns : [{ speaker: null, text }];
}
