/**
 * Marks hits: on the page with the CSS Custom Highlight API, so that no element is made, and marks, selections and the
 * words being spoken stay what they are; and on the timeline, by their spans. Of very many hits, those near the window
 * are painted, and others when the page is scrolled to them. Where the API is missing, the lines and notes that hold
 * hits carry `data-hit`. The note that holds the current hit carries `data-shown`, since a note may be shown in part.
 *
 * @typedef {import("../transcript/words.js").Span} Span
 * @typedef {import("./hits.js").Hits} Hits
 * @typedef {import("./texts.js").SearchPage} SearchPage
 */

const HIT = "hit";
const CURRENT = "current-hit";
/** Hits that are painted all at once, wherever they are. */
const FEW = 500;

/** Paints hits on the page. */
export class HitPainter {
  #page;
  #hit = highlightOver(1);
  #current = highlightOver(2);
  /** @type {Hits | null} */
  #hits = null;
  /** @type {[number, number]} which hits are painted: the first, and the first after them */
  #painted = [0, 0];
  /** @type {HTMLElement | null} */
  #shown = null;
  /** @type {Set<HTMLElement>} */
  #marked = new Set();
  #isAwaited = false;

  /** @param {SearchPage} page */
  constructor(page) {
    this.#page = page;
    if (this.#hit) CSS.highlights.set(HIT, this.#hit);
    if (this.#current) CSS.highlights.set(CURRENT, this.#current);
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of ["scroll", "resize"]) addEventListener(type, this, { signal, passive: true });
    signal.addEventListener("abort", () => this.show(null, -1));
  }

  handleEvent() {
    if (!this.#hits || this.#hits.count <= FEW || this.#isAwaited) return;
    this.#isAwaited = true;
    requestAnimationFrame(() => {
      this.#isAwaited = false;
      if (this.#hits && !this.#coversWindow()) this.#paint();
    });
  }

  /**
   * Paint hits, or none.
   * @param {Hits | null} hits
   * @param {number} current which of them the reader is at; -1 for none
   */
  show(hits, current) {
    const isOther = hits !== this.#hits;
    this.#hits = hits;
    if (isOther) this.#paint();
    this.#showCurrent(current);
  }

  #paint() {
    const hits = this.#hits;
    this.#painted = !hits ? [0, 0] : hits.count <= FEW ? [0, hits.count] : this.#near(innerHeight);
    this.#hit?.clear();
    this.#mark(new Set());
    const [first, end] = this.#painted;
    /** @type {Set<HTMLElement>} */
    const owners = new Set();
    for (let hit = first; hit < end; hit += 1) {
      for (const part of hits.parts(hit)) {
        if (this.#hit) this.#hit.add(this.#page.paintedOf(part));
        else owners.add(this.#page.ownerOf(part.piece));
      }
    }
    this.#mark(owners);
  }

  /** @param {number} current */
  #showCurrent(current) {
    const parts = this.#hits && current >= 0 ? this.#hits.parts(current) : [];
    this.#current?.clear();
    for (const part of parts) this.#current?.add(this.#page.paintedOf(part));
    const note = parts.length ? this.#page.noteOf(parts[0].piece) : null;
    if (note !== this.#shown) this.#shown?.removeAttribute("data-shown");
    note?.setAttribute("data-shown", "");
    this.#shown = note;
    if (this.#current) return;
    for (const owner of this.#marked) owner.dataset.hit = "";
    for (const { piece } of parts) {
      const owner = this.#page.ownerOf(piece);
      owner.dataset.hit = "current";
      this.#marked.add(owner);
    }
  }

  /** @param {Set<HTMLElement>} owners */
  #mark(owners) {
    for (const owner of this.#marked) delete owner.dataset.hit;
    for (const owner of owners) owner.dataset.hit = "";
    this.#marked = owners;
  }

  /**
   * Find the hits in the window and so far above and below it.
   * @param {number} margin pixels
   * @returns {[number, number]}
   */
  #near(margin) {
    const [first, end] = this.#page.between(-margin, innerHeight + margin);
    return [this.#hits.firstFrom(first), this.#hits.firstFrom(end)];
  }

  #coversWindow() {
    const [first, end] = this.#near(0);
    return first >= this.#painted[0] && end <= this.#painted[1];
  }
}

/**
 * @param {number} priority which of two that overlap is seen
 * @returns {Highlight | null} null where the browser has none
 */
function highlightOver(priority) {
  if (!globalThis.Highlight || !CSS.highlights) return null;
  return Object.assign(new Highlight(), { priority });
}

// As many as are given one by one. Of more, there is one in each of twice as many equal parts of the time.
const FEW_SPANS = 500;

/** The spans that the timeline marks: each hit by its own words, or, where there are very many, some lines of them. */
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
    if (hits !== this.#hits) this.#spans = !hits ? [] : hits.count <= FEW_SPANS ? this.#all(hits) : this.#thinned(hits);
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
    const part = this.#page.length / (2 * FEW_SPANS);
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
    const span = this.#page.spanOf(hits.parts(hit));
    return span && { ...span, hit };
  }
}
