/** Presses of keys that were held for a part of the page while it was on its way, each made again where the focus is now. */

import { isTypedInto } from "./keys.js";

/** @typedef {Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "repeat">} Press */

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
  else if ([...key].length === 1) document.execCommand("insertText", false, key);
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
