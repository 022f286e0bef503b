/** Watches for what stops the sound, and says which it is and what still works, while it lasts. */

import { ask, tell } from "../elements/requests.js";
import { fragment } from "./timecode.js";

/**
 * @typedef {{about: "sound" | "led" | "gone" | "replaced" | "unplayable", text: string}} Fault `led` where it is
 *   asked for anew, `replaced` where the archive has another sound by now or sends none any more, `gone` where it has
 *   none, `unplayable` where it can be cut all the same
 */

const REPLACED = 409;
const GONE = 404;
const CLOSED = [403, 410];
const BUSY = 503;
// What is cut to see whether the server can, in milliseconds.
const TRIED = 500;
// What Firefox says where the machine has nothing to play sound on: it takes that for an error of the sound.
const NO_DEVICE = /MediaSinkAudioError/;
const EVENTS = ["error", "playing", "progress", "stalled", "waiting"];

export class FaultWatch {
  #player;
  #audio;
  #message;
  /** Nothing has come for three seconds, by the browser's own count. */
  #isStalled = false;
  #wasPlaying = false;
  /** Counts what was asked: an answer that comes after the sound has gone on is stale. */
  #asked = 0;

  /**
   * @param {import("../elements/recording-player.js").RecordingPlayer} player
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
    // An error of one of several sources is told to that, and does not bubble.
    for (const type of EVENTS) this.#audio.addEventListener(type, this, { signal, capture: true });
    for (const type of ["offline", "online"]) addEventListener(type, this, { signal });
    this.#player.querySelector(".load-again")?.addEventListener("click", this, { signal });
    if (!navigator.onLine) this.#message.say("network", offline());
    // The sound may have failed before this script came.
    if (this.#audio.error) this.#askWhy();
  }

  /** @param {Event} event */
  handleEvent({ type, target }) {
    switch (type) {
      case "click":
        return this.#loadAgain();
      case "error":
        // After a source that does not play, the browser tries the next.
        return target === this.#audio.firstElementChild ? undefined : this.#askWhy();
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
    this.#wasPlaying = !this.#audio.paused;
    this.#audio.pause(); // some browsers would go on as if it played
    const clips = /** @type {HTMLElement | null} */ (this.#player.querySelector("clip-picker"))?.dataset.tried ?? null;
    this.#ask(faultOf(this.#audio, clips, this.#player, this.#wasPlaying));
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
    if (about === "led") return;
    if (["gone", "unplayable"].includes(about) && this.#leaveCopy()) return;
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

  /** A copy that is gone or damaged ends nothing: the sound that it was made from is there. Tell whether it was one. */
  #leaveCopy() {
    const [copy, held] = /** @type {HTMLSourceElement[]} */ ([...this.#audio.children]);
    if (!held || !this.#audio.currentSrc.startsWith(copy.src)) return false;
    const { now } = this.#player;
    const play = this.#wasPlaying || !this.#audio.paused;
    this.#audio.src = held.src;
    ask(this.#player, "seekrequest", { ms: now, play });
    return true;
  }

  /** Open the page as it is now, at the place where this one is. */
  #loadAgain() {
    const parts = new URLSearchParams(location.search);
    parts.set("t", fragment(this.#player.now));
    history.replaceState(null, "", `${location.pathname}?${parts}`);
    location.reload();
  }
}

function offline() {
  return `You are offline. What has been loaded still plays. ${still()}`;
}

/**
 * Ask the media element, and the server where the element does not know, why there is no sound.
 * @param {HTMLMediaElement} audio after its error event
 * @param {string | null} clips where a passage of it can be had, up to its time; null where the server cannot read it
 * @param {import("../elements/recording-player.js").RecordingPlayer} player
 * @param {boolean} wasPlaying
 * @returns {Promise<Fault>} without text where the page says already that it is offline
 */
async function faultOf(audio, clips, player, wasPlaying) {
  const { code, message = "" } = audio.error ?? {};
  if (NO_DEVICE.test(message)) return fault("sound", noDevice());
  const refusal = await refusalOf(audio.currentSrc, lost());
  if (refusal !== null) return refusal;
  if ("led" in player.dataset && player.renew(wasPlaying)) return fault("led", "");
  if (code === MediaError.MEDIA_ERR_NETWORK) return fault("sound", lost());
  const what = code === MediaError.MEDIA_ERR_DECODE ? "decode the sound from here on" : "play this kind of sound file";
  const canCut = clips !== null && (await canBeHad(`${clips}${fragment(player.now)},${fragment(player.now + TRIED)}`));
  if (canCut) return fault("unplayable", `This browser cannot ${what}, but it can play clips of it as MP3 or WAV. ${still()}`);
  return fault("sound", `This browser cannot ${what}, and the server cannot read it either. The file may be damaged. ${still()}`);
}

/**
 * Ask the server why no more of the sound comes, though the browser still waits for it.
 * @param {string} address of the sound
 * @returns {Promise<Fault>}
 */
async function waitOf(address) {
  const unanswered = `The archive is not responding. The sound will go on by itself once it does. ${still()}`;
  const refusal = await refusalOf(address, unanswered);
  return refusal ?? fault("sound", `The sound is loading slowly. It will go on by itself. ${still()}`);
}

/**
 * @param {string} address
 * @param {string} unanswered what is said where no answer comes
 * @returns {Promise<Fault | null>} null where the server would send the sound
 */
async function refusalOf(address, unanswered) {
  const status = await statusOf(address);
  if (status === null) return fault("sound", navigator.onLine ? unanswered : "");
  if (status === REPLACED) {
    return fault("replaced", `The sound was replaced after this page was opened, and the old one is no longer available. ${still()}`);
  }
  if (CLOSED.includes(status)) return fault("replaced", "The sound was closed after this page was opened.");
  if (status === GONE) return fault("gone", `The sound file is not in the archive. ${still()}`);
  if (status < 400) return null;
  return fault("sound", `The server cannot send the sound (status ${status}). Press Play to try again. ${still()}`);
}

/**
 * Tell whether the server can make a clip; one that is busy can, in a moment.
 * @param {string} address
 */
async function canBeHad(address) {
  const status = await statusOf(address);
  return status !== null && (status < 400 || status === BUSY);
}

/**
 * @param {string} address
 * @returns {Promise<number | null>} null where no answer comes
 */
async function statusOf(address) {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status;
  } catch {
    return null;
  }
}

/**
 * @param {Fault["about"]} about
 * @param {string} text
 * @returns {Fault}
 */
function fault(about, text) {
  return { about, text };
}

function noDevice() {
  return (
    "This browser found nothing to play the sound on. Connect headphones or a loudspeaker and press Play. " +
    `Or mute the sound (Mute, under More): the lines are still followed. ${still()}`
  );
}

function lost() {
  return `The connection to the archive was lost. Press Play to continue from here. ${still()}`;
}

/** What there is to read all the same. */
function still() {
  const parts = [[".cue", "transcript"], [".note", "notes"]].filter(([selector]) => document.querySelector(selector));
  const kept = parts.map(([, name]) => `the ${name}`).join(" and ") || "the rest of the page";
  return `${kept[0].toUpperCase()}${kept.slice(1)} can still be read.`;
}
