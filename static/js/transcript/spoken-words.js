/** Paints the words being spoken with the CSS Custom Highlight API: no element is made, and selections stay whole. */

import { indexAt } from "./cues.js";
import { stretches } from "./words.js";

const NAME = "spoken";

export class SpokenWords {
  #highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
  /** @type {HTMLElement | null} */
  #line = null;
  /** @type {Text | null} its words */
  #text = null;
  /** @type {import("./words.js").Stretch[]} */
  #stretches = [];
  #starts = new Float64Array();
  #shown = -1;

  /**
   * Paint what is spoken of a line now; the line's last words go out at its end, though the line itself is held.
   * @param {HTMLElement | null} line
   * @param {number} now milliseconds
   */
  show(line, now) {
    if (!this.#highlight) return;
    if (line !== this.#line) this.#open(line);
    const isOver = line === null || now >= Number(line.dataset.end);
    const index = isOver ? -1 : indexAt(this.#starts, now);
    if (index === this.#shown) return;
    this.#shown = index;
    this.#paint(this.#stretches[index]);
  }

  /** @param {HTMLElement | null} line */
  #open(line) {
    this.#line = line;
    const text = line?.querySelector(".said")?.firstChild;
    const times = line?.dataset.words;
    this.#text = text instanceof Text ? text : null;
    this.#stretches = this.#text && times ? stretches(this.#text.data, times) : [];
    this.#starts = Float64Array.from(this.#stretches, ({ at }) => Number(line?.dataset.start) + at);
    this.#shown = -1;
    this.#paint();
  }

  /** @param {import("./words.js").Stretch} [stretch] */
  #paint(stretch) {
    this.#highlight.clear();
    if (!stretch) return;
    // A live range would be looked after at each change of the document, and takes longer to move.
    this.#highlight.add(new StaticRange({
      startContainer: this.#text, startOffset: stretch.from, endContainer: this.#text, endOffset: stretch.to,
    }));
    CSS.highlights.set(NAME, this.#highlight);
  }
}
