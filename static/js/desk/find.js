/** <desk-find>: looks for words in the lines as they are at the desk, and takes one place after another in hand. */

import { LineHits, hitAfter } from "./hits.js";
import { counted, say } from "./made.js";

/** So long nothing is typed before a screen reader is told how often it is found. */
const PAUSE = 600;

export class DeskFind extends HTMLElement {
  #desk = /** @type {import("./desk-text.js").DeskText} */ (this.closest("desk-text"));
  #form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
  #field = /** @type {HTMLInputElement} */ (this.querySelector("input"));
  #hits = new LineHits();
  /** Whether what is looked for was typed since a place was taken: then that in hand counts as the next. */
  #isNew = false;
  #timer = 0;

  connectedCallback() {
    const { language, direction } = this.#desk.dataset;
    Object.assign(this.#field, { lang: language, dir: direction });
    this.#desk.querySelector(".look").hidden = false;
    this.#field.addEventListener("input", () => this.#typed());
    this.#form.addEventListener("keydown", (event) => this.#press(event));
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.querySelector(".close").addEventListener("click", () => this.#close());
    document.addEventListener("desk:line", () => this.#count());
    document.addEventListener("desk:done", () => this.#count());
    document.addEventListener("desk:ask", ({ detail }) => {
      if (detail.what === "look") this.#open();
      if (detail.what === "next-hit") this.#go(1);
      if (detail.what === "previous-hit") this.#go(-1);
    });
  }

  #open() {
    this.#form.hidden = false;
    this.#field.focus();
    this.#field.select();
    this.#count();
  }

  #close() {
    this.#form.hidden = true;
    const { conflict, hand } = this.#desk;
    if (conflict.isShown) conflict.focus();
    else if (hand.line) hand.focus();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing || !["Escape", "Enter"].includes(event.key)) return;
    if (event.key === "Enter" && event.target !== this.#field) return;
    event.preventDefault();
    if (event.key === "Escape") this.#close();
    else this.#go(event.shiftKey ? -1 : 1);
  }

  #typed() {
    this.#isNew = true;
    this.#count();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#field.value && this.#desk.tell(this.#said), PAUSE);
  }

  /** @param {1 | -1} step */
  #go(step) {
    clearTimeout(this.#timer);
    if (!this.#field.value.trim()) return this.#open();
    this.#form.hidden = false;
    const { lines, index, hand } = this.#desk;
    const hits = this.#hits.all(lines, this.#field.value);
    if (!hits.length) return this.#desk.tell("Not found");
    const { index: place, first, last } = hits[hitAfter(hits, { index, word: hand.words.first }, step, this.#isNew)];
    this.#isNew = false;
    this.#desk.take(place, { isFar: true });
    hand.takeWords(first, last);
    if (!this.contains(document.activeElement) && !this.#desk.conflict.isShown) hand.focus();
    this.#count();
    this.#desk.tell(`${this.#said}. Line ${(place + 1).toLocaleString("en")}: ${lines.at(place).text}`);
  }

  /** Say which of how many places is in hand. */
  #count() {
    if (this.#form.hidden) return;
    const { lines, index, hand } = this.#desk;
    const hits = this.#hits.all(lines, this.#field.value);
    const at = hits.findIndex((hit) => hit.index === index && hit.first === hand.words.first && hit.last === hand.words.last);
    say(this.querySelector(".sought"), this.#field.value.trim() ? said(at, hits.length) : "");
  }

  get #said() {
    return this.querySelector(".sought").textContent;
  }
}

/** @param {number} at @param {number} count */
function said(at, count) {
  if (!count) return "Not found";
  return at < 0 ? counted(count, "place") : `${(at + 1).toLocaleString("en")} of ${count.toLocaleString("en")}`;
}
