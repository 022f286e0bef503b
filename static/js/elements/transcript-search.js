/**
 * <transcript-search>: finds words as they are typed, in the lines and the notes, and leads from hit to hit.
 *
 * Typing marks and counts, and updates `?q=` in the address. It scrolls to the current hit, which is the first from the
 * reader's place on, only where nothing else moves the page: not while it follows the sound. Enter, the buttons and
 * `hitrequest` go to a hit at any time and never move the sound. They do not end following, but it would take the
 * reader away from the hit at the next line: so they suspend it (`suspendrequest`), and the Follow button shows that it
 * waits. It goes on when the reader says so, by Follow, by clearing the search, or by sending the sound anywhere, for
 * instance to this very hit; never by itself.
 */

import { fieldOf, foldField, leaveField, openField, queryIn, toggleField, withQuery } from "../search/field.js";
import { uncheckedLabel } from "../quoting/unchecked.js";
import { needlesOf } from "../search/letters.js";
import { HitPainter, HitSpans } from "../search/marks.js";
import { NOTES, SearchPage } from "../search/texts.js";
import { bringIntoView, isInView, readingBand } from "../transcript/scrolling.js";
import { ask, tell } from "./requests.js";

// What sends the sound somewhere: the page may follow it again.
const SENDING = [
  "seekrequest", "skiprequest", "linerequest", "noterequest", "wordrequest", "replayrequest", "looprequest", "repeatrequest",
];
const EVENTS = ["followchange", "hitrequest", "searchrequest", "timechange", ...SENDING];
const OWN = ["click", "focusin", "input", "keydown", "submit"];
// Until typing has paused, in milliseconds: what is announced or written into the address at each key comes too often.
// Safari lets a page write its address a hundred times in thirty seconds.
const PAUSE = 500;
const NUMBER = new Intl.NumberFormat("en");

export class TranscriptSearch extends HTMLElement {
  #leaving = new AbortController();
  /** @type {import("./recording-player.js").RecordingPlayer | null} */
  #player = null;
  /** @type {{page: SearchPage, painter: HitPainter, spans: HitSpans} | null} made when first needed: it reads every text */
  #text = null;
  /** @type {import("../search/hits.js").Hits | null} null where no word is looked for */
  #hits = null;
  #current = -1;
  /** Whether the reader has been at the current hit. */
  #isVisited = false;
  #isFollowing = true;
  #pausing = 0;

