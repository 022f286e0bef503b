/**
 * Hits by number, in the order in which a reader meets them. There may be hundreds of thousands, so they are no more than
 * lists of numbers until somebody asks about one.
 *
 * @typedef {import("./search-index.js").SearchIndex} SearchIndex
 */

// More letters than a hit has.
const LONGEST = 1 << 20;

/** Where hits begin and end in the words of an index, each with a number that orders it. */
export class Places {
  length = 0;
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  keys = new Float64Array(64);

  /**
   * @param {number} start
   * @param {number} end
   * @param {number} key
   */
  add(start, end, key) {
    if (this.length === this.starts.length) this.#grow();
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.keys[this.length] = key;
    this.length += 1;
  }

  #grow() {
    for (const list of /** @type {const} */ (["starts", "ends", "keys"])) {
      const larger = new { starts: Int32Array, ends: Int32Array, keys: Float64Array }[list](4 * this.length);
      larger.set(this[list]);
      /** @type {any} */ (this)[list] = larger;
    }
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
  stretches(hit) {
    return this.#index.stretches(this.#places.starts[hit], this.#places.ends[hit]);
  }

  /**
   * Find the first hit that begins in a piece or after it; `count` where none does.
   * @param {number} piece
   */
  firstFrom(piece) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.pieceOf(middle) < piece) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Find the first hit that begins at a place in a piece or after it; `count` where none does.
   * @param {{piece: number, from: number}} place
   */
  firstAt({ piece, from }) {
    let hit = this.firstFrom(piece);
    while (hit < this.count && this.pieceOf(hit) === piece && this.stretches(hit)[0].from < from) hit += 1;
    return hit;
  }
}

/**
 * Join what several needles have found, each ordered by `byPlace`. What lies within another hit is not counted again.
 * @param {readonly Places[]} found
 */
export function joined(found) {
  if (found.length === 1) return found[0];
  const all = found.reduce(interleaved, new Places());
  const kept = new Places();
  let reached = 0;
  for (let hit = 0; hit < all.length; hit += 1) {
    if (all.ends[hit] <= reached) continue;
    reached = all.ends[hit];
    kept.add(all.starts[hit], reached, all.keys[hit]);
  }
  return kept;
}

/**
 * Give the key that orders by start and, of two with one start, puts the longer first.
 * @param {number} start
 * @param {number} end
 */
export function byPlace(start, end) {
  return start * LONGEST - (end - start);
}

/**
 * Put hits of several tracks into the page's order, without those in pieces that are not shown.
 * @param {Places} found in the order of the words, which is that of the tracks
 * @param {SearchIndex} index
 * @param {(piece: number) => boolean} isShown
 */
export function inPageOrder({ length, starts, ends }, index, isShown) {
  /** @type {{track: number, places: Places}[]} */
  const tracks = [];
  /** @type {Map<number, number>} */
  const hidden = new Map();
  const pieceAt = index.pieces();
  let piece = -1;
  let isIn = false;
  for (let hit = 0; hit < length; hit += 1) {
    const next = pieceAt(starts[hit]);
    if (next !== piece) {
      piece = next;
      isIn = isShown(piece);
      const track = index.trackOf(piece);
      if (isIn && tracks[tracks.length - 1]?.track !== track) tracks.push({ track, places: new Places() });
    }
    if (isIn) tracks[tracks.length - 1].places.add(starts[hit], ends[hit], piece);
    else hidden.set(index.trackOf(piece), (hidden.get(index.trackOf(piece)) ?? 0) + 1);
  }
  const later = new Map(tracks.map(({ track, places }) => [track, places.length]));
  return new Hits(index, tracks.map(({ places }) => places).reduce(interleaved, new Places()), later, hidden);
}

/**
 * @param {Places} one
 * @param {Places} other
 */
function interleaved(one, other) {
  if (!one.length) return other;
  const both = new Places();
  let [at, beside] = [0, 0];
  while (at < one.length || beside < other.length) {
    const isOne = beside === other.length || (at < one.length && one.keys[at] <= other.keys[beside]);
    const from = isOne ? one : other;
    const hit = isOne ? at++ : beside++;
    both.add(from.starts[hit], from.ends[hit], from.keys[hit]);
  }
  return both;
}
