/**
 * Finds the words of a transcript in the reader's selection: which they are, when they are said, and where they stand.
 */

import { isShown, lineOf, spanOf, textOf, translationOf } from "../transcript/words.js";

/**
 * @typedef {{said: Element, words: Element, from: number, to: number}} Part what is selected of one line: offsets into
 *   the text of its words, which are those that are said or their translation
 * @typedef {import("../transcript/words.js").Span} Span
 * @typedef {import("../elements/bar.js").Extent} Extent
 */

// Where words are read that nobody says.
const BESIDE = ".note, this-line";

/**
 * List what is selected of each line, of the words that can be seen: in the language that the selection begins in.
 * @param {Element[]} all what lines say (`saidIn`)
 * @returns {Part[]} in order; [] where no word is
 */
export function selectedParts(all) {
  const ranges = selectedRanges();
  if (!ranges.length) return [];
  const said = partsIn(ranges, all, (line) => line);
  const translated = partsIn(ranges, all, translationOf);
  if (!said.length || !translated.length) return said.length ? said : translated;
  const order = said[0].words.compareDocumentPosition(translated[0].words);
  return order & Node.DOCUMENT_POSITION_PRECEDING ? translated : said;
}

/**
 * Find when selected words are said; null where they take no time. Which words a translation's are is not known: they
 * are those of their whole line.
 * @param {Part[]} parts
 * @returns {Span | null}
 */
export function spanOfParts(parts) {
  if (!parts.length) return null;
  const [first, last] = [parts[0], parts[parts.length - 1]];
  const [begun, ended] = [lineOf(first.said), lineOf(last.said)];
  return spanOf(begun, isTranslated(first) ? 0 : first.from, ended, isTranslated(last) ? ended.text.length : last.to);
}

/**
 * Tell whether a part's words are a translation.
 * @param {Part} part
 */
export function isTranslated({ said, words }) {
  return said !== words;
}

/**
 * Give the words of parts, each with who says them; with what is missing of words at the ends, where whole ones are
 * wanted.
 * @param {Part[]} parts
 * @param {Map<Element, string | null>} voices
 * @param {boolean} isWhole
 * @returns {import("./quotation.js").Said[]}
 */
export function wordsOf(parts, voices, isWhole) {
  return parts.map((part) => ({
    voice: voices.get(part.said) ?? null,
    text: textOfPart(part, isWhole),
    isClosed: part.said.closest(".shut") !== null,
  }));
}

/**
 * Find where parts stand in the window; cheap, however many there are.
 * @param {Part[]} parts
 * @returns {Extent}
 */
export function extentOf(parts) {
  const [first, last] = [rectOf(parts[0]), rectOf(parts[parts.length - 1])];
  return { top: first.top, bottom: last.bottom, left: first.left, leftBelow: last.left };
}

/**
 * Tell whether what is selected is meant as words of the transcript: not where it begins and ends in notes, nor where
 * it takes in what stands before or after the transcript.
 * @param {Element} transcript
 */
export function isOfTranscript(transcript) {
  const ranges = selectedRanges();
  if (!ranges.length) return false;
  const { startContainer, startOffset } = ranges[0];
  const { endContainer, endOffset } = ranges[ranges.length - 1];
  if (isBeside(startContainer) && isBeside(endContainer)) return false;
  const [before, after] = [new Range(), new Range()];
  before.setEndBefore(transcript);
  if (before.comparePoint(startContainer, startOffset) <= 0) before.setStart(startContainer, startOffset);
  else before.collapse();
  after.setStartAfter(transcript);
  if (after.comparePoint(endContainer, endOffset) >= 0) after.setEnd(endContainer, endOffset);
  return `${before}${after}`.trim() === "";
}

/** What is selected; Firefox has several ranges where something between cannot be selected. */
function selectedRanges() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return [];
  return Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
}

/**
 * @param {Range[]} ranges
 * @param {Element[]} all
 * @param {(said: Element) => Element | null} choose which words of a line
 * @returns {Part[]}
 */
function partsIn(ranges, all, choose) {
  return all.flatMap((said) => {
    const words = choose(said);
    if (!words) return [];
    const met = ranges.filter((range) => range.intersectsNode(words));
    if (!met.length || !isShown(words)) return [];
    return met.map((range) => partOf(said, words, range));
  }).filter(({ words, from, to }) => textOf(words).data.slice(from, to).trim() !== "");
}

/**
 * @param {Element} said
 * @param {Element} words
 * @param {Range} range
 * @returns {Part}
 */
function partOf(said, words, range) {
  const text = textOf(words);
  // A border that is not in the text lies before it or after it.
  const endsBefore = range.comparePoint(text, text.length) > 0;
  const startsAfter = range.comparePoint(text, 0) < 0;
  const { startContainer, startOffset, endContainer, endOffset } = range;
  return {
    said,
    words,
    from: startContainer === text ? startOffset : startsAfter ? text.length : 0,
    to: endContainer === text ? endOffset : endsBefore ? 0 : text.length,
  };
}

/**
 * @param {Part} part
 * @param {boolean} isWhole
 */
function textOfPart({ words, from, to }, isWhole) {
  const { data } = textOf(words);
  if (!isWhole) return data.slice(from, to);
  const before = data.slice(0, from).search(/\S*$/);
  const after = data.slice(to).search(/\s|$/);
  return data.slice(/\s/.test(data[from] ?? " ") ? from : before, /\s/.test(data[to - 1] ?? " ") ? to : to + after);
}

/** @param {Part} part */
function rectOf({ words, from, to }) {
  const range = new Range();
  range.setStart(textOf(words), from);
  range.setEnd(textOf(words), to);
  return range.getBoundingClientRect();
}

/** @param {Node} node */
function isBeside(node) {
  return (node instanceof Element ? node : node.parentElement)?.closest(BESIDE) != null;
}
