/**
 * Says where selected words are: when they are said, as far as that is known, and on which pages of the document that
 * the transcript was taken from.
 *
 * @typedef {import("./selected-words.js").Part} Part
 * @typedef {import("../transcript/words.js").Span} Span
 * @typedef {object} Place
 * @property {Span | null} span null where the first line or the last is not timed
 * @property {boolean} isApproximate whether its times are known only roughly
 * @property {boolean} isWidened whether it takes in more than the words, since these have no times of their own
 * @property {string} part where that is in the parts of the recording: "Side B, 3:12 to 3:20"; "" where it has none
 * @property {string} pages "12", "12–13"; "" where none is known
 * @property {string} lines their identifiers as addresses have them: "c7", "c7..c9"
 */

import { lineOf, textOf, unitsOf } from "../transcript/words.js";
import { isTranslated, spanOfParts } from "./selected-words.js";
import { inParts, partsOf } from "./parts.js";
import { timesOf } from "./quotation.js";

/**
 * @param {Part[]} parts of at least one line, in order
 * @param {HTMLElement} player
 * @returns {Place}
 */
export function placeOf(parts, player) {
  const cues = [parts[0], parts[parts.length - 1]].map(({ said }) => /** @type {HTMLElement} */ (said.closest(".cue")));
  const span = spanOfParts(parts);
  return {
    span,
    part: span ? inParts(partsOf(player), span) : "",
    isApproximate: span !== null && parts.some(({ said }) => said.closest("[data-approximate]")),
    isWidened: span !== null && (beginsEarlier(parts[0]) || endsLater(parts[parts.length - 1])),
    pages: joined(cues.map((cue) => pageOf(cue, player)), "–"),
    lines: joined(cues.map(({ id }) => id.slice("cue-".length)), ".."),
  };
}

/**
 * Write where it is, as a quotation has it: "3:12 to 3:20, p. 12"; "" where nothing is known.
 * @param {Pick<Place, "span" | "isApproximate" | "pages" | "part">} place
 */
export function placeCited({ span, isApproximate, pages, part }) {
  const page = pages && `${pages.includes("–") ? "pp." : "p."} ${pages}`;
  const times = span && `${timesOf(span, isApproximate)}${part && ` (${part})`}`;
  return [times, page].filter(Boolean).join(", ");
}

/**
 * Say what is not as usual: each for the eye, in a few words, and as a sentence.
 * @param {Place} place
 * @returns {[string, string][]}
 */
export function remarksOn({ span, isApproximate, isWidened, lines }) {
  const [line, its, are] = lines.includes("..") ? ["the whole lines", "their", "The lines are"] : ["the whole line", "its", "The line is"];
  /** @type {[string, string][]} */
  const remarks = [];
  if (!span) remarks.push(["not timed yet", `${are} not timed yet.`]);
  if (isApproximate) remarks.push(["approximate", "These times are approximate."]);
  if (isWidened) remarks.push([`${line}: ${its} words are not timed`, `The passage is ${line}, since ${its} words are not timed.`]);
  return remarks;
}

/** @param {Part} part */
function beginsEarlier(part) {
  const { text, from } = offsetsOf(part);
  const unit = unitsIn(part).find((each) => each.to > from);
  const word = text.slice(0, from).search(/\S*$/);
  return text.slice(unit?.from ?? 0, word).trim() !== "";
}

/** @param {Part} part */
function endsLater(part) {
  const { text, to } = offsetsOf(part);
  const unit = unitsIn(part).findLast((each) => each.from < to);
  const rest = text.slice(to, unit?.to).replace(/^\S+/, "");
  return rest.trim() !== "";
}

/**
 * The words of a translation have no times: it is one with its line.
 * @param {Part} part
 */
function unitsIn(part) {
  return isTranslated(part) ? [{ from: 0, to: textOf(part.words).length }] : unitsOf(lineOf(part.said));
}

/** @param {Part} part */
function offsetsOf({ words, from, to }) {
  const { data } = textOf(words);
  const chosen = data.slice(from, to);
  return { text: data, from: to - chosen.trimStart().length, to: from + chosen.trimEnd().length };
}

/**
 * Find the page on which a line begins; "" where none is known.
 * @param {Element} cue
 * @param {Element} player
 */
function pageOf(cue, player) {
  const leaves = /** @type {HTMLElement[]} */ ([...player.querySelectorAll(".leaf")]);
  return leaves.findLast((leaf) => leaf.compareDocumentPosition(cue) & Node.DOCUMENT_POSITION_FOLLOWING)?.dataset.page ?? "";
}

/**
 * @param {string[]} ends
 * @param {string} sign between them
 */
function joined(ends, sign) {
  return [...new Set(ends.filter(Boolean))].join(sign);
}
