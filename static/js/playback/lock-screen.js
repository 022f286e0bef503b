/**
 * Tells the lock screen, and whatever else has keys for media, who is heard and where the sound is. Of a reading it
 * says that it is one at every moment: a lock screen may show two lines and nothing of the page.
 */

import { ask } from "../elements/requests.js";

const EVENTS = ["durationchange", "linechange", "playchange", "speedchange", "timechange"];
const SKIP = 5_000;

export class LockScreen {
  #player;
  #length;
  #speed = 1;
  /** @type {MediaMetadata} made once: another one costs as much as all else that a change of the line does */
  #shown;

  /** @param {import("../elements/recording-player.js").RecordingPlayer} player */
  constructor(player) {
    this.#player = player;
    this.#length = Number(player.dataset.duration ?? 0);
  }

  /**
   * Nothing happens where the browser has no Media Session.
   * @param {AbortSignal} signal ends it
   */
  start(signal) {
    if (!("mediaSession" in navigator)) return;
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
    this.#shown = navigator.mediaSession.metadata = metadataOf(this.#player.dataset);
    for (const [action, handler] of Object.entries(this.#answers)) {
      try {
        navigator.mediaSession.setActionHandler(/** @type {MediaSessionAction} */ (action), handler);
      } catch {
        // TypeError: a browser that does not know this action has no button for it.
      }
    }
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "linechange":
        return this.#name(detail.voice);
      case "durationchange":
        this.#length = detail.ms;
        return this.#place();
      case "speedchange":
        this.#speed = detail.speed;
        return this.#place();
      case "playchange":
        navigator.mediaSession.playbackState = detail.playing ? "playing" : "paused";
        return this.#place();
      case "timechange":
        // Between these the lock screen counts on by itself.
        if (detail.sought) this.#place();
    }
  }

  /** @returns {Record<string, (detail: MediaSessionActionDetails) => void>} */
  get #answers() {
    const step = this.#step;
    return {
      pause: () => ask(this.#player, "pauserequest"),
      play: () => ask(this.#player, "playrequest"),
      seekbackward: ({ seekOffset }) => this.#skip(-1, seekOffset),
      seekforward: ({ seekOffset }) => this.#skip(1, seekOffset),
      seekto: ({ seekTime }) => ask(this.#player, "seekrequest", { ms: Math.round(seekTime * 1000) }),
      ...(step && {
        previoustrack: () => ask(this.#player, step, { step: -1 }),
        nexttrack: () => ask(this.#player, step, { step: 1 }),
      }),
    };
  }

  /** What the previous and the next track are here: notes where there are any, else lines. */
  get #step() {
    if (this.#player.querySelector(".note[data-start]")) return "noterequest";
    return this.#player.matches("[data-highlight]") && this.#player.querySelector(".cue") ? "linerequest" : "";
  }

  /** @param {string | null} voice that is heard */
  #name(voice) {
    this.#shown.title = voice ?? this.#player.dataset.title ?? "";
  }

  /**
   * A length and a place that do not go together are refused with a TypeError: the browser may be ahead of the server.
   */
  #place() {
    const { now } = this.#player;
    if (!this.#length || !navigator.mediaSession.setPositionState) return;
    const [duration, position] = [this.#length, Math.min(now, this.#length)].map((ms) => ms / 1000);
    navigator.mediaSession.setPositionState({ duration, position, playbackRate: this.#speed });
  }

  /**
   * @param {number} sign
   * @param {number | undefined} seconds
   */
  #skip(sign, seconds) {
    ask(this.#player, "skiprequest", { ms: sign * (seconds ? seconds * 1000 : SKIP) });
  }
}

/**
 * @param {DOMStringMap} facts of the player
 * @returns {MediaMetadata} as long as nobody is heard
 */
function metadataOf({ title = "", notice = title }) {
  const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon]"));
  const artwork = icon ? [{ src: icon.href, sizes: "any", type: icon.type }] : [];
  return new MediaMetadata({ title, artist: notice, album: title, artwork });
}
