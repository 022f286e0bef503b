/**
 * Reads the lines of a transcript and their words: what a line says, who says it, and when each word is spoken; and
 * paints the words being spoken.
 *
 * @typedef {{start: number, end: number}} Span milliseconds, half open
 * @typedef {{start: number, end: number, text: string, words: string}} Line `words` as data-words has them, "" for none
 * @typedef {{at: number, from: number, to: number}} TimedWord milliseconds after the line's start; offsets into its text
 * @typedef {Span & {from: number, to: number}} Unit what cannot be divided further, and where in the line's text it stands
 */

import { indexAt } from "./cues.js";

// What Python's str.split() splits at: the server counts tokens with it. JavaScript's \s lacks U+001C to U+001F and
// U+0085, and has U+FEFF.
const TOKEN = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
// Lines that count as near, before and after.
const BEFORE = 2;
const AFTER = 2;

/**
 * Place each timed token in the text. Untimed tokens go with the timed one before them; those before the first, nowhere.
 * @param {string} text
 * @param {string} times one number or "-" per token, separated by spaces
 * @returns {TimedWord[]} in order of the text; [] where the counts differ, since then no word's time is known
 */
export function timedWords(text, times) {
  const tokens = [...text.matchAll(TOKEN)];
  const moments = times.trim().split(/\s+/);
  if (tokens.length !== moments.length) return [];
  /** @type {TimedWord[]} */
  const found = [];
  tokens.forEach(({ index, 0: token }, position) => {
    const to = index + token.length;
    if (moments[position] !== "-") found.push({ at: Number(moments[position]), from: index, to });
    else if (found.length) found[found.length - 1].to = to;
  });
  return found;
}

/**
 * List the words of a line, each until the next begins; the whole line where no word is timed. What precedes the first
 * timed word goes with it, from the line's start.
 * @param {Line} line
 * @returns {Unit[]} at least one
 */
export function unitsOf({ start, end, text, words }) {
  const timed = words ? timedWords(text, words) : [];
  if (!timed.length) return [{ start, end, from: 0, to: text.length }];
  const units = timed.map(({ at, from, to }, index) => {
    const next = index + 1 < timed.length ? start + timed[index + 1].at : end;
    return { start: start + at, end: next, from, to };
  });
  if (text.slice(0, units[0].from).trim()) units[0] = { ...units[0], start, from: 0 };
  const heard = units.filter((unit) => unit.end > unit.start);
  return heard.length ? heard : [{ start, end, from: 0, to: text.length }];
}

/**
 * Find when selected text is spoken.
 * @param {Line} first the line where it begins
 * @param {number} from where it begins in that line's text
 * @param {Line} last
 * @param {number} to where it ends in that line's text
 * @returns {Span | null} null where it takes no time
 */
export function spanOf(first, from, last, to) {
  const begun = unitsOf(first);
  const ended = unitsOf(last);
  const { start } = begun.find((unit) => unit.to > from) ?? begun[begun.length - 1];
  const { end } = ended.findLast((unit) => unit.from < to) ?? ended[0];
  return end > start ? { start, end } : null;
}

/**
 * Find where a line's text is spoken within a span.
 * @param {Line} line
 * @param {Span} span
 * @returns {{from: number, to: number} | null} offsets into the text; null where none of it is
 */
export function textWithin(line, span) {
  const heard = unitsOf(line).filter(({ start, end }) => start < span.end && end > span.start);
  return heard.length ? { from: heard[0].from, to: heard[heard.length - 1].to } : null;
}

/**
 * List when words begin in a line and its neighbours, in order; a line without timed words counts as one.
 * @param {readonly HTMLElement[]} lines all of them
 * @param {number} index of the line
 */
export function wordStartsNear(lines, index) {
  const near = lines.slice(Math.max(index - BEFORE, 0), index + AFTER + 1);
  return near.flatMap((line) => unitsOf(readLine(line)).map(({ start }) => start)).sort((one, other) => one - other);
}

/** @param {HTMLElement} line */
function readLine(line) {
  const { start, end, words = "" } = line.dataset;
  return { start: Number(start), end: Number(end), text: textOf(saidOf(line))?.data ?? "", words };
}

/**
 * List the elements that hold what each line says, in order: its own where it has translations, else its paragraph.
 * @param {Element} page
 */
export function saidIn(page) {
  return [...page.querySelectorAll(".cue .time")].map(saidBeside).filter((said) => textOf(said) !== null);
}

/**
 * Give the element that holds what a line says.
 * @param {Element} line
 */
export function saidOf(line) {
  return saidBeside(line.querySelector(".time"));
}

