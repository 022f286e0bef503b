/**
 * <large-line>: shows the line being spoken and who speaks it alone, as large as the reader wants, and follows the sound.
 * The transport stays; the page behind is inert. Whether it is on, and how large it is, the browser remembers.
 */

import { uncheckedLabel } from "../quoting/unchecked.js";
import { inLanguageOf, SpokenLines } from "../transcript/spoken-lines.js";
import { SpokenWords, textOf } from "../transcript/words.js";
import { recall, remember } from "./memory.js";

const WHAT = "large-line";
const EVENTS = ["hitschange", "largelinerequest", "linechange", "timechange"];
/** Sizes of the words in rem: from twice those of the page to what is read from the last row of a hall. */
const SIZES = [2, 2.5, 3, 4, 5, 6, 8, 10, 13, 16];
// At first, in pixels of the window's width for one of the words' height: a line takes about two rows.
const SHARE = 20;

export class LargeLine extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {SpokenLines | null} */
  #lines = null;
  /** @type {HTMLElement | null} what the words stand in */
  #place = null;
  #words = new SpokenWords("spoken-large");
  /** @type {HTMLElement | null} the line whose words are painted as they are spoken */
  #timed = null;
  /** @type {Element | null} where the focus was */
  #opener = null;
  /** @type {Element[]} what is inert meanwhile */
  #behind = [];
  #size = 0;

  connectedCallback() {
    this.#player = this.closest("recording-player");
    if (!this.#player || this.#place) return;
    this.#lines = new SpokenLines(this.#player);
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#fill();
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
    this.addEventListener("click", this, { signal });
    this.#box?.addEventListener("change", this, { signal });
    document.addEventListener("keydown", this, { signal });
    addEventListener("hashchange", this, { signal });
    const observer = new ResizeObserver(() => this.#stand());
    observer.observe(/** @type {Element} */ (this.#transport));
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    const { isOn, size } = recallView();
    this.#setSize(size ?? firstSize());
    const isChosen = this.#box?.checked === true; // before this was there
    this.#tell();
    if (isOn) this.#open();
    else if (isChosen) this.#turn(true);
  }

  disconnectedCallback() {
    this.#close();
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "change":
      case "largelinerequest":
        return this.#turn(this.hidden);
      case "click":
        return this.#press(event.target.closest("button"));
      case "keydown":
        return this.#key(event);
      // What the reader has gone to is on the page.
      case "hashchange":
        return this.#close();
      case "hitschange":
        return event.detail.spans.length ? this.#close() : undefined;
      case "linechange":
        return this.hidden ? undefined : this.#show();
      case "timechange":
        return this.hidden ? undefined : this.#paint(event.detail.heard);
    }
  }

  /** Its place among the reading options, which do the rest without script. @returns {HTMLInputElement | null} */
  get #box() {
    return this.#player.querySelector('reading-options [name="large-line"]');
  }

  get #transport() {
    return this.#player.querySelector(".transport");
  }

  /** @param {boolean} isOn */
  #turn(isOn) {
    if (isOn) this.#open();
    else this.#close();
    this.#keep();
  }

  #open() {
    if (!this.isConnected || !this.hidden) return;
    this.#opener = document.activeElement;
    this.#behind = behind(this, this.#transport);
    for (const each of this.#behind) each.toggleAttribute("inert", true);
    document.documentElement.toggleAttribute("data-large-line", true);
    this.hidden = false;
    this.#stand();
    this.#show();
    this.#place.focus({ preventScroll: true });
    this.#tell();
  }

  #close() {
    if (this.hidden) return;
    const hadFocus = this.contains(document.activeElement) || document.activeElement === document.body;
    for (const each of this.#behind) each.removeAttribute("inert");
    document.documentElement.removeAttribute("data-large-line");
    this.hidden = true;
    this.#words.show(null, 0);
    if (hadFocus) focusAgain(/** @type {HTMLElement | null} */ (this.#opener));
    this.#tell();
  }

  #tell() {
    if (this.#box) this.#box.checked = !this.hidden;
    this.#player.querySelector("[data-request='largeline']")?.setAttribute("aria-pressed", String(!this.hidden));
  }

  /** @param {HTMLElement | null} button */
  #press(button) {
    if (!button) return;
    if (button.dataset.step) this.#setSize(this.#size + Number(button.dataset.step));
    else this.#turn(false);
    this.#keep();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.hidden || event.key !== "Escape" || event.defaultPrevented) return;
    const target = /** @type {Element} */ (event.target);
    if (target.closest("dialog[open], input[type=search], textarea")) return;
    event.preventDefault();
    this.#turn(false);
  }

  /** @param {number} size place in SIZES */
  #setSize(size) {
    this.#size = Math.min(Math.max(size, 0), SIZES.length - 1);
    this.style.setProperty("--large", `${SIZES[this.#size]}rem`);
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (this.querySelectorAll("[data-step]"))) {
      // Not disabled: the focus is to stay where the reader presses.
      button.setAttribute("aria-disabled", String(!SIZES[this.#size + Number(button.dataset.step)]));
    }
  }

  #keep() {
    remember(WHAT, { isOn: !this.hidden, size: this.#size });
  }

  /** The transport grows as it unfolds. */
  #stand() {
    if (!this.hidden) this.style.setProperty("--transport", `${/** @type {HTMLElement} */ (this.#transport).offsetHeight}px`);
  }

  #show() {
    const line = this.#lines.current;
    const voice = line?.voice ? [inLanguageOf("p", line.voice, line.said)] : [];
    const words = line?.words.map((each) => inLanguageOf("p", textOf(each).data, each)) ?? [];
    for (const each of voice) each.className = "voice";
    for (const each of words) each.className = "words";
    // Which words of a translation are spoken is not known.
    this.#timed = line?.words[0] === line?.said ? line?.cue ?? null : null;
    this.#place.replaceChildren(...voice, ...(line ? words : [this.#title]), ...labelOf(line));
    this.#place.scrollTop = 0;
    this.#paint(this.#player.heard);
  }

  /** What stands here until the first line is spoken. */
  get #title() {
    return inLanguageOf("p", this.#player.dataset.title, /** @type {Element} */ (this.#player.querySelector("h1")));
  }

  /** @param {number} now */
  #paint(now) {
    this.#words.show(this.#timed, now, this.#place.querySelector(".words")?.firstChild ?? null);
    const word = this.#words.range?.getBoundingClientRect();
    const place = this.#place.getBoundingClientRect();
    if (word && (word.top < place.top || word.bottom > place.bottom)) {
      this.#place.scrollTop += word.top - place.top - place.height / 4;
    }
  }

  #fill() {
    this.setAttribute("role", "main"); // as long as the page's own is inert
    const title = this.#title;
    const heading = inLanguageOf("h1", title.textContent, title);
    heading.className = "unseen";
    this.#place = document.createElement("div");
    this.#place.className = "place";
    this.#place.setAttribute("role", "region");
    this.#place.setAttribute("aria-label", "Large line");
    this.#place.tabIndex = 0; // what does not fit is scrolled by keys too
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.append(button("A−", "Smaller: A−", "-1"), button("A+", "Larger: A+", "1"), button("Close", "Close the large line"));
    this.append(heading, tools, this.#place);
  }
}

