/**
 * <desk-sound>: plays the recording at the desk and moves the edges of the line in hand by ear. It alone touches its
 * <audio>. The rest of the desk and it talk by events on document.
 *
 * It answers: desk:line {line, previous, next} (the line in hand, or its times, are others), desk:ask {what, by} (a key or
 * a button), desk:play {from, to, loop, slow}, desk:done and desk:refused {operation}.
 * It tells: desk:playing {time, is_playing, word}, desk:operation {operation} (do: "times"), desk:take {id} (this line is
 * to be in hand), desk:tell {text}, and desk:heard {edge, from, to} as an edge is to be heard.
 *
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./edges.js").Span} Span
 */

import { endedAt, limits, spanOf, startedAt, withEdge, wordAt } from "./edges.js";
import { EdgeSound } from "./sound-edge.js";
import { REACH, quietNear } from "./sound-levels.js";
import { LineInHand, textOf } from "./sound-line.js";
import { Pedal } from "./sound-pedal.js";
import { LinePlayer } from "./sound-play.js";
import { Taps } from "./sound-taps.js";
import { TOLD } from "./sound-told.js";
import { Tools } from "./sound-tools.js";
import { SoundView } from "./sound-view.js";

const EVENTS = ["desk:ask", "desk:done", "desk:line", "desk:play", "desk:refused"];
// How much is heard at an edge, in milliseconds.
const HEARD = 400;
// Who is at a line for so long, in milliseconds, stays there.
const STAYS = 250;

export class DeskSound extends HTMLElement {
  #leaving = new AbortController();
  /** @type {LinePlayer} */
  #player;
  /** @type {SoundView} */
  #view;
  /** @type {EdgeSound} */
  #heard;
  /** @type {Tools} */
  #tools;
  #taps = new Taps();
  #hand = new LineInHand((operation) => send("desk:operation", { operation }));
  #length = Infinity;
  /** @type {Edge} */
  #taken = "start";
  // A nudge has interrupted a loop.
  #resumes = false;
  #waiting = 0;

