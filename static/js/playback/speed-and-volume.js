/** Sets how fast the sound plays, how loud it is, and whether it is off; and remembers it. */

import { recall, remember } from "../elements/memory.js";
import { tell } from "../elements/requests.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
export const SLOW = 0.5;
const SPEED = "speed";

/**
 * How fast the sound plays, at its own pitch. Only a speed that was chosen is remembered: to slow down is not to
 * choose.
 */
export class Speeds {
  #player;
  #audio;
  #chosen = 1;

  /**
   * @param {HTMLElement} player
   * @param {HTMLMediaElement} audio
   */
  constructor(player, audio) {
    this.#player = player;
    this.#audio = audio;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of ["slowrequest", "speedrequest"]) this.#player.addEventListener(type, this, { signal });
    this.#audio.addEventListener("ratechange", this, { signal });
    // The default everywhere by now, but a word at half speed must never come out an octave lower.
    this.#audio.preservesPitch = true;
    const speed = recall(SPEED);
    if (SPEEDS.includes(speed)) this.#choose(speed);
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "speedrequest":
        return this.#change(detail.step);
      case "slowrequest":
        return this.#set(this.#audio.playbackRate === SLOW ? this.#chosen : SLOW);
      case "ratechange":
        return tell(this.#player, "speedchange", { speed: this.#audio.playbackRate });
    }
  }

  /** @param {number} [step] 1 faster, -1 slower; without it the next, round and round */
  #change(step) {
    const index = SPEEDS.indexOf(this.#audio.playbackRate);
    const next = step ? Math.min(Math.max(index + step, 0), SPEEDS.length - 1) : (index + 1) % SPEEDS.length;
    this.#choose(SPEEDS[next]);
    remember(SPEED, SPEEDS[next]);
  }

  /** @param {number} speed */
  #choose(speed) {
    // Where half speed is what was chosen, there is nothing to go back to but the sound's own.
    this.#chosen = speed === SLOW ? 1 : speed;
    this.#set(speed);
  }

  /** @param {number} speed */
  #set(speed) {
    this.#audio.defaultPlaybackRate = speed; // kept when the sound has to be loaded again
    this.#audio.playbackRate = speed;
  }
}

const VOLUME = "volume";
// Any volume that no device has by itself: where it does not stay, none does.
const PROBE = 0.5;
const MUTED = "The sound is muted. To unmute it, press Mute under More.";

/** How loud the sound is, and whether it is off, which the message line says for as long as it is. */
export class Volume {
  #player;
  #audio;
  #message;
  #isFixed = false;

  /**
   * @param {HTMLElement} player
   * @param {HTMLMediaElement} audio
   * @param {import("./transport.js").MessageLine} message
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
    const { volume, muted } = recall(VOLUME, {});
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
    remember(VOLUME, { volume, muted });
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
