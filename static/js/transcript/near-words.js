/** When the words near a line begin. Only that line and its neighbours are read, however long the transcript is. */

import { unitsOf } from "./words.js";

const BEFORE = 2;
const AFTER = 2;

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
  return { start: Number(start), end: Number(end), text: line.querySelector(".said")?.textContent ?? "", words };
}
