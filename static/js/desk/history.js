/** Shows who has changed the line in hand, when and how, beside it. */

import { made } from "./made.js";

/** After so many milliseconds on a line its history is asked for: whoever goes from line to line asks for none. */
const PAUSE = 300;

export class LineHistory {
  #element;
  #ask;
  #again;
  #timer = 0;
  /** @type {string | null} */
  #asked = null;

  /**
   * @param {HTMLElement} element
   * @param {(id: string) => Promise<any[]>} ask
   * @param {(words: string) => void} again is told the words of a former version that are to be the line's again
   */
  constructor(element, ask, again) {
    this.#element = element;
    this.#ask = ask;
    this.#again = again;
  }

  /**
   * Show the history of a line.
   * @param {import("./lines.js").Line} line
   */
  show(line) {
    clearTimeout(this.#timer);
    if (line.id !== this.#asked) this.#element.hidden = true;
    this.#asked = line.id;
    this.#timer = setTimeout(() => this.#fetch(line), PAUSE);
  }

  /** @param {import("./lines.js").Line} line */
  async #fetch(line) {
    const entries = await this.#ask(line.id).catch(() => []);
    if (line.id !== this.#asked) return;
    this.#element.hidden = entries.length === 0;
    const language = { lang: this.#element.dataset.language, dir: this.#element.dataset.direction };
    const items = entries.map((entry) => this.#entry(entry, line, language));
    this.#element.querySelector("ol")?.replaceChildren(...items);
  }

  /**
   * @param {any} entry
   * @param {import("./lines.js").Line} line
   * @param {{lang?: string, dir?: string}} language
   */
  #entry({ by, date, how, credit = [], words = [], what = [], as_of: address }, line, language) {
    const kinds = { gone: "del", new: "ins" };
    const changed = words.flatMap((/** @type {string[]} */ [kind, text]) => [
      kinds[kind] ? made(kinds[kind], {}, text) : text,
      " ",
    ]);
    const said = words.filter((/** @type {string[]} */ [kind]) => kind !== "gone").map((/** @type {string[]} */ [, text]) => text).join(" ");
    const isOther = said !== "" && line.turns.length === 1 && said.split(/\s+/).join(" ") !== line.text.split(/\s+/).join(" ");
    const back = isOther && made("button", { type: "button", class: "quietly" }, "use these words");
    if (back) back.addEventListener("click", () => this.#again(said));
    return made(
      "li", {},
      made("p", { class: "ui" }, made("b", {}, made("bdi", {}, by ?? "Somebody")), " ", dated(date), how ? ` · ${how}` : ""),
      credit.length > 0 && made("p", { class: "ui" }, "Suggested by ", made("bdi", {}, credit.join(", "))),
      words.length > 0 && made("p", language, ...changed),
      ...what.map((/** @type {string} */ each) => made("p", {}, made("bdi", {}, each))),
      ownAddress(address) && made("a", { class: "quietly", href: address }, "as it then stood"),
      back && " ",
      back,
    );
  }
}

/** Nothing leads elsewhere but to a page of this site. @param {unknown} address */
function ownAddress(address) {
  return typeof address === "string" && /^\/(?!\/)/.test(address);
}

/** @param {string} date as ISO 8601 has it */
function dated(date) {
  const moment = new Date(date);
  if (Number.isNaN(moment.getTime())) return String(date ?? "");
  const isToday = moment.toDateString() === new Date().toDateString();
  const form = isToday ? { timeStyle: "short", hourCycle: "h23" } : { dateStyle: "long" };
  return moment.toLocaleString("en-GB", /** @type {Intl.DateTimeFormatOptions} */ (form));
}
