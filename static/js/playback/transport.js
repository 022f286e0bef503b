/** The transport's buttons and clock: they ask, and show what they are told. */

import { invitation } from "./fragment.js";
import { ask } from "../elements/requests.js";
import { clock } from "./timecode.js";

const TOLD = [
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
    for (const type of TOLD) this.#player.addEventListener(type, this, { signal });
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
        this.#press(".follow", detail.held ? "mixed" : detail.following);
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
