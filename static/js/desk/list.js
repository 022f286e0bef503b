/**
 * Shows the lines that are not in hand, in runs of a hundred. A browser lays out and paints the runs in view alone
 * (content-visibility), so a line that grows by a letter moves runs, not lines; and all of it can be found by Ctrl F.
 */

import { clock } from "../playback/timecode.js";
import { isUnheard, turnsOf } from "./lines.js";
import { made } from "./made.js";

/** @typedef {import("./lines.js").Line} Line */
/** @typedef {import("./lines.js").Lines} Lines */

const RUN = 100;
/** A run that has grown to this many lines is divided. */
const MOST = 300;
/** So many runs are made at a time while the page has nothing else to do. */
const AT_ONCE = 4;

export class LineList {
  #root;
  /** @type {Lines} */
  #lines;
  #language;
  /** @type {Map<string, HTMLElement>} the row of each line that has one */
  #rows = new Map();
  /** @type {Map<HTMLElement, Line[]>} runs whose rows are not made yet */
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
    this.#observer = new IntersectionObserver(
      (seen) => seen.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => this.#fill(target)),
      { rootMargin: "1500px" },
    );
    this.#begin();
    this.#fillInTime();
  }

  /**
   * Show what stands now where splices have put lines.
   * @param {readonly import("./lines.js").Splice[]} splices those that the lines have had
   */
  apply(splices) {
    for (const { after, old, new: lines } of splices) {
      const rows = old.map((id) => this.row(id));
      const made_ = lines.map((line) => this.#made(line));
      if (rows.length) {
        rows[0].before(...made_);
        for (const row of rows) row.remove();
      } else if (after !== null) this.row(after).after(...made_);
      else this.#first().prepend(...made_);
      for (const id of old) this.#rows.delete(id);
      lines.forEach((line, index) => this.#rows.set(line.id, made_[index]));
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
    this.#hand.closest(".run")?.classList.remove("open");
    row.before(this.#hand);
    this.#divide(row.parentElement);
    row.parentElement.classList.add("open");
  }

  /** @param {string} id @returns {HTMLElement} */
  row(id) {
    if (!this.#rows.has(id)) {
      for (const [run, lines] of this.#waiting) if (lines.some((line) => line.id === id)) this.#fill(run);
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
    return /** @type {HTMLElement} */ (this.#root.firstElementChild);
  }

  /** @param {any} run */
  #fill(run) {
    const lines = this.#waiting.get(run);
    if (!lines) return;
    this.#waiting.delete(run);
    this.#observer.unobserve(run);
    const rows = lines.map((line) => this.#made(line));
    lines.forEach(({ id }, index) => this.#rows.set(id, rows[index]));
    run.append(...rows);
  }

  /** Make the rows of all runs, some at a time, so that the whole text can be searched by the browser. */
  #fillInTime() {
    const later = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 50));
    later(() => {
      for (const run of [...this.#waiting.keys()].slice(0, AT_ONCE)) this.#fill(run);
      if (this.#waiting.size) this.#fillInTime();
    });
  }

  /** @param {HTMLElement} run */
  #divide(run) {
    if (run.childElementCount <= MOST) return;
    const rest = made("div", { class: "run", role: "presentation" });
    rest.append(...[...run.children].slice(MOST / 2));
    run.after(rest);
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
