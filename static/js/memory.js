/**
 * What the page remembers between visits: in this browser alone, and only where it keeps anything. Storage that is full,
 * forbidden or not there is no error: the page then remembers nothing.
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
