/**
 * Brings the parts of the page that a reader needs only once they do something: search, selected words, clips. Without
 * them the page is there sooner; they come with the reader's first movement, and what is asked of them until they are
 * there is asked again then.
 */

import { queryIn } from "./search-address.js";
import { isPlain } from "./links.js";
import { ask, tell } from "./requests.js";

const SIGNS = ["click", "focusin", "keydown", "pointerdown", "pointermove", "selectionchange", "touchstart", "wheel"];
const REQUESTS = ["cliprequest", "hitrequest", "searchrequest"];
// What they would have been told.
const STATE = ["durationchange", "followchange", "passagechange"];
const OWN = "transcript-search button, a.cut";

export class LateParts {
  #player;
  #coming = new AbortController();
  #isAsked = false;
  #tries = 0;
  /** @type {(() => void)[]} what is to be asked again */
  #asked = [];
  /** @type {Map<string, object>} */
  #state = new Map();

  /** @param {HTMLElement} player the <recording-player> */
  constructor(player) {
    this.#player = player;
  }

  /** @param {AbortSignal} leaving ends it */
  start(leaving) {
    const { signal } = this.#coming;
    leaving.addEventListener("abort", () => this.#coming.abort(), { signal });
    for (const part of this.#player.querySelectorAll("transcript-search")) /** @type {HTMLElement} */ (part).hidden = false;
    for (const type of SIGNS) document.addEventListener(type, this, { signal, capture: true, passive: type !== "click" });
    for (const type of [...REQUESTS, ...STATE]) this.#player.addEventListener(type, this, { signal });
    if (queryIn(location.search)) this.#bring();
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, detail, target } = event;
    // A browser tells where the pointer rests when the page comes under it: nobody has moved.
    if (type === "pointermove" && !event.movementX && !event.movementY) return;
    if (STATE.includes(type)) this.#state.set(type, detail);
    else if (REQUESTS.includes(type)) this.#asked.push(() => ask(target, type, detail));
    else if (type === "click") this.#hold(event);
    if (!STATE.includes(type)) this.#bring();
  }

  /** @param {MouseEvent} event */
  #hold(event) {
    const pressed = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(OWN));
    if (!pressed || !isPlain(event)) return;
    event.preventDefault();
    this.#asked.push(() => pressed.click());
  }

  async #bring() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    try {
      // A browser remembers that an address failed; behind another # it is another one.
      await import(`${this.#player.dataset.later}${this.#tries ? `#${this.#tries}` : ""}`);
    } catch {
      this.#tries += 1;
      this.#isAsked = false;
      this.#asked = []; // the next sign tries again; what was meant seconds ago may not be meant then
      return;
    }
    if (this.#coming.signal.aborted) return;
    this.#coming.abort();
    for (const [type, detail] of this.#state) tell(this.#player, type, detail);
    for (const again of this.#asked) again();
  }
}
