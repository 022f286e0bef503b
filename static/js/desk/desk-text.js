/** <desk-text>: the lines of a transcript, one of them in hand, and what is done to it; static/js/desk/ has its parts. */

import { recall, remember } from "../elements/memory.js";
import { Clashes } from "./clashes.js";
import { ConflictView } from "./conflict.js";
import { Deeds } from "./deeds.js";
import { Forms } from "./forms.js";
import { Hand } from "./hand.js";
import { LineHistory } from "./history.js";
import { Kept } from "./kept.js";
import { KeySheet } from "./key-sheet.js";
import { askedBy, askedInText } from "./keys.js";
import { Lines } from "./lines.js";
import { LineList } from "./list.js";
import { say } from "./made.js";
import { RefusedError, Server } from "./server.js";
import { Standing } from "./standing.js";

/** @typedef {import("./server.js").Operation} Operation */
/** @typedef {import("./server.js").Answer} Answer */

/** So often another tab's changes, and another person's, are asked for, in milliseconds. */
const OFTEN = 5000;
/** Keys that are heard although single keys are off: they do nothing by chance. */
const ALWAYS = new Set(["type", "leave", "write"]);

export class DeskText extends HTMLElement {
  lines = new Lines();
  index = 0;
  /** @type {any} what the server told beside the lines */
  told = { speakers: [], kinds: [], sources: [], conflicts: [] };
  playhead = { time: 0, is_playing: false };
  /** Whether the recording is not there any more. */
  isGone = false;
  /** @type {LineList | null} */
  #list = null;
  /** @type {Deeds | null} */
  #deeds = null;

  connectedCallback() {
    const { address, token, language, direction, by } = this.dataset;
    this.language = { lang: language, dir: direction };
    this.kept = new Kept(`${address} ${encodeURIComponent(by)}`);
    this.server = new Server(address, token, this.kept, {
      answered: (answer, operation) => this.#answered(answer, operation),
      clashed: ({ operation, line, answer }) => {
        this.#apply(answer);
        const { unwritten, can_undo, can_redo, saved, aside, back, again } = answer;
        this.#note({ unwritten, can_undo, can_redo, saved, aside, back, again });
        this.clashes.add(operation, line, this.hand.line?.id);
        this.take(this.index);
      },
      refused: (what) => this.refuse(what),
      changed: () => this.standing.show(),
    });
    this.standing = new Standing(this);
    this.clashes = new Clashes(this);
    this.forms = new Forms(this.querySelector(".asking"), () => this.hand.focus());
    this.conflict = new ConflictView(this.querySelector(".conflict"), this.language, (which, conflict) =>
      this.clashes.choose(which, conflict),
    );
    const historyPlace = this.querySelector(".history");
    Object.assign(historyPlace.dataset, { language, direction });
    this.history = new LineHistory(historyPlace, (id) => this.server.history(id), (words) =>
      this.perform({ do: "words", id: this.hand.line.id, turn: 0, text: words }),
    );
    this.hand = new Hand(this.querySelector(".hand"), this.language, {
      typed: (turn, text) => this.server.type(this.hand.line, turn, text),
      do: (operation) => this.perform(operation),
      kept: (id, turn) => this.kept.of(id, turn)?.text ?? null,
    });
    this.#deeds = new Deeds(this);
    this.keys = new KeySheet(this.querySelector("dialog"), this.querySelector(".base .keys"), (asked) => this.#deeds.do(asked));
    this.#listen();
    this.#begin();
  }

  #listen() {
    document.addEventListener("keydown", (event) => this.#press(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.hand.element.addEventListener("beforeinput", (event) => {
      const does = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
      if (!does || event.target !== this.hand.field) return;
      event.preventDefault();
      this.#deeds.do({ does });
    });
    document.addEventListener("desk:operation", ({ detail }) => this.perform(detail.operation));
    document.addEventListener("desk:take", ({ detail }) => this.takeLine(detail.id));
    document.addEventListener("desk:tell", ({ detail }) => this.tell(detail.text));
    document.addEventListener("desk:playing", ({ detail }) => this.#played(detail));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.server.flush() : this.catchUp()));
    addEventListener("beforeunload", (event) => this.kept.size && !this.kept.isKept && event.preventDefault());
    setInterval(() => !document.hidden && this.catchUp(), OFTEN);
  }

  async #begin() {
    const waiting = this.querySelector(".waiting");
    for (const each of [waiting, this.querySelector(".base")]) each.hidden = false;
    let told;
    try {
      told = await this.server.begin();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.refuse(error.message);
      if (!error.status) setTimeout(() => this.#begin(), OFTEN);
      return;
    }
    waiting.hidden = true;
    this.refuse("");
    this.#show(told);
    this.server.flush();
  }

