/**
 * <clip-picker>: makes a clip of the selected words, a line, or what lies between two moments: to be heard, moved at
 * its ends, downloaded, linked to, or made by a command. It stands where it does not cover what it is about.
 */

import { add } from "../clips/collecting.js";
import { ClipEnds, ClipLines, commandFor, isLoopOf } from "../clips/clip-ends.js";
import { embedCode, offerEmbedding } from "../clips/embedding.js";
import { PassageGrips } from "../clips/passage-grips.js";
import { addressOf, display, fragment, passageIn } from "../playback/timecode.js";
import { copy, say } from "../quoting/copying.js";
import { uncheckedLabel } from "../quoting/unchecked.js";
import { stand } from "./bar.js";
import { isTypedInto } from "./keys.js";
import { ask, isPlain, tell } from "./requests.js";

/** @typedef {import("../transcript/words.js").Span} Span */

const EVENTS = ["cliprequest", "durationchange", "keyrequest", "passagechange", "replacedchange", "click"];
const REPLACED = "The sound was replaced. Load the page again to make clips of the new one.";
const TOO_LONG = "Too long to be cut here. Use the command instead.";
const CLOSED = "Part of this passage is closed, so no clip of it can be made.";
const COPIES = ".copy-link, .copy-embed, .copy-command";
const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]";

