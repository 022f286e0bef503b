/**
 * Chooses a passage on the timeline by hand: by two grips at the ends of the clip that is open, and by a drag with
 * Shift for a new one. Both ask for the clip; what becomes of it is shown when the answer comes. For the keyboard there
 * are the buttons "Start here" and "End here" and the clip's own fields.
 */

import { ask } from "../elements/requests.js";

/** @typedef {import("../transcript/words.js").Span} Span */
/** @typedef {{pointer: number, edge: "start" | "end" | null, from: number, origin: number, hasMoved: boolean}} Drag */

const OWN = ["lostpointercapture", "mousedown", "pointercancel", "pointerdown", "pointermove", "pointerup"];
// A hand that only presses moves a little.
const STILL = 4;
// Of a clip, in milliseconds.
const SHORTEST = 100;

export class PassageGrips {
  #timeline;
  #position;
  #grips;
  /** @type {Span | null} */
  #span = null;
  /** @type {Drag | null} */
  #drag = null;

  /**
   * @param {HTMLElement} timeline the <time-line>
   * @param {HTMLInputElement} position its range input, whose `max` is the length in milliseconds
   */
  constructor(timeline, position) {
    this.#timeline = timeline;
    this.#position = position;
    this.#grips = /** @type {NodeListOf<HTMLElement>} */ (timeline.querySelectorAll(".grip"));
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of OWN) this.#timeline.addEventListener(type, this, { signal });
  }

  /** @param {Span | null} span of the clip that is open */
  show(span) {
    this.#span = span;
    const length = Number(this.#position.max);
    for (const grip of this.#grips) {
      grip.hidden = span === null || !length;
      if (!span || !length) continue;
      const share = Math.min(span[/** @type {"start" | "end"} */ (grip.dataset.edge)] / length, 1);
      // Half of a grip stays within the line, for the window may end there.
      grip.style.left = grip.dataset.edge === "start" ? `max(${100 * share}%, 12px)` : `min(${100 * share}%, 100% - 12px)`;
    }
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "pointerdown":
        return this.#begin(event);
      case "mousedown":
        // Neither the thumb nor the focus is to follow this press.
        if (this.#drag) event.preventDefault();
        break;
      case "pointermove":
        return this.#move(event);
      case "pointerup":
        return this.#end(event);
      case "pointercancel":
      case "lostpointercapture":
        if (event.pointerId === this.#drag?.pointer) this.#drag = null;
        break;
    }
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const edge = /** @type {"start" | "end" | undefined} */ (target.dataset.edge);
    const isNew = target === this.#position && event.shiftKey && event.pointerType !== "touch";
    if (this.#drag || event.button !== 0 || (!edge && !isNew)) return;
    const moment = this.#at(event.clientX);
    const origin = edge && this.#span ? this.#span[edge] : moment;
    this.#drag = { pointer: event.pointerId, edge: edge ?? null, from: event.clientX, origin, hasMoved: false };
    target.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move({ pointerId, clientX }) {
    if (pointerId !== this.#drag?.pointer) return;
    this.#drag.hasMoved ||= Math.abs(clientX - this.#drag.from) >= STILL;
    if (!this.#drag.hasMoved) return;
    const span = this.#spanTo(clientX);
    if (span) ask(this.#timeline, "cliprequest", span);
  }

  /** @param {PointerEvent} event */
  #end({ pointerId }) {
    if (pointerId !== this.#drag?.pointer) return;
    const { edge, hasMoved, origin } = this.#drag;
    this.#drag = null;
    if (!edge && !hasMoved) ask(this.#timeline, "seekrequest", { ms: origin });
  }

  /**
   * @param {number} x where the pointer is
   * @returns {Span | null} null where the clip would be none, or was closed meanwhile
   */
  #spanTo(x) {
    const { edge, from, origin } = /** @type {Drag} */ (this.#drag);
    // A grip stands beside its end: it is moved by as much as the hand moves.
    const moment = edge ? this.#within(origin + this.#at(x) - this.#at(from)) : this.#within(this.#at(x));
    if (!edge) {
      const [start, end] = [Math.min(origin, moment), Math.max(origin, moment)];
      return end - start < SHORTEST ? null : { start, end };
    }
    if (!this.#span) return null;
    const { start, end } = this.#span;
    return edge === "start"
      ? { start: Math.max(Math.min(moment, end - SHORTEST), 0), end }
      : { start, end: Math.max(moment, start + SHORTEST) };
  }

  /** @param {number} x */
  #at(x) {
    const { left, width } = this.#timeline.getBoundingClientRect();
    return Math.round(((x - left) / width) * Number(this.#position.max));
  }

  /** @param {number} moment */
  #within(moment) {
    return Math.min(Math.max(moment, 0), Number(this.#position.max));
  }
}
