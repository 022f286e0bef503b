/**
 * Says where the edges of a line may stand and how they move, in whole milliseconds; and shows them under the outline.
 * A line never ends before it starts, nor runs into nothing: its two edges keep `SHORTEST` apart. It may overlap its
 * neighbours, for people speak at once; that is said.
 *
 * @typedef {"start" | "end"} Edge
 * @typedef {{start: number, end: number}} Span
 */

/** The shortest line: shorter is no syllable. */
export const SHORTEST = 50;
// How long a line lasts of which only the start is known: people speak some 15 letters a second.
const LETTER = 65;
const LEAST = 800;
const MINUTE = 60_000;
const SECOND = 1_000;

/**
 * Give the moments between which an edge may stand while the other stays.
 * @param {Span} span
 * @param {Edge} edge
 * @param {number} length of the recording; Infinity where it is not known
 */
export function limits(span, edge, length) {
  return edge === "start"
    ? { least: 0, most: Math.max(span.end - SHORTEST, 0) }
    : { least: span.start + SHORTEST, most: Math.max(length, span.start + SHORTEST) };
}

/**
 * Put an edge where it is wanted, or as near as it may be.
 * @param {Span} span
 * @param {Edge} edge
 * @param {number} moment
 * @param {number} length of the recording
 * @returns {Span}
 */
export function withEdge(span, edge, moment, length) {
  const { least, most } = limits(span, edge, length);
  return { ...span, [edge]: Math.round(Math.min(Math.max(moment, least), most)) };
}

/**
 * Let a line start here. One that ended before keeps its length; one without times gets that of its words.
 * @param {Span | null} span
 * @param {number} moment
 * @param {string} text of the line
 * @param {number} length of the recording
 * @returns {Span | null} null where the recording is over
 */
export function startedAt(span, moment, text, length) {
  if (moment + SHORTEST > length) return null;
  const lasting = span === null ? lengthOf(text) : span.end - span.start;
  const end = span !== null && span.end - moment >= SHORTEST ? span.end : Math.min(moment + lasting, length);
  return { start: moment, end: Math.max(end, moment + SHORTEST) };
}

/**
 * Let a line end here; null where it would end before it starts, or has no start.
 * @param {Span | null} span
 * @param {number} moment
 * @returns {Span | null}
 */
export function endedAt(span, moment) {
  return span === null || moment - span.start < SHORTEST ? null : { start: span.start, end: moment };
}

/**
 * Tell how long it takes, about, to say a text.
 * @param {string} text
 */
export function lengthOf(text) {
  return Math.max(LEAST, LETTER * text.length);
}

/**
 * Tell by how much a line overlaps the lines around it.
 * @param {Span | null} span
 * @param {Span | null} previous
 * @param {Span | null} next
 */
export function overlaps(span, previous, next) {
  return {
    previous: span && previous ? Math.max(0, Math.min(previous.end, span.end) - span.start) : 0,
    next: span && next ? Math.max(0, span.end - Math.max(next.start, span.start)) : 0,
  };
}

/**
 * Give the times of a line, where it has both.
 * @param {{start: number | null, end: number | null} | null | undefined} line
 * @returns {Span | null}
 */
export function spanOf(line) {
  return line && line.start !== null && line.end !== null ? { start: line.start, end: line.end } : null;
}

/**
 * Find the word of a line that is spoken at a moment: the last timed one that has begun; null where none has.
 * @param {{start: number | null, end: number | null, words: (number | null)[]} | null} line words are after its start
 * @param {number} moment
 * @returns {number | null}
 */
export function wordAt(line, moment) {
  const span = spanOf(line);
  if (!line || !span || moment < span.start || moment >= span.end) return null;
  const found = line.words.findLastIndex((word) => word !== null && span.start + word <= moment);
  return found < 0 ? null : found;
}

/**
 * Write a moment to the millisecond: 14:20.370, 1:02:03.004.
 * @param {number} moment
 */
export function exact(moment) {
  const minutes = Math.floor(moment / MINUTE);
  const seconds = (moment % MINUTE) / SECOND;
  const rest = seconds.toFixed(3).padStart(6, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** Shows the edges in figures, which is in hand, and what they overlap; its buttons ask. */
export class EdgeRow {
  #root;
  #ask;

  /**
   * @param {HTMLElement} root holds .edges
   * @param {(edge: Edge, by: number) => void} ask an edge is taken in hand, and moved by so many milliseconds
   */
  constructor(root, ask) {
    this.#root = root;
    this.#ask = ask;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    this.#root.querySelector(".edges")?.addEventListener("click", this, { signal });
  }

  /** @param {any} event */
  handleEvent({ target }) {
    const button = target.closest("button");
    if (button) this.#ask(button.closest("[data-edge]").dataset.edge, Number(button.dataset.by ?? 0));
  }

  /**
   * @param {Span | null} span
   * @param {Edge} taken
   * @param {{previous: number, next: number}} over
   */
  show(span, taken, over) {
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll(".edges [data-edge]"))) {
      const edge = /** @type {Edge} */ (row.dataset.edge);
      row.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", String(edge === taken));
      const output = row.querySelector("output");
      const text = span ? exact(span[edge]) : "not timed";
      if (output && output.textContent !== text) output.textContent = text;
      for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (row.querySelectorAll("[data-by]"))) {
        button.disabled = span === null;
      }
    }
    const note = this.#root.querySelector(".sound-over");
    if (note) note.textContent = overlapText(over);
  }
}

/**
 * Say what a line overlaps; "" where it does not.
 * @param {{previous: number, next: number}} over
 */
export function overlapText({ previous, next }) {
  const parts = [previous && `the line before by ${previous} ms`, next && `the next by ${next} ms`].filter(Boolean);
  return parts.length ? `Overlaps ${parts.join(" and ")}.` : "";
}
