/**
 * Plays a short passage exactly: its first and last sample are those of its times. A media element is not exact enough
 * for that: of an MP3 it plays up to 50 ms beside the time it shows after a jump, and it stops up to a frame late, which
 * is more than the 10 ms that an edge is moved by. So the server sends what is around it, cut to the sample, as
 * WAV, which decodeAudioData gives as it is, and a buffer plays a part of that.
 */

// What is sent begins at multiples of BLOCK and reaches AROUND further: each passage of up to AROUND is in one.
const BLOCK = 4_000;
const AROUND = 500;
const KEPT = 12;
// So soft a start and end that no click is taken for a sound, in seconds.
const RAMP = 0.002;
// What is told to begin at once would have begun before it was told.
const SOON = 0.005;

export class EdgeSound {
  #address;
  #length;
  #volume;
  /** @type {AudioContext | null} made with the first press: browsers allow none before */
  #context = null;
  /** @type {Map<number, Promise<ArrayBuffer | null>>} what was sent, by block; null where nothing was */
  #sent = new Map();
  /** @type {Map<number, AudioBuffer>} */
  #buffers = new Map();
  /** @type {AudioBufferSourceNode | null} */
  #source = null;
  #played = 0;

  /**
   * @param {string | undefined} address of a passage as WAV, up to its times; nothing where the server cannot read the sound
   * @param {number} length of the recording, Infinity where it is not known
   * @param {() => number} volume 0 to 1
   */
  constructor(address, length, volume) {
    this.#address = address;
    this.#length = length;
    this.#volume = volume;
  }

  /**
   * Get what is about to be heard.
   * @param {number} from
   */
  prepare(from) {
    if (this.#address) void this.#send(blockOf(from));
  }

  /**
   * Play a passage, in place of what plays.
   * @param {number} from
   * @param {number} to at most 500 ms later
   * @returns {Promise<boolean | null>} true when it has been heard; null where another was asked for; false where it
   *   cannot be had
   */
  async play(from, to) {
    this.stop();
    const played = this.#played;
    if (!this.#address) return false;
    const context = (this.#context ??= new AudioContext());
    const [buffer] = await Promise.all([this.#buffer(context, blockOf(from)), context.resume()]);
    if (played !== this.#played) return null;
    if (!buffer) return false;
    return this.#sound(context, buffer, from - beginOf(blockOf(from)), to - from);
  }

  /** What plays stops. */
  stop() {
    this.#played += 1;
    this.#source?.stop();
    this.#source = null;
  }

  /**
   * @param {AudioContext} context
   * @param {AudioBuffer} buffer
   * @param {number} at milliseconds in it
   * @param {number} lasting milliseconds
   * @returns {Promise<boolean | null>}
   */
  #sound(context, buffer, at, lasting) {
    const source = new AudioBufferSourceNode(context, { buffer });
    const gain = new GainNode(context, { gain: 0 });
    const volume = this.#volume();
    const [begin, seconds] = [context.currentTime + SOON, lasting / 1000];
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(volume, begin + RAMP);
    gain.gain.setValueAtTime(volume, begin + seconds - RAMP);
    gain.gain.linearRampToValueAtTime(0, begin + seconds);
    source.connect(gain).connect(context.destination);
    source.start(begin, at / 1000, seconds);
    this.#source = source;
    const played = this.#played;
    return new Promise((done) => {
      source.addEventListener("ended", () => done(played === this.#played ? true : null), { once: true });
    });
  }

  /**
   * @param {AudioContext} context
   * @param {number} block
   */
  async #buffer(context, block) {
    const known = this.#buffers.get(block);
    if (known) return known;
    const bytes = await this.#send(block);
    if (!bytes) return null;
    try {
      const buffer = await context.decodeAudioData(bytes.slice(0)); // which takes its bytes away
      remember(this.#buffers, block, buffer);
      return buffer;
    } catch {
      return null; // no sound that this browser reads
    }
  }

  /** @param {number} block */
  #send(block) {
    const known = this.#sent.get(block);
    if (known) return known;
    const found = this.#fetch(block);
    remember(this.#sent, block, found);
    void found.then((bytes) => {
      if (!bytes) this.#sent.delete(block); // the next press asks again
    });
    return found;
  }

  /**
   * @param {number} block
   * @returns {Promise<ArrayBuffer | null>}
   */
  async #fetch(block) {
    const address = new URL(this.#address ?? "", location.href);
    const end = Math.min((block + 1) * BLOCK + AROUND, this.#length);
    address.searchParams.set("from", String(beginOf(block)));
    address.searchParams.set("to", String(end));
    try {
      const answer = await fetch(address);
      return answer.status === 200 ? await answer.arrayBuffer() : null; // 202: it has yet to be counted
    } catch {
      return null;
    }
  }
}

/** @param {number} moment */
function blockOf(moment) {
  return Math.floor(moment / BLOCK);
}

/** @param {number} block */
function beginOf(block) {
  return block * BLOCK;
}

/**
 * @param {Map<any, any>} kept
 * @param {any} key
 * @param {any} value
 */
function remember(kept, key, value) {
  kept.set(key, value);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}
