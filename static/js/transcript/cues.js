/**
 * Finds, among sorted moments, the one that counts now. Milliseconds throughout; spans are half open, [start, end).
 */

/**
 * Find the last that has started; -1 before the first. One that starts exactly now has started.
 * @param {ArrayLike<number>} starts in order
 * @param {number} now
 */
export function indexAt(starts, now) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle] <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Find the first moment after now; Infinity where none follows.
 * @param {ArrayLike<number>} moments in order
 * @param {number} now
 */
export function nextAfter(moments, now) {
  return moments[indexAt(moments, now) + 1] ?? Infinity;
}

/**
 * List the indexes of the spans that contain now.
 * @param {readonly {start: number, end: number}[]} spans
 * @param {number} now
 */
export function spansAt(spans, now) {
  return spans.flatMap(({ start, end }, index) => (start <= now && now < end ? [index] : []));
}

/**
 * Find where a step forward or back leads. Back leads to the start of what is on, or, within `grace` of it, to the one
 * before: pressed again and again it goes on, although playing goes on too.
 * @param {ArrayLike<number>} starts in order, some perhaps the same
 * @param {number} now
 * @param {number} step 1 or -1
 * @param {number} grace milliseconds
 * @returns {number} an index of starts; -1 where nothing lies that way
 */
export function stepFrom(starts, now, step, grace = 1_000) {
  const current = indexAt(starts, now);
  if (step > 0) return current + 1 < starts.length ? current + 1 : -1;
  if (current < 0) return -1;
  const first = firstOfSame(starts, current);
  return now - starts[first] > grace || first === 0 ? first : firstOfSame(starts, first - 1);
}

/**
 * @param {ArrayLike<number>} starts
 * @param {number} index
 */
function firstOfSame(starts, index) {
  return indexAt(starts, starts[index] - 1) + 1;
}
