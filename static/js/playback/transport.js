/**
 * Works the transport at the foot of the page: its buttons and clock, what unfolds under More, the line of messages,
 * and the margin that the page leaves for it. Its parts ask, and show what they are told.
 */

import { ask } from "../elements/requests.js";
import { clock, invitation } from "./timecode.js";

const EVENTS = [
  "clipchange", "durationchange", "followchange", "passagechange", "playchange", "speedchange", "timechange",
  "volumechange",
];
const SLOW = 0.5;

/** @type {[string, (button: HTMLElement) => import("../elements/requests.js").Request][]} */
const BUTTONS = [
  [".play", () => ({ type: "playpauserequest" })],
  ["[data-skip]", (button) => ({ type: "skiprequest", detail: { ms: Number(button.dataset.skip) } })],
  [".previous-note", () => ({ type: "noterequest", detail: { step: -1 } })],
  [".next-note", () => ({ type: "noterequest", detail: { step: 1 } })],
  [".speed", () => ({ type: "speedrequest", detail: {} })],
  [".loop", () => ({ type: "repeatrequest" })],
  [".replay", () => ({ type: "replayrequest" })],
  [".previous-line", () => ({ type: "linerequest", detail: { step: -1 } })],
  [".next-line", () => ({ type: "linerequest", detail: { step: 1 } })],
  [".previous-word", () => ({ type: "wordrequest", detail: { step: -1 } })],
  [".next-word", () => ({ type: "wordrequest", detail: { step: 1 } })],
  [".slow", () => ({ type: "slowrequest" })],
  [".mute", () => ({ type: "muterequest" })],
  [".forget-place", () => ({ type: "forgetrequest" })],
  [".help", () => ({ type: "helprequest" })],
  [".follow", () => ({ type: "followrequest" })],
  [".clip", () => ({ type: "cliprequest", detail: {} })],
  ["[data-request]", ({ dataset }) => ({
    type: `${dataset.request}request`, detail: dataset.step ? { step: Number(dataset.step) } : {},
  })],
  ["[data-passage-edge]", ({ dataset }) => ({ type: "passageedgerequest", detail: { edge: dataset.passageEdge } })],
  ["[data-clip-edge]", (button) => ({ type: "cliprequest", detail: { edge: button.dataset.clipEdge } })],
];

/**
 * Say what a button of the transport asks for; null for a button that is not one of these.
 * @param {HTMLElement} button
 */
export function requestOf(button) {
  const [, request] = BUTTONS.find(([selector]) => button.matches(selector)) ?? [];
  return request ? request(button) : null;
}

export class Controls {
  #player;
  #bar;
  #play;
  #elapsed;
  #invitation = "";
  #isPlaying = false;

  /**
   * @param {HTMLElement} player
   * @param {HTMLElement} bar
   */
  constructor(player, bar) {
    this.#player = player;
    this.#bar = bar;
    this.#play = /** @type {HTMLElement} */ (bar.querySelector(".play"));
    this.#elapsed = /** @type {HTMLElement} */ (bar.querySelector(".elapsed"));
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#bar.hidden = false;
    this.#bar.addEventListener("click", this, { signal });
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
  }

  /** @param {any} event */
  handleEvent({ type, detail, target }) {
    switch (type) {
      case "click":
        this.#ask(target);
        break;
      case "timechange":
        write(this.#elapsed, clock(detail.ms));
        break;
      case "durationchange":
        write(this.#bar.querySelector(".total"), `/ ${clock(detail.ms)}`);
        break;
      case "playchange":
        this.#isPlaying = detail.playing;
        this.#namePlay();
        break;
      case "passagechange":
        this.#invitation = detail.passage && !detail.begun ? invitation(detail.passage) : "";
        this.#namePlay();
        this.#press(".loop", detail.passage?.loop === true);
        break;
      case "speedchange":
        this.#nameSpeed(detail.speed);
        this.#press(".slow", detail.speed === SLOW);
        break;
      case "volumechange":
        this.#press(".mute", detail.muted);
        break;
      case "clipchange":
        this.#bar.querySelector(".clip")?.setAttribute("aria-expanded", String(detail.span !== null));
        break;
      case "followchange":
        this.#press(".follow", detail.suspended ? "mixed" : detail.following);
        break;
    }
  }

  /** @param {Element} target */
  #ask(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("button"));
    const request = button && requestOf(button);
    if (request) ask(button, request.type, request.detail);
  }

  /**
   * @param {string} selector
   * @param {boolean | "mixed"} isPressed
   */
  #press(selector, isPressed) {
    this.#bar.querySelector(selector)?.setAttribute("aria-pressed", String(isPressed));
  }

  #namePlay() {
    const { play, pause } = this.#play.dataset;
    const invited = this.#isPlaying ? "" : this.#invitation;
    this.#play.toggleAttribute("data-playing", this.#isPlaying);
    this.#play.setAttribute("aria-label", invited || (this.#isPlaying ? pause : play) || "");
    write(this.#play.querySelector(".passage-name"), invited);
  }

