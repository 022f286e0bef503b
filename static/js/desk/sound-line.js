/**
 * Holds the line in hand and those around it, with the times that were asked for until the desk has them: whoever presses
 * a key five times a second moves an edge on from where it was left, not from where the last answer has it.
 *
 * @typedef {import("./edges.js").Span} Span
 * @typedef {{id: string, start: number | null, end: number | null, words: (number | null)[], turns: {text: string}[]}} Line
 * @typedef {{line: Line | null, previous: Line | null, next: Line | null}} Lines
 */

import { spanOf } from "./edges.js";

export class LineInHand {
  /** @type {Lines} as the desk has them */
  #lines = { line: null, previous: null, next: null };
  /** @type {Map<string, {span: Span, isDone: boolean}>} what was asked for, by line, the last alone */
  #asked = new Map();
  #send;

  /** @param {(operation: object) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** Those three, with the times that were asked for. */
  get lines() {
    const { line, previous, next } = this.#lines;
    return { line: this.#over(line), previous: this.#over(previous), next: this.#over(next) };
  }

  get line() {
    return this.#over(this.#lines.line);
  }

  get id() {
    return this.#lines.line?.id ?? null;
  }

  get span() {
    return spanOf(this.line);
  }

  /**
   * The desk has these by now.
   * @param {Lines} lines
   * @returns {boolean} whether another line is in hand
   */
  set(lines) {
    const isOther = lines.line?.id !== this.#lines.line?.id;
    this.#lines = lines;
    for (const line of Object.values(lines)) if (line) this.#see(line);
    return isOther;
  }

  /**
   * Ask for the times of a line, and have them from now on.
   * @param {string} id
   * @param {Span} span
   */
  ask(id, span) {
    this.#asked.set(id, { span, isDone: false });
    this.#send({ do: "times", id, start: span.start, end: span.end });
  }

  /** @param {any} operation that the desk has done */
  done(operation) {
    const asked = operation?.do === "times" ? this.#asked.get(operation.id) : undefined;
    if (asked && asked.span.start === operation.start && asked.span.end === operation.end) asked.isDone = true;
  }

  /**
   * @param {any} operation that the desk has refused
   * @returns {boolean} whether it was one of these: the line stands again where the desk has it
   */
  refused(operation) {
    return operation?.do === "times" && this.#asked.delete(operation.id);
  }

  /**
   * The next moment at which a word, or the line, begins or ends.
   * @param {number} now
   */
  momentAfter(now) {
    const { line, span } = this;
    if (!line || !span) return Infinity;
    const moments = [span.start, span.end, ...line.words.map((word) => (word === null ? -1 : span.start + word))];
    return Math.min(...moments.filter((moment) => moment > now), Infinity);
  }

  /**
   * @template {Line | null} T
   * @param {T} line
   * @returns {T}
   */
  #over(line) {
    const asked = line && this.#asked.get(line.id);
    return asked ? { ...line, ...asked.span } : line;
  }

  /** What a line has by now is no longer asked for, and where that is done, another time is another's. */
  #see({ id, start, end }) {
    const asked = this.#asked.get(id);
    const isThere = asked?.span.start === start && asked?.span.end === end;
    if (isThere || asked?.isDone) this.#asked.delete(id);
  }
}

/**
 * Give all that a line says.
 * @param {{turns: {text: string}[]}} line
 */
export function textOf({ turns }) {
  return turns.map(({ text }) => text).join(" ");
}
