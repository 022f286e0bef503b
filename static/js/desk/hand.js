/**
 * Shows the line in hand: its words large, who says them, what is doubtful in them, and which word is in hand. There is
 * one such element; it is put in the place of one line after another.
 */

import { clock } from "../playback/timecode.js";
import { doubtAt, turnsOf } from "./lines.js";
import { made, say } from "./made.js";
import { Readings } from "./readings.js";
import { Speakers } from "./speakers.js";
import { turnAt, wordAt, wordsBetween, wordsOf } from "./words.js";

/** @typedef {import("./lines.js").Line} Line */
/** @typedef {{first: number, last: number}} InHand words of the line, both included */

const CAN_GROW = CSS.supports("field-sizing", "content");

export class Hand {
  element;
  #language;
  #typed;
  #said;
  #time;
  #how;
  #word;
  #speakers;
  #readings;
  /** @type {Line | null} */
  line = null;
  /** @type {InHand} */
  words = { first: 0, last: 0 };
  #number = 0;
  /** @type {HTMLTextAreaElement | null} what is typed into, while it is */
  field = null;
  #turn = 0;

  /**
   * @param {HTMLElement} element
   * @param {{lang: string, dir: string}} language of the words
   * @param {{typed: (turn: number, text: string) => void, do: (operation: object) => void,
   *   kept: (id: string, turn: number) => string | null}} tell
   */
  constructor(element, language, tell) {
    this.element = element;
    this.#language = language;
    this.#typed = tell;
    this.#said = element.querySelector(".said");
    this.#time = element.querySelector(".one > .time");
    this.#how = element.querySelector(".mode .how");
    this.#word = element.querySelector(".mode .word");
    this.#speakers = new Speakers(element.querySelector(".speakers"), (speaker) =>
      tell.do({ do: "speaker", id: this.line.id, turn: this.turn, speaker }),
    );
    this.#readings = new Readings(element.querySelector(".variants"), (operation) =>
      tell.do({ ...operation, id: this.line.id }),
    );
    element.setAttribute("role", "listitem");
    element.setAttribute("aria-current", "true");
    this.#said.addEventListener("click", (event) => this.#click(event));
    this.#said.addEventListener("input", () => this.#input());
    this.#said.addEventListener("focusin", (event) => this.#focus(event));
    document.addEventListener("selectionchange", () => this.#caretMoved());
    addEventListener("resize", () => this.#grow());
  }

  get isTyping() {
    return this.field !== null;
  }

  /** The turn in which the word in hand is. */
  get turn() {
    return this.field ? this.#turn : turnAt(turnsOf(this.line), this.words.first).turn;
  }

  /** The words in hand, as they are written. */
  get text() {
    return wordsBetween(this.#shown.join("\n"), this.words.first, this.words.last);
  }

  get count() {
    return this.#shown.reduce((sum, text) => sum + wordsOf(text).length, 0);
  }

  /** The text of each turn as it is shown: what is typed, though the server may not have it yet. */
  get #shown() {
    return turnsOf(this.line).map(({ text }, turn) =>
      this.field && turn === this.#turn ? this.field.value : this.#typed.kept(this.line.id, turn) ?? text,
    );
  }

  /** @param {{name: string, label: string}[]} speakers */
  set speakers(speakers) {
    this.#speakers.list(speakers);
    if (this.line) this.#speakers.show(turnsOf(this.line)[this.turn]?.speaker ?? null);
  }

  /**
   * Show a line, or the same one as it is now.
   * @param {Line} line
   * @param {number} number its place in the list, from 1
   * @param {boolean} [isOther] whether what is typed gives way: it was undone, or the line is another
   */
  show(line, number, isOther = line.id !== this.line?.id) {
    const isNew = line.id !== this.line?.id;
    this.line = line;
    this.#number = number;
    this.element.setAttribute("aria-label", `Line ${number.toLocaleString("en")}, in hand`);
    if (isNew) this.words = { first: 0, last: 0 };
    this.#bound();
    say(this.#time, line.start === null ? "¶" : `${line.approximate ? "~" : ""}${clock(line.start)}`);
    if (this.field && !isOther) return this.#showAround();
    const wasTyping = this.field !== null;
    const at = this.field?.selectionStart ?? 0;
    const hadFocus = this.#said.contains(document.activeElement);
    this.field = null;
    this.#print();
    if (wasTyping && !isNew) this.type(Math.min(at, turnsOf(line)[this.#turn]?.text.length ?? 0), this.#turn);
    else if (hadFocus) this.focus();
  }

  /** Have no line in hand. */
  drop() {
    this.element.hidden = true;
    this.element.classList.remove("typing");
    this.field = null;
    this.line = null;
  }

  /**
   * Tell whether what is typed into is what the line says, but for spaces, or waits to be sent.
   * @param {Line} line
   */
  isAsTyped(line) {
    if (!this.field || this.#typed.kept(line.id, this.#turn) !== null) return true;
    const said = (/** @type {string} */ text) => wordsOf(text).map(({ from, to }) => text.slice(from, to)).join(" ");
    return said(this.field.value) === said(turnsOf(line)[this.#turn]?.text ?? "");
  }

  /** Let the words have the focus, so that keys are heard and a screen reader reads the line. */
  focus() {
    const shown = this.field ?? this.#said.querySelectorAll(".words")[this.turn];
    shown?.focus({ preventScroll: true });
  }

  /**
   * Go into the text of a turn.
   * @param {number} [at] where the cursor is to be; else before the word in hand
   * @param {number} [turn]
   */
  type(at, turn = this.turn) {
    if (this.field) return;
    const { text } = turnsOf(this.line)[turn] ?? { text: "" };
    const inTurn = turnAt(turnsOf(this.line), this.words.first);
    const place = at ?? wordsOf(text)[inTurn.turn === turn ? inTurn.word : 0]?.from ?? 0;
    const field = /** @type {HTMLTextAreaElement} */ (
      made("textarea", { class: "words", rows: 1, "aria-label": this.#name(turn), "aria-describedby": "desk-mode", ...this.#language })
    );
    field.value = this.#typed.kept(this.line.id, turn) ?? text;
    this.#said.querySelectorAll(".words")[turn].replaceWith(made("div", { class: "typed" }, field));
    this.field = field;
    this.#turn = turn;
    this.element.classList.add("typing");
    this.#grow();
    field.focus({ preventScroll: true });
    field.setSelectionRange(place, place);
    this.#showAround();
  }

  /** Leave the text; the words stay as they were typed. */
  leave() {
    if (!this.field) return;
    this.#caretMoved();
    this.field = null;
    this.#print();
    this.focus();
  }

  /**
   * Take words of the line in hand.
   * @param {number} first
   * @param {number} [last]
   */
  takeWords(first, last = first) {
    this.words = { first, last };
    this.#bound();
    if (!this.field) this.#mark();
    this.#showAround();
  }

  /** Where the cursor is in the line's text, or the word in hand begins. */
  get offset() {
    const all = wordsOf(this.line.text);
    if (!this.field) return all[this.words.first]?.from ?? 0;
    const inTurn = wordsOf(this.field.value);
    const at = this.field.selectionStart;
    const before = inTurn.findLastIndex(({ from }) => from <= at);
    if (before < 0) return all[this.#before()]?.from ?? 0;
    const { from, to } = inTurn[before];
    const word = this.#before() + before;
    return at < to ? (all[word]?.from ?? 0) + at - from : all[word + 1]?.from ?? this.line.text.length;
  }

  #before() {
    const others = turnsOf(this.line).slice(0, this.#turn);
    return others.reduce((sum, { text }) => sum + wordsOf(text).length, 0);
  }

  #bound() {
    const last = Math.max(this.count - 1, 0);
    this.words = { first: Math.min(this.words.first, last), last: Math.min(this.words.last, last) };
  }

  /** @param {number} turn */
  #name(turn) {
    const turns = turnsOf(this.line);
    const speaker = turns[turn]?.speaker;
    const part = turns.length > 1 ? `, turn ${turn + 1} of ${turns.length}` : "";
    return `Words of line ${this.#number.toLocaleString("en")}${part}${speaker ? `, ${speaker}` : ""}`;
  }

  #print() {
    const turns = turnsOf(this.line);
    const printed = turns.flatMap(({ speaker }, turn) => {
      const words = made("p", {
        ...{ class: "words", role: "textbox", tabindex: 0, "aria-readonly": "true", "aria-multiline": "true" },
        ...{ "aria-label": this.#name(turn), "aria-describedby": "desk-mode", "data-turn": turn, ...this.#language },
      });
      return turns.length > 1 ? [made("p", { class: "speaker" }, made("bdi", {}, speaker ?? "Speaker not known")), words] : [words];
    });
    this.#said.replaceChildren(...printed);
    this.element.classList.remove("typing");
    this.#mark();
    this.#showAround();
  }

  /** Write the words with their marks; the elements that hold them stay, and keep the focus. */
  #mark() {
    let before = 0;
    this.#shown.forEach((text, turn) => {
      const isSaved = text === (turnsOf(this.line)[turn]?.text ?? text);
      this.#said.querySelectorAll(".words")[turn].replaceChildren(...this.#marked(text, before, isSaved));
      before += wordsOf(text).length;
    });
  }

  /**
   * Give the text of a turn with the marks of its words; where it is not the server's yet, with none but the word in hand.
   * @param {string} text
   * @param {number} before how many words the turns before it have
   * @param {boolean} isSaved
   */
  #marked(text, before, isSaved) {
    const { doubts, doubtful } = this.line;
    const marks = [{ ...this.words, kind: "now" }];
    if (isSaved) {
      marks.push(...doubts.map(({ first, last, doubtful: is }) => ({ first, last, kind: is ? "doubt" : "variant" })));
      marks.push(...doubtful.map((word) => ({ first: word, last: word, kind: "unsure" })));
    }
    const words = wordsOf(text);
    const nodes = [];
    let shown = 0;
    words.forEach(({ from, to }, index) => {
      const word = before + index;
      const over = marks.filter(({ first, last }) => first <= word && word <= last);
      if (!over.length) return;
      const kinds = over.flatMap(({ kind, last }) => (last === word ? [kind, `${kind}-ends`] : [kind]));
      nodes.push(text.slice(shown, from), made("span", { class: kinds.join(" ") }, text.slice(from, to)));
      shown = to;
      const on = over.filter(({ last }) => last > word).map(({ kind }) => kind);
      if (!on.length || !words[index + 1]) return;
      shown = words[index + 1].from;
      nodes.push(made("span", { class: on.join(" ") }, text.slice(to, shown)));
    });
    nodes.push(text.slice(shown));
    return nodes;
  }

  #showAround() {
    const { first, last } = this.words;
    const count = this.count;
    const doubt = doubtAt(this.line, first, last);
    const isDoubtful = doubt?.doubtful || this.line.doubtful.includes(first);
    const place = first === last ? `Word ${first + 1}` : `Words ${first + 1} to ${last + 1}`;
    say(this.#word, count ? `${place} of ${count}${isDoubtful ? ", doubtful" : ""}` : "No words yet");
    say(this.#how, this.field ? "Esc to leave the text" : "Enter to type in the line");
    this.#speakers.show(turnsOf(this.line)[this.turn]?.speaker ?? null);
    this.#readings.show(this.line, this.words);
  }

  /** @param {Event} event */
  #focus({ target }) {
    const turn = Number(/** @type {HTMLElement} */ (target).dataset?.turn);
    if (this.field || Number.isNaN(turn) || turn === this.turn) return;
    const before = turnsOf(this.line).slice(0, turn).reduce((sum, { text }) => sum + wordsOf(text).length, 0);
    this.takeWords(before);
  }

  /** A click goes into the text where it is. @param {MouseEvent} event */
  #click(event) {
    const words = /** @type {HTMLElement} */ (event.target).closest("p.words");
    if (!(words instanceof HTMLElement) || !getSelection()?.isCollapsed) return;
    const selection = getSelection();
    const range = new Range();
    range.selectNodeContents(words);
    if (selection?.anchorNode && words.contains(selection.anchorNode)) range.setEnd(selection.anchorNode, selection.anchorOffset);
    this.leave();
    this.type(range.toString().length, Number(words.dataset.turn));
  }

  #input() {
    if (!this.field) return;
    this.#grow();
    this.#typed.typed(this.#turn, this.field.value);
  }

  /** Let the field be as high as its text, and its place as high as the field. */
  #grow() {
    if (!this.field) return;
    if (!CAN_GROW) {
      this.field.style.blockSize = "auto";
      this.field.style.blockSize = `${this.field.scrollHeight}px`;
    }
    this.field.parentElement.style.blockSize = `${this.field.offsetHeight}px`;
  }

  #caretMoved() {
    if (!this.field || document.activeElement !== this.field) return;
    const { selectionStart, selectionEnd, value } = this.field;
    const words = wordsOf(value);
    const first = wordAt(words, selectionStart);
    const last = selectionEnd > selectionStart ? wordAt(words, selectionEnd - 1) : first;
    const before = this.#before();
    if (this.words.first === before + first && this.words.last === before + last) return;
    this.words = { first: before + first, last: before + last };
    this.#showAround();
  }
}
