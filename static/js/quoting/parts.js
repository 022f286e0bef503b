/**
 * Says where a passage lies in the parts of a recording that was joined from several sounds, as the server does.
 *
 * @typedef {{title: string, start: number}} RecordingPart `start` is where it begins in the whole, in milliseconds
 */

import { clock, display } from "../playback/timecode.js";

/**
 * @param {HTMLElement} player
 * @returns {RecordingPart[]} in order; none where the recording is one sound
 */
export function partsOf(player) {
  return JSON.parse(player.dataset.parts ?? "[]");
}

/**
 * Write it: "Side B, 3:12 to 3:20", or "Side A, 44:50 to Side B, 0:10"; "" without parts.
 * @param {RecordingPart[]} parts
 * @param {{start: number, end: number}} span
 */
export function inParts(parts, { start, end }) {
  const first = parts.findLast((part) => part.start <= start);
  const last = parts.findLast((part) => part.start < end);
  if (!first || !last) return "";
  const write = clock(start) === clock(end) ? display : clock;
  const name = last === first ? "" : `${last.title}, `;
  return `${first.title}, ${write(start - first.start)} to ${name}${write(end - last.start)}`;
}
