/**
 * Works the buttons of the sound: play, loop, slow and how slow, snap; shows the clock; and says beside them what cannot
 * be done.
 */

import { clock } from "../playback/timecode.js";

export class Tools {
  #element;
  #root;
  #player;
  #ask;

  /**
   * @param {HTMLElement} element the <desk-sound>: its play button and clock
   * @param {HTMLElement} root holds .sound-tools
   * @param {import("./sound-play.js").LinePlayer} player
   * @param {(what: string) => void} ask
   */
  constructor(element, root, player, ask) {
    this.#element = element;
    this.#root = root;
    this.#player = player;
    this.#ask = ask;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const place of [this.#element, this.#root]) place.addEventListener("click", this, { signal });
    this.#root.addEventListener("change", this, { signal });
    this.#slow.value = String(this.#player.slow);
    this.show();
  }

  /** @param {any} event */
  handleEvent({ type, target }) {
    if (type === "change" && target === this.#slow) {
      this.#player.chooseSlow(Number(target.value));
      this.show();
    }
    const button = type === "click" ? target.closest("button[data-sound]") : null;
    if (button) this.#ask(button.dataset.sound);
  }

  /** Show what is on. */
  show() {
    this.#press("loop", this.#player.isLoop);
    this.#press("slow", this.#player.isSlow);
  }

  /**
   * @param {number} now
   * @param {boolean} isPlaying
   */
  showTime(now, isPlaying) {
    const text = `${clock(now)}.${Math.floor((now % 1000) / 100)}`;
    const elapsed = this.#element.querySelector(".clock b");
    if (elapsed && elapsed.textContent !== text) elapsed.textContent = text;
    const button = /** @type {HTMLElement} */ (this.#element.querySelector(".play"));
    if (button.hasAttribute("data-playing") === isPlaying) return;
    button.toggleAttribute("data-playing", isPlaying);
    button.setAttribute("aria-label", (isPlaying ? button.dataset.pause : button.dataset.play) ?? "");
  }

  /** @param {string} text */
  say(text) {
    const place = this.#root.querySelector(".sound-said");
    if (place && place.textContent !== text) place.textContent = text;
  }

  get #slow() {
    return /** @type {HTMLSelectElement} */ (this.#root.querySelector(".how-slow"));
  }

  /**
   * @param {string} what
   * @param {boolean} isPressed
   */
  #press(what, isPressed) {
    this.#root.querySelector(`[data-sound="${what}"]`)?.setAttribute("aria-pressed", String(isPressed));
  }
}
