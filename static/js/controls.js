/** The transport's buttons and clock: they ask, and show what they are told. */

import { invitation } from "./fragment.js";
import { ask } from "./requests.js";
import { clock } from "./timecode.js";

const TOLD = ["clipchange", "durationchange", "followchange", "passagechange", "playchange", "speedchange", "timechange"];

/** @type {[string, (button: HTMLElement) => import("./requests.js").Request][]} */
const BUTTONS = [
  [".play", () => ({ type: "playpauserequest" })],
  ["[data-skip]", (button) => ({ type: "skiprequest", detail: { ms: Number(button.dataset.skip) } })],
  [".previous-note", () => ({ type: "noterequest", detail: { step: -1 } })],
  [".next-note", () => ({ type: "noterequest", detail: { step: 1 } })],
  [".speed", () => ({ type: "speedrequest", detail: {} })],
  [".follow", () => ({ type: "followrequest" })],
  [".clip", () => ({ type: "cliprequest", detail: {} })],
  ["[data-clip-edge]", (button) => ({ type: "cliprequest", detail: { edge: button.dataset.clipEdge } })],
];

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
        this.#press(target);
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
        break;
      case "speedchange":
        this.#nameSpeed(detail.speed);
        break;
      case "clipchange":
        this.#bar.querySelector(".clip")?.setAttribute("aria-expanded", String(detail.span !== null));
        break;
      case "followchange":
        this.#bar.querySelector(".follow")?.setAttribute("aria-pressed", detail.held ? "mixed" : String(detail.following));
        break;
    }
  }

  /** @param {Element} target */
  #press(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("button"));
    const [, request] = BUTTONS.find(([selector]) => button?.matches(selector)) ?? [];
    if (!button || !request) return;
    const { type, detail } = request(button);
    ask(button, type, detail);
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
 * @param {Element | null} element
 * @param {string} text
 */
function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
