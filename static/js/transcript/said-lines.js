/** The lines of a transcript as the page holds them: their words, when they are said, and who says them. */

/** @typedef {import("../clips/clip-span.js").Line} Line */

/**
 * List the elements whose one text node is what a line says, in order.
 * @param {Element} page
 */
export function saidIn(page) {
  return [...page.querySelectorAll(".cue .said")].filter(({ firstChild }) => firstChild instanceof Text);
}

/**
 * @param {Element} said
 * @returns {Line}
 */
export function lineOf(said) {
  const { start, end, words = "" } = /** @type {HTMLElement} */ (said.closest(".cue")).dataset;
  return { start: Number(start), end: Number(end), text: textOf(said).data, words };
}

/** @param {Element} words what is said, or its translation */
export function textOf(words) {
  return /** @type {Text} */ (words.firstChild);
}

/**
 * Find the translation of a line that is shown; null for none.
 * @param {Element} said
 */
export function translationOf(said) {
  for (let next = said.nextElementSibling; next?.matches(".translated"); next = next.nextElementSibling) {
    if (next.firstChild instanceof Text && isShown(next)) return next;
  }
  return null;
}

/**
 * Tell whether what is read on the page can be seen there, now or further on.
 * @param {Element} element
 */
export function isShown(element) {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
}

/**
 * Find who says each line. Where several share one, the heading above the first such line names them all.
 * @param {Element} page
 * @returns {Map<Element, string | null>}
 */
export function voicesIn(page) {
  const voices = new Map();
  let heading = null;
  for (const element of page.querySelectorAll(".turn, .cue .said")) {
    if (element.matches(".turn")) heading = element.textContent.trim();
    else voices.set(element, element.closest(".cue").hasAttribute("data-voice") ? heading : null);
  }
  return voices;
}
