/**
 * The `t` of an address into a passage and back, as W3C Media Fragments 1.0 (section 4.2.1) writes it.
 * @typedef {{start: number, end: number | null, loop?: boolean, lead?: number}} Passage milliseconds; without an end it
 *   runs on; a loop begins `lead` earlier
 */

import { display, fragment, parse } from "./timecode.js";

/**
 * Read the value of `t`: 25, 25,80 or ,80.
 * @param {string} text
 * @returns {Passage}
 * @throws {RangeError} where a time in it is none, or the end is not after the start
 */
export function parseFragment(text) {
  const plain = text.trim().replace(/^npt:/, "");
  const comma = plain.indexOf(",");
  if (comma < 0) return { start: parse(plain), end: null };
  const start = comma ? parse(plain.slice(0, comma)) : 0;
  const end = parse(plain.slice(comma + 1));
  if (end <= start) {
    throw new RangeError(`the passage ends (${display(end)}) no later than it starts (${display(start)})`);
  }
  return { start, end };
}

/**
 * Find the passage in the hash (#t=25,80) or the query (?t=25) of an address; null where it names none.
 * @param {string} part with its # or ?
 * @returns {Passage | null}
 * @throws {RangeError} where it names one that cannot be read
 */
export function passageIn(part) {
  const text = new URLSearchParams(part.slice(1)).get("t");
  return text === null ? null : parseFragment(text);
}

/**
 * Write a passage as the hash that leads to it: #t=25,80.
 * @param {Passage} passage
 */
export function hashOf({ start, end }) {
  return `#t=${fragment(start)}${end === null ? "" : `,${fragment(end)}`}`;
}

/**
 * Write the whole address that leads to a passage of a recording.
 * @param {HTMLElement} player the <recording-player>: the server says its public address, which may not be the one asked for
 * @param {Passage} passage
 */
export function addressOf({ dataset }, passage) {
  return `${dataset.address}${hashOf(passage)}`;
}

/**
 * Say what playing a passage would play: Play 0:25 to 1:20.
 * @param {Passage} passage
 */
export function invitation({ start, end }) {
  return end === null ? `Play from ${display(start)}` : `Play ${display(start)} to ${display(end)}`;
}
