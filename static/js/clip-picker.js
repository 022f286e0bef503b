/**
 * <clip-picker>: offers the selected words, a line, or what lies between two moments as a clip. Selecting never moves
 * the page or the sound; the bar stands where it does not cover what is selected.
 */

import { ClipLines } from "./clip-lines.js";
import { commandFor, moved } from "./clip-span.js";
import { hashOf, passageIn } from "./fragment.js";
import { isPlain } from "./links.js";
import { ask, tell } from "./requests.js";
import { display, fragment } from "./timecode.js";

/** @typedef {import("./clip-span.js").Span} Span */

const TOLD = ["cliprequest", "durationchange", "passagechange", "click"];
const READER = ["keydown", "pointercancel", "pointerdown", "pointerup", "selectionchange"];
const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]";
// Until a selection has come to rest.
const REST = 200;
// How far a moment or a clip goes where no words say it.
const STEP = 100;
const LINE = 1_000;
const SHORT = 5_000;
/** @type {Map<string, [number, boolean]>} */
const STEPS = new Map([
  ["ArrowLeft", [-1, false]], ["ArrowDown", [-1, false]], ["ArrowRight", [1, false]], ["ArrowUp", [1, false]],
  ["PageDown", [-1, true]], ["PageUp", [1, true]],
]);

