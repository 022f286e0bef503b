/** Plays a passage again and again: the clip or the words chosen last, else the line being spoken, each with its lead-in. */

import { recall, remember } from "../elements/memory.js";
import { ask, tell } from "../elements/requests.js";

/** @typedef {import("../clips/clip-span.js").Span} Span */

const REQUESTS = ["leadrequest", "looprequest", "repeatrequest"];
const TOLD = ["clipchange", "linechange", "selectionspanchange"];
/** Lead-ins in milliseconds. */
const LEADS = [0, 500, 1_000, 2_000];
const WHAT = "lead";
const NO_LINE = "There is no line to loop; choose a passage with Start here and End here.";

export class Loops {
  #player;
  #passage;
  #playhead;
  #message;
  /** @type {Map<string, Span>} by what it was told, the latest last */
  #chosen = new Map();
  /** @type {Span | null} */
  #line = null;
  #lead = 0;

  /**
   * @param {HTMLElement} player
   * @param {import("./passage.js").PassageInHand} passage
   * @param {import("./playhead.js").Playhead} playhead
   * @param {import("./message-line.js").MessageLine} message
   */
  constructor(player, passage, playhead, message) {
    this.#player = player;
    this.#passage = passage;
    this.#playhead = playhead;
    this.#message = message;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of [...REQUESTS, ...TOLD]) this.#player.addEventListener(type, this, { signal });
    this.#setLead(recall(WHAT, 0));
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "looprequest":
        return this.#loop(detail);
      case "repeatrequest":
        return this.#repeat();
      case "leadrequest":
        return this.#setLead(detail.ms);
      case "linechange":
        // Of a line whose end is not after its start, nothing says how long it lasts.
        this.#line = detail.end > detail.start ? { start: detail.start, end: detail.end } : null;
        break;
      default:
        this.#chosen.delete(type);
        if (detail.span) this.#chosen.set(type, detail.span);
    }
  }

  /** @param {{start?: number, end?: number, lead?: number}} span */
  #loop({ start, end, lead = this.#lead }) {
    if (start !== undefined && end !== undefined) {
      this.#passage.loop({ start, end, lead });
    } else if (this.#passage.isLoop) {
      this.#playhead.pause();
      this.#passage.take(null);
    }
  }

  /** Whoever has heard a passage often enough wants to hear what follows: the sound goes on. */
  #repeat() {
    const span = [...this.#chosen.values()].at(-1) ?? this.#line;
    this.#message.say("loop", span || this.#passage.isLoop ? "" : NO_LINE);
    if (this.#passage.isLoop) this.#passage.take(null);
    else if (span) ask(this.#player, "looprequest", span);
  }

  /** @param {any} ms */
  #setLead(ms) {
    if (!LEADS.includes(ms)) return;
    this.#lead = ms;
    remember(WHAT, ms);
    this.#passage.setLead(ms);
    tell(this.#player, "leadchange", { ms });
  }
}
