/** Does what a key or a button asks for. */

import { doubtAt, doubtfulIn, isUnheard, turnsOf, wordStart } from "./lines.js";
import { counted } from "./made.js";
import { turnAt, wordsOf } from "./words.js";

/** What <desk-sound> does. */
const OF_SOUND = new Set([
  ...["play", "play-on", "start-here", "end-here", "earlier", "later", "edge", "loop", "slow", "snap", "tap"],
]);
/** What the list of suggestions does, and the search. */
const OF_SUGGESTIONS = new Set(["suggestions", "accept"]);
const OF_SEARCH = new Set(["look", "next-hit", "previous-hit"]);
const UNINTELLIGIBLE = "[unintelligible]";
const TEN = 10;

/** Count letters as the server does: one of two halves counts once. @param {string} text */
const lettersIn = (text) => [...text].length;

export class Deeds {
  #desk;

  /** @param {import("./desk-text.js").DeskText} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** @param {{does: string, by?: number}} asked */
  do({ does, by }) {
    const { hand, lines, index, conflict } = this.#desk;
    if ([OF_SOUND, OF_SUGGESTIONS, OF_SEARCH].some((each) => each.has(does))) return document.dispatchEvent(new CustomEvent("desk:ask", { detail: { what: does, by } }));
    const anywhere = {
      "previous-line": () => this.#go(index - 1),
      "next-line": () => this.#go(index + 1),
      "ten-back": () => this.#go(Math.max(index - TEN, 0)),
      "ten-on": () => this.#go(Math.min(index + TEN, lines.length - 1)),
      "first-line": () => this.#go(0),
      "last-line": () => this.#go(lines.length - 1),
      "next-unheard": () => this.#unheard(),
      "next-doubtful": () => this.#doubtful(),
      undo: () => this.#undo(),
      redo: () => this.#redo(),
      write: () => this.#desk.write(),
      keys: () => this.#desk.keys.open(),
      new: () => this.#new(),
    }[does];
    if (anywhere) return anywhere();
    if (!hand.line) return;
    if (conflict.isShown) return does === "speaker" && conflict.choose(by);
    return {
      "previous-word": () => this.#word(-1),
      "next-word": () => this.#word(1),
      "fewer-words": () => this.#stretch(-1),
      "more-words": () => this.#stretch(1),
      type: () => hand.type(),
      leave: () => this.#leave(),
      speaker: () => this.#speaker(by),
      speakers: () => hand.element.querySelector(".speakers input:checked")?.focus(),
      "another-speaker": () => this.#desk.forms.speaker((name) => this.#speak(name)),
      doubt: () => this.#doubt(),
      variant: () => this.#variant(),
      unintelligible: () => this.#unintelligible(),
      note: () => this.#note(),
      heard: () => this.#heard(),
      split: () => this.#split(),
      join: () => this.#join(),
      remove: () => this.#desk.perform({ do: "remove", id: hand.line.id }, "The line is removed. Undo brings it back."),
    }[does]?.();
  }

