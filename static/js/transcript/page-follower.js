/**
 * Keeps the line being spoken in view until the reader looks elsewhere. It lets go at once and never comes back by
 * itself; only the reader's own Follow does that.
 */

import { bringIntoView } from "./scrolling.js";

const SCROLLS = new Set(["ArrowDown", "ArrowUp", "End", "Home", "PageDown", "PageUp", " "]);
const FINDS = new Set(["f", "g"]);
const OWN_USE = "input, textarea, select, button, [contenteditable]";
const READER = ["focusin", "keydown", "pointerdown", "touchmove", "wheel"];

export class PageFollower {
  #text;
  #told;
  #isFollowing = true;
  /** Whether the page stays where it is, though it follows. */
  #isHeld = false;
  /** @type {Element | null} */
  #line = null;

  /**
   * @param {Element} text what is followed
   * @param {(isFollowing: boolean, isHeld: boolean) => void} told called when that changes
   */
  constructor(text, told) {
    this.#text = text;
    this.#told = told;
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
    if (this.#isHeld) return this.hold(false);
    this.#set(!this.#isFollowing);
    if (this.#line) this.show(this.#line);
  }

  /**
   * Stay where the reader looks something up, or follow on. Where nothing is followed there is nothing to hold.
   * @param {boolean} isHeld
   */
  hold(isHeld) {
    if (!this.#isFollowing || isHeld === this.#isHeld) return;
    this.#set(true, isHeld);
    if (!isHeld && this.#line) this.show(this.#line);
  }

  /**
   * Take the reader to a line, where the reader follows.
   * @param {Element} line
   */
  show(line) {
    this.#line = line;
    if (this.#isFollowing && !this.#isHeld) bringIntoView(line.querySelector(".said") ?? line);
  }

  /**
   * @param {boolean} isFollowing
   * @param {boolean} [isHeld]
   */
  #set(isFollowing, isHeld = false) {
    this.#isFollowing = isFollowing;
    this.#isHeld = isHeld;
    this.#told(isFollowing, isHeld);
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
