/**
 * Makes a passage of two lines that are named one after the other, "from here" and "to here", and selects its words: what
 * can be done with selected words can then be done without selecting them by hand.
 */

import { ask } from "../elements/requests.js";
import { clock } from "../playback/timecode.js";
import { lineOf, textOf } from "../transcript/words.js";

/**
 * @typedef {import("../transcript/spoken-lines.js").SpokenLine} Line
 * @typedef {import("./selected-words.js").Part} Part
 * @typedef {"start" | "end"} Edge
 */

const EVENTS = ["click", "followchange", "passageedgerequest"];
// What a line offers about itself; the transport's own buttons ask by themselves.
const AT_LINE = "[data-passage-edge][data-line]";

export class LineEnds {
  #player;
  #lines;
  #notify;
  /** @type {Record<Edge, Line | null>} */
  #ends = { start: null, end: null };
  #isFollowing = true;
  /** Whether to follow on once the words are selected: whoever names a line does not look elsewhere. */
  #followsOn = false;

  /**
   * @param {HTMLElement} player
   * @param {import("../transcript/spoken-lines.js").SpokenLines} lines
   * @param {(missing: string) => void} notify called before the words are selected, or with why none can be
   */
  constructor(player, lines, notify) {
    this.#player = player;
    this.#lines = lines;
    this.#notify = notify;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
  }

  /** @param {any} event */
  handleEvent({ type, detail, target }) {
    switch (type) {
      case "click":
        return this.#press(target.closest(AT_LINE));
      case "followchange":
        this.#isFollowing = detail.following;
        break;
      case "passageedgerequest":
        // Elsewhere, to follow on would take the reader away.
        this.#followsOn = this.#isFollowing && detail.line === undefined;
        return this.#name(detail.edge, detail.line === undefined ? this.#lines.here : this.#lines.byId(detail.line));
    }
  }

  /** Whether the other end is still to be named. */
  get isHalf() {
    return Boolean(this.#ends.start) !== Boolean(this.#ends.end);
  }

  /** No line is named any more. */
  forget() {
    this.#ends = { start: null, end: null };
  }

  /**
   * Say what is selected, where lines that were named are; what else the reader selects is another passage.
   * @param {Part[]} parts what is selected, which has come to rest
   * @returns {string} "" where it is something else
   */
  settle(parts) {
    if (!this.#isOf(parts)) {
      if (parts.length) this.forget();
      return "";
    }
    if (this.#followsOn && !this.#isFollowing) ask(this.#player, "followrequest");
    this.#followsOn = false;
    const { start, end } = this.#ends;
    if (!end) return `The passage begins ${placeIn(start, "with this line")}. Choose “To here” at its last line.`;
    if (!start) return `The passage ends with ${placeIn(end, "this line", "the line ")}. Choose “From here” at its first line.`;
    return "";
  }

  /** @param {HTMLElement | null} button */
  #press(button) {
    if (button) ask(button, "passageedgerequest", { edge: button.dataset.passageEdge, line: button.dataset.line });
  }

  /**
   * Let the passage start or end at a line. An end that would be on the wrong side of it is forgotten: the passage is
   * this line alone until the other end is named again.
   * @param {Edge} edge
   * @param {Line | null} line
   */
  #name(edge, line) {
    if (!line) return this.#notify("No line has been spoken yet. Go to a line first.");
    const other = edge === "start" ? "end" : "start";
    const before = this.#ends[other]?.cue ?? line.cue;
    const isAfter = Boolean(line.cue.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (before !== line.cue && isAfter !== (edge === "start")) this.#ends[other] = null;
    this.#ends[edge] = line;
    this.#notify("");
    const [first, last] = this.#words.map(textOf);
    getSelection()?.setBaseAndExtent(first, 0, last, last.length);
  }

  /** The words at its ends, in the language that is shown. @returns {Element[]} */
  get #words() {
    const { start, end } = this.#ends;
    return [(start ?? end).words[0], (end ?? start).words[0]];
  }

  /** @param {Part[]} parts */
  #isOf(parts) {
    if (!parts.length || !(this.#ends.start || this.#ends.end)) return false;
    const [first, last] = this.#words;
    const [begun, ended] = [parts[0], parts[parts.length - 1]];
    return begun.words === first && begun.from === 0 && ended.words === last && ended.to === textOf(last).length;
  }
}

/**
 * Say when a line begins.
 * @param {Line} line
 * @param {string} otherwise where nobody knows
 * @param {string} [before] what stands before the time
 */
function placeIn({ said }, otherwise, before = "") {
  const { start } = lineOf(said);
  return Number.isNaN(start) ? otherwise : `${before}at ${clock(start)}`;
}
