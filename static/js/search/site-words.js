/**
 * Finds words in a copy of the archive that no server answers for: in small files that say which words stand in which
 * recordings, and in what those say. player/web/site/words.py writes them.
 */

import { lineOf, needlesOf, patternOf } from "./letters.js";

const PLAIN = /[a-z0-9]/;

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
 * Give the words that whatever is found has to have; each may go on, but for those in quotation marks.
 * @param {string[]} needles
 */
export function wordsOf(needles) {
  return needles.flatMap((needle) => {
    const words = needle.trim().split(/[ -]+/).filter(Boolean);
    const isWhole = needle.endsWith(" ");
    return words.map((word, place) => ({ word, isWhole: place < words.length - 1 || isWhole }));
  });
}

/**
 * Give the lines in which all that is looked for begins.
 * @param {Line[]} lines
 * @param {string[]} needles
 */
export function linesWith(lines, needles) {
  let body = " ";
  const starts = lines.map(({ text }) => {
    const start = body.length;
    const line = lineOf(text);
    body += line && `${line} `;
    return start;
  });
  const places = new Set();
  for (const needle of needles) {
    const pattern = patternOf(needle.startsWith(" ") ? needle : ` ${needle}`);
    for (const { index } of body.matchAll(pattern)) places.add(starts.findLastIndex((start) => start <= index + 1));
  }
  return lines.filter((_, place) => places.has(place));
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
   * @returns {Promise<Thing[]>}
   */
  async find(query) {
    const needles = needlesOf(query);
    const words = wordsOf(needles);
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
   * @param {{word: string, isWhole: boolean}} looked
   * @param {string[]} files those that are there: no word begins as others would be named
   */
  async #numbers({ word, isWhole }, files) {
    const found = new Set();
    if (!files.includes(shard(word))) return found;
    const there = await this.#file(shard(word));
    // Of one letter, the file of the word itself is all that is looked into.
    const goesOn = !isWhole && [...word].length > 1;
    for (const [each, differences] of Object.entries(there)) {
      if (each !== word && !(goesOn && each.startsWith(word))) continue;
      let number = 0;
      for (const difference of differences) found.add((number += difference));
    }
    return found;
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
