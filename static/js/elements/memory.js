/**
 * Remembers things between visits: in this browser alone, and only where it keeps anything. Storage that is full,
 * forbidden or not there is no error: the page then remembers nothing.
 *
 * All archives of one host share the store. How a reader likes to hear and to read (speed, volume, lead-in, keys, view)
 * is the reader's, whichever archive it is; what belongs to a recording has in its name which one (bookmark.js).
 */

const OURS = "tape-player:";

/**
 * Give what was remembered. It was written by whoever could write to this browser: check it before use.
 * @param {string} what
 * @param {any} [fallback] where nothing was, or nothing that can be read
 * @returns {any}
 */
export function recall(what, fallback = null) {
  try {
    return JSON.parse(localStorage.getItem(OURS + what) ?? "null") ?? fallback;
  } catch {
    return fallback;
  }
}

/**
 * @param {string} what
 * @param {any} value that JSON can write
 */
export function remember(what, value) {
  try {
    localStorage.setItem(OURS + what, JSON.stringify(value));
  } catch {
    // Nothing is lost but the comfort of it.
  }
}

/** @param {string} what */
export function forget(what) {
  try {
    localStorage.removeItem(OURS + what);
  } catch {
    // What cannot be reached was not remembered.
  }
}

/**
 * Keep under another name what was remembered under an older one, unless there is something already.
 * @param {string} before
 * @param {string} now
 */
export function rename(before, now) {
  const kept = recall(before);
  if (kept === null) return;
  if (recall(now) === null) remember(now, kept);
  forget(before);
}