export class ClipPicker extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {ClipLines | null} */
  #lines = null;
  /** @type {Span | null} */
  #span = null;
  /** @type {import("./fragment.js").Passage | null} */
  #loop = null;
  #duration = Infinity;
  /** @type {Element | null} where the focus was */
  #opener = null;
  #isHeld = false;
  #isUntouched = false;
  #resting = 0;

  connectedCallback() {
    this.#player = this.closest("recording-player[data-playable]");
    if (!this.#player) return;
    this.#duration = Number(this.#player.dataset.duration ?? Infinity);
    const isInStep = this.#player.hasAttribute("data-highlight");
    this.#lines = new ClipLines(isInStep ? this.#player : document.createElement("div"));
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of TOLD) this.#player.addEventListener(type, this, { signal });
    for (const type of READER) document.addEventListener(type, this, { signal });
    this.addEventListener("focusin", this, { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
    clearTimeout(this.#resting);
    this.#lines?.paint(null);
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "cliprequest":
        return this.#answer(event.detail);
      case "durationchange":
        this.#duration = event.detail.ms;
        break;
      case "passagechange":
        this.#loop = event.detail.passage?.loop ? event.detail.passage : null;
        return this.#show();
      case "click":
        return this.contains(event.target) ? this.#press(event.target) : this.#openLink(event);
      case "focusin":
        this.#isUntouched = false;
        break;
      case "keydown":
        return this.#key(event);
      case "pointerdown":
        this.#isHeld = event.pointerType === "mouse";
        if (this.closest(".transport")?.contains(event.target)) this.#isUntouched = false;
        break;
      case "pointerup":
      case "pointercancel":
        this.#isHeld = false;
        break;
      case "selectionchange":
        clearTimeout(this.#resting);
        this.#resting = setTimeout(() => this.#rest(), REST);
        break;
    }
  }

  get #isOpen() {
    return this.#span !== null;
  }

  /** The selection has come to rest, or will when the button is let go. */
  #rest() {
    if (this.#isHeld) {
      this.#resting = setTimeout(() => this.#rest(), REST);
      return;
    }
    const span = this.#lines.selected();
    if (span) this.#open(span);
    else if (this.#isUntouched) this.#close();
    if (span && !this.contains(document.activeElement)) this.#isUntouched = true;
  }

  /** @param {{edge?: "start" | "end", start?: number, end?: number}} detail */
  #answer({ edge, start, end }) {
    if (edge) this.#setEdge(edge);
    else if (start !== undefined && end !== undefined) this.#open({ start, end });
    else this.#toggle();
  }

  #toggle() {
    if (this.#isOpen && !this.#isUntouched) return this.#close();
    if (!this.#isOpen) this.#open(this.#lines.selected() ?? this.#lines.at(this.#player.heard) ?? this.#around());
    this.#enter();
  }

  /** A short passage from now on, or up to the end. */
  #around() {
    const start = Math.max(Math.min(this.#player.now, this.#duration - SHORT), 0);
    return { start, end: Math.min(start + SHORT, this.#duration) };
  }

  /** @param {"start" | "end"} edge that is to be at this moment */
  #setEdge(edge) {
    const { now } = this.#player;
    const { start, end } = this.#span ?? this.#lines.at(now) ?? this.#around();
    if (edge === "start") this.#open({ start: now, end: end > now ? end : Math.min(now + SHORT, this.#duration) });
    else this.#open({ start: start < now ? start : Math.max(now - SHORT, 0), end: now });
  }

  /** @param {MouseEvent} event */
  #openLink(event) {
    /** @type {HTMLAnchorElement | null} */
    const link = /** @type {Element} */ (event.target).closest("a.cut");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    const { start, end } = passageIn(new URL(link.href).search);
    this.#open({ start, end });
    this.#enter();
  }

  /** @param {Span} span */
  #open(span) {
    if (span.end <= span.start) return this.#say("A clip needs a start before its end.");
    this.#span = span;
    this.hidden = false;
    this.#isUntouched = false;
    this.#show();
    this.#stand(this.#lines.paint(span));
    tell(this.#player, "clipchange", { span });
  }

  #enter() {
    this.#opener = document.activeElement;
    /** @type {HTMLElement} */ (this.querySelector(".listen")).focus({ preventScroll: true });
  }

  #close() {
    if (!this.#isOpen) return;
    if (this.#isLooping) ask(this, "looprequest", {});
    const hadFocus = this.contains(document.activeElement);
    this.#span = null;
    this.hidden = true;
    this.#isUntouched = false;
    this.#lines.paint(null);
    tell(this.#player, "clipchange", { span: null });
    if (hadFocus && this.#opener instanceof HTMLElement) this.#opener.focus({ preventScroll: true });
  }

  /**
   * Stand at the foot of the window; but where that would cover what is selected, at its head.
   * @param {Range[]} ranges
   */
  #stand(ranges) {
    this.removeAttribute("data-head");
    const transport = this.closest(".transport");
    if (!transport || !ranges.length || getComputedStyle(transport).position !== "sticky") return;
    const { height } = this.getBoundingClientRect();
    const { top } = transport.getBoundingClientRect();
    const boxes = ranges.flatMap((range) => [...range.getClientRects()]).filter((box) => box.top < top + height);
    const isCovered = boxes.some((box) => box.bottom > top);
    this.toggleAttribute("data-head", isCovered && boxes.every((box) => box.top > height || box.bottom < 0));
  }

  #show() {
    if (!this.#span) return;
    const { start, end } = this.#span;
    for (const edge of this.querySelectorAll("[role=spinbutton]")) {
      const moment = this.#span[/** @type {HTMLElement} */ (edge).dataset.edge];
      edge.textContent = display(moment);
      edge.setAttribute("aria-valuenow", String(moment));
      edge.setAttribute("aria-valuetext", display(moment));
    }
    this.querySelector(".length").textContent = `${fragment(end - start)} s`;
    this.querySelector(".listen").setAttribute("aria-pressed", String(this.#isLooping));
    const isTooLong = end - start > Number(this.dataset.longest);
    for (const link of this.querySelectorAll("a[data-address]")) {
      const { address } = /** @type {HTMLElement} */ (link).dataset;
      /** @type {HTMLElement} */ (link).hidden = isTooLong;
      link.setAttribute("href", `${address}?t=${fragment(start)},${fragment(end)}`);
    }
    this.#say(isTooLong ? "Too long to be cut here; the command makes it." : "");
  }

  get #isLooping() {
    return this.#loop?.start === this.#span?.start && this.#loop?.end === this.#span?.end;
  }

  /** @param {Element} target */
  #press(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("button"));
    if (!button) return;
    if (button.matches(".close")) this.#close();
    else if (button.matches(".listen")) ask(this, "looprequest", this.#isLooping ? {} : { ...this.#span });
    else if (button.matches(".copy-link")) this.#copy("Link", `${location.origin}${location.pathname}${hashOf(this.#span)}`);
    else if (button.matches(".copy-command")) this.#copy("Command", this.#command);
    else if (button.dataset.step) this.#move(button.dataset.edge, Number(button.dataset.step), false);
  }

  get #command() {
    return commandFor(this.#player.dataset.slug, this.dataset.name, this.#span);
  }

  /**
   * @param {string} what
   * @param {string} text
   */
  async #copy(what, text) {
    const field = /** @type {HTMLInputElement} */ (this.querySelector(".by-hand input"));
    const label = /** @type {HTMLElement} */ (this.querySelector(".by-hand"));
    label.hidden = true;
    this.#say("");
    try {
      await navigator.clipboard.writeText(text); // not there on a page that came by plain HTTP
      this.#say(`${what} copied.`);
    } catch {
      label.hidden = false;
      field.value = text;
      field.focus();
      field.select();
      this.#say("The browser does not let the page copy; copy it from here.");
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {Element} */ (event.target);
    if (!this.#isOpen || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape" && (this.contains(target) || !target.closest(FIELDS))) {
      event.preventDefault();
      this.#close();
    } else if (this.contains(target) && target.matches("[role=spinbutton]") && STEPS.has(event.key)) {
      event.preventDefault();
      const [step, isByLine] = STEPS.get(event.key);
      this.#move(/** @type {HTMLElement} */ (target).dataset.edge, step, isByLine);
    }
  }

  /**
   * Move an end of the clip to the next or previous word, or line.
   * @param {string} edge start or end
   * @param {number} step 1 or -1
   * @param {boolean} isByLine
   */
  #move(edge, step, isByLine) {
    const wasLooping = this.#isLooping;
    const moments = this.#momentsOf(edge, isByLine);
    const moment = moments.length
      ? moved(moments, this.#span[edge], step)
      : Math.min(Math.max(this.#span[edge] + step * (isByLine ? LINE : STEP), 0), this.#duration);
    if (moment === null || moment > this.#duration) return;
    const span = { ...this.#span, [edge]: moment };
    if (span.end <= span.start) return;
    this.#span = span;
    if (wasLooping) ask(this, "looprequest", span);
    this.#show();
    this.#lines.paint(span);
    tell(this.#player, "clipchange", { span });
  }

  /**
   * @param {string} edge
   * @param {boolean} isByLine
   */
  #momentsOf(edge, isByLine) {
    const { lineStarts, lineEnds, starts, ends } = this.#lines;
    if (edge === "start") return isByLine ? lineStarts : starts;
    return isByLine ? lineEnds : ends;
  }

  /** @param {string} text */
  #say(text) {
    const told = this.querySelector(".told");
    if (told && told.textContent !== text) told.textContent = text;
  }
}
