/**
 * Keeps the lines of which there are two versions: those that the server found when it was to write, and those that were
 * changed elsewhere while something was typed here.
 *
 * @typedef {import("./conflict.js").Conflict} Conflict
 * @typedef {Conflict & {typed?: {id: string, turn: number, text: string}}} Clash `typed` is what waits in this browser
 */

import { difference, wordsOf } from "./words.js";

export class Clashes {
  #desk;
  /** @type {Map<string, Clash>} by the line at which it is shown */
  #here = new Map();
  /** @type {Set<string>} those that are chosen of, though an answer that is older may name them once more */
  #chosen = new Set();

  /** @param {import("./desk-text.js").DeskText} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  get count() {
    return this.#all.length;
  }

  /** @returns {Clash[]} */
  get #all() {
    const told = (this.#desk.told.conflicts ?? []).filter((/** @type {Clash} */ { id }) => !this.#chosen.has(id));
    return [...this.#here.values(), ...told];
  }

  /**
   * Keep what was typed in a line that another changed meanwhile; of other operations nothing is kept.
   * @param {import("./server.js").Operation} operation
   * @param {import("./lines.js").Line | null} theirs null where the line is gone
   * @param {string | undefined} inHand where a line that is gone is shown
   */
  add({ do: does, id, turn, text }, theirs, inHand) {
    if (does !== "words") return;
    const typed = { id: String(id), turn: Number(turn), text: String(text) };
    const voices = theirs?.turns ?? [];
    // It was sent before, by a page that did not live to hear the answer.
    if (voices[typed.turn]?.text === typed.text) return void this.#desk.server.settle(typed, false);
    // The server knew the list no more in which it was typed, but the words are still those that it was typed over.
    const { over } = this.#desk.kept.of(typed.id, typed.turn) ?? {};
    if (theirs && (voices[typed.turn]?.text ?? theirs.text) === over) return void this.#desk.server.settle(typed, true);
    const turns = voices.length ? voices.map((each, at) => (at === typed.turn ? { ...each, text: typed.text } : each)) : [{ speaker: null, text: typed.text }];
    const base = theirs ?? { start: null, end: null, words: [], heard: [], doubts: [], doubtful: [] };
    const mine = /** @type {any} */ ({ ...base, id: typed.id, turns, text: turns.map((each) => each.text).join("\n") });
    const at = theirs?.id ?? inHand ?? typed.id;
    this.#here.set(at, { id: at, mine, theirs, theirs_by: null, theirs_date: null, typed });
  }

  /** @param {Clash} clash */
  #isHomeless({ id }) {
    return this.#desk.lines.indexOf(id) < 0;
  }

  /**
   * Show the conflict of a line, or that it has none.
   * @param {string | undefined} id
   */
  show(id) {
    const all = this.#all;
    const own = all.findIndex((each) => each.id === id);
    // That of a line which is not there any more is shown at whichever is in hand: else nobody could choose.
    const at = own >= 0 ? own : all.findIndex((each) => this.#isHomeless(each));
    const { conflict, hand } = this.#desk;
    const hadFocus = hand.element.contains(document.activeElement);
    const wasTorn = conflict.isShown;
    conflict.show(all[at] ?? null, at + 1, all.length);
    hand.element.querySelector(".one").hidden = at >= 0;
    if (!hadFocus || wasTorn === conflict.isShown) return;
    // What had the focus is not there any more.
    if (conflict.isShown) conflict.focus();
    else hand.focus();
  }

  /** Take the next line in hand that waits for a choice. */
  next() {
    const { lines, index } = this.#desk;
    const ids = new Set(this.#all.map(({ id }) => id));
    const isHere = this.#all.some((each) => this.#isHomeless(each));
    const place = isHere || ids.has(lines.at(index)?.id) ? index : lines.next(index, ({ id }) => ids.has(id));
    if (place >= 0) this.#desk.take(place, { isFar: true });
    this.#desk.tell("Choose which version is to stay: 1, 2 or 3.");
  }

  /**
   * @param {"mine" | "theirs" | "both"} which
   * @param {Clash} conflict
   */
  async choose(which, conflict) {
    const { typed } = conflict;
    if (typed) await this.#settle(which, conflict);
    else {
      const { told } = this.#desk;
      // The answer shows the line as it is then, and it may be written at once.
      this.#chosen.add(conflict.id);
      const done = await this.#desk.perform({ do: "choose", id: conflict.id, which });
      this.#chosen.delete(conflict.id);
      if (!done) return this.show(conflict.id);
      told.conflicts = told.conflicts.filter((/** @type {Clash} */ { id }) => id !== conflict.id);
    }
    this.#desk.take(this.#desk.index);
    this.#desk.hand.focus();
    this.#desk.tell(which === "theirs" ? "Theirs is kept." : "Yours is kept.");
    await this.#desk.catchUp();
  }

  /**
   * @param {"mine" | "theirs" | "both"} which
   * @param {Clash} clash
   */
  async #settle(which, { id, typed, mine, theirs }) {
    this.#here.delete(id);
    const after = this.#desk.lines.indexOf(id) >= 0 ? id : (this.#desk.lines.at(this.#desk.index)?.id ?? null);
    await this.#desk.server.settle(typed, which !== "theirs" && theirs !== null);
    if (!theirs && which === "mine") {
      const { text } = typed;
      await this.#desk.perform({ do: "new", after, start: null, end: null, speaker: null, text });
    }
    const differs = which === "both" && difference(mine.text, theirs.text);
    if (!differs) return;
    // Words that only one version has are read with the word before them: a variant stands for words that there are.
    const isEmpty = ({ from, to }) => from === to;
    const before = isEmpty(differs.one) || isEmpty(differs.other) ? Math.min(1, differs.one.from) : 0;
    const words = wordsOf(theirs.text).slice(differs.other.from - before, differs.other.to);
    const last = Math.max(differs.one.to - 1, differs.one.from - before);
    const text = words.map(({ from, to }) => theirs.text.slice(from, to)).join(" ");
    if (text) await this.#desk.perform({ do: "variant", id, first: differs.one.from - before, last, text, by: null });
  }
}
