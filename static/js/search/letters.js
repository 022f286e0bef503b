/**
 * Folds text into that by which it is compared: small letters without accents, in words. One mark within a printed word,
 * such as the hyphen of "co-operation" or the comma of "1,000", becomes a hyphen; so does a space that groups the digits
 * of a number. player/search/letters.py is its twin, and tests/data/searches.json holds the two together.
 */

// Signs within a word that some write and some do not; other signs part words.
const SILENT = /['’ʼ‘`.\u02b9-\u02bf\u00ad\u034f\u200b-\u200d\ufe00-\ufe0f\ufeff]/;
// What parts words even where no space stands beside it: a dash, an ellipsis.
const PARTING = /[\u2012-\u2015\u2026\u2e3a\u2e3b\u301c\u3030\ufe31\ufe32\ufe58]/;
// Of scripts that are written without spaces, each letter is a word: Thai and Lao, kana, Han.
const WORD_OF_ITS_OWN = /[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]/;
// Vowel signs of the scripts of India have no combining class: they are letters here.
const LETTER = /[\p{L}\p{N}\p{Mn}\p{Mc}]/u;
// Letters that Unicode does not take apart, and what is typed for them.
const PLAIN = new Map([["æ", "ae"], ["œ", "oe"], ["þ", "th"]]);
const BARRED = "øłđðħŧŋıĸƀɓƈȼɖɗɇɛəƒǥɠɣɨɩɉƙƚɲɔɵƥɍʂƭʈⱦʉʊʋƴɏƶ";
[..."olddhtnikbbccddeeefgggiijklnooprstttuuvyyz"].forEach((typed, index) => PLAIN.set(BARRED[index], typed));
const GAP = /[\p{Z}\p{Cc}]/u;
const QUOTE = /["“”„«»]/;
const GROUPED = /(?<![\p{Nd}-])\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})/gu;
// The mark with the highest combining class there is: any other that has a class is put before it.
const LAST = "\u0345";

export const MARK = "-";

/** @type {Map<string, string>} */
const known = new Map();

/**
 * Give the letters as which a sign is compared, a space where it parts words, "-" for a mark, or nothing.
 * @param {string} sign one code point
 */
export function folded(sign) {
  let letters = known.get(sign);
  if (letters === undefined) known.set(sign, (letters = fold(sign)));
  return letters;
}

/**
 * Write the gap between two letters: a hyphen is one mark, a space anything more.
 * @param {string} gap
 * @param {string} sign a space or a mark
 */
export function widened(gap, sign) {
  return gap === "" ? sign : " ";
}

/**
 * Join the digits of numbers that are written in groups of three.
 * @param {string} words
 */
export function grouped(words) {
  return words.replace(GROUPED, (number) => number.replaceAll(" ", MARK));
}

/**
 * Give the words in a text as they are compared, between them a space, or a hyphen where one mark joins them.
 * @param {string} text
 */
export function lineOf(text) {
  let line = "";
  let gap = " ";
  for (const sign of text) {
    for (const letter of folded(sign)) {
      if (letter === " " || letter === MARK) gap = widened(gap, letter);
      else [line, gap] = [line + (line && gap) + letter, ""];
    }
  }
  return grouped(line);
}

/**
 * Read what a reader types or pastes: text is looked for wherever its letters follow each other. What stands in
 * quotation marks is whole words; where all does, each quotation is looked for by itself. Marks that are not closed are
 * still being typed.
 * @param {string} query
 * @returns {string[]} folded text to look for; a space at an end of it is the border of a word
 */
export function needlesOf(query) {
  const pieces = query.split(QUOTE);
  const found = pieces
    .map((piece, index) => ({ text: lineOf(piece), isQuoted: index % 2 === 1 && index < pieces.length - 1 }))
    .filter(({ text }) => text !== "");
  if (!found.length) return [];
  if (found.every(({ isQuoted }) => isQuoted)) return found.map(({ text }) => ` ${text} `);
  const [begins, ends] = [found[0], found[found.length - 1]].map(({ isQuoted }) => (isQuoted ? " " : ""));
  return [`${begins}${found.map(({ text }) => text).join(" ")}${ends}`];
}

/**
 * Give what matches a needle in folded text that has marks, the space before it included where it begins with one.
 * Between two letters there may be a mark; where the needle has a space, there is a space or a mark; where it has a mark,
 * either, or nothing.
 * @param {string} needle
 */
export function patternOf(needle) {
  const inner = needle.trim().replace(/[^ -](?=[^ -])/gu, "$&-?").replace(/ |-(?!\?)/g, (gap) => (gap === " " ? "[ -]" : "[ -]?"));
  return new RegExp(`${needle.startsWith(" ") ? "[ -]" : ""}${inner}${needle.endsWith(" ") ? "(?=[ -])" : ""}`, "g");
}

/** @param {string} sign */
function fold(sign) {
  if (SILENT.test(sign)) return "";
  if (PARTING.test(sign)) return " ";
  return [...caseless(sign.normalize("NFKD")).normalize("NFKD")].map(letter).join("");
}

/**
 * Unicode's full case folding, which JavaScript lacks. Small letters of capitals come near it; what differs is Cherokee,
 * whose small letters are the younger ones.
 * @param {string} text
 */
function caseless(text) {
  return [...text].map((sign) => sign.toLowerCase().toUpperCase().toLowerCase()).join("");
}

/** @param {string} sign */
function letter(sign) {
  if (isAccent(sign)) return "";
  if (WORD_OF_ITS_OWN.test(sign)) return ` ${sign} `;
  if (LETTER.test(sign)) return PLAIN.get(sign) ?? sign;
  return GAP.test(sign) ? " " : MARK;
}

/**
 * Tell whether a sign has a combining class, of which JavaScript knows nothing but the order that normalising makes; or
 * encloses the sign before it.
 * @param {string} sign
 */
function isAccent(sign) {
  if (!/^\p{M}$/u.test(sign)) return false;
  return sign === LAST || /^\p{Me}$/u.test(sign) || !(LAST + sign).normalize("NFD").startsWith(LAST);
}
