/**
 * Draws the outline around the line in hand: how loud it is there, the line, the times of its neighbours, the playhead,
 * and two grips that are sliders. A press beside the grips moves the playhead.
 *
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./edges.js").Span} Span
 * @typedef {import("./sound-levels.js").Levels} Levels
 * @typedef {{span: Span | null, taken: Edge, previous: Span | null, next: Span | null, over: {previous: number, next: number}}} Shown
 */

import { clock } from "../playback/timecode.js";
import { exact, limits, withEdge } from "./edges.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1_000;
const HEIGHT = 72;
// Units between two bars, as in the recording's own drawing.
const STEP = 4.5;
// What is drawn beside the line: a share of it, in milliseconds no less and no more than these.
const SHARE = 0.16;
const [NEAR, FAR] = [600, 4_000];
// What is drawn of a recording where a line has no times: a page of it, which the playhead turns.
const PAGE = 12_000;
// An edge that comes nearer to the rim than this share of the drawing moves it.
const RIM = 0.02;
const STEPS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000];
// A time is written in no fewer pixels.
const APART = 90;
const KEYS = new Map([["ArrowLeft", -1], ["ArrowDown", -1], ["ArrowRight", 1], ["ArrowUp", 1]]);
const OWN = ["focusin", "keydown", "lostpointercapture", "pointercancel", "pointerdown", "pointermove", "pointerup"];

/**
 * Say what is drawn of a recording for a line.
 * @param {Span | null} span
 * @param {number} now where the playhead is, for a line without times
 * @param {number} length of the recording
 * @returns {{from: number, to: number}}
 */
export function windowOf(span, now, length) {
  if (!span) {
    const from = Math.floor(now / (PAGE - FAR / 2)) * (PAGE - FAR / 2);
    return { from, to: Math.min(from + PAGE, Math.max(length, from + NEAR)) };
  }
  const aside = Math.round(Math.min(Math.max(SHARE * (span.end - span.start), NEAR), FAR));
  return { from: Math.max(0, span.start - aside), to: Math.min(span.end + aside, Math.max(length, span.end)) };
}

/**
 * Tell whether a window shows both edges of a line, clear of its rims.
 * @param {{from: number, to: number}} window
 * @param {Span} span
 * @param {number} length of the recording
 */
export function holds({ from, to }, span, length) {
  const rim = RIM * (to - from);
  const [first, last] = [from === 0 ? 0 : from + rim, to >= length ? to : to - rim];
  return span.start >= first && span.end <= last;
}

export class Outline {
  #drawing;
  #length;
  #tell;
  /** @type {{from: number, to: number}} */
  #window = { from: 0, to: PAGE };
  /** @type {Shown} */
  #shown = { span: null, taken: "start", previous: null, next: null, over: { previous: 0, next: 0 } };
  /** @type {{pointer: number, edge: Edge, origin: number, from: number, span: Span} | null} */
  #drag = null;

  /**
   * @param {Element} drawing the <svg>
   * @param {number} length of the recording, Infinity where it is not known
   * @param {{
   *   edge: (edge: Edge) => void,
   *   move: (edge: Edge, moment: number) => void,
   *   drag: (span: Span) => void,
   *   drop: (edge: Edge, moment: number) => void,
   *   seek: (moment: number) => void,
   * }} tell an edge is taken in hand, is moved by a key, is drawn elsewhere (for show), is left there; or a moment is pressed
   */
  constructor(drawing, length, tell) {
    this.#drawing = drawing;
    this.#length = length;
    this.#tell = tell;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of OWN) this.#drawing.addEventListener(type, this, { signal });
  }

  get window() {
    return this.#window;
  }

