/** Which keys are on. Each can be switched off, and all of them at once; the browser remembers it. */

import { recall, remember } from "./memory.js";

/** @typedef {import("./keys.js").Key} Key */

const WHAT = "keys-off";

export class KeySwitches {
  #areAllOff = false;
  /** @type {Set<string>} */
  #off = new Set();

  constructor() {
    const { all, keys } = recall(WHAT, {});
    this.#areAllOff = all === true;
    if (Array.isArray(keys)) this.#off = new Set(keys);
  }

  get areAllOff() {
    return this.#areAllOff;
  }

  /**
   * Tell whether a key does anything when it is pressed.
   * @param {Key} key
   */
  isOn(key) {
    return !this.#areAllOff && this.isChosen(key);
  }

  /**
   * Tell whether a key is switched on by itself, whatever holds for all of them.
   * @param {Key} key
   */
  isChosen({ key }) {
    return !this.#off.has(key);
  }

  /**
   * @param {string} key
   * @param {boolean} isOn
   */
  turn(key, isOn) {
    if (isOn) this.#off.delete(key);
    else this.#off.add(key);
    this.#keep();
  }

  /** @param {boolean} areOn */
  turnAll(areOn) {
    this.#areAllOff = !areOn;
    this.#keep();
  }

  #keep() {
    remember(WHAT, { all: this.#areAllOff, keys: [...this.#off] });
  }
}
