/**
 * Gives the lines that are on the screen or near it a control, "This line", which shows what there is about the line
 * below it: its source, its clip, its link. Twenty thousand of them would double a page; so they are added as the page
 * comes to be read, in the text, where whatever reads it finds them, and not by pointing or by focus. Each is a link to
 * the page of its line; <this-line> brings what stands there.
 */

import { isPlain } from "./requests.js";

export class LineControls {
  #view;
  /** @type {IntersectionObserver | null} */
  #watch = null;

  /** @param {HTMLElement} view the <transcript-view> */
  constructor(view) {
    this.#view = view;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#watch = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "100%" });
    for (const each of this.#view.querySelectorAll(".transcript > :is(.cue, .run)")) this.#watch.observe(each);
    this.#view.addEventListener("click", this, { signal });
    signal.addEventListener("abort", () => this.#watch?.disconnect());
  }

  /** @param {MouseEvent} event */
  handleEvent(event) {
    /** @type {HTMLAnchorElement | null} */
    const control = /** @type {Element} */ (event.target).closest("a.this");
    if (!control || !isPlain(event)) return;
    event.preventDefault();
    const shown = shownBy(control);
    control.ariaExpanded = String(!shown);
    if (shown) shown.remove();
    else placeOf(control).after(blockFor(control));
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #see(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.#watch.unobserve(target);
      if (target.matches(".run")) {
        for (const line of target.querySelectorAll(".cue")) this.#watch.observe(line);
      } else {
        const time = target.querySelector(".time");
        if (!time.parentElement.querySelector(".this")) time.parentElement.append(controlFor(time, this.#view));
      }
    }
  }
}

/**
 * @param {Element} time of the line
 * @param {HTMLElement} view
 */
function controlFor(time, { dataset }) {
  const control = document.createElement("a");
  const cue = /** @type {HTMLElement} */ (time.closest(".cue"));
  control.className = "this";
  control.href = dataset.lines + cue.id.slice("cue-".length) + (dataset.at ?? "");
  control.rel = "nofollow";
  control.lang = "en";
  control.ariaLabel = `This line${time.ariaLabel ? "" : `, at ${time.textContent.trim()}`}${cue.dataset.doubts ?? ""}`;
  control.ariaExpanded = "false";
  return control;
}

/** @param {HTMLAnchorElement} control */
function blockFor(control) {
  const block = document.createElement("this-line");
  const link = document.createElement("a");
  link.href = control.href;
  link.textContent = "Loading …";
  block.append(link);
  return block;
}

/**
 * Give what is about a line, where it is shown.
 * @param {Element} control
 */
function shownBy(control) {
  const next = placeOf(control).nextElementSibling;
  return next?.matches("this-line") ? next : null;
}

/**
 * Give the box of a line without its notes.
 * @param {Element} control
 */
function placeOf(control) {
  return control.closest(".line, .cue");
}
