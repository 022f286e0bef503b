/**
 * A key press into what it asks for. Single keys are silent in fields, under modifiers, and where a focused control has
 * its own use for them.
 */

/** @typedef {import("./requests.js").Request} Request */

/** @type {Readonly<Record<string, Request & {repeats?: boolean}>>} */
export const KEYS = Object.freeze({
  " ": { type: "playpauserequest" },
  k: { type: "playpauserequest" },
  j: { type: "skiprequest", detail: { ms: -10_000 }, repeats: true },
  l: { type: "skiprequest", detail: { ms: 10_000 }, repeats: true },
  ArrowLeft: { type: "skiprequest", detail: { ms: -5_000 }, repeats: true },
  ArrowRight: { type: "skiprequest", detail: { ms: 5_000 }, repeats: true },
  ",": { type: "linerequest", detail: { step: -1 }, repeats: true },
  ".": { type: "linerequest", detail: { step: 1 }, repeats: true },
  "[": { type: "noterequest", detail: { step: -1 } },
  "]": { type: "noterequest", detail: { step: 1 } },
  "<": { type: "speedrequest", detail: { step: -1 } },
  ">": { type: "speedrequest", detail: { step: 1 } },
  f: { type: "followrequest" },
  m: { type: "muterequest" },
});

const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]:not([contenteditable=false])";
const PRESSED_BY_SPACE = "button, a[href], summary, audio, input";
const MOVED_BY_ARROWS = "input, audio, [role=slider], [role=listbox]";

/**
 * @param {KeyboardEvent} event
 * @returns {Request | null}
 */
export function requestOf(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.isComposing || isModified(event)) return null;
  const request = KEYS[key.length === 1 ? key.toLowerCase() : key];
  if (!request || (event.repeat && !request.repeats) || isInside(target, FIELDS)) return null;
  if (key === " " && isInside(target, PRESSED_BY_SPACE)) return null;
  if (key.startsWith("Arrow") && isInside(target, MOVED_BY_ARROWS)) return null;
  return request;
}

/**
 * Tell whether a modifier makes another key of it. A sign may need Shift or AltGr to be typed at all; AltGr is reported
 * as Control and Alt by Windows.
 * @param {KeyboardEvent} event
 */
function isModified(event) {
  const isSign = /^[^\p{Letter}\s]$/u.test(event.key);
  if (isSign && event.getModifierState("AltGraph")) return event.metaKey;
  return event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && !isSign);
}

/**
 * @param {EventTarget | null} target
 * @param {string} selector
 */
function isInside(target, selector) {
  return Boolean(/** @type {Element | null} */ (target)?.closest?.(selector));
}
