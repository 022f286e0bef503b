/**
 * Keeps what is typed until the server has it: in this browser, under the address of the desk and who types, each turn by
 * itself, since two tabs may be open. It is there after the page was closed, the browser ended, or the server was gone.
 *
 * @typedef {{id: string, turn: number, text: string, state: string, over?: string}} Typed `state` is the tag of the list
 *   it was typed in, and `over` what the turn said there
 */

const OURS = "tape-player:desk:";

export class Kept {
  #name;
  /** @type {Map<string, Typed>} */
  #typed = new Map();
  /** Whether the browser keeps anything. */
  isKept = true;

  /** @param {string} desk its address, and who is at it */
  constructor(desk) {
    this.#name = `${OURS}${desk} `;
    try {
      for (const name of Object.keys(localStorage).filter((each) => each.startsWith(this.#name))) {
        const found = JSON.parse(localStorage.getItem(name) ?? "null");
        if (isTyped(found)) this.#typed.set(keyOf(found), found);
      }
    } catch {
      // Nothing that can be read is kept.
    }
  }

  get all() {
    return [...this.#typed.values()];
  }

  get size() {
    return this.#typed.size;
  }

  /**
   * @param {string} id
   * @param {number} turn
   */
  of(id, turn) {
    return this.#typed.get(keyOf({ id, turn })) ?? null;
  }

  /** @param {Typed} typed */
  keep(typed) {
    this.#typed.set(keyOf(typed), typed);
    try {
      localStorage.setItem(this.#name + keyOf(typed), JSON.stringify(typed));
      this.isKept = true;
    } catch {
      this.isKept = false;
    }
  }

  /**
   * Let go of what the server has; of what was typed since, nothing.
   * @param {{id: string, turn: number, text: string}} typed
   */
  release(typed) {
    if (this.of(typed.id, typed.turn)?.text !== typed.text) return;
    this.#typed.delete(keyOf(typed));
    try {
      const name = this.#name + keyOf(typed);
      // Another tab may keep there what was typed in it, which the server does not have.
      if (JSON.parse(localStorage.getItem(name) ?? "null")?.text === typed.text) localStorage.removeItem(name);
    } catch {
      this.isKept = false;
    }
  }
}

/** @param {{id: string, turn: number}} typed */
function keyOf({ id, turn }) {
  return `${turn} ${id}`;
}

/** Whoever can write to this browser can write there. @param {any} each */
function isTyped(each) {
  const { id, turn, text, state } = each ?? {};
  return [id, text, state].every((one) => typeof one === "string") && Number.isInteger(turn);
}
