/** <site-search>: finds words in a copy of the archive that no server answers for, and shows where they stand. */

import { clock } from "../playback/timecode.js";
import { lineOf, needlesOf } from "../search/letters.js";
import { isFound, linesWith, SiteWords, wordsOf } from "../search/site-words.js";

/** @typedef {import("../search/site-words.js").Thing} Thing */

// How many recordings are read for an answer, and how many of their lines are shown.
const SHOWN = 10;
const LINES = 5;
const ROOT = "../";

export class SiteSearch extends HTMLElement {
  #words = new SiteWords("");
  #query = "";
  /** @type {Thing[]} */
  #rest = [];
  #found = 0;
  /** Whether words are looked for within others too: where none begins so. */
  #isWithin = false;

  connectedCallback() {
    this.hidden = false;
    this.#words = new SiteWords(this.dataset.words);
    this.#query = (new URLSearchParams(location.search).get("q") ?? "").trim();
    /** @type {HTMLInputElement} */ (this.querySelector("[type=search]")).value = this.#query;
    this.addEventListener("click", this);
    if (this.#query) this.#search();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  /** @param {any} event */
  handleEvent(event) {
    if (event.target.closest(".show-more")) this.#more();
  }

  get #results() {
    return /** @type {HTMLElement} */ (this.querySelector(".results"));
  }

  async #search() {
    this.#tell("Searching …");
    try {
      document.title = `${this.#query} · ${document.title}`;
      for (this.#isWithin of [false, true]) {
        this.#rest = await this.#words.find(this.#query, this.#isWithin);
        do await this.#more();
        while (!this.#found && this.#rest.length);
        if (this.#found) break;
      }
    } catch {
      this.#tell("The search could not be run: its files could not be loaded.");
    }
  }

  async #more() {
    this.#results.querySelector(".rest.of-all")?.remove();
    const next = this.#rest.splice(0, SHOWN);
    for (const group of await Promise.all(next.map((thing) => this.#group(thing)))) {
      if (!group) continue;
      this.#found += 1;
      this.#results.append(group);
    }
    if (this.#rest.length) {
      const more = made("p", "rest of-all");
      const button = made("button", "button quiet show-more", "Show more");
      button.setAttribute("type", "button");
      more.append(button);
      this.#results.append(more);
    }
    const all = this.#rest.length ? `${this.#found} of up to ${this.#found + this.#rest.length}` : `${this.#found}`;
    this.#tell(this.#found ? `“${this.#query}”: ${all} found` : `Nothing was found for “${this.#query}”`);
  }

  /**
   * @param {Thing} thing
   * @returns {Promise<HTMLElement | null>} null where the words do not stand there as they are looked for
   */
  async #group({ address, title, kind, number }) {
    const group = made("article", "group");
    const heading = made("h3");
    const link = made("a", "", title);
    heading.append(link);
    if (kind !== "recording") {
      if (!(await this.#words.isSaidOf(number, this.#query, this.#isWithin))) return null;
      link.setAttribute("href", ROOT + address);
      group.append(made("p", "kicker", kind), heading);
      return group;
    }
    const { told, lang, lines, notes } = await this.#words.text(address);
    const needles = needlesOf(this.#query);
    const said = linesWith(lines, needles, this.#isWithin);
    const beside = notes
      .map(([id, name, body]) => ({ id, at: null, text: `${name}: ${body}`, isUnchecked: false }))
      .filter((note) => linesWith([note], needles, this.#isWithin).length);
    const isTitled = linesWith([{ id: "", at: null, text: title, isUnchecked: false }], needles, this.#isWithin).length > 0;
    if (!said.length && !beside.length && !isTitled) return null;
    const page = `${ROOT}${address}?q=${encodeURIComponent(this.#query)}`;
    link.setAttribute("href", page);
    group.append(heading, ...told.map((each) => made("p", "notice", each)));
    const list = made("ol");
    for (const line of said.slice(0, LINES)) list.append(this.#hit(line, `${ROOT}${address}`, lang));
    for (const note of beside.slice(0, LINES)) list.append(this.#note(note, page));
    if (list.childElementCount) group.append(list);
    const left = said.length - LINES;
    if (left > 0) {
      const rest = made("p", "rest");
      const more = made("a", "", `${left} more in this recording`);
      more.setAttribute("href", page);
      rest.append(more);
      group.append(rest);
    }
    return group;
  }

  /**
   * @param {import("../search/site-words.js").Line} line
   * @param {string} page
   * @param {string} lang
   */
  #hit({ id, at, text, isUnchecked }, page, lang) {
    const item = made("li", "hit");
    const time = made("a", "time", at === null ? "¶" : clock(at));
    const query = `q=${encodeURIComponent(this.#query)}`;
    time.setAttribute("href", `${page}?${at === null ? "" : `t=${at / 1000}&`}${query}#cue-${id}`);
    const words = this.#marked(text);
    words.lang = lang;
    words.dir = "auto";
    if (isUnchecked) words.append(" ", made("span", "unchecked", this.dataset.machine));
    item.append(time, words);
    return item;
  }

  /**
   * @param {{id: string, text: string}} note
   * @param {string} page
   */
  #note({ id, text }, page) {
    const item = made("li", "hit");
    const link = made("a", "time", "note");
    link.setAttribute("href", `${page}#note-${id}`);
    item.append(link, this.#marked(text));
    return item;
  }

  /** @param {string} text */
  #marked(text) {
    const looked = wordsOf(needlesOf(this.#query), this.#isWithin);
    const isHit = (piece) => {
      const parts = lineOf(piece).split(/[ -]/);
      return looked.some((each) => parts.some((part) => isFound(part, each)));
    };
    const shown = made("p");
    for (const piece of text.split(/(\s+)/)) shown.append(piece.trim() && isHit(piece) ? made("mark", "", piece) : piece);
    return shown;
  }

  /** @param {string} text */
  #tell(text) {
    this.querySelector("#count").textContent = text;
  }
}

/**
 * @param {string} name
 * @param {string} [kind] its class
 * @param {string} [text]
 */
function made(name, kind = "", text = "") {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}