  /** Take back the last step; what was typed in the line in hand and refused is later than any. */
  async #undo() {
    const { hand, server, index, lines } = this.#desk;
    const refused = server.refused.filter(({ id }) => id === hand.line?.id || lines.indexOf(id) < 0);
    const { can_undo, back } = this.#desk.told;
    if (!refused.length && !can_undo && back) return this.#offer("back", back);
    if (!refused.length) return this.#desk.perform({ do: "undo" }, "Undone.");
    hand.leave();
    for (const typed of refused) await server.settle(typed, false);
    this.#desk.refuse("");
    this.#desk.take(index, { isAnew: true });
    this.#desk.tell("Undone.");
  }

  #redo() {
    const { can_redo, again } = this.#desk.told;
    if (!can_redo && again) return this.#offer("again", again);
    return this.#desk.perform({ do: "redo" }, "Done again.");
  }

  /**
   * Offer to take back what was written, or to bring back what was taken back; the same key once more does it.
   * @param {"back" | "again"} does
   * @param {{version: number, date: string, count: number}} written
   */
  #offer(does, { version, date, count }) {
    const { forms, hand, standing } = this.#desk;
    const given = async () => {
      const done = await this.#desk.perform({ do: does });
      standing.said = done?.notes?.join(" ") ?? "";
      standing.show();
      return done !== null;
    };
    if (!hand.line) return given();
    const when = new Date(date).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", hourCycle: "h23" });
    const what = does === "back" ? ["Take back what you wrote", "Take it back"] : ["Bring back what you took back", "Bring it back"];
    forms.offer(
      `${what[0]} on ${when}?`,
      `It is version ${version}, ${counted(count, "line")}. Lines that somebody has changed since stay as they are, and so do notes. Nothing is lost: it is a change like any other, in the archive once you write it.`,
      what[1],
      given,
    );
    this.#desk.tell(`${what[0]} on ${when}, version ${version}, ${counted(count, "line")}? The same key does it, Escape leaves it.`);
  }

  /** @param {number} index */
  #go(index) {
    const { lines } = this.#desk;
    if (index < 0) return this.#desk.tell("This is the first line.");
    if (index >= lines.length) return this.#desk.tell("This is the last line.");
    this.#desk.take(index);
    if (!this.#desk.conflict.isShown) this.#desk.hand.focus();
  }

  #unheard() {
    const { lines, index } = this.#desk;
    const place = lines.next(index, isUnheard);
    if (place < 0) return this.#desk.tell("No line is left that nobody has heard.");
    this.#desk.take(place, { isFar: true });
    this.#desk.hand.focus();
  }

  #doubtful() {
    const { lines, index, hand } = this.#desk;
    const here = hand.line ? doubtfulIn(hand.line).find((word) => word > hand.words.first) : undefined;
    const place = here === undefined ? lines.next(index, (line) => doubtfulIn(line).length > 0) : index;
    if (place < 0) return this.#desk.tell("No word is doubtful.");
    this.#desk.take(place, { isFar: true, word: here ?? doubtfulIn(lines.at(place))[0] });
    hand.focus();
    this.#tellWord();
  }

  /** @param {number} step */
  #word(step) {
    const { hand, lines, index } = this.#desk;
    const word = (step < 0 ? hand.words.first : hand.words.last) + step;
    if (word >= 0 && word < hand.count) hand.takeWords(word);
    else if (lines.at(index + step)) {
      this.#desk.take(index + step);
      hand.takeWords(step < 0 ? hand.count - 1 : 0);
      hand.focus();
    }
    this.#tellWord();
  }

  /** @param {number} step */
  #stretch(step) {
    const { hand } = this.#desk;
    const { first, last } = hand.words;
    hand.takeWords(first, Math.min(Math.max(last + step, first), hand.count - 1));
    this.#tellWord();
  }

  #tellWord() {
    const { hand } = this.#desk;
    const doubt = doubtAt(hand.line, hand.words.first, hand.words.last);
    this.#desk.tell(`${hand.text}${doubt?.doubtful ? ", doubtful" : ""}`);
  }

  #leave() {
    this.#desk.hand.leave();
    this.#desk.server.flush();
  }

  /** @param {number} number */
  #speaker(number) {
    const { told, hand } = this.#desk;
    if (number > told.speakers.length) return this.#desk.refuse(`There is no speaker ${number}.`);
    const speaker = number ? told.speakers[number - 1] : null;
    return this.#desk.perform(
      { do: "speaker", id: hand.line.id, turn: hand.turn, speaker: speaker?.name ?? null },
      `Speaker: ${speaker ? (speaker.label ?? speaker.name) : "not known"}.`,
    );
  }

  /** @param {string} name */
  async #speak(name) {
    const { hand } = this.#desk;
    return (await this.#desk.perform({ do: "speaker", id: hand.line.id, turn: hand.turn, speaker: name }, `Speaker: ${name}.`)) !== null;
  }

  #doubt() {
    const { hand } = this.#desk;
    const { line, words, text } = hand;
    const there = doubtAt(line, words.first, words.last);
    const { first, last } = there ?? words;
    const on = !there?.doubtful;
    return this.#desk.perform({ do: "doubt", id: line.id, first, last, on }, on ? `Doubtful: ${text}.` : `Not doubtful any more: ${text}.`);
  }

  #variant() {
    const { hand, language } = this.#desk;
    const { id } = hand.line;
    const { first, last } = doubtAt(hand.line, hand.words.first, hand.words.last) ?? hand.words;
    hand.takeWords(first, last);
    this.#desk.forms.reading(hand.text, language, async (text, by) => {
      return (await this.#desk.perform({ do: "variant", id, first, last, text, by }, `Another reading: ${text}.`)) !== null;
    });
  }

  async #unintelligible() {
    const { hand, server } = this.#desk;
    await server.flush();
    const { line, words } = hand;
    const place = turnAt(turnsOf(line), words.first);
    const { text } = turnsOf(line)[place.turn];
    const own = wordsOf(text);
    const last = Math.min(words.last - place.before, own.length - 1);
    const [from, to] = own.length ? [own[place.word].from, own[Math.max(last, place.word)].to] : [0, 0];
    const after = text.slice(0, from) + UNINTELLIGIBLE + text.slice(to);
    return this.#desk.perform({ do: "words", id: line.id, turn: place.turn, text: after }, "Unintelligible.");
  }

  #note() {
    const { hand, told, forms } = this.#desk;
    const { line, words, count } = hand;
    const start = wordStart(line, words.first);
    const end = words.last + 1 < count ? wordStart(line, words.last + 1) : line.end;
    const isPart = start !== null && end !== null && end > start && !(words.first === 0 && words.last === count - 1);
    const as = `desk-note:${this.#desk.dataset.address} ${encodeURIComponent(told.by)} ${line.id}`;
    forms.note({ words: isPart ? hand.text : null, kinds: told.kinds, sources: told.sources, as }, async (note) => {
      const on = note.isOnWords ? { start, end } : { id: line.id };
      const { kind, text, sources } = note;
      return (await this.#desk.perform({ do: "note", ...on, kind, text, sources }, "The note is kept.")) !== null;
    });
  }

  #heard() {
    const { hand, told } = this.#desk;
    const on = !hand.line.heard.some(({ name }) => name === told.by);
    return this.#desk.perform({ do: "heard", id: hand.line.id, on }, on ? "Heard." : "Not heard.");
  }

  async #split() {
    const { hand, server, playhead } = this.#desk;
    await server.flush();
    const { line, offset, isTyping, words } = hand;
    if (offset <= 0 || offset >= line.text.length) {
      return this.#desk.refuse("A line is split before the word in hand: take a later word with W, or put the cursor there.");
    }
    const isWithin = line.start !== null && line.start < playhead.time && playhead.time < line.end;
    const isKnown = wordStart(line, words.first) !== null;
    const time = isWithin && !isKnown && !isTyping ? Math.round(playhead.time) : null;
    const at = lettersIn(line.text.slice(0, offset));
    const done = await this.#desk.perform({ do: "split", id: line.id, at, time }, "The line is split.");
    if (done && isTyping) hand.type(0, 0);
  }

  #join() {
    const { hand, lines, index } = this.#desk;
    if (!lines.at(index + 1)) return this.#desk.refuse("This is the last line: there is none to join it to.");
    return this.#desk.perform({ do: "join", id: hand.line.id }, "The lines are joined.");
  }

  /** A new line takes the time between this one and the next, where there is any. */
  async #new() {
    const { hand, lines, index } = this.#desk;
    const { line } = hand;
    const from = line?.end ?? null;
    const to = lines.at(index + 1)?.start ?? null;
    const isRoom = from !== null && to !== null && to > from;
    const times = isRoom ? { start: from, end: to } : { start: null, end: null };
    const speaker = line ? (turnsOf(line).at(-1)?.speaker ?? null) : null;
    const done = await this.#desk.perform({ do: "new", after: line?.id ?? null, ...times, speaker, text: "…" }, "A new line.");
    if (!done) return;
    hand.type();
    hand.field?.select(); // what is typed takes the place of what only stands for it
  }
}
