/**
 * Brings the parts of the page that a reader needs only once they do something: search, selected words, clips. Without
 * them the page is there sooner; they come with the reader's first movement, or at once for a reader of the large line.
 *
 * What is asked of them until they are there is asked again then. The search field is opened and typed into at once: it
 * stands on the page, and only its Enter waits. A clip that is asked for takes the focus, so that the keys that follow
 * are meant for it: they wait too, in their order, and do nothing else meanwhile. Escape gives the keys back.
 */

import { fieldOf, foldField, leaveField, openField, queryIn, toggleField } from "../search/field.js";
import { isTypedInto } from "./keys.js";
import { lateSheet } from "./late-sheet.js";
import { recall } from "./memory.js";
import { ask, isPlain, tell } from "./requests.js";

// Of the keys that print nothing, those that a part of the page may answer.
const NAMED = [
  "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "Backspace", "End", "Enter", "Escape", "Home", "PageDown", "PageUp", "Tab",
];
const SIGNS = ["click", "focusin", "keydown", "pointerdown", "pointermove", "selectionchange", "touchstart", "wheel"];
// What is kept from doing what it does by itself.
const ANSWERED = ["click", "keydown", "keyup", "submit"];
const REQUESTS = [
  "cliprequest", "focuslinerequest", "hitrequest", "largelinerequest", "passageedgerequest", "searchrequest", "turnrequest",
  "whererequest",
];
// Events that they would have heard.
const STATE = ["durationchange", "followchange", "passagechange"];
// Before the reader is told that something is loading, in milliseconds.
const PATIENCE = 500;
const COMING = "Clips are loading. Press Escape to cancel.";
const NO_CLIPS = "Clips could not be loaded, and the keys you pressed were ignored. Try again.";
const NO_SEARCH = "Search could not be loaded. Press Enter to try again.";

export class LateParts {
  #player;
  #say;
  /** @type {HTMLElement | null} */
  #search;
  #coming = new AbortController();
  #isAsked = false;
  #tries = 0;
  /** @type {(() => void)[]} what is to be asked again */
  #asked = [];
  /** Where in #asked the clip is for which keys wait; -1 where none do. */
  #waiting = -1;
  #said = "";
  /** @type {Map<string, object>} */
  #state = new Map();

  /**
   * @param {HTMLElement} player the <recording-player>
   * @param {(text: string) => void} say tells the reader how it is with them; "" where there is nothing to tell
   */
  constructor(player, say) {
    this.#player = player;
    this.#say = say;
    this.#search = player.querySelector("transcript-search");
  }

