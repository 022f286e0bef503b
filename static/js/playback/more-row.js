/**
 * The transport's further row: what unfolds under More, and on a narrow page also what the main row has no room for. Its
 * buttons are the transport's like the others (controls.js); here are its fields.
 */

import { ask } from "../elements/requests.js";

const TOLD = ["leadchange", "volumechange"];
// Where the main row, its search field included, has no room for everything.
const NARROW = "(width < 68rem)";

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
    for (const type of TOLD) this.#player.addEventListener(type, this, { signal });
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
