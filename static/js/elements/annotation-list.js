/** <annotation-list>: marks the notes that belong to now, and leads from one annotated moment to the next. */

import { indexAt, spansAt, stepFrom } from "../transcript/cues.js";
import { bringIntoView } from "../transcript/scrolling.js";
import { ask, seekByLink } from "./requests.js";

/**
 * @typedef {{id: string, element: HTMLElement, pointers: Element[], start: number, end: number}} Note `pointers` are its
 *   link in the list and its mark on the timeline
 */

export class AnnotationList extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {Note[]} in order of time */
  #notes = [];
  /** Where the notes of now change. */
  #borders = new Float64Array();
  #interval = -1;
  /** @type {Set<Note>} */
  #current = new Set();

  connectedCallback() {
    this.#player = this.closest("recording-player[data-playable]");
    if (!this.#player) return;
    this.#notes = notesOf(this.#player);
    this.#borders = Float64Array.from(new Set(this.#notes.flatMap(({ start, end }) => [start, end]))).sort();
    this.#listen(this.#player);
    if (this.#player.heard !== undefined) this.#show(this.#player.heard);
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#mark(new Set());
    this.#interval = -1;
  }

  /** @param {Event} event */
  handleEvent(event) {
    switch (event.type) {
      case "timechange":
        this.#show(/** @type {CustomEvent} */ (event).detail.heard);
        break;
      case "noterequest":
        this.#step(/** @type {CustomEvent} */ (event).detail.step);
        break;
      case "click":
        this.#open(/** @type {MouseEvent} */ (event));
        break;
    }
  }

  /** @param {HTMLElement} player */
  #listen(player) {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    player.addEventListener("timechange", this, { signal });
    player.addEventListener("noterequest", this, { signal });
    this.addEventListener("click", this, { signal });
  }

  /** @param {number} now */
  #show(now) {
    const interval = indexAt(this.#borders, now);
    if (interval === this.#interval) return;
    this.#interval = interval;
    this.#mark(new Set(spansAt(this.#notes, now).map((index) => this.#notes[index])));
  }

  /** @param {Set<Note>} current */
  #mark(current) {
    for (const note of this.#current) if (!current.has(note)) this.#toggle(note, false);
    for (const note of current) if (!this.#current.has(note)) this.#toggle(note, true);
    this.#current = current;
  }

  /**
   * @param {Note} note
   * @param {boolean} isNow
   */
  #toggle({ element, pointers }, isNow) {
    for (const each of [element, ...pointers]) each.toggleAttribute("data-now", isNow);
    for (const link of pointers.filter((each) => each.matches("a"))) {
      if (isNow) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** @param {number} step */
  #step(step) {
    const notes = this.#notes.filter(isOffered);
    const index = stepFrom(notes.map(({ start }) => start), this.#player.heard, step);
    if (index < 0) return;
    ask(this, "seekrequest", { ms: notes[index].start });
    bringIntoView(placeOf(notes[index]));
  }

  /** @param {MouseEvent} event */
  #open(event) {
    const link = seekByLink(event);
    const note = this.#notes.find(({ id }) => id === link?.dataset.note);
    if (!note) return;
    // Only going there makes it the target, which is what unfolds it.
    location.replace(`#${note.element.id}`);
    bringIntoView(note.element);
  }
}

/**
 * Tell whether the reader has left its kind in the list.
 * @param {Note} note
 */
function isOffered({ pointers }) {
  return pointers.every((pointer) => !pointer.matches("a") || pointer.checkVisibility());
}

/**
 * Give where a note is seen: where it is folded away, its line.
 * @param {Note} note
 * @returns {Element}
 */
function placeOf({ element }) {
  return element.checkVisibility() ? element : document.getElementById(element.id.replace("note-", "mark-")) ?? element;
}

/**
 * @param {Element} player
 * @returns {Note[]}
 */
function notesOf(player) {
  const pointers = [...player.querySelectorAll("[data-note]")];
  return [...player.querySelectorAll("aside.note[data-start]")]
    .map((element) => noteOf(element, pointers))
    .sort((one, other) => one.start - other.start);
}

/**
 * @param {HTMLElement} element
 * @param {HTMLElement[]} pointers of all notes
 * @returns {Note}
 */
function noteOf(element, pointers) {
  const id = element.id.replace(/^note-/, "");
  return {
    id,
    element,
    pointers: pointers.filter(({ dataset }) => dataset.note === id),
    start: Number(element.dataset.start),
    end: Number(element.dataset.end),
  };
}
