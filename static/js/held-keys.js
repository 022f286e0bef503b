/** Keys pressed while the part that they are meant for is on its way, and what a press of one does once it is there. */

import { isTypedInto } from "./keys.js";

/** @typedef {Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "repeat">} Press */

const NAMED = new Set([
  "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "Backspace", "End", "Enter", "Escape", "Home", "PageDown", "PageUp", "Tab",
]);

/**
 * Tell whether a key is one that a part of the page may answer: none of the browser's own, nor one that composes a letter.
 * @param {KeyboardEvent} event
 */
export function isForPage({ key, isComposing, altKey, ctrlKey, metaKey }) {
  return !isComposing && !altKey && !ctrlKey && !metaKey && ([...key].length === 1 || NAMED.has(key));
}

/**
 * Press a key again, where the focus is now. A browser does nothing by itself with a press that a script sends.
 * @param {Press} press
 */
export function pressAgain({ key, code, shiftKey, repeat }) {
  const target = /** @type {HTMLElement} */ (document.activeElement ?? document.body);
  const again = new KeyboardEvent("keydown", { key, code, shiftKey, repeat, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(again)) return;
  if (isTypedInto(target)) write(key);
  else if (key === "Tab") neighbour(target, shiftKey ? -1 : 1)?.focus();
  else if (!repeat && isPressedBy(target, key)) target.click();
}

/** @param {string} key */
function write(key) {
  if (key === "Backspace") document.execCommand("delete");
  else if (!NAMED.has(key)) document.execCommand("insertText", false, key);
}

/**
 * @param {HTMLElement} target
 * @param {string} key
 */
function isPressedBy(target, key) {
  return (key === "Enter" && target.matches("button, a[href]")) || (key === " " && target.matches("button"));
}

/**
 * @param {HTMLElement} target
 * @param {number} step 1 or -1
 * @returns {HTMLElement | undefined} what Tab leads to within the clip that is open
 */
function neighbour(target, step) {
  const all = [...(target.closest("clip-picker")?.querySelectorAll("button, a[href], [tabindex='0']") ?? [])]
    .filter((each) => each.getClientRects().length > 0);
  return /** @type {HTMLElement | undefined} */ (all[all.indexOf(target) + step]);
}
