/** Shows how the words in hand are read, where there is more than one reading of them, and lets one be chosen. */

import { doubtAt } from "./lines.js";
import { made } from "./made.js";
import { wordsBetween } from "./words.js";

/** @typedef {import("./lines.js").Line} Line */

export class Readings {
  #element;
  #asked;
  #shown = "";

  /**
   * @param {HTMLElement} element
   * @param {(operation: {do: string, [name: string]: unknown}) => void} asked
   */
  constructor(element, asked) {
    this.#element = element;
    this.#asked = asked;
  }

  /**
   * @param {Line} line
   * @param {{first: number, last: number}} words those in hand
   */
  show(line, { first, last }) {
    const doubt = doubtAt(line, first, last);
    const shown = doubt ? JSON.stringify([line.id, line.text, doubt]) : "";
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#element.hidden = doubt === null;
    this.#element.replaceChildren();
    if (!doubt) return;
    const own = wordsBetween(line.text, doubt.first, doubt.last);
    const place = { first: doubt.first, last: doubt.last };
    const items = doubt.readings.map(({ text, by }) => {
      const gone = made("button", { type: "button", class: "quietly", "aria-label": `take back ${text}` }, "take back");
      gone.addEventListener("click", () => this.#asked({ do: "variant", ...place, text, by, gone: true }));
      const input = made("input", { type: "radio", name: "desk-reading" });
      input.addEventListener("change", () => this.#asked({ do: "reading", ...place, text }));
      const from = by !== null && made("span", { class: "from" }, made("bdi", {}, by));
      return made("li", {}, made("label", {}, input, " ", made("i", {}, made("bdi", {}, text)), " ", from), " ", gone);
    });
    const input = made("input", { type: "radio", name: "desk-reading", checked: true });
    const label = made("label", {}, input, " ", made("i", {}, made("bdi", {}, own)), " ", made("span", { class: "from" }, "in the text"));
    const another = made("button", { type: "button", class: "quietly", "data-does": "variant" }, "another");
    const kind = doubt.doubtful ? "Doubtful" : "Variants";
    this.#element.append(
      made("p", { class: "speaker" }, kind),
      made("ul", {}, made("li", {}, label), ...items, made("li", {}, another)),
    );
  }
}
