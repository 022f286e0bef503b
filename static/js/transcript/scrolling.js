/** Where the page must scroll so that something stands between the masthead and the transport. */

const BREATH = 12;
const FAR = 1.5;
const TRIES = 4;

/** @typedef {{top: number, bottom: number}} Extent pixels from the top of the window */

/**
 * How far to scroll, in pixels: nothing where it stands in the band already; else to the band's upper third, since
 * people read forward, or higher where it would not fit, but never so that its top is lost.
 * @param {Extent} what
 * @param {Extent} band
 */
export function shiftFor(what, band) {
  if (what.top >= band.top && what.bottom <= band.bottom) return 0;
  const third = band.top + (band.bottom - band.top) / 3;
  return what.top - Math.max(band.top, Math.min(third, band.bottom - (what.bottom - what.top)));
}

/**
 * Tell whether something stands between the masthead and the transport already.
 * @param {Element | Range} what
 */
export function isInView(what) {
  const extent = what.getBoundingClientRect();
  const band = readingBand();
  return extent.height > 0 && extent.top >= band.top && extent.bottom <= band.bottom;
}

/**
 * Scroll the page, up or down only, just enough to show something.
 * @param {Element | Range} element
 * @param {number} [tries] lines far away are laid out (content-visibility) only when they come near: look again
 */
export function bringIntoView(element, tries = TRIES) {
  const shift = shiftFor(element.getBoundingClientRect(), readingBand());
  if (Math.abs(shift) < 1) return;
  const isSmooth =
    tries === TRIES &&
    !document.hidden &&
    Math.abs(shift) < FAR * innerHeight &&
    !matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Not scrollBy: while the page glides, WebKit and Firefox may count that from where it glides to.
  scrollTo({ top: scrollY + shift, behavior: isSmooth ? "smooth" : "instant" });
  if (!isSmooth && tries > 1) requestAnimationFrame(() => bringIntoView(element, tries - 1));
}

/**
 * Find the part of the window that is for the text. What is pinned is looked for where it is: a search of the whole page
 * takes milliseconds where it has thousands of lines.
 * @returns {Extent}
 */
export function readingBand() {
  const transport = childOf(childOf(document.body, "recording-player"), ".transport");
  const above = [childOf(document.body, ".masthead"), transport?.querySelector("clip-picker:not([hidden])")];
  return {
    top: Math.max(...above.map((each) => pinned(each)?.bottom ?? 0)) + BREATH,
    bottom: (pinned(transport)?.top ?? innerHeight) - BREATH,
  };
}

/**
 * @param {Element | null} parent
 * @param {string} selector
 */
function childOf(parent, selector) {
  return [...(parent?.children ?? [])].find((child) => child.matches(selector)) ?? null;
}

/**
 * @param {Element | null | undefined} element
 * @returns {DOMRect | null} null where it scrolls away with the page
 */
function pinned(element) {
  if (!element || !["fixed", "sticky"].includes(getComputedStyle(element).position)) return null;
  return element.getBoundingClientRect();
}
