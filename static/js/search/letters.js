/**
 * Reads text as the words by which it is compared: without case, accents and marks. player/search/letters.py is its
 * twin, and tests/data/searches.json holds the two together.
 */

// Signs within a word that some write and some do not; other signs part words.
const SILENT = /['’ʼ‘`.\u00ad\u034f\u200b-\u200d\ufe00-\ufe0f\ufeff]/;
// Of scripts that are written without spaces, each letter is a word: Thai and Lao, kana, Han.
const WORD_OF_ITS_OWN = /[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]/;
// Vowel signs of the scripts of India have no combining class: they are letters here.
const LETTER = /[\p{L}\p{N}\p{Mn}\p{Mc}]/u;
const QUOTE = /["“”„«»]/;
// The mark with the highest combining class there is: any other that has a class is put before it.
const LAST = "\u0345";

/** @type {Map<string, string>} */
const known = new Map();

/**
 * Give the letters as which a sign is compared: with spaces where it parts words, none where it is not compared.
 * @param {string} sign one code point
 */
export function folded(sign) {
  let letters = known.get(sign);
  if (letters === undefined) known.set(sign, (letters = fold(sign)));
  return letters;
}

/**
 * Give the words in a text as they are compared.
 * @param {string} text
 */
export function wordsIn(text) {
  return [...text].map(folded).join("").split(" ").filter(Boolean);
}

/**
 * Read what a reader types or pastes: text is looked for wherever its letters follow each other. What stands in
 * quotation marks is whole words; where all does, each quotation is looked for by itself. Marks that are not closed are
 * still being typed.
 * @param {string} query
 * @returns {string[]} what to look for in words with spaces between; a space at an end of it is the border of a word
 */
export function needlesOf(query) {
  const pieces = query.split(QUOTE);
  const found = pieces
    .map((piece, index) => ({ text: wordsIn(piece).join(" "), isQuoted: index % 2 === 1 && index < pieces.length - 1 }))
    .filter(({ text }) => text !== "");
  if (!found.length) return [];
  if (found.every(({ isQuoted }) => isQuoted)) return found.map(({ text }) => ` ${text} `);
  const [begins, ends] = [found[0], found[found.length - 1]].map(({ isQuoted }) => (isQuoted ? " " : ""));
  return [`${begins}${found.map(({ text }) => text).join(" ")}${ends}`];
}

/** @param {string} sign */
function fold(sign) {
  if (SILENT.test(sign)) return "";
  return [...caseless(sign.normalize("NFKD")).normalize("NFKD")].map(letter).join("");
}

/**
 * Unicode's full case folding, which JavaScript lacks. Small letters of capitals come near it; what differs is Cherokee,
 * whose small letters are the younger ones, and the dotless i, whose capital is another's.
 * @param {string} text
 */
function caseless(text) {
  return [...text].map((sign) => (sign === "ı" ? sign : sign.toLowerCase().toUpperCase().toLowerCase())).join("");
}

/** @param {string} sign */
function letter(sign) {
  if (isAccent(sign)) return "";
  if (WORD_OF_ITS_OWN.test(sign)) return ` ${sign} `;
  return LETTER.test(sign) ? sign : " ";
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
