/**
 * <found-passages>: plays passages of many recordings where a search lists them, one at a time, and steps through them.
 *
 * It makes buttons of the links that lead to the passages, and owns the one sound of the page. What is played of a
 * recording, the server says when a listener first comes near: a copy that is exact, or else the sound itself, each in
 * the version to which the times belong. A passage stops at its end, and tells so by `passageend`; *Play on in the
 * recording* leads on from there.
 *
 * @typedef {{src: string, type?: string}} Source
 */

import { anew, watchStillness } from "../playback/still-sound.js";
import { clock } from "../playback/timecode.js";

const PLAY = "M7 4.5v15l12.5-7.5z";
const PAUSE = "M6 4h4v16H6zM14 4h4v16h-4z";
const SOUND = ["ended", "error", "pause", "play", "seeked", "timeupdate"];
const OWN = ["click", "input", "focusin", "pointerover"];
const LOADING = "The sound is loading as a whole: this server does not send parts of files.";
const UNPLAYABLE = "This sound cannot be played here. Its page says why, and what else there is.";
// A line that was found, or a passage of a basket.
const HIT = ".hit, .passage";
// What was asked for anew, and fails again so soon, has failed for another reason.
const AGAIN = 30_000;
const FIELDS = "input, textarea, select, [contenteditable]";

