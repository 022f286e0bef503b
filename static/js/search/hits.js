/**
 * Numbers hits in the order in which a reader meets them. There may be hundreds of thousands, so they are no more than
 * lists of numbers until somebody asks about one.
 *
 * @typedef {import("./index.js").SearchIndex} SearchIndex
 */

/** Where hits begin and end in the words of an index. */
export class Places {
  length = 0;
  starts;
  ends;

  /** @param {number} [capacity] how many there is space for; it grows when needed */
  constructor(capacity = 64) {
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  add(start, end) {
    if (this.length === this.starts.length) this.#grow();
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }

  /**
   * Add some of others, for which there must be space.
   * @param {Places} others
   * @param {number} begin
   * @param {number} end
   */
  append(others, begin, end) {
    if (end <= begin) return;
    this.starts.set(others.starts.subarray(begin, end), this.length);
    this.ends.set(others.ends.subarray(begin, end), this.length);
    this.length += end - begin;
  }

  /**
   * Give some of them, which are not copied.
   * @param {number} begin
   * @param {number} end
   */
  between(begin, end) {
    const some = new Places(0);
    some.starts = this.starts.subarray(begin, end);
    some.ends = this.ends.subarray(begin, end);
    some.length = end - begin;
    return some;
  }

  #grow() {
    const [starts, ends] = [this.starts, this.ends].map((list) => {
      const larger = new Int32Array(Math.max(4 * this.length, 64));
      larger.set(list);
      return larger;
    });
    this.starts = starts;
    this.ends = ends;
  }
}

export class Hits {
  #index;
  #places;
  #later;
  #hidden;

  /**
   * @param {SearchIndex} index
   * @param {Places} places in the page's order
   * @param {ReadonlyMap<number, number>} later how many are in each track after the first
   * @param {ReadonlyMap<number, number>} [hidden] how many more there would be in each, were all of it shown
   */
  constructor(index, places, later, hidden = new Map()) {
    this.#index = index;
    this.#places = places;
    this.#later = later;
    this.#hidden = hidden;
  }

  get count() {
    return this.#places.length;
  }

  /**
   * Count the hits in a track after the first.
   * @param {number} track
   */
  countIn(track) {
    return this.#later.get(track) ?? 0;
  }

  /**
   * Count what would be hits in a track, were it not hidden.
   * @param {number} track
   */
  countHiddenIn(track) {
    return this.#hidden.get(track) ?? 0;
  }

  /**
   * Give the piece in which a hit begins.
   * @param {number} hit
   */
  pieceOf(hit) {
    return this.#index.pieceAt(this.#places.starts[hit]);
  }

  /** @param {number} hit */
  parts(hit) {
    return this.#index.parts(this.#places.starts[hit], this.#places.ends[hit]);
  }

  /**
   * Find the first hit that begins in a piece or after it; `count` where none does.
   * @param {number} piece
   */
  firstFrom(piece) {
    return firstWhere(this.count, (hit) => this.pieceOf(hit) >= piece);
  }

  /**
   * Find the first hit that begins at a place in a piece or after it; `count` where none does.
   * @param {{piece: number, from: number}} place
   */
  firstAt({ piece, from }) {
    let hit = this.firstFrom(piece);
    while (hit < this.count && this.pieceOf(hit) === piece && this.parts(hit)[0].from < from) hit += 1;
    return hit;
  }
}

/**
 * Join what several needles have found. What lies within another hit is not counted again.
 * @param {readonly Places[]} found each in the order of the words
 */
export function joined(found) {
  if (found.length === 1) return found[0];
  const all = found.reduce(interleaved, new Places());
  const kept = new Places();
  let reached = 0;
  for (let hit = 0; hit < all.length; hit += 1) {
    if (all.ends[hit] <= reached) continue;
    reached = all.ends[hit];
    kept.add(all.starts[hit], reached);
  }
  return kept;
}

/**
 * Put hits of several tracks into the page's order, without those in pieces that are not shown.
 * @param {Places} found in the order of the words, which is that of the tracks
 * @param {SearchIndex} index
 * @param {(piece: number) => boolean} isShown of a piece of track 0 it tells whether all are shown
 */
export function inPageOrder(found, index, isShown) {
  /** @type {Map<number, number>} */
  const [later, hidden] = [new Map(), new Map()];
  let all = new Places();
  for (let begin = 0; begin < found.length; ) {
    const piece = index.pieceAt(found.starts[begin]);
    const track = index.trackOf(piece);
    const end = firstWhere(found.length, (hit) => index.trackOf(index.pieceAt(found.starts[hit])) > track);
    const places = found.between(begin, end);
    const kept = track > 0 ? shownOf(places, index, isShown) : isShown(piece) ? places : new Places();
    if (kept.length) later.set(track, kept.length);
    if (kept.length < places.length) hidden.set(track, places.length - kept.length);
    all = merged(all, kept, index);
    begin = end;
  }
  return new Hits(index, all, later, hidden);
}

/**
 * @param {Places} places of one track
 * @param {SearchIndex} index
 * @param {(piece: number) => boolean} isShown
 */
function shownOf(places, index, isShown) {
  const kept = new Places();
  const pieceAt = index.pieces();
  for (let hit = 0; hit < places.length; hit += 1) {
    if (isShown(pieceAt(places.starts[hit]))) kept.add(places.starts[hit], places.ends[hit]);
  }
  return kept;
}

/**
 * Merge hits in the page's order. Between two of a few, there may be tens of thousands of the others, which are moved as
 * one.
 * @param {Places} one
 * @param {Places} other
 * @param {SearchIndex} index
 */
function merged(one, other, index) {
  if (!one.length || !other.length) return one.length ? one : other;
  const both = new Places(one.length + other.length);
  let [at, beside] = [0, 0];
  while (at < one.length || beside < other.length) {
    const next = beside < other.length ? index.pieceAt(other.starts[beside]) : Infinity;
    const end = firstWhere(one.length, (hit) => index.pieceAt(one.starts[hit]) > next);
    both.append(one, at, end);
    at = Math.max(at, end);
    const until = at < one.length ? index.pieceAt(one.starts[at]) : Infinity;
    const last = firstWhere(other.length, (hit) => index.pieceAt(other.starts[hit]) >= until);
    both.append(other, beside, last);
    beside = Math.max(beside, last);
  }
  return both;
}

/**
 * Find the first hit of which something is true that is true of all after it; `length` where of none.
 * @param {number} length
 * @param {(hit: number) => boolean} is
 */
function firstWhere(length, is) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Put hits of two needles into the order of the words; of two with one start, the longer first.
 * @param {Places} one
 * @param {Places} other
 */
function interleaved(one, other) {
  const both = new Places(one.length + other.length);
  let [at, beside] = [0, 0];
  while (at < one.length || beside < other.length) {
    const apart = beside === other.length ? -1 : at === one.length ? 1 : one.starts[at] - other.starts[beside];
    const isOne = apart < 0 || (apart === 0 && one.ends[at] >= other.ends[beside]);
    if (isOne) both.add(one.starts[at], one.ends[at++]);
    else both.add(other.starts[beside], other.ends[beside++]);
  }
  return both;
}
