/**
 * Shows the lines that are not in hand, in runs of a hundred. Runs that are far from the window keep their height
 * (contain-intrinsic-size) and have no rows: with the rows of all of 20,000 lines in the page, Chromium 156 took 1.6
 * times as long to show a letter that was typed, though it lays out and paints none of them (content-visibility).
 */

import { clock } from "../playback/timecode.js";
import { isUnheard, turnsOf } from "./lines.js";
import { made } from "./made.js";

/** @typedef {import("./lines.js").Line} Line */
/** @typedef {import("./lines.js").Lines} Lines */

const RUN = 100;
/** A run that has grown to this many lines is divided. */
const MOST = 300;
/** Runs this near the window have rows. */
const NEAR = "1500px";

export class LineList {
  #root;
  /** @type {Lines} */
  #lines;
  #language;
  /** @type {Map<string, HTMLElement>} the row of each line that has one */
  #rows = new Map();
  /** @type {Map<HTMLElement, Line[]>} the lines of runs that have no rows */
  #waiting = new Map();
  #observer;
  #hand;
  /** @type {HTMLElement | null} the row in whose place the line in hand stands */
  #taken = null;

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
    const show = (/** @type {IntersectionObserverEntry} */ { isIntersecting, target }) =>
      isIntersecting ? this.#fill(target) : this.#empty(target);
    this.#observer = new IntersectionObserver((seen) => seen.forEach(show), { rootMargin: NEAR });
    this.#begin();
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
        for (const row of rows) row.remove();
      } else if (after !== null) this.row(after).after(...fresh);
      else this.#first().prepend(...fresh);
      for (const id of old) this.#rows.delete(id);
      lines.forEach((line, index) => this.#rows.set(line.id, fresh[index]));
    }
  }

  /**
   * Put the line in hand into the list, in the place of its row.
   * @param {Line} line
   */
  take(line) {
    const row = this.row(line.id);
    if (this.#taken) this.#taken.hidden = false;
    this.#taken = row;
    row.hidden = true;
    if (row.previousElementSibling === this.#hand) return;
    const left = /** @type {HTMLElement | null} */ (this.#hand.closest(".run"));
    left?.classList.remove("open");
    if (left) this.#look(left);
    row.before(this.#hand);
    this.#divide(row.parentElement);
    row.parentElement.classList.add("open");
  }

  /** @param {string} id @returns {HTMLElement} */
  row(id) {
    if (!this.#rows.has(id)) {
      for (const [run, lines] of this.#waiting) {
        if (!lines.some((line) => line.id === id)) continue;
        this.#fill(run);
        this.#look(run);
      }
    }
    return this.#rows.get(id);
  }

  #begin() {
    const runs = [];
    for (let at = 0; at < this.#lines.length; at += RUN) {
      const run = made("div", { class: "run", role: "presentation" });
      const lines = [];
      for (let each = at; each < Math.min(at + RUN, this.#lines.length); each += 1) lines.push(this.#lines.at(each));
      this.#waiting.set(run, lines);
      this.#observer.observe(run);
      runs.push(run);
    }
    this.#root.replaceChildren(...runs);
  }

  #first() {
    if (!this.#root.firstElementChild) this.#root.append(made("div", { class: "run", role: "presentation" }));
    const run = /** @type {HTMLElement} */ (this.#root.firstElementChild);
    this.#fill(run);
    return run;
  }

  /** @param {any} run */
  #fill(run) {
    const lines = this.#waiting.get(run);
    if (!lines) return;
    this.#waiting.delete(run);
    const rows = lines.map((line) => this.#made(line));
    lines.forEach(({ id }, index) => this.#rows.set(id, rows[index]));
    run.append(...rows);
  }

  /** @param {any} run */
  #empty(run) {
    if (this.#waiting.has(run) || run.classList.contains("open")) return;
    const ids = [...run.children].map(({ dataset }) => dataset.line);
    this.#waiting.set(run, ids.map((id) => this.#lines.of(id)));
    for (const id of ids) this.#rows.delete(id);
    run.replaceChildren();
  }

  /** Have it looked again whether a run is near. @param {HTMLElement} run */
  #look(run) {
    this.#observer.unobserve(run);
    this.#observer.observe(run);
  }

  /** @param {HTMLElement} run */
  #divide(run) {
    if (run.childElementCount <= MOST) return;
    const rest = made("div", { class: "run", role: "presentation" });
    rest.append(...[...run.children].slice(MOST / 2));
    run.after(rest);
    this.#observer.observe(rest);
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
