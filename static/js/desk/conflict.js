/** Shows a line that two hands have changed, as both have it, until one is chosen. Nothing is chosen beforehand. */

import { display } from "../playback/timecode.js";
import { turnsOf } from "./lines.js";
import { made } from "./made.js";
import { differing } from "./words.js";

/** @typedef {import("./lines.js").Line} Line */
/** @typedef {{id: string, mine: Line | null, theirs: Line | null, theirs_by?: string | null, theirs_date?: string | null}} Conflict */

/** @type {readonly ["mine" | "theirs" | "both", string][]} in the order of their keys */
const ANSWERS = [["mine", "Keep yours"], ["theirs", "Keep theirs"], ["both", "Yours, theirs as a variant"]];

export class ConflictView {
  #element;
  #language;
  #chosen;
  /** @type {Conflict | null} */
  #shown = null;

  /**
   * @param {HTMLElement} element
   * @param {{lang: string, dir: string}} language
   * @param {(which: "mine" | "theirs" | "both", conflict: Conflict) => void} chosen
   */
  constructor(element, language, chosen) {
    this.#element = element;
    this.#language = language;
    this.#chosen = chosen;
  }

  get isShown() {
    return this.#shown !== null;
  }

  /**
   * @param {Conflict | null} conflict
   * @param {number} number of it among those there are
   * @param {number} count
   */
  show(conflict, number = 1, count = 1) {
    if (JSON.stringify(conflict) === JSON.stringify(this.#shown)) return;
    this.#shown = conflict;
    this.#element.hidden = conflict === null;
    if (!conflict) return this.#element.replaceChildren();
    const { mine, theirs, theirs_by: by, theirs_date: date } = conflict;
    const when = date ? ` on ${date.slice(0, 10)}` : "";
    const heading = made("h2", { id: "conflict-title", tabindex: -1 }, "This line was changed elsewhere ", made("span", { class: "count" }, `${number} of ${count}`));
    const answers = ANSWERS.map(([which, says], index) => {
      const button = made("button", { type: "button", class: "button quiet", "aria-keyshortcuts": index + 1 }, made("kbd", { "aria-hidden": "true" }, String(index + 1)), " ", says);
      button.addEventListener("click", () => this.choose(index + 1));
      return button;
    });
    this.#element.replaceChildren(
      heading,
      made("p", { class: "from" }, by ? made("bdi", {}, by) : "Another window or program", ` changed it${when}, after you had taken it in hand. Both are kept until you choose.`),
      made("div", { class: "both" }, this.#version("1", "Yours", mine, theirs), this.#version("2", by ? `As ${by} has it` : "Theirs", theirs, mine)),
      made("p", { class: "choose ui" }, ...(mine && theirs ? answers : answers.slice(0, 2))),
    );
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.#element.querySelector("h2"))?.focus({ preventScroll: true });
  }

  /**
   * Choose by number.
   * @param {number} number
   * @returns {boolean} whether there is such an answer
   */
  choose(number) {
    const conflict = this.#shown;
    const answer = ANSWERS[number - 1];
    if (!conflict || !answer || (answer[0] === "both" && !(conflict.mine && conflict.theirs))) return false;
    this.#chosen(answer[0], conflict);
    return true;
  }

  /**
   * @param {string} key
   * @param {string} title
   * @param {Line | null} line
   * @param {Line | null} other
   */
  #version(key, title, line, other) {
    const heading = made("h3", {}, made("kbd", { "aria-hidden": "true" }, key), " ", made("bdi", {}, title));
    if (!line) return made("article", {}, heading, made("p", { class: "from" }, "The line is removed."));
    const voice = (/** @type {Line | null} */ of) => of && turnsOf(of).map(({ speaker }) => speaker ?? "Speaker not known").join(" · ");
    const said = voice(line);
    const play = made("button", { type: "button", class: "plain" }, `Play ${title.toLowerCase() === "yours" ? "yours" : "theirs"}`);
    play.addEventListener("click", () => {
      const detail = { from: line.start, to: line.end, loop: false, slow: false };
      document.dispatchEvent(new CustomEvent("desk:play", { detail }));
    });
    return made(
      "article", {},
      heading,
      made("p", { class: "speaker" }, made(other && voice(other) !== said ? "ins" : "span", {}, made("bdi", {}, said))),
      made("p", { class: "words", ...this.#language }, ...marked(line.text, other?.text ?? line.text)),
      line.start !== null && made("p", { class: "ui" }, play, " ", time(line.start, other?.start), " to ", time(line.end, other?.end)),
    );
  }
}

/**
 * Give a text with what differs in it marked.
 * @param {string} text
 * @param {string} other
 */
function marked(text, other) {
  const nodes = [];
  let shown = 0;
  for (const { from, to } of differing(text, other)) {
    nodes.push(text.slice(shown, from), made("ins", {}, text.slice(from, to)));
    shown = to;
  }
  return [...nodes, text.slice(shown)];
}

/**
 * @param {number | null} moment
 * @param {number | null | undefined} other
 */
function time(moment, other) {
  return made(other !== undefined && other !== moment ? "ins" : "span", {}, display(moment ?? 0));
}