  /** @param {AbortSignal} leaving ends it */
  start(leaving) {
    const { signal } = this.#coming;
    leaving.addEventListener("abort", () => this.#coming.abort(), { signal });
    if (this.#search) this.#search.hidden = false;
    for (const type of new Set([...SIGNS, ...ANSWERED])) {
      document.addEventListener(type, this, { signal, capture: true, passive: !ANSWERED.includes(type) });
    }
    for (const type of [...REQUESTS, ...STATE]) this.#player.addEventListener(type, this, { signal });
    const query = queryIn(location.search);
    if (!query) return void (recall("large-line", {}).isOn === true && this.#bring());
    if (this.#search) {
      fieldOf(this.#search).value = query;
      foldField(this.#search, false);
    }
    this.#bring();
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, detail, target } = event;
    // A browser tells where the pointer rests when the page comes under it: nobody has moved.
    if (type === "pointermove" && !event.movementX && !event.movementY) return;
    if (STATE.includes(type)) return void this.#state.set(type, detail);
    if (REQUESTS.includes(type)) this.#answer(type, detail, target);
    else if (type === "click") this.#click(event);
    else if (type === "submit") this.#search?.contains(target) && this.#pressInField(event, "Enter");
    else if (type === "keydown" && target === this.#field) this.#pressInField(event, event.key);
    else if (type === "keydown" || type === "keyup") this.#queue(event);
    if (type !== "keyup") this.#bring();
  }

  get #field() {
    return this.#search && fieldOf(this.#search);
  }

  /**
   * @param {string} type
   * @param {any} detail
   * @param {EventTarget} target
   */
  #answer(type, detail, target) {
    const isForField = type === "searchrequest" || (type === "hitrequest" && !this.#field?.value);
    if (this.#search && isForField) openField(this.#search);
    else if (type === "cliprequest" && !this.#player.querySelector("clip-picker")) return;
    else if (type === "cliprequest" && !detail.edge) this.#await(() => ask(target, type, detail));
    else this.#asked.push(() => ask(target, type, detail));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const pressed = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLElement | null} */ (pressed.closest("a.cut, a.collect"));
    if (!isPlain(event)) return;
    if (this.#search && pressed.closest("transcript-search .unfold")) {
      event.preventDefault();
      toggleField(this.#search);
    } else if (link) {
      event.preventDefault();
      this.#await(() => link.click());
    }
  }

  /**
   * Ask for a clip once it can be had. It will have the focus: until then, the keys are its own.
   * @param {() => void} again
   */
  #await(again) {
    if (this.#waiting < 0) {
      this.#waiting = this.#asked.length;
      setTimeout(() => this.#waiting >= 0 && this.#tellReader(COMING), PATIENCE);
    }
    this.#asked.push(again);
  }

  /** @param {KeyboardEvent} event */
  #queue(event) {
    if (this.#waiting < 0 || !isForPage(event) || isTypedInto(event.target)) return;
    const { type, key, code, shiftKey, repeat } = event;
    event.preventDefault();
    event.stopPropagation();
    if (type !== "keydown") return;
    if (key !== "Escape") return void this.#asked.push(() => ask(this.#player, "keyrequest", { key, code, shiftKey, repeat }));
    this.#asked.length = this.#waiting;
    this.#letGo("");
  }

  /** @param {string} text what the reader is told of it */
  #letGo(text) {
    this.#waiting = -1;
    this.#tellReader(text);
  }

  /** @param {string} text */
  #tellReader(text) {
    if (text !== this.#said) this.#say(text);
    this.#said = text;
  }

  /**
   * What is typed is in the field; what else a key does there, the part would do.
   * @param {KeyboardEvent} event of the field, or of its form
   * @param {string} key
   */
  #pressInField(event, key) {
    const field = this.#field;
    const { altKey, ctrlKey, isComposing, metaKey, shiftKey } = event;
    if (!field || isComposing || !["Enter", "Escape"].includes(key)) return;
    event.preventDefault();
    if (key === "Escape" && field.value) field.value = "";
    else if (key === "Escape") leaveField(this.#search);
    if (key === "Escape") return;
    const { value } = field;
    const again = { key, altKey, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true };
    this.#asked.push(() => {
      type(field, value);
      field.dispatchEvent(new KeyboardEvent("keydown", again));
    });
  }

  async #bring() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    try {
      await lateSheet(this.#player.dataset.later);
      // A browser remembers that an address failed; behind another # it is another one.
      await import(`${this.#player.dataset.later}${this.#tries ? `#${this.#tries}` : ""}`);
    } catch {
      this.#tries += 1;
      this.#isAsked = false;
      const isSought = this.#field?.value || (this.#field && document.activeElement === this.#field);
      this.#letGo(this.#waiting >= 0 ? NO_CLIPS : isSought ? NO_SEARCH : "");
      this.#asked = []; // the next sign tries again; what was meant seconds ago may not be meant then
      return;
    }
    if (this.#coming.signal.aborted) return;
    this.#coming.abort();
    this.#letGo("");
    for (const [type, detail] of this.#state) tell(this.#player, type, detail);
    this.#askAgain();
  }

  #askAgain() {
    const place = document.activeElement;
    const typed = this.#field?.value ?? "";
    for (const again of this.#asked) again();
    if (!this.#asked.length) return;
    if (this.#field && place === this.#field) type(this.#field, typed);
    // Whoever types by now is not to type elsewhere.
    if (isTypedInto(place)) /** @type {HTMLElement} */ (place).focus({ preventScroll: true });
  }
}

/**
 * Tell whether a key is one that a part of the page may answer: none of the browser's own, nor one that composes a letter.
 * @param {KeyboardEvent} event
 */
function isForPage({ key, isComposing, altKey, ctrlKey, metaKey }) {
  return !isComposing && !altKey && !ctrlKey && !metaKey && ([...key].length === 1 || NAMED.includes(key));
}

/**
 * @param {HTMLInputElement} field
 * @param {string} text
 */
function type(field, text) {
  if (field.value === text) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
