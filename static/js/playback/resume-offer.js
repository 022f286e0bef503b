/** Says where the listener was at the last visit, and offers the beginning instead, until the listener goes on. */

import { ask } from "../elements/requests.js";
import { clock } from "./timecode.js";

const SUBJECT = "place";
// Heard on from there, the place needs no more words.
const WHILE = 10_000;

export class ResumeOffer {
  #player;
  #bookmark;
  #message;
  #place = NaN;

  /**
   * @param {import("../elements/recording-player.js").RecordingPlayer} player
   * @param {import("./bookmark.js").Bookmark} bookmark
   * @param {import("./message-line.js").MessageLine} message
   */
  constructor(player, bookmark, message) {
    this.#player = player;
    this.#bookmark = bookmark;
    this.#message = message;
  }

  /**
   * @param {number} place
   * @param {AbortSignal} signal ends it
   */
  start(place, signal) {
    this.#place = place;
    this.#message.say(SUBJECT, `You were at ${clock(place)}.`);
    this.#player.addEventListener("timechange", this, { signal });
    for (const button of this.#buttons) button.addEventListener("click", this, { signal });
  }

  /** @param {any} event */
  handleEvent({ type, detail, currentTarget }) {
    if (type === "timechange") {
      const isElsewhere = detail.ms < this.#place || detail.ms > this.#place + WHILE;
      if (isElsewhere) this.#end("");
      return;
    }
    const isForgotten = currentTarget.matches(".forget");
    if (isForgotten) this.#bookmark.forget();
    this.#end(isForgotten ? "Forgotten." : "");
    if (isForgotten) ask(this.#player, "pauserequest");
    ask(this.#player, "seekrequest", { ms: Number(this.#player.dataset.begin ?? 0), play: !isForgotten });
    // Its own place is gone.
    /** @type {HTMLElement | null} */ (this.#player.querySelector(".play"))?.focus();
  }

  get #buttons() {
    return this.#player.querySelectorAll(`[data-about=${SUBJECT}]`);
  }

  /** @param {string} text that is left to say */
  #end(text) {
    this.#place = NaN;
    this.#message.say(SUBJECT, text);
    for (const button of this.#buttons) /** @type {HTMLElement} */ (button).hidden = true;
  }
}