/**
 * Say below a line that its words are a machine's which nobody has checked; nothing where they are not.
 * @param {import("../transcript/spoken-lines.js").SpokenLine | null} line
 */
function labelOf(line) {
  const label = uncheckedLabel([line?.cue ?? null]);
  if (!label) return [];
  const told = document.createElement("p");
  Object.assign(told, { className: "unchecked", lang: "en", dir: "ltr", textContent: label });
  return [told];
}

/**
 * @param {string} text
 * @param {string} name which has the text in it
 * @param {string} [step]
 */
function button(text, name, step) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.setAttribute("aria-label", name);
  if (step) made.dataset.step = step;
  return made;
}

/**
 * List what the view covers: all of the page but the transport.
 * @param {Element} view
 * @param {Element} transport
 */
function behind(view, transport) {
  const player = /** @type {Element} */ (view.parentElement);
  const others = [...document.body.children].filter((each) => each !== player);
  return [...others, ...[...player.children].filter((each) => each !== view && each !== transport)];
}

function firstSize() {
  const wanted = innerWidth / SHARE / 16;
  return Math.max(SIZES.findLastIndex((size) => size <= wanted), 0);
}

/** Take of what was remembered what has the right shape. */
function recallView() {
  const kept = recall(WHAT, {});
  return { isOn: kept.isOn === true, size: Number.isInteger(kept.size) ? /** @type {number} */ (kept.size) : null };
}

/**
 * Give the focus back to what had it. A line that was gone to can have it only while it has it.
 *
 * @param {HTMLElement | null} opener
 */
function focusAgain(opener) {
  if (opener?.classList.contains("cue")) {
    opener.tabIndex = -1;
    opener.addEventListener("blur", () => opener.removeAttribute("tabindex"), { once: true });
  }
  opener?.focus({ preventScroll: true });
}
