/** <time-line>: the range input over the waveform. It shows where the sound is, says it in words, and seeks. */

import { ask } from "./requests.js";
import { spoken } from "./timecode.js";

const TOLD = ["linechange", "timechange", "durationchange", "passagechange"];
const OWN = ["input", "change", "keydown", "focus"];
const EVERY = 250;
const KEYS = new Map([
  ["ArrowLeft", -5_000], ["ArrowDown", -5_000], ["ArrowRight", 5_000], ["ArrowUp", 5_000],
  ["PageDown", -30_000], ["PageUp", 30_000],
]);

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

  connectedCallback() {
    this.#player = this.closest("recording-player[data-playable]");
    this.#position = this.querySelector("input.position");
    if (!this.#player || !this.#position) return;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of TOLD) this.#player.addEventListener(type, this, { signal });
    for (const type of OWN) this.#position.addEventListener(type, this, { signal });
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
        break;
      case "passagechange":
        this.#drawPassage(event.detail.passage);
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
    // A screen reader reads a focused slider's text at each change: while it plays on its own, that would be endless.
    if (sought || !playing || document.activeElement !== this.#position) this.#say();
  }

  #say() {
    const { value, max } = this.#position;
    const length = Number(max) ? ` of ${spoken(Number(max))}` : "";
    const text = `${spoken(Number(value))}${length}${this.#voice ? `, ${this.#voice}` : ""}`;
    if (this.#position.getAttribute("aria-valuetext") !== text) this.#position.setAttribute("aria-valuetext", text);
  }

  /** @param {KeyboardEvent} event */
  #skip(event) {
    const ms = KEYS.get(event.key);
    if (ms === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(this, "skiprequest", { ms });
  }

  /** @param {import("./fragment.js").Passage | null} passage */
  #drawPassage(passage) {
    const drawing = this.querySelector(".passage");
    const length = Number(this.#position.max);
    const { start, end } = passage?.end && length ? passage : { start: 0, end: 0 };
    drawing?.setAttribute("x", `${(100 * start) / (length || 1)}%`);
    drawing?.setAttribute("width", `${(100 * (end - start)) / (length || 1)}%`);
  }
}
