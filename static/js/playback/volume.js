/** How loud the sound is, and whether it is off; both are remembered, and that it is off is said for as long as it is. */

import { recall, remember } from "../elements/memory.js";
import { tell } from "../elements/requests.js";

const WHAT = "volume";
// Any volume that no device has by itself: where it does not stay, none does.
const PROBE = 0.5;
const MUTED = "The sound is off; Mute, under More, turns it on again.";

export class Volume {
  #player;
  #audio;
  #message;
  #isFixed = false;

  /**
   * @param {HTMLElement} player
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
    for (const type of ["muterequest", "volumerequest"]) this.#player.addEventListener(type, this, { signal });
    this.#audio.addEventListener("volumechange", this, { signal });
    this.#isFixed = this.#isSetByTheDeviceAlone();
    const { volume, muted } = recall(WHAT, {});
    this.#audio.volume = isVolume(volume) ? volume : 1;
    this.#audio.muted = muted === true;
    this.#tell();
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "muterequest":
        this.#audio.muted = !this.#audio.muted;
        return this.#keep();
      case "volumerequest":
        return this.#set(detail.volume);
      case "volumechange":
        return this.#tell();
    }
  }

  /** As on iOS, where a page may mute and nothing else. */
  #isSetByTheDeviceAlone() {
    this.#audio.volume = PROBE;
    return this.#audio.volume !== PROBE;
  }

  /** @param {number} volume 0 to 1. Who changes it wants to hear it. */
  #set(volume) {
    if (!isVolume(volume)) return;
    this.#audio.muted = false;
    this.#audio.volume = volume;
    this.#keep();
  }

  #keep() {
    const { volume, muted } = this.#audio;
    remember(WHAT, { volume, muted });
    this.#tell(); // the media element tells of it only in a moment
  }

  #tell() {
    const { volume, muted } = this.#audio;
    tell(this.#player, "volumechange", { volume, muted, isFixed: this.#isFixed });
    this.#message.say("mute", muted ? MUTED : "");
  }
}

/** @param {any} volume */
function isVolume(volume) {
  return Number.isFinite(volume) && volume >= 0 && volume <= 1;
}
