/** Tells the lock screen, and whatever else has keys for media, what is heard; of a reading it says that it is one. */

import { ask } from "./requests.js";

const SKIP = 5_000;

export class LockScreen {
  #player;

  /** @param {HTMLElement} player the <recording-player> */
  constructor(player) {
    this.#player = player;
  }

  /** Nothing happens where the browser has no Media Session. */
  start() {
    if (!("mediaSession" in navigator)) return;
    const { title, notice } = this.#player.dataset;
    navigator.mediaSession.metadata = new MediaMetadata({ title: notice ?? title, artist: notice ? title : "" });
    const requests = {
      pause: () => ask(this.#player, "pauserequest"),
      play: () => ask(this.#player, "playrequest"),
      seekbackward: ({ seekOffset }) => this.#skip(-1, seekOffset),
      seekforward: ({ seekOffset }) => this.#skip(1, seekOffset),
      seekto: ({ seekTime }) => ask(this.#player, "seekrequest", { ms: Math.round(seekTime * 1000) }),
    };
    for (const [action, handler] of Object.entries(requests)) {
      navigator.mediaSession.setActionHandler(/** @type {MediaSessionAction} */ (action), handler);
    }
  }

  /**
   * @param {number} sign
   * @param {number | undefined} seconds
   */
  #skip(sign, seconds) {
    ask(this.#player, "skiprequest", { ms: sign * (seconds ? seconds * 1000 : SKIP) });
  }
}
