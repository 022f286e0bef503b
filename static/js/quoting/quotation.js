/**
 * Writes what was said, by whom and when, as a quotation and as plain words.
 *
 * @typedef {{voice: string | null, text: string, isClosed?: boolean}} Said words of one line, or of one turn; or what
 *   stands in the place of lines that are closed, which nobody said
 * @typedef {{start: number, end: number}} Span milliseconds, half open
 * @typedef {{said: Said[], place: string, title: string, notice: string, address: string}} Quotation `place` is when
 *   it was said, and on which page, "" where nobody knows; `notice` says of a reading that it is one; "" for a recording
 */

import { clock, display } from "../playback/timecode.js";

// Signs are never changed. What HTML shows as one space is one; a space that does not break is not among them.
const SPACE = /[\t\n\f\r ]+/g;

/**
 * Write a quotation: the words, who said them and when, what they are from, and where they can be heard.
 * @param {Quotation} quotation
 */
export function quotation({ said, place, title, notice, address }) {
  const turns = turnsOf(said);
  const ending = [`${[place, title].filter(Boolean).join(", ")}).`, notice, address].filter(Boolean).join(" ");
  if (turns.length === 1) {
    const [turn] = turns;
    return `${quoted(turn)} (${turn.voice ? `${turn.voice}, ` : ""}${ending}`;
  }
  const all = turns.map((turn) => (turn.voice ? `${turn.voice}: ${quoted(turn)}` : quoted(turn)));
  return [...all, `(${ending}`].join("\n");
}

/**
 * Write the words alone, in one paragraph for each turn; who speaks is named where several do.
 * @param {Said[]} said
 */
export function plainWords(said) {
  const turns = turnsOf(said);
  const isNamed = turns.length > 1;
  return turns.map(({ voice, text }) => (isNamed && voice ? `${voice}: ${text}` : text)).join("\n\n");
}

/**
 * Join the lines that one voice says in succession.
 * @param {Said[]} said in order; those without words count for nothing
 * @returns {Said[]}
 */
export function turnsOf(said) {
  /** @type {Said[]} */
  const turns = [];
  for (const { voice, text, isClosed = false } of said) {
    const words = text.replace(SPACE, " ").trim();
    const last = turns[turns.length - 1];
    if (!words) continue;
    if (isClosed) turns.push({ voice: null, text: words, isClosed });
    else if (last && last.voice === voice && !last.isClosed) last.text += ` ${words}`;
    else turns.push({ voice, text: words });
  }
  return turns;
}

/** @param {Said} turn */
function quoted({ text, isClosed }) {
  return isClosed ? text : `“${text}”`;
}

/**
 * Say from when to when; to the second, but where that would say nothing.
 * @param {Span} span
 * @param {boolean} [isApproximate] whether that is known only roughly
 */
export function timesOf({ start, end }, isApproximate = false) {
  const write = clock(start) === clock(end) ? display : clock;
  const about = isApproximate ? "~" : "";
  return `${about}${write(start)} to ${about}${write(end)}`;
}
