/** A click on a link that leads to a moment (`data-seek`) into a seek in place. Without JavaScript the link itself works. */

import { ask } from "./requests.js";

/**
 * @param {MouseEvent} event
 * @returns {HTMLAnchorElement | null} the link, where it led to a seek
 */
export function seekByLink(event) {
  /** @type {HTMLAnchorElement | null} */
  const link = /** @type {Element} */ (event.target).closest("a[data-seek]");
  if (!link?.closest("recording-player[data-playable]") || !isPlain(event)) return null;
  event.preventDefault();
  const isByPointer = event.detail > 0;
  if (isByPointer && isSelected(link)) return null;
  // The pointer's user presses Space next, to pause; the keyboard's user stays where they are.
  if (isByPointer) link.blur();
  history.replaceState(null, "", link.href);
  ask(link, "seekrequest", { ms: Number(link.dataset.seek), play: true });
  return link;
}

/**
 * Tell a click that follows a link here from one that opens it elsewhere, or that another has answered.
 * @param {MouseEvent} event
 */
export function isPlain({ button, altKey, ctrlKey, metaKey, shiftKey, defaultPrevented }) {
  return button === 0 && !altKey && !ctrlKey && !metaKey && !shiftKey && !defaultPrevented;
}

/**
 * Tell whether a click falls into selected text, where it ends or clears the selection. One elsewhere is no hindrance.
 * @param {Element} link
 */
function isSelected(link) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(link, true);
}