  connectedCallback() {
    this.#player = this.closest("recording-player");
    if (!this.#player) return;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of EVENTS) this.#player.addEventListener(type, this, { signal });
    for (const type of OWN) this.addEventListener(type, this, { signal });
    this.#player.addEventListener("change", this, { signal }); // what is shown of the page
    addEventListener("popstate", this, { signal });
    this.hidden = false;
    // What was typed while this was loading is not to be lost; until then the field holds what the address asks for.
    if (this.#field.value !== queryIn(location.search)) this.#type();
    else if (this.#field.value) this.#openAddress();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    clearTimeout(this.#pausing);
    this.#text = null;
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, detail, target } = event;
    switch (type) {
      case "input":
        return this.#type();
      case "keydown":
        return target === this.#field && this.#press(event);
      case "submit":
        return event.preventDefault();
      case "click":
        return this.#click(target);
      case "focusin":
        return void (target === this.#field && this.#read());
      case "change":
        return this.contains(target) ? undefined : this.#searchAgain();
      case "popstate":
        return queryIn(location.search) === this.#field.value ? undefined : this.#openAddress();
      case "searchrequest":
        return openField(this);
      case "hitrequest":
        return this.#hits ? this.#step(detail.step) : openField(this);
      case "followchange":
        this.#isFollowing = detail.following;
        return undefined;
      case "timechange":
        // A link to a moment has written an address without the search.
        return detail.sought && this.#hits ? this.#pause() : undefined;
      default:
        return ask(this, "suspendrequest", { suspended: false });
    }
  }

  /** @returns {HTMLInputElement} */
  get #field() {
    return fieldOf(this);
  }

  get #query() {
    return this.#field.value.slice(0, this.#field.maxLength);
  }

  /** Search for what the address asks for, from the place to which it leads. */
  #openAddress() {
    const query = queryIn(location.search);
    this.#field.value = query;
    if (query) foldField(this, false);
    const { page } = this.#read();
    const line = location.hash && document.getElementById(location.hash.slice(1))?.closest(".cue, .note");
    const isTimed = new URLSearchParams(location.search).has("t");
    this.#search(line ? page.at(line) : isTimed ? page.from(Number(this.#player.dataset.begin)) : 0);
    if (this.#hits?.count && !line) this.#show();
    this.#announce();
  }

  #read() {
    if (!this.#text) {
      const page = new SearchPage(this.#player);
      this.#text = { page, painter: new HitPainter(page), spans: new HitSpans(page) };
      this.#text.painter.start(this.#leaving.signal);
    }
    return this.#text;
  }

  #type() {
    this.#searchAgain();
    if (this.#hits?.count && !(this.#isFollowing && this.#player.playing)) this.#show();
    this.#pause();
  }

  #searchAgain() {
    if (!this.#query && !this.#text) return;
    const { page } = this.#read();
    this.#search(this.#place ?? page.between(readingBand().top, innerHeight)[0]);
  }

  /** Where the current hit begins, where the reader sees it. */
  get #place() {
    if (!this.#hits?.count) return null;
    const [part] = this.#hits.parts(this.#current);
    return isInView(this.#text.page.rangeOf(part)) ? part : null;
  }

  /** @param {number | {piece: number, from: number}} place from which on the first hit is the current one */
  #search(place) {
    const needles = needlesOf(this.#query);
    this.#hits = needles.length ? this.#read().page.find(needles) : null;
    const found = typeof place === "number" ? this.#hits?.firstFrom(place) : this.#hits?.firstAt(place);
    this.#choose(this.#hits?.count ? found % this.#hits.count : -1);
    this.#isVisited = false;
    if (!this.#hits) ask(this, "suspendrequest", { suspended: false });
  }

  /** @param {number} hit */
  #choose(hit) {
    this.#current = hit;
    const { painter, spans } = this.#read();
    painter.show(this.#hits, hit);
    const marked = spans.of(this.#player.hasAttribute("data-highlight") ? this.#hits : null, hit);
    tell(this.#player, "hitschange", marked);
    this.#write(marked.current >= 0);
  }

  /** @param {number} step */
  #step(step) {
    if (!this.#hits.count) return;
    const isNext = this.#isVisited || this.#place !== null;
    if (isNext) this.#choose((this.#current + step + this.#hits.count) % this.#hits.count);
    ask(this, "suspendrequest", { suspended: true });
    this.#show();
    this.#announce();
  }

  #show() {
    this.#isVisited = true;
    const [part] = this.#hits.parts(this.#current);
    bringIntoView(this.#text.page.rangeOf(part));
  }

  #play() {
    const span = this.#current < 0 ? null : this.#text.page.spanOf(this.#hits.parts(this.#current));
    if (span && this.#player.hasAttribute("data-highlight")) ask(this, "seekrequest", { ms: span.start, play: true });
  }

  /** @param {Element} target */
  #click(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("button"));
    if (button?.matches(".unfold")) toggleField(this);
    else if (button?.matches(".play-hit")) this.#play();
    else if (button?.dataset.hitStep) ask(this, "hitrequest", { step: Number(button.dataset.hitStep) });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (event.isComposing || !["Enter", "Escape"].includes(key)) return;
    event.preventDefault();
    if (key === "Enter" && (ctrlKey || altKey || metaKey)) this.#play();
    else if (key === "Enter" && this.#hits) this.#step(shiftKey ? -1 : 1);
    else if (key === "Escape" && this.#field.value) this.#clear();
    else if (key === "Escape") leaveField(this);
  }

  #clear() {
    this.#field.value = "";
    this.#type();
  }

  #pause() {
    clearTimeout(this.#pausing);
    this.#pausing = setTimeout(() => {
      const address = withQuery(location, this.#query);
      if (queryIn(location.search) !== this.#query) history.replaceState(history.state, "", address);
      this.#announce();
    }, PAUSE);
  }

  /** @param {boolean} isTimed whether the current hit can be played */
  #write(isTimed) {
    const count = /** @type {HTMLElement} */ (this.querySelector(".count"));
    const [number, inNotes] = this.#counts;
    const [comma, label] = this.#label ? [",", " line not checked"] : ["", ""];
    count.querySelector(".number").textContent = inNotes ? number : number + comma;
    count.querySelector(".in-notes").textContent = inNotes ? inNotes + comma + label : label;
    count.hidden = !number;
    this.toggleAttribute("data-searching", this.#hits !== null);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-hit-step]"))) {
      button.hidden = !this.#hits?.count;
    }
    /** @type {HTMLElement} */ (this.querySelector(".play-hit")).hidden = !isTimed;
  }

  /** Tell a screen reader which hit of how many this is. */
  #announce() {
    const status = this.querySelector(".status");
    const label = this.#label && `. ${this.#label}`;
    const text = `${this.#counts.join("")}${label}`;
    if (status.textContent !== text) status.textContent = text;
  }

  /** What is told of the words of the current hit, where a machine wrote them; "" where it did not. */
  get #label() {
    if (!this.#hits?.count || this.#current < 0) return "";
    const { page } = this.#read();
    const pieces = this.#hits.parts(this.#current).map(({ piece }) => piece);
    return uncheckedLabel(pieces.map((piece) => (page.noteOf(piece) ? null : page.ownerOf(piece))));
  }

  /** What the page says of the hits: which of how many, and how many are in notes, shown or left out. */
  get #counts() {
    if (!this.#hits) return [this.#query.trim() ? "Nothing to search for" : "", ""];
    const { count } = this.#hits;
    const number = count ? `${written(this.#current + 1)} of ${written(count)}` : "Not found";
    const [inNotes, inHidden] = [this.#hits.countIn(NOTES), this.#hits.countHiddenIn(NOTES)];
    const parts = [inNotes ? `${written(inNotes)} in notes` : "", inHidden ? `${written(inHidden)} in hidden notes` : ""];
    const further = parts.filter(Boolean).join(", ");
    return further ? [`${number},`, ` ${further}`] : [number, ""];
  }
}

/** @param {number} count */
function written(count) {
  return NUMBER.format(count);
}
