/** <desk-suggestions>: shows, at the line in hand, what listeners suggest for it, and takes or dismisses it. */

import { made } from "./made.js";
import { RefusedError } from "./server.js";

/**
 * @typedef {{id: string, line: string | null, date: string, seen: string[], said: string[], note: string | null,
 *   name: string | null, becomes: string[] | null}} Suggestion
 */

/** So often it is asked for new ones, in milliseconds. */
const OFTEN = 20_000;
/** After these, other suggestions may wait, or stand at other lines. */
const CHANGING = new Set(["accept", "undo", "redo", "back", "again", "split", "join", "remove", "words", "reading", "choose"]);

export class DeskSuggestions extends HTMLElement {
  #desk = /** @type {import("./desk-text.js").DeskText} */ (this.closest("desk-text"));
  /** @type {Suggestion[]} */
  #waiting = [];
  #shown = "";
  #isAsking = false;

  connectedCallback() {
    document.addEventListener("desk:line", () => this.#show());
    document.addEventListener("desk:done", ({ detail }) => CHANGING.has(detail.operation.do) && this.#ask());
    document.addEventListener("desk:ask", ({ detail }) => {
      if (detail.what === "suggestions") this.#next();
      if (detail.what === "accept") this.#accept(this.#here[0]);
    });
    setInterval(() => !document.hidden && this.#ask(), OFTEN);
    this.#ask();
  }

  /** Those for the line in hand. */
  get #here() {
    const id = this.#desk.hand.line?.id;
    return id === undefined ? [] : this.#waiting.filter(({ line }) => line === id);
  }

  async #ask() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const told = await this.#desk.server.suggestions();
      this.#waiting = told.suggestions;
      this.#desk.told.suggestions = this.#waiting.length;
      this.#desk.standing.show();
      this.#show();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    } finally {
      this.#isAsking = false;
    }
  }

  /** Take the next line in hand for which something is suggested. */
  #next() {
    const { lines, index } = this.#desk;
    const named = new Set(this.#waiting.map(({ line }) => line));
    const place = lines.next(index, (line) => named.has(line.id));
    if (place < 0) return this.#desk.tell("No suggestion waits.");
    if (place === index) this.#desk.tell("No other line has a suggestion.");
    this.#desk.take(place, { isFar: true });
    this.#desk.hand.focus();
  }

  /** @param {Suggestion | undefined} suggestion */
  #accept(suggestion) {
    if (!suggestion) return this.#desk.tell("Nothing is suggested for this line.");
    return this.#desk.perform({ do: "accept", id: suggestion.line, suggestion: suggestion.id }, "The suggestion is taken.");
  }

  /** @param {Suggestion} suggestion */
  async #dismiss({ id }) {
    try {
      await this.#desk.server.dismiss(id);
      this.#desk.refuse("");
      this.#desk.tell("The suggestion is dismissed.");
      await this.#ask();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#desk.refuse(error.message);
    }
    this.#desk.hand.focus();
  }

  #show() {
    const here = this.#here;
    const shown = JSON.stringify(here);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const element = /** @type {HTMLElement} */ (this.#desk.querySelector(".suggestions"));
    element.hidden = here.length === 0;
    element.replaceChildren(...here.map((each, number) => this.#made(each, number === 0)));
  }

  /** @param {Suggestion} suggestion @param {boolean} isFirst that is the one the key takes */
  #made(suggestion, isFirst) {
    const { said, seen, becomes, note, name, date } = suggestion;
    const { lang, dir } = this.#desk.language;
    const words = (becomes ?? said).map((text) => made("p", { class: "words", lang, dir }, text));
    const isSame = said.join("\n") === seen.join("\n");
    const take = made("button", { type: "button", class: "plain", "aria-keyshortcuts": isFirst && "Y" }, "Take it", isFirst && made("kbd", {}, "Y"));
    take.addEventListener("click", () => this.#accept(suggestion));
    const dismiss = made("button", { type: "button", class: "plain" }, "Dismiss");
    dismiss.addEventListener("click", () => this.#dismiss(suggestion));
    const who = name ? made("bdi", {}, name) : "A listener";
    const read = made("p", { class: "ui" }, "The listener read: ", made("span", { lang, dir }, seen.join(" ")));
    return made(
      "div",
      {},
      made("p", { class: "speaker" }, who, isSame ? " says" : " suggests", ` · ${date.slice(0, 10)}`),
      ...(isSame ? [] : words),
      note !== null && made("p", { class: "ui" }, made("bdi", {}, note)),
      becomes === null && read,
      made("p", { class: "ui" }, !isSame && becomes !== null && take, " ", dismiss),
    );
  }
}
