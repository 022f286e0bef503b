/** Watches for what stops the sound, and says which it is and what still works, while it lasts. */

import { faultOf, offline, waitOf } from "./faults.js";
import { tell } from "../elements/requests.js";
import { fragment } from "./timecode.js";

/** @typedef {import("./faults.js").Fault} Fault */

const MEDIA = ["error", "playing", "progress", "stalled", "waiting"];

export class FaultWatch {
  #player;
  #audio;
  #message;
  /** Nothing has come for three seconds, by the browser's own count. */
  #isStalled = false;
  /** Counts what was asked: an answer that comes after the sound has gone on is stale. */
  #asked = 0;

  /**
   * @param {import("../elements/recording-player.js").RecordingPlayer} player
   * @param {HTMLMediaElement} audio
   * @param {import("./message-line.js").MessageLine} message
   */
  constructor(player, audio, message) {
    this.#player = player;
    this.#audio = audio;
    this.#message = message;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of MEDIA) this.#audio.addEventListener(type, this, { signal });
    for (const type of ["offline", "online"]) addEventListener(type, this, { signal });
    this.#player.querySelector(".load-again")?.addEventListener("click", this, { signal });
    if (!navigator.onLine) this.#message.say("network", offline());
    // The sound may have failed before this script came.
    if (this.#audio.error) this.#askWhy();
  }

  /** @param {Event} event */
  handleEvent({ type }) {
    switch (type) {
      case "click":
        return this.#loadAgain();
      case "error":
        return this.#askWhy();
      case "stalled":
      case "waiting":
        this.#isStalled ||= type === "stalled";
        return this.#isStuck ? this.#ask(waitOf(this.#audio.currentSrc)) : undefined;
      case "progress":
        this.#isStalled = false;
        return;
      case "playing":
        this.#isStalled = false;
        this.#asked += 1;
        return this.#tell({ about: "sound", text: "" });
      case "online":
        this.#message.say("network", "");
        return this.#audio.error ? this.#askWhy() : undefined;
      case "offline":
        return this.#message.say("network", offline());
    }
  }

  /** A browser that finds no server tries again and again for a minute or more, and meanwhile reports no error. */
  get #isStuck() {
    return this.#isStalled && !this.#audio.paused && this.#audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  #askWhy() {
    this.#audio.pause(); // some browsers would go on as if it played
    const clips = /** @type {HTMLElement | null} */ (this.#player.querySelector("clip-picker"))?.dataset.tried ?? null;
    this.#ask(faultOf(this.#audio, clips, this.#player.now));
  }

  /** @param {Promise<Fault>} answer */
  async #ask(answer) {
    this.#asked += 1;
    const asked = this.#asked;
    const fault = await answer;
    if (asked === this.#asked) this.#tell(fault);
  }

  /** @param {Fault} fault */
  #tell({ about, text }) {
    const isReplaced = about === "replaced";
    if (isReplaced) this.#audio.pause(); // it may still wait
    this.#message.say("replaced", isReplaced ? text : "");
    this.#message.say("sound", isReplaced ? "" : text);
    const instead = /** @type {HTMLElement | null} */ (this.#player.querySelector(".instead"));
    if (instead) instead.hidden = about !== "unplayable";
    if (isReplaced === this.#player.hasAttribute("data-replaced")) return;
    this.#player.toggleAttribute("data-replaced", isReplaced);
    tell(this.#player, "replacedchange", { replaced: isReplaced });
  }

  /** Open the page as it is now, at the place where this one is. */
  #loadAgain() {
    const parts = new URLSearchParams(location.search);
    parts.set("t", fragment(this.#player.now));
    history.replaceState(null, "", `${location.pathname}?${parts}`);
    location.reload();
  }
}