  get isDragged() {
    return this.#drag !== null;
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "pointerdown":
        return this.#press(event);
      case "pointermove":
        return this.#move(event);
      case "pointerup":
        return this.#end(event, true);
      case "lostpointercapture":
      case "pointercancel":
        return this.#end(event, false);
      case "keydown":
        return this.#key(event);
      case "focusin": {
        const edge = edgeOf(event.target);
        if (edge) this.#tell.edge(edge);
      }
    }
  }

  /**
   * Draw what is between two moments.
   * @param {{from: number, to: number}} window
   * @param {Levels | null} levels that hold it; null where they are not known
   */
  draw(window, levels) {
    this.#window = window;
    this.#find(".wave path").setAttribute("d", levels ? bars(levels, window) : `M0 ${HEIGHT / 2}h${WIDTH}`);
    this.#drawScale();
    this.show(this.#shown);
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    const { span, taken, previous, next, over } = shown;
    this.#drawing.toggleAttribute("data-timed", span !== null);
    place(this.#find(".span"), span, (moment) => this.#at(moment));
    const overlap = { start: span?.start ?? 0, end: (span?.start ?? 0) + over.previous };
    place(this.#find(".over-previous"), over.previous ? overlap : null, (moment) => this.#at(moment));
    const after = { start: (span?.end ?? 0) - over.next, end: span?.end ?? 0 };
    place(this.#find(".over-next"), over.next ? after : null, (moment) => this.#at(moment));
    this.#mark(".before-line", previous?.end);
    this.#mark(".after-line", next?.start);
    for (const grip of this.#drawing.querySelectorAll(".grip")) this.#showGrip(grip, span, taken, over);
  }

  /**
   * Show where the sound is.
   * @param {number} moment
   */
  showHead(moment) {
    this.#mark(".head", moment);
  }

  /**
   * @param {Element} grip
   * @param {Span | null} span
   * @param {Edge} taken
   * @param {{previous: number, next: number}} over
   */
  #showGrip(grip, span, taken, over) {
    const edge = /** @type {Edge} */ (edgeOf(grip));
    grip.classList.toggle("taken", edge === taken);
    grip.setAttribute("tabindex", span ? "0" : "-1");
    grip.setAttribute("aria-disabled", String(!span));
    const moment = span ? span[edge] : this.#window.from;
    const { least, most } = span ? limits(span, edge, this.#length) : { least: moment, most: moment };
    const [shown, name] = edge === "start" ? [over.previous, "the line before"] : [over.next, "the next line"];
    grip.setAttribute("x", this.#at(moment));
    grip.setAttribute("aria-valuemin", String(least));
    grip.setAttribute("aria-valuemax", String(Number.isFinite(most) ? most : Math.max(this.#window.to, moment)));
    grip.setAttribute("aria-valuenow", String(moment));
    grip.setAttribute("aria-valuetext", span ? `${exact(moment)}${shown ? `, ${shown} ms over ${name}` : ""}` : "not timed");
  }

  #drawScale() {
    const { from, to } = this.#window;
    const most = Math.max(2, this.#drawing.getBoundingClientRect().width / APART);
    const step = STEPS.find((each) => (to - from) / each <= most) ?? STEPS[STEPS.length - 1];
    const marks = [];
    for (let moment = Math.ceil(from / step) * step; moment <= to; moment += step) {
      const x = this.#at(moment);
      marks.push(element("line", { x1: x, x2: x, y1: "78", y2: "88" }));
      // Centred, the first would lie under the rule beside the line in hand.
      const text = element("text", { x, y: "102", class: moment - from < (to - from) * RIM ? "at-edge" : "" });
      text.textContent = step < 1_000 ? exact(moment).slice(0, -2) : clock(moment);
      marks.push(text);
      const half = this.#at(moment + step / 2);
      if (moment + step / 2 <= to) marks.push(element("line", { x1: half, x2: half, y1: "78", y2: "84" }));
    }
    this.#find(".marks").replaceChildren(...marks);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const edge = edgeOf(/** @type {Element} */ (event.target));
    const { span } = this.#shown;
    if (!edge || !span || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = this.#byKey(event, edge, span);
    if (to === null) return;
    event.preventDefault();
    this.#tell.move(edge, to);
  }

  /**
   * Give where a key moves an edge: 10 ms, with Shift or Page 100; Home and End lead to the neighbour on that side, where
   * it is in that direction, else as far as is drawn.
   * @param {KeyboardEvent} event
   * @param {Edge} edge
   * @param {Span} span
   * @returns {number | null}
   */
  #byKey({ key, shiftKey }, edge, span) {
    const step = KEYS.get(key);
    if (step) return span[edge] + step * (shiftKey ? 100 : 10);
    if (key === "PageUp" || key === "PageDown") return span[edge] + (key === "PageUp" ? 100 : -100);
    const { previous, next } = this.#shown;
    const { least, most } = limits(span, edge, this.#length);
    if (key === "Home") {
      const place = previous && previous.end < span[edge] ? previous.end : this.#window.from;
      return Math.max(least, edge === "end" ? least : place);
    }
    if (key === "End") {
      const place = next && next.start > span[edge] ? next.start : this.#window.to;
      return Math.min(most, edge === "start" ? most : place);
    }
    return null;
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (this.#drag || event.button !== 0) return;
    const grip = /** @type {Element} */ (event.target).closest(".grip");
    const edge = grip && edgeOf(grip);
    const { span } = this.#shown;
    if (!grip || !edge || !span) return this.#tell.seek(this.#momentAt(event.clientX));
    this.#drag = { pointer: event.pointerId, edge, origin: span[edge], from: event.clientX, span };
    grip.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move({ pointerId, clientX }) {
    if (pointerId === this.#drag?.pointer) this.#tell.drag(this.#dragged(clientX));
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} isLeft where it is; else it goes back
   */
  #end({ pointerId, clientX }, isLeft) {
    const drag = this.#drag;
    if (pointerId !== drag?.pointer) return;
    const span = this.#dragged(clientX);
    this.#drag = null;
    if (isLeft && span[drag.edge] !== drag.origin) this.#tell.drop(drag.edge, span[drag.edge]);
    else this.#tell.drag(drag.span);
  }

  /** @param {number} x where the pointer is: an edge moves by as much as the hand, for its grip stands beside it */
  #dragged(x) {
    const { edge, origin, from, span } = /** @type {NonNullable<typeof this.#drag>} */ (this.#drag);
    return withEdge(span, edge, origin + this.#momentAt(x) - this.#momentAt(from), this.#length);
  }

  /** @param {number} x */
  #momentAt(x) {
    const { left, width } = this.#drawing.getBoundingClientRect();
    const { from, to } = this.#window;
    return Math.round(from + (Math.min(Math.max(x - left, 0), width) / width) * (to - from));
  }

  /** @param {number} moment */
  #at(moment) {
    const { from, to } = this.#window;
    return `${((100 * (moment - from)) / (to - from)).toFixed(3)}%`;
  }

  /**
   * Put a mark at a moment; it is not shown where the drawing does not hold that, or there is none.
   * @param {string} selector
   * @param {number | undefined} moment
   */
  #mark(selector, moment) {
    const mark = this.#find(selector);
    const isShown = moment !== undefined && moment >= this.#window.from && moment <= this.#window.to;
    mark.toggleAttribute("data-off", !isShown);
    if (isShown) mark.setAttribute("x", this.#at(moment));
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {Element} */ (this.#drawing.querySelector(selector));
  }
}

/**
 * Draw bars about the middle, the loudest as high as the drawing.
 * @param {Levels} levels
 * @param {{from: number, to: number}} window
 */
export function bars({ from, to, peaks }, window) {
  const part = (to - from) / peaks.length;
  const count = Math.floor(WIDTH / STEP);
  const wide = (window.to - window.from) / count;
  const found = Array.from({ length: count }, (_, bar) => {
    const first = Math.floor((window.from + bar * wide - from) / part);
    const last = Math.max(first + 1, Math.floor((window.from + (bar + 1) * wide - from) / part));
    return Math.max(0, ...peaks.slice(Math.max(0, first), Math.max(0, last)));
  });
  const loudest = Math.max(...found, 1) ** 2;
  return found
    .map((level, bar) => {
      const half = Math.max(0.5, ((level ** 2 / loudest) * HEIGHT) / 2);
      return `M${(bar * STEP + STEP / 2).toFixed(1)} ${(HEIGHT / 2 - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
    })
    .join("");
}

/**
 * @param {Element} target
 * @returns {Edge | null}
 */
function edgeOf(target) {
  const { edge } = /** @type {SVGElement} */ (target).dataset ?? {};
  return edge === "start" || edge === "end" ? edge : null;
}

/**
 * @param {Element} rect
 * @param {Span | null} span
 * @param {(moment: number) => string} at
 */
function place(rect, span, at) {
  const [x, end] = span ? [at(span.start), at(span.end)] : ["0%", "0%"];
  rect.setAttribute("x", x);
  rect.setAttribute("width", `${Math.max(0, Number.parseFloat(end) - Number.parseFloat(x)).toFixed(3)}%`);
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