  connectedCallback() {
    const audio = this.querySelector("audio");
    const root = /** @type {HTMLElement | null} */ (document.querySelector(".sounding"));
    if (!audio || !root) return;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    const { passage, duration, outline } = this.dataset;
    this.#length = Number(duration) || Infinity;
    this.#player = new LinePlayer(audio, () => this.#read(), (now) => this.#hand.momentAfter(now));
    this.#heard = new EdgeSound(passage, this.#length, () => (audio.muted ? 0 : audio.volume));
    this.#view = new SoundView(root, this.#hand, { outline, length: this.#length }, {
      edge: (edge) => this.#take(edge),
      move: (edge, moment) => this.#move(edge, moment),
      drag: (span) => this.#view.show(this.#taken, span),
      drop: (edge, moment) => this.#move(edge, moment),
      nudge: (edge, by) => this.#nudge(edge, by),
      replaced: () => this.#tell(TOLD.another),
      seek: (moment) => this.#player.seek(moment),
    });
    this.#tools = new Tools(this, root, this.#player, (what) => this.#answer({ what }));
    const pedal = new Pedal({
      playOn: () => this.#playOn(),
      pause: () => this.#player.pause(),
      toggle: () => this.#play(),
      skip: (by) => this.#player.seek(this.#player.now + by),
      line: (step) => this.#step(step),
    });
    for (const part of [this.#player, this.#view, this.#tools, pedal]) part.start(signal);
    for (const type of EVENTS) document.addEventListener(type, this, { signal });
    // An error of one of several sources is told to that, and the browser tries the next.
    const last = audio.lastElementChild ?? audio;
    for (const each of [audio, last]) each.addEventListener("error", () => this.#tell(TOLD.notPlayed), { signal });
    this.#draw();
    this.#read();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#heard?.stop();
  }

  /** @param {any} event */
  handleEvent({ type, detail }) {
    switch (type) {
      case "desk:line":
        return this.#setLines(detail);
      case "desk:ask":
        return this.#answer(detail);
      case "desk:play":
        return this.#playPassage(detail);
      case "desk:done":
        return this.#hand.done(detail.operation);
      case "desk:refused":
        if (this.#hand.refused(detail.operation)) this.#view.show(this.#taken);
    }
  }

  /** @param {Partial<import("./sound-line.js").Lines>} lines */
  #setLines({ line = null, previous = null, next = null }) {
    const isOther = this.#hand.set({ line, previous, next });
    const waiting = this.#taps.taken(this.#hand.id);
    if (isOther) this.#begin();
    this.#draw();
    for (const moment of waiting) this.#tapAt(moment);
  }

  /** Another line is in hand: what plays on plays on, what played a line plays this one. */
  #begin() {
    this.#tools.say("");
    const span = this.#hand.span;
    if (this.#player.isPlaying && !this.#player.isBounded) return;
    this.#heard.stop();
    const wasPlaying = this.#player.isPlaying;
    if (span) this.#player.rest(span.start);
    if (span && wasPlaying) this.#player.play(span);
    this.#prepare();
  }

  /** @param {{what: string, by?: number}} asked */
  #answer({ what, by = 0 }) {
    switch (what) {
      case "play":
        return this.#play();
      case "play-on":
        return this.#player.isPlaying && !this.#player.isBounded ? this.#player.pause() : this.#playOn();
      case "start-here":
        return this.#edgeHere("start");
      case "end-here":
        return this.#edgeHere("end");
      case "earlier":
        return this.#nudge(this.#taken, -by);
      case "later":
        return this.#nudge(this.#taken, by);
      case "edge":
        return this.#take(this.#taken === "start" ? "end" : "start");
      case "loop":
        this.#heard.stop();
        this.#player.setLoop(!this.#player.isLoop, this.#hand.span);
        return this.#tools.show();
      case "slow":
        this.#player.setSlow(!this.#player.isSlow);
        return this.#tools.show();
      case "snap":
        return this.#snap();
      case "tap":
        return this.#tap();
    }
  }

  #play() {
    this.#heard.stop();
    if (this.#player.isPlaying) this.#player.pause();
    else this.#player.play(this.#hand.span);
  }

  #playOn() {
    this.#heard.stop();
    if (!this.#player.isPlaying) this.#taps.begin();
    this.#player.playOn();
  }

  /** @param {{from: number, to?: number, loop?: boolean, slow?: boolean}} passage */
  #playPassage({ from, to, loop = false, slow }) {
    this.#heard.stop();
    if (slow !== undefined) this.#player.setSlow(slow);
    this.#player.rest(from);
    if (to === undefined) this.#player.playOn();
    else if (loop) this.#player.playAgain({ start: from, end: to });
    else this.#player.playOnce({ start: from, end: to });
    this.#tools.show();
  }

  /** @param {number} step 1 for the next line, -1 for the previous */
  #step(step) {
    const line = step > 0 ? this.#hand.lines.next : this.#hand.lines.previous;
    if (line) send("desk:take", { id: line.id });
  }

  /** @param {Edge} edge */
  #take(edge) {
    this.#taken = edge;
    this.#view.show(this.#taken);
  }

  /**
   * @param {Edge} edge
   * @param {number} by milliseconds; 0: it is only taken in hand
   */
  #nudge(edge, by) {
    this.#take(edge);
    const span = this.#hand.span;
    if (!by) return;
    if (!span) return this.#tell(TOLD.notTimed);
    this.#move(edge, span[edge] + by);
  }

  /**
   * Let an edge stand at a moment, or as near as it may, and let it be heard.
   * @param {Edge} edge
   * @param {number} moment
   */
  #move(edge, moment) {
    const { line } = this.#hand;
    const span = spanOf(line);
    if (!line || !span) return;
    const moved = withEdge(span, edge, moment, this.#length);
    this.#taken = edge;
    this.#tools.say("");
    if (moved[edge] === span[edge]) this.#tell(TOLD.stopped(edge));
    else this.#hand.ask(line.id, moved);
    this.#draw();
    void this.#hear(edge, moved);
  }

  /**
   * Play what an edge lets in: the first 400 ms of the line, or its last. A loop goes on with the new edge then.
   * @param {Edge} edge
   * @param {Span} span
   */
  async #hear(edge, { start, end }) {
    const wasLoop = this.#player.isLoop && this.#player.isBounded;
    this.#resumes ||= wasLoop;
    const lasting = Math.min(HEARD, end - start);
    const [from, to] = edge === "start" ? [start, start + lasting] : [end - lasting, end];
    this.#player.rest(start);
    send("desk:heard", { edge, from, to });
    const outcome = await this.#heard.play(from, to);
    if (outcome === null) return;
    // Where it cannot be had, the audio plays it, as exactly as the browser does.
    if (outcome === false) this.#player.playOnce({ start: from, end: to });
    else if (this.#resumes && this.#hand.span) this.#player.play(this.#hand.span);
    this.#resumes = false;
  }

  /** @param {Edge} edge */
  #edgeHere(edge) {
    const { line } = this.#hand;
    const { now } = this.#player;
    if (!line) return;
    const span = spanOf(line);
    const moved = edge === "start" ? startedAt(span, now, textOf(line), this.#length) : endedAt(span, now);
    this.#taken = edge;
    if (!moved) return this.#tell(edge === "start" ? TOLD.over : span ? TOLD.beforeStart : TOLD.startFirst);
    this.#tools.say("");
    this.#hand.ask(line.id, moved);
    this.#draw();
    // Who sets an edge while it plays hears on.
    if (this.#player.isPlaying) this.#player.keepTo(moved);
    else void this.#hear(edge, moved);
  }

  #snap() {
    const span = this.#hand.span;
    if (!span) return this.#tell(TOLD.notTimed);
    const { levels } = this.#view;
    if (!levels) return this.#tell(TOLD.notDrawn);
    const moment = quietNear(levels, span[this.#taken], limits(span, this.#taken, this.#length));
    if (moment === null) return this.#tell(TOLD.noSilence(REACH / 1000));
    if (moment === span[this.#taken]) return this.#tell(TOLD.inSilence(this.#taken));
    this.#move(this.#taken, moment);
  }

  #tap() {
    if (this.#player.isPlaying) return this.#tapAt(this.#player.now);
    this.#playOn();
    this.#tell(TOLD.tap);
  }

  /** @param {number} moment */
  #tapAt(moment) {
    if (this.#player.isBounded) this.#player.playOn();
    const { timings, take, told } = this.#taps.tap(moment, this.#hand.lines, this.#length);
    for (const { id, span } of timings) this.#hand.ask(id, span);
    if (told) this.#tell(told);
    this.#draw();
    if (take) send("desk:take", { id: take });
  }

  /** Show the line where it stands now, and get ready to let its edges be heard. */
  #draw() {
    this.#view.draw(this.#taken, this.#player.now);
    this.#prepare();
  }

  /** Who stays at a line hears its edges without waiting for them. */
  #prepare() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      const span = this.#hand.span;
      if (!span || this.#leaving.signal.aborted) return;
      this.#heard.prepare(span.start);
      this.#heard.prepare(Math.max(span.start, span.end - HEARD));
    }, STAYS);
  }

  /** The clock was read. */
  #read() {
    const { now, isPlaying } = this.#player;
    const { line } = this.#hand;
    this.#view.showHead(this.#taken, now);
    this.#tools.showTime(now, isPlaying);
    send("desk:playing", { time: now, is_playing: isPlaying, word: wordAt(line, now) });
  }

  /** @param {string} text */
  #tell(text) {
    this.#tools.say(text);
    send("desk:tell", { text });
  }
}

/**
 * @param {string} type
 * @param {object} detail
 */
function send(type, detail) {
  document.dispatchEvent(new CustomEvent(type, { detail }));
}