  /** @param {number} speed */
  #nameSpeed(speed) {
    const button = this.#bar.querySelector(".speed");
    write(button, `${speed}×`);
    button?.setAttribute("aria-label", `${speed}× speed`);
  }
}

const ROW_EVENTS = ["leadchange", "volumechange"];
// Where the main row, its search field included, has no room for everything.
const NARROW = "(width < 68rem)";

/**
 * The row that unfolds under More, which on a narrow page also holds what the main row has no room for. Its buttons are
 * the transport's like the others; here are its fields.
 */
export class MoreRow {
  #player;
  #bar;
  #row;
  #more;
  #narrow = matchMedia(NARROW);

  /**
   * @param {HTMLElement} player
   * @param {HTMLElement} bar
   */
  constructor(player, bar) {
    this.#player = player;
    this.#bar = bar;
    this.#row = /** @type {HTMLElement} */ (bar.querySelector(".closely"));
    this.#more = /** @type {HTMLElement} */ (bar.querySelector(".more"));
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#more.addEventListener("click", this, { signal });
    this.#row.addEventListener("input", this, { signal });
    for (const type of ROW_EVENTS) this.#player.addEventListener(type, this, { signal });
    this.#narrow.addEventListener("change", () => this.#place(), { signal });
    this.#place();
  }

  /** @param {any} event */
  handleEvent({ type, detail, target }) {
    switch (type) {
      case "click":
        return this.#unfold(this.#row.hidden);
      case "input":
        if (target.matches(".loudness")) ask(target, "volumerequest", { volume: Number(target.value) / 100 });
        if (target.matches(".lead")) ask(target, "leadrequest", { ms: Number(target.value) });
        return;
      case "leadchange":
        /** @type {HTMLSelectElement} */ (this.#row.querySelector(".lead")).value = String(detail.ms);
        return;
      case "volumechange":
        return this.#showVolume(detail);
    }
  }

  /** @param {boolean} isToBeShown */
  #unfold(isToBeShown) {
    this.#row.hidden = !isToBeShown;
    this.#more.setAttribute("aria-expanded", String(isToBeShown));
  }

  /** In the document, too, each stands where it is seen: the focus goes where the eye does. */
  #place() {
    const further = /** @type {HTMLElement} */ (this.#bar.querySelector(".further"));
    if (this.#narrow.matches) this.#row.prepend(further);
    else this.#bar.querySelector(".clock")?.after(further);
  }

  /** @param {{volume: number, muted: boolean, isFixed: boolean}} detail */
  #showVolume({ volume, muted, isFixed }) {
    const slider = /** @type {HTMLInputElement} */ (this.#row.querySelector(".loudness"));
    slider.value = String(Math.round(volume * 100));
    slider.setAttribute("aria-valuetext", `${slider.value} per cent${muted ? ", muted" : ""}`);
    // A phone's own keys set it there.
    /** @type {HTMLElement} */ (slider.closest("label")).hidden = isFixed;
  }
}

const SUBJECTS = /** @type {const} */ (["replaced", "sound", "network", "parts", "address", "loop", "mute", "place"]);

/** @typedef {typeof SUBJECTS[number]} Subject */

/** The line under the controls that says what else a listener must know now, the most urgent first. */
export class MessageLine {
  #row;
  #said = new Map();

  /** @param {Element | null} row holds .message, and whatever is to be pressed [data-about] a subject */
  constructor(row) {
    this.#row = row;
  }

  /**
   * @param {Subject} subject
   * @param {string} text "" where there is nothing more to say of it
   */
  say(subject, text) {
    this.#said.set(subject, text);
    const message = this.#row?.querySelector(".message");
    const all = SUBJECTS.map((each) => this.#said.get(each)).filter(Boolean).join(" ");
    if (message && message.textContent !== all) message.textContent = all;
    for (const each of this.#row?.querySelectorAll("[data-about]") ?? []) {
      const button = /** @type {HTMLElement} */ (each);
      button.hidden = !this.#said.get(button.dataset.about);
    }
  }
}

const BREATH = 16;

/** Keeps what the page jumps to, and what the focus reaches, clear of the transport, which grows as it unfolds. */
export class FootMargin {
  #transport;

  /** @param {HTMLElement} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    // In the next frame: what is made may change the size again, of which WebKit would complain.
    const observer = new ResizeObserver(() => requestAnimationFrame(() => this.#make()));
    observer.observe(this.#transport);
    addEventListener("resize", () => this.#make(), { signal });
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  #make() {
    const isPinned = getComputedStyle(this.#transport).position === "sticky";
    const { style } = document.documentElement;
    if (isPinned) style.setProperty("--foot", `${this.#transport.offsetHeight + BREATH}px`);
    else style.removeProperty("--foot");
  }
}

/**
 * Change the words of a text that is there: another text in its place would be laid out as a new one.
 * @param {Element | null} element
 * @param {string} text
 */
function write(element, text) {
  const there = element?.firstChild;
  if (!(there instanceof Text)) element?.append(text);
  else if (there.data !== text) there.data = text;
}
