/**
 * <selection-bar>: offers what can be done with selected words: hear them once or again and again, quote, link to, or
 * cite them, make them a clip, or collect them; of words that are not timed, what needs no time. It stands near them, covers none of them, moves neither page nor sound, and goes when
 * the selection goes. Tab leads from the text to it, Shift+Tab and Escape lead back. A passage of lines that are named
 * is selected too; while its other end is still to be named, Tab goes on through the text. Words are copied from the page
 * as they were said.
 */

import { add } from "../clips/collecting.js";
import { isLoopOf } from "../clips/clip-ends.js";
import { addressOf, fragment } from "../playback/timecode.js";
import { copy, copyWords, say } from "../quoting/copying.js";
import { LineEnds } from "../quoting/line-ends.js";
import { placeCited, placeOf, remarksOn } from "../quoting/passage-place.js";
import { quotation } from "../quoting/quotation.js";
import { extentOf, isTranslated, selectedParts, wordsOf } from "../quoting/selected-words.js";
import { uncheckedLabel } from "../quoting/unchecked.js";
import { SpokenLines } from "../transcript/spoken-lines.js";
import { saidIn, voicesIn } from "../transcript/words.js";
import { goAlong, stand, stopAt } from "./bar.js";
import { CiteDialog } from "./citation-list.js";
import { ask, tell } from "./requests.js";

/**
 * @typedef {import("../transcript/words.js").Span} Span
 * @typedef {import("../quoting/selected-words.js").Part} Part
 */

const READER = ["change", "copy", "keydown", "pointercancel", "pointerdown", "pointerup", "selectionchange"];
// Until a selection has come to rest.
const REST = 200;
// Where the system's own menu stands at the selected words, or no room is beside them.
const SMALL = "(pointer: coarse), (width < 48rem)";