/**
 * Give the element that holds what is said from a time on.
 * @param {Element} time the link of a line
 * @returns {Element}
 */
export function saidBeside(time) {
  const { nextSibling } = time;
  return nextSibling instanceof Element && nextSibling.matches(".said") ? nextSibling : time.parentElement;
}

/**
 * @param {Element} said
 * @returns {Line}
 */
export function lineOf(said) {
  const { start, end, words = "" } = /** @type {HTMLElement} */ (said.closest(".cue")).dataset;
  return { start: Number(start), end: Number(end), text: textOf(said).data, words };
}

/**
 * Give the one text node of what is said, or of its translation; in a paragraph it follows the time.
 * @param {Element} words
 * @returns {Text | null} null where nothing is said
 */
export function textOf({ firstChild }) {
  const text = firstChild instanceof HTMLAnchorElement ? firstChild.nextSibling : firstChild;
  return text instanceof Text ? text : null;
}

/**
 * Find the translation of a line that is shown; null for none.
 * @param {Element} said
 */
export function translationOf(said) {
  for (let next = said.nextElementSibling; next?.matches(".translated"); next = next.nextElementSibling) {
    if (next.firstChild instanceof Text && isShown(next)) return next;
  }
  return null;
}

/**
 * Tell whether what is read on the page can be seen there, now or further on.
 * @param {Element} element
 */
export function isShown(element) {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
}

/**
 * Find who says each line. Where several share one, the heading above the first such line names them all.
 * @param {Element} page
 * @returns {Map<Element, string | null>}
 */
export function voicesIn(page) {
  const voices = new Map();
  let heading = null;
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(".turn, .cue .time"))) {
    if (element.matches(".turn")) heading = voiceOf(element) ? element.textContent.trim() : null;
    else voices.set(saidBeside(element), isUnnamed(element.closest(".cue")) ? null : heading);
  }
  return voices;
}

/**
 * Tell whether a line begins with somebody who is not named, whoever is above it.
 * @param {HTMLElement} line
 */
export function isUnnamed({ dataset }) {
  return dataset.voice === "";
}

/**
 * Give who speaks first below a heading; "" where nobody is named.
 * @param {HTMLElement} turn
 */
export function voiceOf(turn) {
  return turn.dataset.voice ?? turn.textContent.trim();
}

/** Paints the words being spoken with the CSS Custom Highlight API: no element is made, and selections stay whole. */
export class SpokenWords {
  #highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
  #name;
  /** @type {HTMLElement | null} */
  #line = null;
  /** @type {Text | null} its words */
  #text = null;
  /** @type {TimedWord[]} */
  #words = [];
  #starts = new Float64Array();
  #shown = -1;

  /** @param {string} [name] of the highlight, by which a style sheet says how it looks */
  constructor(name = "spoken") {
    this.#name = name;
  }

  /** What is painted now. @returns {Range | null} */
  get range() {
    const word = this.#words[this.#shown];
    if (!word) return null;
    const range = new Range();
    range.setStart(this.#text, word.from);
    range.setEnd(this.#text, word.to);
    return range;
  }

  /**
   * Paint what is spoken of a line now; the line's last words go out at its end, though the line itself stays current.
   * @param {HTMLElement | null} line
   * @param {number} now milliseconds
   * @param {Node | null} [text] the line's words, where they stand elsewhere
   */
  show(line, now, text) {
    if (!this.#highlight) return;
    if (line !== this.#line || (line && text && text !== this.#text)) this.#open(line, text ?? (line && textOf(saidOf(line))));
    const isOver = line === null || now >= Number(line.dataset.end);
    const index = isOver ? -1 : indexAt(this.#starts, now);
    if (index === this.#shown) return;
    this.#shown = index;
    this.#paint(this.#words[index]);
  }

  /**
   * @param {HTMLElement | null} line
   * @param {Node | null} text
   */
  #open(line, text) {
    this.#line = line;
    const times = line?.dataset.words;
    this.#text = text instanceof Text ? text : null;
    this.#words = this.#text && times ? timedWords(this.#text.data, times) : [];
    this.#starts = Float64Array.from(this.#words, ({ at }) => Number(line?.dataset.start) + at);
    this.#shown = -1;
    this.#paint();
  }

  /** @param {TimedWord} [word] */
  #paint(word) {
    this.#highlight.clear();
    if (!word) return;
    // A live range would be looked after at each change of the document, and takes longer to move.
    this.#highlight.add(new StaticRange({
      startContainer: this.#text, startOffset: word.from, endContainer: this.#text, endOffset: word.to,
    }));
    CSS.highlights.set(this.#name, this.#highlight);
  }
}
