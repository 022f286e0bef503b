/**
 * Finds words in a copy of the archive that no server answers for: in small files that say which words stand in which
 * recordings, and in what those say. player/web/site/words.py writes them.
 */

import { lineOf, needlesOf, patternOf } from "./letters.js";

const PLAIN = /[a-z0-9]/;
// As player/web/site/words.py has them: of so many numbers, texts are in a file.
const TOGETHER = 40;
// Shorter parts are in too many words, and of those that are in more files not all are read.
const SHORTEST = 3;
const MOST_FILES = 60;

/**
 * @typedef {{id: string, at: number | null, text: string, isUnchecked: boolean}} Line
 * @typedef {{address: string, title: string, kind: string, number: number}} Thing
 * @typedef {{told: string[], lang: string, lines: Line[], notes: [string, string, string][]}} Text
 */

/**
 * Name the file that has a word.
 * @param {string} word
 */
export function shard(word) {
  return [...word].slice(0, 2).map((sign) => (PLAIN.test(sign) ? sign : `${sign.codePointAt(0).toString(16)}.`)).join("_");
}

/**
 * Give the words that whatever is found has to have; each may go on, but for those in quotation marks. Where what is
 * looked for may stand ``isWithin`` a word, the first of them may begin in one.
 * @param {string[]} needles
 * @param {boolean} [isWithin]
 */
export function wordsOf(needles, isWithin = false) {
  return needles.flatMap((needle) => {
    const words = needle.trim().split(/[ -]+/).filter(Boolean);
    const isWhole = needle.endsWith(" ");
    const isOpen = isWithin && !needle.startsWith(" ");
    return words.map((word, place) => ({
      word,
      isWhole: place < words.length - 1 || isWhole,
      isPart: isOpen && place === 0 && word.length >= SHORTEST,
    }));
  });
}

/**
 * Give the lines in which all that is looked for begins, at the beginning of a word or within one.
 * @param {Line[]} lines
 * @param {string[]} needles
 * @param {boolean} [isWithin]
 */
export function linesWith(lines, needles, isWithin = false) {
  let body = " ";
  const starts = lines.map(({ text }) => {
    const start = body.length;
    const line = lineOf(text);
    body += line && `${line} `;
    return start;
  });
  const places = new Set();
  for (const needle of needles) {
    const pattern = patternOf(isWithin || needle.startsWith(" ") ? needle : ` ${needle}`);
    for (const { index } of body.matchAll(pattern)) places.add(starts.findLastIndex((start) => start <= index + 1));
  }
  return lines.filter((_, place) => places.has(place));
}

/**
 * Tell whether a word is what is looked for, or has it.
 * @param {string} each
 * @param {{word: string, isWhole: boolean, isPart: boolean}} looked
 */
export function isFound(each, { word, isWhole, isPart }) {
  if (each === word) return true;
  if (isPart) return isWhole ? each.endsWith(word) : each.includes(word);
  // Of one letter, the word itself is all that is looked for.
  return !isWhole && [...word].length > 1 && each.startsWith(word);
}

export class SiteWords {
  #folder;
  /** @type {Map<string, Promise<any>>} */
  #read = new Map();

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Give what may have all that is looked for, in the order of the copy.
   * @param {string} query
   * @param {boolean} [isWithin] whether it may begin within a word
   * @returns {Promise<Thing[]>}
   */
  async find(query, isWithin = false) {
    const needles = needlesOf(query);
    const words = wordsOf(needles, isWithin);
    if (!words.length) return [];
    const { things, files } = await this.#file("list");
    const found = await Promise.all(words.map((word) => this.#numbers(word, files)));
    const [first, ...others] = found.sort((one, other) => one.size - other.size);
    return [...first]
      .filter((number) => others.every((numbers) => numbers.has(number)))
      .sort((one, other) => one - other)
      .map((number) => ({ number, address: things[number][0], title: things[number][1], kind: things[number][2] }));
  }

  /**
   * Give what a recording says.
   * @param {string} address such as recordings/x/
   * @returns {Promise<Text>}
   */
  async text(address) {
    const text = await this.#file(`of/${address.split("/")[1]}`);
    const lines = text.lines.map(([id, at, said, isUnchecked]) => ({ id, at, text: said, isUnchecked: Boolean(isUnchecked) }));
    return { ...text, lines };
  }

  /**
   * Tell whether all that is looked for stands in what is said of something that is no recording.
   * @param {number} number
   * @param {string} query
   * @param {boolean} isWithin
   */
  async isSaidOf(number, query, isWithin) {
    const text = (await this.#file(`beside/${Math.floor(number / TOGETHER)}`))[number];
    return needlesOf(query).every((needle) => patternOf(isWithin || needle.startsWith(" ") ? needle : ` ${needle}`).test(text));
  }

  /**
   * @param {{word: string, isWhole: boolean, isPart: boolean}} looked
   * @param {string[]} files those that are there: no word begins as others would be named
   */
  async #numbers(looked, files) {
    const found = new Set();
    const names = looked.isPart ? await this.#shardsWith(looked) : [shard(looked.word)];
    const there = await Promise.all(names.filter((name) => files.includes(name)).map((name) => this.#file(name)));
    for (const [each, differences] of there.flatMap((words) => Object.entries(words))) {
      if (!isFound(each, looked)) continue;
      let number = 0;
      for (const difference of differences) found.add((number += difference));
    }
    return found;
  }

  /**
   * Name the files of the words that have a part.
   * @param {{word: string, isWhole: boolean, isPart: boolean}} looked
   */
  async #shardsWith(looked) {
    const words = (await this.#file("all")).split(" ");
    return [...new Set(words.filter((each) => isFound(each, looked)).map(shard))].slice(0, MOST_FILES);
  }

  /**
   * Read a file, once.
   * @param {string} name
   */
  #file(name) {
    let asked = this.#read.get(name);
    if (!asked) {
      asked = fetch(`${this.#folder}${name}.json`).then((answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.json();
      });
      asked.catch(() => this.#read.delete(name));
      this.#read.set(name, asked);
    }
    return asked;
  }
}
