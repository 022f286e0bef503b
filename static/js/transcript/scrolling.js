/**
 * Scrolls the page so that something stands between the masthead and the transport, and keeps the line being spoken in
 * view until the reader looks elsewhere.
 */

import { saidOf } from "./words.js";

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

const SCROLLS = new Set(["ArrowDown", "ArrowUp", "End", "Home", "PageDown", "PageUp", " "]);
const FINDS = new Set(["f", "g"]);
const OWN_USE = "input, textarea, select, button, [contenteditable]";
const READER = ["focusin", "keydown", "pointerdown", "touchmove", "wheel"];

/**
 * Follows the line being spoken. It lets go at once and never comes back by itself; only the reader's own Follow does
 * that.
 */
export class PageFollower {
  #text;
  #notify;
  #isFollowing = true;
  /** Whether the page stays where it is, though it follows. */
  #isSuspended = false;
  /** @type {Element | null} */
  #line = null;

  /**
   * @param {Element} text what is followed
   * @param {(isFollowing: boolean, isSuspended: boolean) => void} notify called when that changes
   */
  constructor(text, notify) {
    this.#text = text;
    this.#notify = notify;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of READER) addEventListener(type, this, { signal, passive: true });
    document.addEventListener("selectionchange", this, { signal });
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (this.#isFollowing && this.#looksElsewhere(event)) this.#set(false);
  }

  toggle() {
    if (this.#isSuspended) return this.suspend(false);
    this.#set(!this.#isFollowing);
    if (this.#line) this.show(this.#line);
  }

  /**
   * Stay where the reader looks something up, or follow on. Where nothing is followed there is nothing to suspend.
   * @param {boolean} isSuspended
   */
  suspend(isSuspended) {
    if (!this.#isFollowing || isSuspended === this.#isSuspended) return;
    this.#set(true, isSuspended);
    if (!isSuspended && this.#line) this.show(this.#line);
  }

  /**
   * Take the reader to a line, where the reader follows.
   * @param {Element} line
   */
  show(line) {
    this.#line = line;
    if (this.#isFollowing && !this.#isSuspended) bringIntoView(saidOf(line));
  }

  /**
   * @param {boolean} isFollowing
   * @param {boolean} [isSuspended]
   */
  #set(isFollowing, isSuspended = false) {
    this.#isFollowing = isFollowing;
    this.#isSuspended = isSuspended;
    this.#notify(isFollowing, isSuspended);
  }

  /** @param {Event} event */
  #looksElsewhere(event) {
    switch (event.type) {
      case "wheel":
        return /** @type {WheelEvent} */ (event).deltaY !== 0 && !(/** @type {WheelEvent} */ (event).ctrlKey);
      case "touchmove":
        return /** @type {TouchEvent} */ (event).touches.length === 1 && !isInside(event.target, "input");
      case "keydown":
        return isScrollOrFind(/** @type {KeyboardEvent} */ (event));
      case "pointerdown":
        return isOnScrollbar(/** @type {PointerEvent} */ (event));
      case "focusin":
        return this.#isTabbedTo(/** @type {Element} */ (event.target));
      default:
        return this.#isSelected();
    }
  }

  /** @param {Element} target */
  #isTabbedTo(target) {
    return this.#text.contains(target) && target.matches(":focus-visible") && !this.#line?.contains(target);
  }

  #isSelected() {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && selection.getRangeAt(0).intersectsNode(this.#text);
  }
}

/** @param {KeyboardEvent} event */
function isScrollOrFind({ key, ctrlKey, metaKey, defaultPrevented, target }) {
  if (defaultPrevented) return false;
  if (key === "F3" || ((ctrlKey || metaKey) && FINDS.has(key.toLowerCase()))) return true;
  return SCROLLS.has(key) && !isInside(target, OWN_USE);
}

/** @param {PointerEvent} event */
function isOnScrollbar({ target, clientX }) {
  return target === document.documentElement && clientX >= document.documentElement.clientWidth;
}

/**
 * @param {EventTarget | null} target
 * @param {string} selector
 */
function isInside(target, selector) {
  return target instanceof Element && target.closest(selector) !== null;
}
