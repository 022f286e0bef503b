/**
 * Selected words into the passage they are spoken in, and a passage into the next one that a word or a line makes.
 *
 * @typedef {import("../transcript/words.js").Line} Line
 * @typedef {import("../transcript/words.js").Span} Span
 */

import { indexAt, nextAfter } from "../transcript/cues.js";
import { display, fragment } from "../playback/timecode.js";
import { unitsOf } from "../transcript/words.js";

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
 * Move a moment to the next or the previous of those given; null where there is none.
 * @param {ArrayLike<number>} moments in order
 * @param {number} moment
 * @param {number} step 1 or -1
 */
export function moved(moments, moment, step) {
  const found = step > 0 ? nextAfter(moments, moment) : moments[indexAt(moments, moment - 1)];
  return Number.isFinite(found) ? found : null;
}

/**
 * Tell whether what is played again and again is this passage.
 * @param {import("../playback/fragment.js").Passage | null} loop
 * @param {Span | null} span
 */
export function isLoopOf(loop, span) {
  return loop !== null && span !== null && loop.start === span.start && loop.end === span.end;
}

/**
 * Write the command that makes a clip.
 * @param {string} slug
 * @param {string} name what the clip's file is called before its times
 * @param {Span} span
 */
export function commandFor(slug, name, { start, end }) {
  const file = `${name}_${fragment(start)}-${fragment(end)}.mp3`;
  return `player clip ${quoted(slug)} --from ${display(start)} --to ${display(end)} -o ${quoted(file)}`;
}

/**
 * Write a word as a POSIX shell reads it.
 * @param {string} word
 */
function quoted(word) {
  return /^[\w.,:@%+/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