  /** Show everything anew. @param {any} told */
  #show(told) {
    const { lines, ...rest } = told;
    const id = this.hand.line?.id ?? (/^#(?:cue-)?(.+)$/.exec(location.hash)?.[1] || recall(`desk-line:${this.dataset.address}`));
    this.#note(rest);
    this.lines = new Lines(lines);
    this.#list?.end();
    this.#list = new LineList(this.querySelector(".lines"), this.lines, this.hand.element, this.language);
    this.take(Math.max(this.lines.indexOf(id), 0), { isFar: true });
  }

  /** @param {any} told what the server told beside the lines */
  #note(told) {
    const { speakers } = this.told;
    for (const [name, value] of Object.entries(told)) if (value !== undefined && name !== "splices") this.told[name] = value;
    if (JSON.stringify(speakers) !== JSON.stringify(this.told.speakers)) this.hand.speakers = this.told.speakers;
    this.standing.show();
  }

  /**
   * Take a line in hand.
   * @param {number} index
   * @param {{isFar?: boolean, word?: number, isAnew?: boolean}} [how] `isFar` brings it to the middle of the window,
   *   or its words into it where the whole is taller than that; `isAnew` shows the words as the server has them
   */
  take(index, { isFar = false, word, isAnew = false } = {}) {
    const line = this.lines.at(Math.min(Math.max(index, 0), this.lines.length - 1));
    const { element } = this.hand;
    if (!line) return this.standing.showNone();
    element.hidden = false;
    this.index = this.lines.indexOf(line.id);
    const isOther = line.id !== this.hand.line?.id;
    const focused = /** @type {HTMLElement | null} */ (element.contains(document.activeElement) ? document.activeElement : null);
    const hadFocus = focused !== null || document.activeElement === document.body;
    if (isOther) {
      this.forms.close();
      this.hand.leave();
      this.server.flush();
    }
    this.#list.take(line);
    this.hand.show(line, this.index + 1, isOther || isAnew || !this.hand.isAsTyped(line));
    if (word !== undefined) this.hand.takeWords(word);
    const wasTorn = this.conflict.isShown;
    this.clashes.show(line.id);
    if (hadFocus) this.#focus(focused, wasTorn);
    if (isOther) {
      for (const each of [element, element.querySelector(".said")]) each.scrollIntoView({ block: isFar && each === element ? "center" : "nearest" });
      remember(`desk-line:${this.dataset.address}`, line.id);
    }
    this.history.show(line);
    this.standing.show();
    const detail = { line, word: this.hand.words.first, next: this.lines.at(this.index + 1), previous: this.lines.at(this.index - 1) };
    document.dispatchEvent(new CustomEvent("desk:line", { detail }));
  }

  /** @param {string} id */
  takeLine(id) {
    const index = this.lines.indexOf(id);
    if (index >= 0) this.take(index);
  }

  /**
   * @param {HTMLElement | null} focused what had the focus in the line that was in hand
   * @param {boolean} wasTorn
   */
  #focus(focused, wasTorn) {
    if (this.conflict.isShown) {
      if (!wasTorn || !focused?.isConnected) this.conflict.focus();
    } else if (focused?.isConnected && focused.matches("button, input, select, textarea, [role=slider]")) {
      focused.focus({ preventScroll: true });
    } else this.hand.focus();
  }

  /**
   * Have the server do something to the lines; what it refuses is shown.
   * @param {Operation} operation
   * @param {string} [said] what is told when it is done
   * @returns {Promise<Answer | null>}
   */
  async perform(operation, said) {
    try {
      const answer = await this.server.perform(operation);
      this.refuse("");
      this.tell([said, ...(answer.notes ?? [])].filter(Boolean).join(" "));
      return answer;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.refuse(error.message);
      document.dispatchEvent(new CustomEvent("desk:refused", { detail: { operation, what: error.message } }));
      return null;
    }
  }

  /**
   * @param {Answer} answer
   * @param {Operation} operation
   */
  #answered({ state: _, splices = [], lines, select, notes: __, ...rest }, operation) {
    this.standing.said = "";
    this.#apply({ splices, lines }, this.#isOnHand(operation) ? (select ?? null) : null);
    this.#note(rest);
    if (operation.do === "words") this.refuse("");
    document.dispatchEvent(new CustomEvent("desk:done", { detail: { operation, splices, select } }));
  }

  /**
   * Tell whether the line in hand is to follow an operation: who has gone on to another line meanwhile stays there.
   * @param {Operation} operation
   */
  #isOnHand({ do: does, id, after }) {
    if (does === "words") return false;
    return ["undo", "redo", "back", "again"].includes(does) || (id ?? after ?? undefined) === this.hand.line?.id || !this.hand.line;
  }

  /**
   * Put into the list what the server has put there, and keep a line in hand.
   * @param {{splices?: import("./lines.js").Splice[], lines?: import("./lines.js").Line[]}} told all lines, where it does
   *   not know what has changed
   * @param {string | null} [select] the line to take in hand
   */
  #apply({ splices = [], lines }, select = null) {
    if (lines) return this.#show({ lines });
    if (!splices.length) return select && this.takeLine(select);
    this.#hear(splices);
    const inHand = this.hand.line?.id;
    let successor = select;
    for (const splice of splices) {
      if (this.lines.apply(splice).at < 0) return this.#reload();
      this.#list.apply([splice]);
      if (!successor && splice.old.includes(inHand) && splice.new.length) successor = splice.new[0].id;
    }
    const stays = this.lines.indexOf(select ?? inHand ?? "");
    this.take(stays >= 0 ? stays : this.lines.indexOf(successor ?? "") >= 0 ? this.lines.indexOf(successor) : this.index);
  }

  /** List whoever speaks for the first time. @param {import("./lines.js").Splice[]} splices */
  #hear(splices) {
    const known = new Set(this.told.speakers.map(({ name }) => name));
    const turns = splices.flatMap((splice) => splice.new).flatMap((line) => line.turns);
    const others = [...new Set(turns.map(({ speaker }) => speaker))].filter((name) => name && !known.has(name));
    if (others.length) this.#note({ speakers: [...this.told.speakers, ...others.map((name) => ({ name, label: name }))] });
  }

  /** Ask for everything again: the server's list is not what was thought. */
  async #reload() {
    try {
      this.#show(await this.server.begin());
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.refuse(error.message);
    }
  }

  /** Ask for what another has done since; after a choice, for the conflicts that are left. */
  async catchUp() {
    if (!this.#list) return;
    try {
      const told = await this.server.since();
      this.isGone = false;
      if (!told) return this.standing.show();
      this.#apply({ lines: told.lines, splices: told.splices });
      this.#note({ ...told, lines: undefined });
      this.clashes.show(this.hand.line?.id);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.status) this.refuse(error.message);
      this.isGone = error.status === 404;
      this.standing.show();
    }
  }

  /**
   * Write to the archive what has been changed.
   * @param {boolean} [isAgain] whether what others have changed was asked for just now
   */
  async write(isAgain = false) {
    if (this.clashes.count) return this.clashes.next();
    try {
      const told = await this.server.write();
      await this.catchUp();
      if (told?.conflicts) this.#note({ conflicts: told.conflicts });
      if (this.clashes.count) return this.clashes.next();
      if (!told && !isAgain) return this.write(true);
      if (!told) return this.refuse("Nothing was written: others are changing the transcript. Look at it, and write again.");
      this.refuse("");
      const { can_undo, can_redo, aside, back, again } = told;
      this.#note({ can_undo, can_redo, aside, back, again, unwritten: 0 });
      this.standing.wrote(told);
      this.history.show(this.hand.line);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.refuse(`Nothing was written: ${error.message}`);
    }
  }

  /** @param {string} text */
  tell(text) {
    if (text) say(this.querySelector(".told"), text);
  }

  /** Show what went wrong; "" for nothing any more. @param {string} what */
  refuse(what) {
    say(this.querySelector(".fault"), what || this.standing.lost);
    this.standing.show();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const isTyped = this.hand.field !== null && event.target === this.hand.field;
    const asked = isTyped ? askedInText(event) : askedBy(event);
    if (!asked || !this.#list) return;
    if (!isTyped && !this.keys.areOn && !event.ctrlKey && !event.metaKey && !ALWAYS.has(asked.does)) return;
    event.preventDefault();
    this.#deeds.do(asked);
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    const pressed = /** @type {HTMLElement} */ (target);
    const does = /** @type {HTMLElement | null} */ (pressed.closest("[data-does]"))?.dataset.does;
    if (does) return this.#deeds.do({ does });
    const row = /** @type {HTMLElement | null} */ (pressed.closest(".row"));
    if (row && getSelection()?.isCollapsed) {
      this.takeLine(row.dataset.line);
      if (!this.conflict.isShown) this.hand.focus();
    }
  }

  /** @param {{time: number, is_playing: boolean, word?: number | null}} playing */
  #played(playing) {
    this.playhead = playing;
    const { words, isTyping, line } = this.hand;
    if (!playing.is_playing || isTyping || !line || words.first !== words.last || this.conflict.isShown) return;
    const { word = null } = playing;
    if (word !== null && word !== words.first) this.hand.takeWords(word);
  }
}
