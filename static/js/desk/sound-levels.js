/**
 * Gets how loud a passage is from the server, and finds silence in it.
 *
 * @typedef {{from: number, to: number, peaks: number[]}} Levels peaks of equal parts from `from` to `to`, 0 to 255: the
 *   square root of the loudness
 */

// Parts are this long, in milliseconds, as far as the server gives so many.
const PART = 5;
const MOST = 4_000;
// Beyond what is drawn, so that the drawing can move, and silence is found.
const AROUND = 3_000;
// Who goes from line to line asks for none of those that are passed, in milliseconds.
const PAUSE = 120;
// The waits between two looks at what is still being counted, in milliseconds.
const FIRST = 300;
const GROWTH = 1.5;
const LONGEST = 5_000;
const KEPT = 8;
const IN_THE_MAKING = 202;
const BUSY = 503;

/** How loud the passages are that were asked for lately. */
export class LevelStore {
  #address;
  #length;
  /** @type {Levels[]} the latest last */
  #kept = [];
  #asked = 0;

  /**
   * @param {string | undefined} address of the outline, up to its passage; nothing where the server cannot read the sound
   * @param {number} length of the recording, Infinity where it is not known
   */
  constructor(address, length) {
    this.#address = address ? new URL(address, location.href) : null;
    this.#length = length;
  }

  /**
   * Give what is known of a passage; null where the server has to be asked.
   * @param {number} from
   * @param {number} to
   */
  known(from, to) {
    const end = Math.min(to, this.#length);
    return this.#kept.findLast((each) => each.from <= from && each.to >= end) ?? null;
  }

  /**
   * Give a passage, and more around it. Of several calls the last alone is answered.
   * @param {number} from
   * @param {number} to
   * @param {AbortSignal} signal ends it
   * @returns {Promise<{levels: Levels | null, status: number} | null>} levels are null where there are none, for a reason
   *   that the status says (0: nobody answered); null where another was asked for meanwhile
   */
  async get(from, to, signal) {
    this.#asked += 1;
    const asked = this.#asked;
    const found = this.known(from, to);
    if (found) return { levels: found, status: 200 };
    const [first, last] = [Math.max(0, from - AROUND), Math.min(to + AROUND, this.#length)];
    for (let wait = PAUSE; ; wait = Math.min(Math.max(wait * GROWTH, FIRST), LONGEST)) {
      await new Promise((done) => setTimeout(done, wait));
      if (asked !== this.#asked || signal.aborted) return null;
      const answer = await this.#fetch(first, last, signal);
      if (![IN_THE_MAKING, BUSY].includes(answer.status)) return this.#keep(answer, last);
    }
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {AbortSignal} signal
   */
  async #fetch(from, to, signal) {
    if (!this.#address) return { status: 0, levels: null };
    const points = Math.max(1, Math.min(MOST, Math.ceil((to - from) / PART)));
    for (const [name, value] of Object.entries({ from, to, points })) this.#address.searchParams.set(name, String(value));
    try {
      const answer = await fetch(this.#address, { signal });
      return { status: answer.status, levels: answer.status === 200 ? await answer.json() : null };
    } catch {
      return { status: 0, levels: null }; // nobody answers, or nobody waits for it any more
    }
  }

  /**
   * @param {{status: number, levels: Levels | null}} answer
   * @param {number} last moment that was asked for
   */
  #keep(answer, last) {
    // Of a sound that was not counted when the page was made, it is known now where it ends.
    if (answer.levels && answer.levels.to < last) this.#length = answer.levels.to;
    if (answer.levels?.peaks.length) this.#kept = [...this.#kept, answer.levels].slice(-KEPT);
    return answer;
  }
}

const FLOOR_DB = -72;
// Of the way from the softest 80 ms of a passage up to its loudest parts, what still counts as quiet.
const SHARE = 0.25;
// Speech that stands less above what is under it, in decibels, shows no silence.
const LEAST_DB = 15;
// A shorter one is within a word: the closure of a p, t or k.
const SHORTEST_QUIET = 80;
// How far from the sound on either side an edge is put, and how far away silence may be.
const MARGIN = 30;
/** How far away from an edge silence is looked for, in milliseconds. */
export const REACH = 1_500;

/**
 * Find the passages of silence, in order: at least 80 ms that are nearly as soft as the softest 80 ms.
 * @param {Levels} levels
 * @returns {{from: number, to: number}[]}
 */
export function silences({ from, to, peaks }) {
  const loudness = peaks.map((peak) => (peak ? Math.max(40 * Math.log10(peak / 255), FLOOR_DB) : FLOOR_DB));
  const part = (to - from) / peaks.length;
  const soft = softest(loudness, Math.max(1, Math.ceil(SHORTEST_QUIET / part)));
  const loud = loudness.toSorted((one, other) => one - other)[Math.floor(0.95 * loudness.length)];
  if (!(loud - soft >= LEAST_DB)) return []; // nor where there are too few parts
  const found = [];
  let begun = -1;
  for (let index = 0; index <= loudness.length; index += 1) {
    const isQuiet = index < loudness.length && loudness[index] <= soft + SHARE * (loud - soft);
    if (isQuiet && begun < 0) begun = index;
    if (isQuiet || begun < 0) continue;
    if ((index - begun) * part >= SHORTEST_QUIET) found.push({ from: from + begun * part, to: from + index * part });
    begun = -1;
  }
  return found;
}

/**
 * Find the place in silence that is nearest to a moment, a little away from the sound around it.
 * @param {Levels} levels
 * @param {number} moment
 * @param {{least: number, most: number}} limits between which it must be
 * @returns {number | null} a whole millisecond; null where there is no silence within `REACH`
 */
export function quietNear(levels, moment, { least, most }) {
  const places = silences(levels)
    .map((each) => nearest(moment, each.from + MARGIN, each.to - MARGIN))
    .filter((place) => place >= least && place <= most && Math.abs(place - moment) <= REACH);
  places.sort((one, other) => Math.abs(one - moment) - Math.abs(other - moment));
  return places[0] ?? null;
}

/**
 * @param {number} moment
 * @param {number} first
 * @param {number} last
 */
function nearest(moment, first, last) {
  return Math.round(Math.min(Math.max(moment, Math.ceil(first)), Math.floor(last)));
}

/**
 * Give how loud the softest run of so many parts is, at its loudest.
 * @param {number[]} loudness
 * @param {number} parts
 */
function softest(loudness, parts) {
  let least = Infinity;
  for (let at = 0; at + parts <= loudness.length; at += 1) least = Math.min(least, Math.max(...loudness.slice(at, at + parts)));
  return least;
}
