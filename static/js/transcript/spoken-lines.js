/** Finds which line is being spoken, who speaks it, and where others begin to speak. */

import { isShown, saidIn, translationOf, voicesIn } from "./words.js";

/**
 * @typedef {{cue: HTMLElement, said: Element, voice: string | null, words: Element[]}} SpokenLine `words` are those that
 *   are shown of it: as they were said, in another language, or both
 */

const CURRENT = '.cue[aria-current="true"]';

export class SpokenLines {
  #player;
  /** @type {Map<Element, Element> | null} the words of each line */
  #said = null;
  /** @type {Map<Element, string | null>} */
  #voices = new Map();

  /** @param {HTMLElement} player */
  constructor(player) {
    this.#player = player;
  }

  /** The line that is being spoken; null before the first. @returns {SpokenLine | null} */
  get current() {
    return this.#lineOf(this.#player.querySelector(CURRENT));
  }

  /**
   * Find the line that "here" means: the one whose link has the focus, else the one that is being spoken. A line that was
   * gone to has the focus itself, and may have been left by the sound since.
   * @returns {SpokenLine | null}
   */
  get here() {
    const chosen = document.activeElement?.closest(".cue :is(a, button, summary)");
    return this.#lineOf(chosen?.closest(".cue")) ?? this.current;
  }

  /**
   * @param {string} id of the cue
   * @returns {SpokenLine | null}
   */
  byId(id) {
    return this.#lineOf(document.getElementById(`cue-${id}`));
  }

  /** When others begin to speak, in milliseconds, in order. */
  get turns() {
    const begun = [...this.#lines.keys()].filter((cue) => cue.matches(".turn + [data-start]"));
    return Float64Array.from(begun, (cue) => Number(/** @type {HTMLElement} */ (cue).dataset.start));
  }

  /** Looking through all lines takes a while where there are thousands: it is done when it is first asked for. */
  get #lines() {
    if (!this.#said) {
      this.#said = new Map(saidIn(this.#player).map((said) => [said.closest(".cue"), said]));
      this.#voices = voicesIn(this.#player);
    }
    return this.#said;
  }

  /**
   * @param {Element | null | undefined} cue
   * @returns {SpokenLine | null}
   */
  #lineOf(cue) {
    const said = cue && this.#lines.get(cue);
    if (!said) return null;
    const translation = translationOf(said);
    const words = [isShown(said) || !translation ? said : null, translation].filter((each) => each !== null);
    return { cue: /** @type {HTMLElement} */ (cue), said, voice: this.#voices.get(said) ?? null, words };
  }
}

/**
 * Write words elsewhere on the page, in their own language and direction.
 * @param {string} name of the element that holds them there
 * @param {string} text
 * @param {Element} like where their language and direction are said
 */
export function inLanguageOf(name, text, like) {
  const made = document.createElement(name);
  made.textContent = text;
  made.lang = /** @type {HTMLElement | null} */ (like.closest("[lang]"))?.lang ?? "";
  made.dir = /** @type {HTMLElement | null} */ (like.closest("[dir]"))?.dir ?? "";
  return made;
}