export class SelectionBar extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLElement | null} */
  #player = null;
  /** @type {HTMLElement | null} what is shown and hidden */
  #bar = null;
  /** @type {CiteDialog | null} */
  #dialog = null;
  /** @type {Element[]} */
  #said = [];
  /** @type {Map<Element, string | null>} */
  #voices = new Map();
  /** @type {LineEnds | null} */
  #ends = null;
  /** @type {Part[]} what is selected */
  #parts = [];
  /** @type {import("../quoting/passage-place.js").Place | null} where that is; null where nothing is selected */
  #place = null;
  /** @type {import("../playback/timecode.js").Passage | null} */
  #loop = null;
  /** @type {HTMLElement | null} where the focus was */
  #opener = null;
  #isPressed = false;
  #resting = 0;
  #frame = 0;

  connectedCallback() {
    this.#player = this.closest("recording-player");
    this.#bar = this.querySelector(".selection");
    if (!this.#player || !this.#bar) return;
    this.#said = saidIn(this.#player);
    this.#voices = voicesIn(this.#player);
    this.#dialog = new CiteDialog(this.querySelector("dialog"));
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#dialog.start(signal);
    this.#ends = new LineEnds(this.#player, new SpokenLines(this.#player), (missing) => this.#expect(missing));
    this.#ends.start(signal);
    for (const type of READER) document.addEventListener(type, this, { signal });
    for (const type of ["resize", "scroll"]) addEventListener(type, this, { signal, passive: true });
    for (const type of ["clipchange", "passagechange"]) this.#player.addEventListener(type, this, { signal });
    for (const type of ["click", "focusin", "mousedown"]) this.#bar.addEventListener(type, this, { signal });
    this.#waitForRest(); // for what is selected already
  }

  disconnectedCallback() {
    this.#leaving.abort();
    clearTimeout(this.#resting);
    cancelAnimationFrame(this.#frame);
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "change": // of what is shown
      case "selectionchange":
        return this.#waitForRest();
      case "pointerdown":
        this.#isPressed = event.pointerType === "mouse";
        break;
      case "pointerup":
      case "pointercancel":
        this.#isPressed = false;
        break;
      case "mousedown":
        // A press takes neither the selection nor the focus away; but who copies by hand needs both.
        if (!event.target.closest("textarea")) event.preventDefault();
        break;
      case "click":
        return this.#press(event.target.closest("button"));
      case "focusin":
      case "resize":
      case "scroll":
        return this.#standSoon();
      case "clipchange":
        if (event.detail.span) this.#hide();
        break;
      case "passagechange":
        this.#loop = event.detail.passage?.loop ? event.detail.passage : null;
        return this.#showLoop();
      case "keydown":
        return this.#key(event);
      case "copy":
        return copyWords(event, this.#player.querySelector(".transcript"), this.#said, this.#voices);
    }
  }

  get #isShown() {
    return !this.#bar.hidden;
  }

  /** Times say nothing of a sound that the transcript was not timed to. */
  get #isTimed() {
    return this.#player.hasAttribute("data-highlight") || !this.#player.hasAttribute("data-playable");
  }

  /** When the words are said; null where nobody knows. @returns {Span | null} */
  get #span() {
    return this.#place?.span ?? null;
  }

  #waitForRest() {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#rest(), REST);
  }

  /**
   * Lines are being named: what they make is shown, even where it is what was selected before.
   * @param {string} missing why nothing will be selected; "" where something will
   */
  #expect(missing) {
    this.#parts = [];
    if (missing) this.#announce(missing);
    else this.#waitForRest();
  }

  /** The selection has come to rest, or will when the button is let go. */
  #rest() {
    if (this.#isPressed) return this.#waitForRest();
    // A field to copy from takes the selection, and so may the citation; both give it back.
    // It keeps it for a while when the reader goes on to another button.
    const isInField = this.#bar.contains(getSelection()?.anchorNode ?? null);
    if (isInField || this.#dialog.isOpen || this.#bar.querySelector(":is(input, textarea):focus")) return;
    const parts = selectedParts(this.#said).filter(({ said }) => this.#isTimed || isUntimed(said));
    if (isSame(parts, this.#parts)) return;
    this.#parts = parts;
    this.#place = parts.length ? placeOf(parts, this.#player) : null;
    tell(this.#player, "selectionspanchange", { span: this.#span });
    // A line that is timed and lasts no time has nothing to be selected for.
    if (this.#span || parts.some(({ said }) => isUntimed(said))) this.#show();
    else this.#hide();
  }

  #show() {
    const place = placeCited(this.#place);
    const remarks = remarksOn(this.#place);
    this.#bar.hidden = false;
    for (const button of this.#bar.querySelectorAll(".once, .again, .make-clip, .collect")) {
      /** @type {HTMLElement} */ (button).hidden = !this.#span;
    }
    /** @type {HTMLElement} */ (this.#bar.querySelector(".by-hand")).hidden = true;
    say(this.#bar, "");
    this.#bar.querySelector(".times").textContent = [place, ...remarks.map(([brief]) => brief)].filter(Boolean).join(" · ");
    this.#showLoop();
    if (!this.#bar.contains(document.activeElement)) stopAt(this.#bar);
    this.#stand();
    const named = this.#ends.settle(this.#parts);
    const selected = `Words ${place ? `${this.#span ? "from" : "on"} ${place} ` : ""}are selected.`;
    const told = [selected, ...remarks.map(([, sentence]) => sentence), "Press Tab to reach what you can do with them."];
    this.#announce(named || told.join(" "));
  }

  /** @param {string} text */
  #announce(text) {
    this.querySelector(".announced").textContent = text;
  }

  #hide() {
    if (!this.#isShown) return;
    if (this.#bar.contains(document.activeElement)) this.#goBack();
    this.#bar.hidden = true;
    this.#announce("");
  }

  #showLoop() {
    this.#bar.querySelector(".again")?.setAttribute("aria-pressed", String(this.#isLooping));
  }

  get #isLooping() {
    return isLoopOf(this.#loop, this.#span);
  }

  #standSoon() {
    if (!this.#isShown || this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      // Where lines are being named, what they make is not known yet.
      if (this.#isShown && this.#parts.length) this.#stand();
    });
  }

  #stand() {
    const extent = extentOf(this.#parts);
    const isInView = extent.bottom > 0 && extent.top < innerHeight;
    if (matchMedia(SMALL).matches) stand(this.#bar, extent, ["flow", "head", "foot"]);
    // Out of view with the words, it comes back with them.
    else if (!isInView && !this.#bar.contains(document.activeElement)) stand(this.#bar, extent, ["away"]);
    else stand(this.#bar, extent, ["above", "below", "flow", "head", "foot"]);
  }

  /** @param {HTMLElement | null} button */
  #press(button) {
    if (!button || !this.#place) return;
    stopAt(this.#bar, button);
    if (button.matches(".once")) ask(this, "passagerequest", { ...this.#span });
    else if (button.matches(".again")) ask(this, "looprequest", this.#isLooping ? {} : { ...this.#span });
    else if (button.matches(".copy-quote")) this.#copy("Quote", this.#quotation);
    else if (button.matches(".copy-link")) this.#copy("Link", this.#address);
    else if (button.matches(".cite")) this.#cite();
    else if (button.matches(".make-clip")) this.#makeClip();
    else if (button.matches(".collect")) this.#collect();
  }

  /**
   * @param {string} what
   * @param {string} text
   */
  async #copy(what, text) {
    await copy(this.#bar, what, text);
    this.#standSoon();
  }

  get #quotation() {
    return quotation({
      said: wordsOf(this.#parts, this.#voices, true),
      place: placeCited(this.#place),
      title: [this.#player.dataset.title, this.dataset.version].filter(Boolean).join(", "),
      notice: [this.dataset.notice, this.#unchecked && `${this.#unchecked}.`, this.#credit].filter(Boolean).join(" "),
      // The words may be others one day; where they are quoted, these are to be found.
      address: this.#address.replace("#", `${this.dataset.at ?? ""}#`),
    });
  }

  /** Where the words are: a passage, or the first line of those that are not timed. */
  get #address() {
    if (this.#span) return addressOf(this.#player, this.#span);
    return `${this.#player.dataset.address}#${this.#parts[0].said.closest(".cue").id}`;
  }

  /** What is told of a machine's words; "" where they are not. */
  get #unchecked() {
    return uncheckedLabel(this.#parts.map(({ said }) => said));
  }

  /** Whose the translation is, where it is what is quoted. */
  get #credit() {
    if (!this.#parts.some(isTranslated)) return "";
    const { translation } = /** @type {HTMLElement} */ (this.#parts[0].words).dataset;
    const credit = this.#player.querySelector(`.translator[data-translation="${translation}"] > p`);
    return credit?.textContent.trim() ?? "";
  }

  #cite() {
    const { span, lines, pages, isApproximate } = this.#place;
    const passage = span ? `t=${fragment(span.start)},${fragment(span.end)}` : "";
    const named = !span || pages || isApproximate ? `line=${lines}` : "";
    const address = `${this.dataset.cite}${this.dataset.cite.includes("?") ? "&" : "?"}${[passage, named].filter(Boolean).join("&")}`;
    this.#dialog.open(address, placeCited(this.#place) || "what is selected");
  }

  #collect() {
    say(this.#bar, add(`${this.#player.dataset.slug}@${fragment(this.#span.start)},${fragment(this.#span.end)}`));
    this.#standSoon();
  }

  #makeClip() {
    if (this.#bar.contains(document.activeElement)) this.#goBack();
    ask(this, "cliprequest", { ...this.#span, focus: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!this.#isShown || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (target.closest("dialog[open]")) return;
    const isInside = this.#bar.contains(target);
    const isInText = target === document.body || target.closest("main, [data-passage-edge]") !== null;
    if (event.key === "Escape" && (isInside || isInText)) {
      event.preventDefault();
      this.#ends.forget();
      this.#hide();
    } else if (event.key === "Tab" && !event.shiftKey && isInText && !this.#ends.isHalf) {
      event.preventDefault();
      this.#enter(target);
    } else if (event.key === "Tab" && event.shiftKey && isInside) {
      event.preventDefault();
      this.#goBack();
    } else if (isInside && !event.shiftKey) {
      goAlong(this.#bar, event);
    }
  }

  /** @param {HTMLElement} from */
  #enter(from) {
    this.#opener = from === document.body ? null : from;
    /** @type {HTMLElement} */ (this.#bar.querySelector("button[tabindex='0']")).focus({ preventScroll: true });
  }

  /** The focus goes to where it was; where that was nowhere, to the line of the words. */
  #goBack() {
    const line = this.#parts[0]?.said.closest(".cue")?.querySelector(".time");
    const place = this.#opener?.isConnected ? this.#opener : line;
    /** @type {HTMLElement | undefined} */ (place)?.focus({ preventScroll: true });
  }
}

/** @param {Element} said */
function isUntimed(said) {
  return !said.closest("[data-start]");
}

/**
 * @param {Part[]} some
 * @param {Part[]} others
 */
function isSame(some, others) {
  return some.length === others.length && some.every(({ words, from, to }, index) => {
    const other = others[index];
    return words === other.words && from === other.from && to === other.to;
  });
}
