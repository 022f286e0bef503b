/**
 * <time-line>: shows where the sound is over a drawing of it, says it in words, and seeks, by a range input. It also
 * shows what was found and what is to be a clip, and lets that be drawn out by hand.
 */

import { spoken } from "../playback/timecode.js";
import { ask } from "./requests.js";

/** @typedef {import("../transcript/words.js").Span} Span */

const EVENTS = ["clipchange", "durationchange", "hitschange", "linechange", "passagechange", "timechange"];
const OWN = ["input", "change", "keydown", "focus"];
const EVERY = 250;
const KEYS = new Map([
  ["ArrowLeft", -5_000], ["ArrowDown", -5_000], ["ArrowRight", 5_000], ["ArrowUp", 5_000],
  ["PageDown", -30_000], ["PageUp", 30_000],
]);
const SVG = "http://www.w3.org/2000/svg";
// How many hits can be told apart on a line; two pixels each on a wide page.
const PLACES = 600;
const ARROW = "M0-18 6-9H1.5V0h-3v-9H-6z";
// The waits between two looks at a drawing that is being made, in milliseconds.
const FIRST = 400;
const GROWTH = 1.5;
const LONGEST = 10_000;
const IN_THE_MAKING = 202;

export class TimeLine extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLElement | null} */
  #player = null;
  /** @type {HTMLInputElement | null} */
  #position = null;
  #shown = -Infinity;
  #isDragged = false;
  /** @type {string | null} */
  #voice = null;
  /** @type {Span | null} */
  #clip = null;
  /** @type {import("../playback/timecode.js").Passage | null} */
  #passage = null;
  /** @type {{spans: readonly Span[], current: number}} */
  #hits = { spans: [], current: -1 };
  /** @type {Map<number, Element>} the marks of hits, by place: most stay from key to key, and each costs time to make */
  #marks = new Map();
  /** @type {Element | null} */
  #arrow = null;

  connectedCallback() {
    this.#player = this.closest("recording-player[data-playable]");
    this.#position = this.querySelector("input.position");
    if (!this.#player || !this.#position) return;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
    for (const type of OWN) this.#position.addEventListener(type, this, { signal });
    new WaveDrawing(this).start(signal);
    this.#drawAll();
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "linechange":
        this.#voice = event.detail.voice;
        break;
      case "timechange":
        this.#show(event.detail);
        break;
      case "durationchange":
        this.#position.max = String(event.detail.ms);
        this.#say();
        this.#drawAll();
        break;
      case "passagechange":
        this.#passage = event.detail.passage;
        this.#draw(".passage", this.#passage);
        break;
      case "clipchange":
        this.#clip = event.detail.span;
        this.#drawClip();
        break;
      case "hitschange":
        this.#hits = event.detail;
        this.#drawHits();
        break;
      case "input":
        this.#isDragged = true;
        ask(this, "seekrequest", { ms: Number(this.#position.value) });
        break;
      case "change":
        this.#isDragged = false;
        break;
      case "keydown":
        this.#skip(event);
        break;
      case "focus":
        this.#say();
        break;
    }
  }

  /** @param {{ms: number, playing: boolean, sought: boolean}} detail */
  #show({ ms, playing, sought }) {
    if (playing && !sought && Math.abs(ms - this.#shown) < EVERY) return;
    this.#shown = ms;
    if (!this.#isDragged) this.#position.value = String(ms);
    this.querySelector(".played")?.setAttribute("x2", this.#share(ms));
    // A screen reader reads a focused slider's text at each change: while it plays on its own, that would be endless.
    if (sought || !playing || document.activeElement !== this.#position) this.#say();
  }

  #say() {
    const text = `${moment(Number(this.#position.value))}${this.#voice ? `, ${this.#voice}` : ""}`;
    if (this.#position.getAttribute("aria-valuetext") !== text) this.#position.setAttribute("aria-valuetext", text);
  }

  /** @param {KeyboardEvent} event */
  #skip(event) {
    const ms = KEYS.get(event.key);
    if (ms === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(this, "skiprequest", { ms });
  }

  /** Draw all of it again, for the length that is known now. */
  #drawAll() {
    this.#draw(".passage", this.#passage);
    this.#drawClip();
    this.#drawHits();
  }

  #drawClip() {
    this.#draw(".clip-span", this.#clip);
  }

  /**
   * @param {string} selector
   * @param {import("../playback/timecode.js").Passage | Span | null} passage
   */
  #draw(selector, passage) {
    const drawing = this.querySelector(selector);
    const { start, end } = passage?.end && this.#length ? passage : { start: 0, end: 0 };
    drawing?.setAttribute("x", this.#share(start));
    drawing?.setAttribute("width", this.#share((end ?? start) - start));
  }

  /** One mark for each place where something was found, and the current one above them. */
  #drawHits() {
    const { spans, current } = this.#hits;
    const length = this.#length;
    const places = new Set(length ? spans.map(({ start }) => Math.round((PLACES * start) / length)) : []);
    for (const [place, mark] of this.#marks) {
      if (places.has(place)) continue;
      mark.remove();
      this.#marks.delete(place);
    }
    const marks = [...places].filter((place) => !this.#marks.has(place)).map((place) => {
      const x = `${(100 * place) / PLACES}%`;
      const mark = element("line", { class: "hit", x1: x, x2: x, y1: "76%", y2: "100%" });
      this.#marks.set(place, mark);
      return mark;
    });
    this.#arrow?.remove();
    this.#arrow = null;
    if (length && spans[current]) {
      this.#arrow = element("svg", { class: "hit current", x: this.#share(spans[current].start), y: "100%" });
      this.#arrow.append(element("path", { d: ARROW }));
      marks.push(this.#arrow);
    }
    this.querySelector(".hits")?.append(...marks);
  }

  get #length() {
    return Number(this.#position.max);
  }

  /** @param {number} ms */
  #share(ms) {
    return `${(100 * ms) / (this.#length || 1)}%`;
  }
}

/** The outline of the sound: asked for, and asked for again while the server is still making it. */
class WaveDrawing {
  #timeline;
  #path;
  #notice;
  #bar;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {HTMLElement} timeline the <time-line>, which says in data-wave where the drawing is */
  constructor(timeline) {
    this.#timeline = timeline;
    this.#path = timeline.querySelector(".wave path");
    this.#notice = /** @type {HTMLElement | null} */ (timeline.querySelector(".drawing"));
    this.#bar = this.#notice?.querySelector("progress");
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    signal.addEventListener("abort", () => clearTimeout(this.#waiting));
    this.#look(FIRST, signal);
  }

  /**
   * @param {number} pause before the next look, if there is to be one
   * @param {AbortSignal} signal
   */
  async #look(pause, signal) {
    const drawing = await this.#fetch(signal);
    if (signal.aborted) return;
    if (drawing?.outline) this.#path?.setAttribute("d", drawing.outline);
    this.#show(drawing, pause > FIRST);
    if (!drawing?.isReady) this.#waiting = setTimeout(() => this.#look(Math.min(pause * GROWTH, LONGEST), signal), pause);
  }

  /**
   * Get the drawing as it is by now; null where the server cannot be heard.
   * @param {AbortSignal} signal
   */
  async #fetch(signal) {
    try {
      const answer = await fetch(this.#timeline.dataset.wave ?? "", { signal });
      if (!answer.ok) return { outline: null, isReady: true, read: 0 };
      const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
      return {
        outline: drawn.querySelector("path")?.getAttribute("d"),
        isReady: answer.status !== IN_THE_MAKING,
        read: Number(drawn.dataset.read),
      };
    } catch {
      return null;
    }
  }

  /**
   * Say that it is being made, if that takes more than a moment.
   * @param {{isReady: boolean, read: number} | null} drawing
   * @param {boolean} isLong
   */
  #show(drawing, isLong) {
    if (!this.#notice || !this.#bar) return;
    const isAwaited = drawing !== null && !drawing.isReady;
    this.#notice.hidden = !isAwaited || !isLong;
    if (isAwaited) this.#bar.value = drawing.read;
  }
}

/**
 * Say a moment in few words: "1 minute 12", "12 seconds", "1 hour 12 seconds". What follows on minutes is seconds.
 * @param {number} ms
 */
function moment(ms) {
  return spoken(ms).replace(/(minutes?) (\d+) seconds?$/, "$1 $2");
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