export class ClipPicker extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {ClipLines | null} */
  #lines = null;
  /** @type {ClipEnds | null} */
  #ends = null;
  /** @type {Span | null} */
  #span = null;
  /** @type {import("../playback/timecode.js").Passage | null} */
  #loop = null;
  /** @type {PassageGrips | null} */
  #grips = null;
  /** @type {Element | null} where the focus was */
  #opener = null;

  connectedCallback() {
    this.#player = this.closest("recording-player[data-playable]");
    if (!this.#player) return;
    const isInStep = this.#player.hasAttribute("data-highlight");
    this.#lines = new ClipLines(isInStep ? this.#player : document.createElement("div"));
    this.#ends = new ClipEnds(this.#lines, Number(this.#player.dataset.duration ?? Infinity));
    if (!this.querySelector(".copy-embed")) offerEmbedding(this.querySelector(".copy-link"));
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    const timeline = /** @type {HTMLElement} */ (this.#player.querySelector("time-line"));
    this.#grips = new PassageGrips(timeline, timeline.querySelector("input.position"));
    this.#grips.start(signal);
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
    document.addEventListener("keydown", this, { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#lines?.paint(null);
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "cliprequest":
        return this.#answer(event.detail ?? {});
      case "keyrequest":
        return pressAgain(event.detail);
      case "durationchange":
        this.#ends.duration = event.detail.ms;
        this.#grips.show(this.#span);
        break;
      case "replacedchange":
        return this.#show();
      case "passagechange":
        this.#loop = event.detail.passage?.loop ? event.detail.passage : null;
        return this.#show();
      case "click":
        return this.contains(event.target) ? this.#press(event.target) : this.#openLink(event);
      case "keydown":
        return this.#key(event);
    }
  }

  get #isOpen() {
    return this.#span !== null;
  }

  get #isLooping() {
    return isLoopOf(this.#loop, this.#span);
  }

  /** @param {{edge?: "start" | "end", start?: number, end?: number, focus?: boolean}} request */
  #answer({ edge, start, end, focus = false }) {
    const { now } = this.#player;
    if (edge) return this.#open(this.#ends.withEdge(this.#span ?? this.#ends.around(now), edge, now), !this.#isOpen);
    if (start !== undefined && end !== undefined) {
      this.#open({ start, end }, focus || !this.#isOpen);
      if (focus) this.#enter();
    } else if (this.#isOpen) {
      this.#close();
    } else {
      this.#open(this.#lines.selected() ?? this.#ends.around(this.#player.heard));
      this.#enter();
    }
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

  /**
   * @param {Span} span
   * @param {boolean} [isOther] than the one whose ends were moved: the bar looks for its place
   */
  #open({ start, end }, isOther = true) {
    // A line may end after the sound.
    const span = { start, end: Math.min(end, this.#ends.duration) };
    if (span.end <= span.start) return say(this, "A clip must start before it ends.");
    this.hidden = false;
    const ranges = this.#change(span);
    if (isOther && ranges.length) this.#stand(ranges);
  }

  /**
   * @param {Span} span
   * @returns {Range[]} its words
   */
  #change(span) {
    const wasLooping = this.#isOpen && this.#isLooping;
    this.#span = span;
    if (wasLooping && !this.#isLooping) ask(this, "looprequest", span);
    this.#show();
    tell(this.#player, "clipchange", { span });
    this.#grips.show(span);
    const ranges = this.#lines.paint(span);
    const told = /** @type {HTMLElement | null} */ (this.querySelector(".unchecked"));
    if (told) told.hidden = !uncheckedLabel(ranges.map(({ startContainer }) => startContainer.parentElement));
    return ranges;
  }

  /** @param {Range[]} ranges */
  #stand(ranges) {
    const [first, last] = [ranges[0], ranges[ranges.length - 1]].map((range) => range.getBoundingClientRect());
    stand(this, { top: first.top, bottom: last.bottom }, ["flow", "head", "foot"]);
  }

  #enter() {
    if (!this.#isOpen) return;
    if (!this.contains(document.activeElement)) this.#opener = document.activeElement;
    const listen = /** @type {HTMLElement} */ (this.querySelector(".listen"));
    listen.focus({ preventScroll: true });
    // Where the window is low the transport does not stay in it.
    listen.scrollIntoView({ block: "nearest" });
  }

  #close() {
    if (!this.#isOpen) return;
    if (this.#isLooping) ask(this, "looprequest", {});
    const hadFocus = this.contains(document.activeElement);
    this.#span = null;
    this.hidden = true;
    this.#lines.paint(null);
    tell(this.#player, "clipchange", { span: null });
    this.#grips.show(null);
    if (hadFocus && this.#opener instanceof HTMLElement) this.#opener.focus({ preventScroll: true });
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
    const isReplaced = this.#player.hasAttribute("data-replaced");
    const isClosed = closedIn(this.#player).some((closed) => closed.start < end && start < closed.end);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(COPIES))) {
      button.hidden = isReplaced || (isClosed && button.matches(".copy-command"));
    }
    for (const link of this.querySelectorAll("a[data-address]")) {
      const { address, more = "" } = /** @type {HTMLElement} */ (link).dataset;
      /** @type {HTMLElement} */ (link).hidden = isTooLong || isReplaced || isClosed;
      link.setAttribute("href", `${address}?t=${fragment(start)},${fragment(end)}&v=${this.dataset.version}${more}`);
    }
    say(this, isReplaced ? REPLACED : isClosed ? CLOSED : isTooLong ? TOO_LONG : "");
  }

  /** @param {Element} target */
  #press(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("button"));
    if (!button) return;
    const { edge, step } = button.dataset;
    if (button.matches(".close")) this.#close();
    else if (button.matches(".listen")) ask(this, "looprequest", this.#isLooping ? {} : { ...this.#span });
    else if (button.matches(".copy-link")) copy(this, "Link", addressOf(this.#player, this.#span));
    else if (button.matches(".copy-embed")) copy(this, "Embed code", embedCode(this.#player.dataset, this.#span));
    else if (button.matches(".collect")) say(this, add(`${this.#player.dataset.slug}@${fragment(this.#span.start)},${fragment(this.#span.end)}`));
    else if (button.matches(".copy-command")) copy(this, "Command", this.#command);
    else if (step) this.#move(this.#ends.moved(this.#span, /** @type {"start" | "end"} */ (edge), Number(step), false));
  }

  get #command() {
    return commandFor(this.#player.dataset.slug, this.dataset.name, this.dataset.suffix, this.#span);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!this.#isOpen || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape" && !target.closest("dialog[open]") && (this.contains(target) || !target.closest(FIELDS))) {
      event.preventDefault();
      this.#close();
    } else if (this.contains(target) && target.matches("[role=spinbutton]") && this.#ends.isKey(event.key)) {
      event.preventDefault();
      this.#move(this.#ends.byKey(this.#span, /** @type {"start" | "end"} */ (target.dataset.edge), event.key));
    }
  }

  /** @param {Span | null} span null where there is no further to go */
  #move(span) {
    if (span) this.#change(span);
  }
}

/**
 * List the passages that are closed.
 * @param {HTMLElement} player
 * @returns {Span[]}
 */
function closedIn({ dataset }) {
  const spans = dataset.closed?.split(" ") ?? [];
  return spans.map((span) => span.split("-").map(Number)).map(([start, end]) => ({ start, end }));
}

/**
 * Press a key again that waited while the clip was loading, where the focus is now. A browser does nothing by itself
 * with a press that a script sends.
 * @param {Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "repeat">} press
 */
function pressAgain({ key, code, shiftKey, repeat }) {
  const target = /** @type {HTMLElement} */ (document.activeElement ?? document.body);
  const again = new KeyboardEvent("keydown", { key, code, shiftKey, repeat, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(again)) return;
  if (isTypedInto(target)) type(key);
  else if (key === "Tab") neighbour(target, shiftKey ? -1 : 1)?.focus();
  else if (!repeat && isPressedBy(target, key)) target.click();
}

/** @param {string} key */
function type(key) {
  if (key === "Backspace") document.execCommand("delete");
  else if ([...key].length === 1) document.execCommand("insertText", false, key);
}

/**
 * @param {HTMLElement} target
 * @param {string} key
 */
function isPressedBy(target, key) {
  return (key === "Enter" && target.matches("button, a[href]")) || (key === " " && target.matches("button"));
}

/**
 * @param {HTMLElement} target
 * @param {number} step 1 or -1
 * @returns {HTMLElement | undefined} what Tab leads to within the clip that is open
 */
function neighbour(target, step) {
  const all = [...(target.closest("clip-picker")?.querySelectorAll("button, a[href], [tabindex='0']") ?? [])]
    .filter((each) => each.getClientRects().length > 0);
  return /** @type {HTMLElement | undefined} */ (all[all.indexOf(target) + step]);
}
