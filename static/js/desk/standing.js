/** Says how things stand: which line is in hand, what is still to be heard, what is saved, and what is not written yet. */

import { counted, say } from "./made.js";

export class Standing {
  #desk;
  #written = "";
  /** Which working copies could not be followed since the page was opened: said at the foot if nothing else is wrong. */
  lost = "";
  /** What became of the last step, where that is more than the lines show. */
  said = "";

  /** @param {import("./desk-text.js").DeskText} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** Say that there are no lines: none is in hand then. */
  showNone() {
    const { hand } = this.#desk;
    const isLost = hand.element.contains(document.activeElement) || document.activeElement === document.body;
    hand.drop();
    this.show();
    if (isLost) this.#of(".empty button").focus();
  }

  show() {
    const { lines, index, told, hand } = this.#desk;
    this.#of(".empty").hidden = lines.length > 0 || !this.#of(".waiting").hidden;
    const number = Math.min(index + 1, lines.length).toLocaleString("en");
    this.#of(".place").hidden = false;
    say(this.#of(".place"), lines.length ? `Line ${number} of ${lines.length.toLocaleString("en")}` : "There are no lines yet");
    const { unheard, doubtful } = lines;
    this.#count(".unheard", unheard, `${counted(unheard, "line")} not heard yet`);
    this.#count(".doubted", doubtful, counted(doubtful, "doubtful word"));
    this.#count(".suggested", told.suggestions ?? 0, counted(told.suggestions ?? 0, "suggestion"));
    this.#saved();
    this.#asides(told.aside ?? null);
    for (const [does, can] of [["undo", told.can_undo || told.back || this.#desk.server.refused.some(({ id }) => id === hand.line?.id)], ["redo", told.can_redo || told.again], ["join", index + 1 < lines.length]]) {
      const button = this.#desk.querySelector(`.tools [data-does="${does}"]`);
      if (can === false || can === null) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    const heard = hand.line?.heard ?? [];
    this.#desk.querySelector('[data-does="heard"]').setAttribute("aria-pressed", String(heard.some(({ name }) => name === told.by)));
  }

  /** Say what was written. @param {{version?: number, written?: number}} answer */
  wrote({ version, written = 0 }) {
    this.said = "";
    if (!written && (version ?? null) === null) this.#written = "Nothing is changed, and nothing was written";
    else this.#written = `Written to the archive: ${counted(written, "line")}${version === undefined ? "" : `, version ${version}`}`;
    this.#desk.told.saved = null;
    this.show();
  }

  #saved() {
    const { told, kept, server, clashes } = this.#desk;
    const { unwritten = 0, saved } = told;
    if (unwritten || saved) this.#written = unwritten ? "" : this.#written;
    say(this.#of(".state"), this.#state(server.isAway, kept, saved));
    const waiting = clashes?.count ?? 0;
    const isNot = `${counted(unwritten, "line is", "lines are")} not in the archive yet`;
    const waits = `${counted(waiting, "line waits", "lines wait")} for your choice`;
    say(this.#of(".unwritten"), this.#desk.isGone ? "" : waiting ? waits : unwritten ? isNot : "");
    const write = this.#of(".write");
    if (waiting || !unwritten) write.setAttribute("aria-disabled", "true");
    else write.removeAttribute("aria-disabled");
  }

  /**
   * @param {boolean} isAway
   * @param {import("./kept.js").Kept} kept
   * @param {string | null | undefined} saved
   */
  #state(isAway, kept, saved) {
    if (isAway && kept.size && !kept.isKept) return "The server does not answer, and this browser keeps nothing: do not close the page";
    if (isAway && kept.size) return "The server does not answer. What you typed is kept in this browser, and sent when it does";
    if (isAway) return "The server does not answer";
    if (this.#desk.isGone) return "The recording is not in the archive any more";
    const [refused] = this.#desk.server.refused;
    if (refused) {
      const place = this.#desk.lines.indexOf(refused.id);
      const which = place < 0 ? "A line" : `Line ${(place + 1).toLocaleString("en")}`;
      return `${which} is not saved as it was typed: change it, or undo`;
    }
    if (this.said) return this.said;
    if (this.#written) return this.#written;
    if (saved) return `Saved in the working copy, ${saved}`;
    return "Nothing is changed";
  }

  /** Say which working copies could not be followed. @param {string[] | null} asides */
  #asides(asides) {
    const place = this.#of(".asides");
    const shown = [...place.children].map(({ textContent }) => textContent);
    if (!asides || (asides.length === shown.length && asides.every((each) => shown.includes(each)))) return;
    place.replaceChildren(...asides.map(noteOf));
    this.lost = asides.filter((each) => !shown.includes(each)).join(" ");
    this.#desk.refuse("");
  }

  /** @param {string} selector @param {number} count @param {string} text */
  #count(selector, count, text) {
    const element = this.#of(selector);
    element.hidden = count === 0;
    say(element, text);
  }

  /** @param {string} selector @returns {HTMLElement} */
  #of(selector) {
    return this.#desk.querySelector(selector);
  }
}

/** @param {string} text */
function noteOf(text) {
  const note = document.createElement("p");
  note.className = "ui";
  note.setAttribute("role", "note");
  note.textContent = text;
  return note;
}
