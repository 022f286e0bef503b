/** Hits into the spans that the timeline marks: each by its own words, or, where there are very many, some lines of them. */

/**
 * @typedef {import("../clips/clip-span.js").Span} Span
 * @typedef {import("./hits.js").Hits} Hits
 * @typedef {import("./texts.js").SearchPage} SearchPage
 */

/** As many as are told one by one. Of more, there is one in each of twice as many equal parts of the time. */
const FEW = 500;

export class HitSpans {
  #page;
  /** @type {Hits | null} */
  #hits = null;
  /** @type {(Span & {hit: number})[]} in order of the hits */
  #spans = [];

  /** @param {SearchPage} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * Give the spans of hits, and which of them is the current one; -1 where it has none.
   * @param {Hits | null} hits
   * @param {number} current
   * @returns {{spans: Span[], current: number}}
   */
  of(hits, current) {
    if (hits !== this.#hits) this.#spans = !hits ? [] : hits.count <= FEW ? this.#all(hits) : this.#thinned(hits);
    this.#hits = hits;
    const spans = [...this.#spans];
    let at = spans.findIndex(({ hit }) => hit === current);
    const own = at < 0 && hits && current >= 0 ? this.#spanOf(hits, current) : null;
    if (own) {
      at = spans.findIndex(({ hit }) => hit > current);
      at = at < 0 ? spans.length : at;
      spans.splice(at, 0, own);
    }
    return { spans: spans.map(({ start, end }) => ({ start, end })), current: at };
  }

  /** @param {Hits} hits */
  #all(hits) {
    return Array.from({ length: hits.count }, (_, hit) => this.#spanOf(hits, hit)).filter((span) => span !== null);
  }

  /** @param {Hits} hits */
  #thinned(hits) {
    const part = this.#page.length / (2 * FEW);
    const spans = [];
    for (let hit = 0; hit < hits.count; ) {
      const span = this.#page.passageOf(hits.pieceOf(hit));
      if (span) spans.push({ ...span, hit });
      const next = span ? hits.firstFrom(this.#page.from((Math.floor(span.start / part) + 1) * part)) : 0;
      hit = Math.max(hit + 1, next);
    }
    return spans;
  }

  /**
   * @param {Hits} hits
   * @param {number} hit
   */
  #spanOf(hits, hit) {
    const span = this.#page.spanOf(hits.stretches(hit));
    return span && { ...span, hit };
  }
}