export class FoundPassages extends HTMLElement {
  #leaving = new AbortController();
  /** @type {HTMLAudioElement | null} made when something is first played */
  #audio = null;
  /** @type {HTMLButtonElement | null} the passage in hand */
  #button = null;
  /** @type {HTMLElement | null} what is shown below it */
  #panel = null;
  /** @type {Map<string, Promise<Source[]>>} by the address that says it */
  #sources = new Map();
  /** @type {Map<string, Promise<string>>} what was loaded whole, by its address */
  #whole = new Map();
  #timer = 0;
  /** Until when a sound that was asked for anew is not asked for again. */
  #again = 0;
  #isHeard = false;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.adopt();
    for (const type of OWN) this.addEventListener(type, this, { signal });
    document.addEventListener("keydown", this, { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#audio?.pause();
  }

  /** Make buttons of the links to passages; others may come. */
  adopt() {
    for (const link of this.querySelectorAll("a.round")) link.replaceWith(buttonOf(/** @type {HTMLElement} */ (link)));
  }

  pause() {
    this.#audio?.pause();
  }

  /**
   * Play nothing of what is to be taken away.
   * @param {Element} hit
   */
  release(hit) {
    if (!hit.contains(this.#button)) return;
    this.pause();
    this.#leave();
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "ended":
        this.#show();
        return this.#finish();
      case "keydown":
        return this.#press(event);
      case "click":
        return this.#click(event.target);
      case "input":
        return this.#seek(event.target);
      case "focusin":
      case "pointerover":
        return void this.#ask(event.target.closest("[data-sound]"));
      case "error":
        return this.#renew() || this.#tell(UNPLAYABLE);
      default:
        return this.#show();
    }
  }

  /** The passage in hand was heard to its end. */
  #finish() {
    if (!this.#isHeard) return;
    this.#isHeard = false;
    this.#button?.dispatchEvent(new CustomEvent("passageend", { bubbles: true }));
  }

  get #start() {
    return Number(this.#button?.dataset.start);
  }

  get #end() {
    return Number(this.#button?.dataset.end);
  }

  /** The moment that is heard, in milliseconds, within the passage. */
  get #now() {
    return Math.min(Math.max(Math.round((this.#audio?.currentTime ?? 0) * 1000), this.#start), this.#end);
  }

  /** @param {Element} target */
  #click(target) {
    const button = /** @type {HTMLButtonElement | null} */ (target.closest("button.round"));
    if (!button) return;
    if (button !== this.#button) this.#begin(button);
    else if (this.#audio?.paused) this.#play(this.#now >= this.#end ? this.#start : this.#now);
    else this.#audio?.pause();
  }

  /** @param {HTMLButtonElement} button */
  async #begin(button) {
    this.#audio?.pause();
    this.#leave();
    this.#button = button;
    this.#open(button);
    try {
      const sources = await this.#ask(button.closest("[data-sound]"));
      if (button !== this.#button) return;
      const source = await this.#seekable(this.#best(sources));
      if (button !== this.#button) return;
      this.#load(source);
      this.#play(this.#start);
    } catch {
      if (button === this.#button) this.#tell(UNPLAYABLE);
    }
  }

  /**
   * Find out what is played of a recording.
   * @param {HTMLElement | null} group
   * @returns {Promise<Source[]>}
   */
  #ask(group) {
    const address = group?.dataset.sound;
    if (!address) return Promise.resolve([]);
    let asked = this.#sources.get(address);
    if (!asked) {
      asked = sourcesAt(address);
      // Another time it may be there.
      asked.catch(() => this.#sources.delete(address));
      this.#sources.set(address, asked);
    }
    return asked;
  }

  /**
   * Give the address of what a browser can play.
   * @param {Source[]} sources
   */
  #best(sources) {
    if (!this.#audio) {
      this.#audio = new Audio();
      for (const type of SOUND) this.#audio.addEventListener(type, this);
      watchStillness(this.#audio, () => this.#loadAnew(), this.#leaving.signal);
    }
    const playable = sources.find(({ type }) => !type || this.#audio.canPlayType(type)) ?? sources[0];
    return new URL(playable.src, document.baseURI).href;
  }

  /**
   * Give an address from which a sound can be played from any moment: in a copy that no server answers for, it may be in
   * memory, and is then kept for as long as the page is open.
   * @param {string} address
   * @returns {Promise<string>}
   */
  async #seekable(address) {
    const { whole } = this.dataset;
    if (!whole) return address;
    let found = this.#whole.get(address);
    if (!found) {
      const { seekable } = await import(new URL(whole, document.baseURI).href);
      found = /** @type {Promise<string>} */ (seekable(address, () => this.#tell(LOADING)));
      this.#whole.set(address, found);
      found.then(() => this.#tell(""), () => this.#whole.delete(address));
    }
    return found;
  }

  /** @param {string} address */
  #load(address) {
    if (this.#audio.src !== address) this.#audio.src = address;
  }

  /** Where the server leads to sounds, an address is good for a while: go on with another. Tell whether that is tried. */
  #renew() {
    return "led" in this.dataset && this.#loadAnew();
  }

  #loadAnew() {
    const now = performance.now();
    if (now < this.#again) return false;
    this.#again = now + AGAIN;
    const [audio, { currentTime, paused }] = [this.#audio, this.#audio];
    audio.src = anew(audio.src, Math.round(now));
    audio.currentTime = currentTime;
    if (!paused) this.#play(this.#now);
    return true;
  }

  /** @param {number} moment */
  #play(moment) {
    this.#isHeard = true;
    this.#audio.currentTime = moment / 1000;
    this.#audio.play().catch((error) => error.name !== "AbortError" && this.#tell(UNPLAYABLE));
  }

  /** @param {HTMLInputElement} range */
  #seek(range) {
    if (range.type === "range" && this.#audio) this.#audio.currentTime = (this.#start + Number(range.value)) / 1000;
  }

  /** @param {HTMLButtonElement} button */
  #open(button) {
    const hit = button.closest(HIT);
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template"));
    this.#panel = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    const range = this.#panel.querySelector("input");
    range.max = String(this.#end - this.#start);
    hit.setAttribute("aria-current", "true");
    hit.append(this.#panel);
    this.#show();
  }

  /** Take back what the passage in hand is shown by. */
  #leave() {
    clearTimeout(this.#timer);
    this.#panel?.remove();
    this.#button?.closest(HIT).removeAttribute("aria-current");
    if (this.#button) name(this.#button, false);
    this.#button = null;
  }

  #show() {
    if (!this.#button || !this.#panel) return;
    const isPlaying = this.#audio !== null && !this.#audio.paused;
    // Where it has not been sought yet, the sound is still at another passage.
    const isOver = isPlaying && !this.#audio.seeking && this.#audio.currentTime * 1000 >= this.#end;
    if (isOver) this.#audio.pause();
    clearTimeout(this.#timer);
    if (isPlaying && !isOver) this.#timer = setTimeout(() => this.#show(), Math.min(this.#end - this.#now, 250) + 1);
    name(this.#button, isPlaying && !isOver);
    const [now, whole] = [this.#now - this.#start, this.#end - this.#start];
    const range = this.#panel.querySelector("input");
    range.value = String(now);
    range.ariaValueText = `${clock(now)} of ${clock(whole)}`;
    this.#panel.querySelector(".played").setAttribute("x2", `${(100 * now) / whole}%`);
    this.#panel.querySelector(".place").textContent = range.ariaValueText;
    const { page } = /** @type {HTMLElement} */ (this.#button.closest("[data-page]")).dataset;
    this.#panel.querySelector("a").href = `${page}?t=${this.#now / 1000}`;
    if (isOver) this.#finish();
  }

  /** @param {string} trouble */
  #tell(trouble) {
    if (this.#panel) this.#panel.querySelector(".trouble").textContent = trouble;
    if (this.#button) name(this.#button, false);
  }

  /**
   * Step to the next hit, or the one before.
   * @param {KeyboardEvent} event
   */
  #press(event) {
    const { altKey, ctrlKey, key, metaKey, target } = event;
    if ((key !== "n" && key !== "N") || altKey || ctrlKey || metaKey || /** @type {Element} */ (target).matches?.(FIELDS)) return;
    const hits = [...this.querySelectorAll(HIT)];
    const at = hits.findIndex((hit) => hit.contains(document.activeElement));
    const to = key === "n" ? at + 1 : at < 0 ? -1 : at - 1;
    const hit = hits[to];
    if (!hit) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (hit.querySelector("button.round, a")).focus({ preventScroll: true });
    hit.scrollIntoView({ block: "nearest" });
  }
}

/**
 * Make a button of a link to a passage.
 * @param {HTMLElement} link
 */
function buttonOf(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  Object.assign(button.dataset, link.dataset, { play: link.ariaLabel });
  button.append(...link.childNodes);
  name(button, false);
  return button;
}

/**
 * Name a button by what it does.
 * @param {HTMLButtonElement} button
 * @param {boolean} isPlaying
 */
function name(button, isPlaying) {
  const label = isPlaying ? "Pause" : button.dataset.play;
  if (button.ariaLabel === label) return;
  button.ariaLabel = label;
  button.toggleAttribute("data-playing", isPlaying);
  button.querySelector("path").setAttribute("d", isPlaying ? PAUSE : PLAY);
}

/**
 * Ask what is played; its addresses are told from that of the answer.
 * @param {string} address
 * @returns {Promise<Source[]>}
 */
async function sourcesAt(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).map((each) => ({ ...each, src: new URL(each.src, answer.url).href }));
}
