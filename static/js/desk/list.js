/**
 * Shows the lines that are not in hand: a hundred in a stretch, and in that twenty in a run. Stretches that are far from
 * the window keep their height and have no rows; of the others, runs out of view are neither laid out nor painted
 * (content-visibility). A letter that is typed is then shown as fast as the page has few elements: with the rows of all
 * of 20,000 lines in the page, Chromium 156 took 1.6 times as long, and with 200 elements to which it kept asking whether
 * they are in view (IntersectionObserver) a sixth of the time that it works between key and frame went there.
 */

import { clock } from "../playback/timecode.js";
import { isUnheard, turnsOf } from "./lines.js";
import { made } from "./made.js";

/** @typedef {import("./lines.js").Line} Line */
/** @typedef {import("./lines.js").Lines} Lines */

const STRETCH = 100;
const RUN = 10;
/** What has grown to so many times its length is divided. */
const MOST = 3;
/** Stretches so many pixels from the window have rows. */
const NEAR = 1500;

export class LineList {
  #root;
  /** @type {Lines} */
  #lines;
  #language;
  /** @type {Map<string, HTMLElement>} the row of each line that has one */
  #rows = new Map();
  /** @type {Map<Element, Line[]>} the lines of stretches that have no rows */
  #waiting = new Map();
  #hand;
  /** @type {HTMLElement | null} the row in whose place the line in hand stands */
  #taken = null;
  #frame = 0;
  #end = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {Lines} lines
   * @param {HTMLElement} hand stands in the place of the line in hand
   * @param {{lang: string, dir: string}} language of the words
   */
  constructor(root, lines, hand, language) {
    this.#root = root;
    this.#lines = lines;
    this.#hand = hand;
    this.#language = language;
    const { signal } = this.#end;
    addEventListener("scroll", () => this.#look(), { passive: true, signal });
    addEventListener("resize", () => this.#look(), { signal });
    this.#begin();
  }

  /** Show nothing any more: another list takes its place. */
  end() {
    this.#end.abort();
    cancelAnimationFrame(this.#frame);
  }

  /**
   * Show what stands now where splices have put lines.
   * @param {readonly import("./lines.js").Splice[]} splices those that the lines have had
   */
  apply(splices) {
    for (const { after, old, new: lines } of splices) {
      const rows = old.map((id) => this.row(id));
      const fresh = lines.map((line) => this.#made(line));
      if (rows.length) {
        rows[0].before(...fresh);
        for (const row of rows) remove(row);
      } else if (after !== null) this.row(after).after(...fresh);
      else this.#first().before(runOf(fresh));
      for (const id of old) this.#rows.delete(id);
      lines.forEach((line, index) => this.#rows.set(line.id, fresh[index]));
    }
    this.#lookSoon();
  }

  /**
   * Put the line in hand into the list, before its row, which is hidden: between two runs, so that it is cut off nowhere.
   * @param {Line} line
   */
  take(line) {
    const row = this.row(line.id);
    if (this.#taken) this.#taken.hidden = false;
    this.#taken = row;
    row.hidden = true;
    this.#lookSoon();
    if (this.#hand.nextElementSibling?.firstElementChild === row) return;
    this.#leave();
    const run = row.parentElement;
    const place = [...run.children].indexOf(row);
    if (place) run.after(this.#hand, runOf([...run.children].slice(place)));
    else run.before(this.#hand);
    divide(this.#hand.nextElementSibling, MOST * RUN);
    divide(this.#hand.parentElement, (MOST * STRETCH) / RUN);
  }

  /** Join the runs between which the line in hand stood. */
  #leave() {
    const { previousElementSibling: before, nextElementSibling: after } = this.#hand;
    this.#hand.remove();
    if (!before?.matches(".run") || !after?.matches(".run")) return;
    if (before.childElementCount + after.childElementCount > 2 * RUN) return;
    before.append(...after.children);
    after.remove();
  }

  /** @param {string} id @returns {HTMLElement} */
  row(id) {
    if (!this.#rows.has(id)) {
      for (const [stretch, lines] of this.#waiting) if (lines.some((line) => line.id === id)) this.#fill(stretch);
    }
    return this.#rows.get(id);
  }

  #begin() {
    const stretches = [];
    for (let at = 0; at < this.#lines.length; at += STRETCH) {
      const stretch = made("div", { class: "stretch far", role: "presentation" });
      this.#waiting.set(stretch, this.#lines.slice(at, at + STRETCH));
      stretches.push(stretch);
    }
    this.#root.replaceChildren(...stretches);
  }

  /** Give what begins the list: a run, or the line in hand. */
  #first() {
    const stretch = this.#root.firstElementChild ?? made("div", { class: "stretch", role: "presentation" });
    if (!stretch.isConnected) this.#root.append(stretch);
    this.#fill(stretch);
    if (!stretch.firstElementChild) stretch.append(runOf([]));
    return stretch.firstElementChild;
  }

  #lookSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#look());
  }

  /** Give rows to the stretches that are near the window, and take them from the others. */
  #look() {
    const stretches = [...this.#root.children];
    let [first, last] = [0, stretches.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (stretches[middle].getBoundingClientRect().bottom < -NEAR) first = middle + 1;
      else last = middle;
    }
    while (last < stretches.length && stretches[last].getBoundingClientRect().top < innerHeight + NEAR) last += 1;
    const far = stretches.filter((each, at) => (at < first || at >= last) && !this.#waiting.has(each) && !each.contains(this.#hand));
    const heights = far.map((each) => each.getBoundingClientRect().height);
    far.forEach((each, at) => this.#empty(/** @type {HTMLElement} */ (each), heights[at]));
    for (const each of stretches.slice(first, last)) this.#fill(each);
  }

  /** @param {Element} stretch */
  #fill(stretch) {
    const lines = this.#waiting.get(stretch);
    if (!lines) return;
    this.#waiting.delete(stretch);
    const rows = lines.map((line) => this.#made(line));
    lines.forEach(({ id }, index) => this.#rows.set(id, rows[index]));
    for (let at = 0; at < rows.length; at += RUN) stretch.append(runOf(rows.slice(at, at + RUN)));
    stretch.classList.remove("far");
    /** @type {HTMLElement} */ (stretch).style.blockSize = "";
  }

  /**
   * @param {HTMLElement} stretch
   * @param {number} height
   */
  #empty(stretch, height) {
    const ids = [...stretch.querySelectorAll(".row")].map((row) => /** @type {HTMLElement} */ (row).dataset.line);
    this.#waiting.set(stretch, ids.map((id) => this.#lines.of(id)));
    for (const id of ids) this.#rows.delete(id);
    stretch.replaceChildren();
    stretch.classList.add("far");
    stretch.style.blockSize = `${height}px`;
  }

  /** @param {Line} line */
  #made(line) {
    const time = line.start === null ? "¶" : `${line.approximate ? "~" : ""}${clock(line.start)}`;
    const words = turnsOf(line).flatMap(({ speaker, text }) => [
      speaker && made("span", { class: "speaker" }, made("bdi", {}, speaker)),
      " ",
      made("span", this.#language, text),
      " ",
    ]);
    const button = { type: "button", class: "time", tabindex: -1, "aria-label": line.start === null ? "Untimed line" : null };
    return made(
      "div",
      { class: "row", role: "listitem", "data-line": line.id },
      made("button", button, time),
      made("p", {}, ...words, isUnheard(line) && made("span", { class: "kind" }, "not heard yet")),
    );
  }
}

/** @param {HTMLElement[]} rows */
function runOf(rows) {
  return made("div", { class: "run", role: "presentation" }, ...rows);
}

/** Take out a row; a run that has none left keeps no height. @param {HTMLElement} row */
function remove(row) {
  const { parentElement: run } = row;
  row.remove();
  if (!run.childElementCount) run.remove();
}

/**
 * Put half of what has grown too long into another beside it.
 * @param {Element} element
 * @param {number} most
 */
function divide(element, most) {
  if (element.childElementCount <= most) return;
  const rest = made("div", { class: element.classList[0], role: "presentation" });
  rest.append(...[...element.children].slice(most / 2));
  element.after(rest);
}
