/**
 * Sends operations to the server, one after another, and tells what came of each. What is typed waits in this browser
 * until the server has it; everything else is refused while the server does not answer.
 *
 * @typedef {import("./lines.js").Line} Line
 * @typedef {import("./lines.js").Splice} Splice
 * @typedef {{do: string, [name: string]: unknown}} Operation
 * @typedef {{state: string, splices?: Splice[], lines?: Line[], select?: string | null, notes?: string[], unwritten?: number,
 *   can_undo?: boolean, can_redo?: boolean, saved?: string | null}} Answer
 * @typedef {{operation: Operation, line: Line | null, answer: Answer}} Clash what was changed elsewhere meanwhile
 */

import { turnsOf } from "./lines.js";

/** After so many milliseconds the server is asked again; the last holds from then on. */
const AGAIN = [1000, 2000, 5000, 10_000];
/** So long nothing is typed before it is sent. */
const PAUSE = 500;
const LONGEST_WAIT = 20_000;

/** What an operation was refused with, in words that can be shown. */
export class RefusedError extends Error {
  /** @param {string} message @param {number} [status] 0 where the server did not answer */
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

export class Server {
  #address;
  #token;
  #kept;
  #tell;
  #state = "";
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  #timer = 0;
  #again = 0;
  #failures = 0;
  /** @type {Map<string, string>} what was refused, and is not sent again as it is */
  #held = new Map();
  /** Whether the server did not answer when it was last asked. */
  isAway = false;

  /**
   * @param {string} address
   * @param {string} token
   * @param {import("./kept.js").Kept} kept
   * @param {{answered: (answer: Answer, operation: Operation) => void, clashed: (clash: Clash) => void,
   *   refused: (what: string) => void, changed: () => void}} tell
   */
  constructor(address, token, kept, tell) {
    this.#address = address;
    this.#token = token;
    this.#kept = kept;
    this.#tell = tell;
    addEventListener("online", () => this.#retry());
  }

  /** Ask for everything. @returns {Promise<any>} */
  async begin() {
    const answer = await this.#ask("/state");
    const told = await answer.json();
    this.#state = told.state;
    return told;
  }

  /** Ask for what has changed since; null where nothing has. @returns {Promise<any>} */
  since() {
    return this.#inTurn(() => this.#since());
  }

  /** @param {string} id @returns {Promise<any[]>} */
  async history(id) {
    return (await this.#ask(`/history/${encodeURIComponent(id)}`)).json();
  }

  /** Ask what listeners suggest. @returns {Promise<{suggestions: any[]}>} */
  async suggestions() {
    return (await this.#ask("/suggestions")).json();
  }

  /** Dismiss what a listener suggests, for good. @param {string} id */
  async dismiss(id) {
    await this.#ask(`/suggestions/${id}`, { state: this.#state, body: '{"do":"dismiss"}' });
  }

  /**
   * Keep what is typed in a turn, and send it when there is a pause.
   * @param {Line} line
   * @param {number} turn
   * @param {string} text
   */
  type(line, turn, text) {
    const { id } = line;
    const since = { state: this.#state, over: turnsOf(line)[turn]?.text };
    const { state, over } = this.#kept.of(id, turn) ?? since;
    this.#kept.keep({ id, turn, text, state, over });
    clearTimeout(this.#timer);
    // A field that is empty waits for what is typed next: it is sent when it is left.
    if (text.trim()) this.#timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Give what was typed and refused. @returns {import("./kept.js").Typed[]} */
  get refused() {
    return this.#kept.all.filter((typed) => this.#held.get(keyOf(typed)) === typed.text);
  }

  /** Send what is kept, and wait until it is there, or refused. What was refused waits until it is changed. */
  async flush() {
    clearTimeout(this.#timer);
    for (const typed of this.#kept.all) if (this.#held.get(keyOf(typed)) !== typed.text) await this.#words(typed);
  }

  /**
   * Send what was held back because the line was changed elsewhere, over that change; or let go of it.
   * @param {{id: string, turn: number}} typed
   * @param {boolean} isSent
   */
  async settle({ id, turn }, isSent) {
    const typed = this.#kept.of(id, turn);
    this.#held.delete(keyOf({ id, turn }));
    if (!typed) return;
    if (isSent) this.#kept.keep({ ...typed, state: this.#state });
    else this.#kept.release(typed);
    await this.flush();
  }

  /**
   * Do something to the lines, after all that is asked already.
   * @param {Operation} operation
   * @param {string} [state] the list that it was meant for
   * @returns {Promise<Answer>}
   * @throws {RefusedError}
   */
  async perform(operation, state) {
    await this.flush();
    if (this.isAway) throw new RefusedError("The server does not answer; try again when it does.");
    return this.#inTurn(() => this.#step(operation, state ?? this.#state));
  }

  /**
   * Write to the archive.
   * @returns {Promise<any>} the answer; its `conflicts` are what has to be chosen first; null where others have changed
   *   something that is not known here yet: nothing was written
   * @throws {RefusedError}
   */
  async write() {
    await this.flush();
    return this.#inTurn(async () => {
      if (this.refused.length) throw new RefusedError("a line is not saved as it was typed. Change it, or undo.", UNDECIDED);
      const answer = await this.#ask("/write", { state: this.#state, body: "{}" }, [UNDECIDED, CLASHED]);
      if (answer.status === CLASHED) return null;
      const told = await answer.json();
      if (answer.ok) this.#state = told.state;
      return told;
    });
  }

  /** @param {import("./kept.js").Typed} typed */
  #words({ id, turn, text, state }) {
    return this.#inTurn(async () => {
      if (this.#kept.of(id, turn)?.text !== text) return;
      /** @type {Operation} */
      const operation = { do: "words", id, turn, text };
      try {
        await this.#step(operation, state);
        this.#held.delete(keyOf({ id, turn }));
        this.#kept.release({ id, turn, text });
        const since = this.#kept.of(id, turn);
        if (since) this.#kept.keep({ ...since, state: this.#state, over: text });
        this.#tell.changed();
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        if (error.status === 0 || error.status >= 500) this.#later();
        else this.#held.set(keyOf({ id, turn }), text);
        if (this.isAway) this.#tell.changed();
        else if (error.status !== CLASHED) this.#tell.refused(`Not saved: ${error.message}`);
      }
    });
  }

  /**
   * @param {Operation} operation
   * @param {string} state
   * @returns {Promise<Answer>}
   */
  async #step(operation, state) {
    const answer = await this.#ask("/steps", { state, body: JSON.stringify(operation) }, [CLASHED]);
    const told = await answer.json();
    if (state === this.#state) this.#state = told.state;
    else {
      // What is told has changed since an older list, and some of it is here already.
      const { splices = [], lines } = (await this.#since()) ?? {};
      Object.assign(told, { splices, lines });
    }
    if (answer.status === CLASHED) {
      this.#tell.clashed({ operation, line: told.line ?? null, answer: told });
      throw new RefusedError(said(told) ?? "The line was changed elsewhere meanwhile.", CLASHED);
    }
    this.#tell.answered(told, operation);
    return told;
  }

  async #since() {
    const answer = await this.#ask(`/state?since=${encodeURIComponent(this.#state)}`);
    if (answer.status === 204) return null;
    const told = await answer.json();
    this.#state = told.state;
    return told;
  }

  /**
   * @template Result
   * @param {() => Promise<Result>} act
   * @returns {Promise<Result>}
   */
  #inTurn(act) {
    const turn = this.#last.then(act, act);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {string} path
   * @param {{state: string, body: string}} [sent]
   * @param {number[]} [accepted] answers that are no refusal
   * @returns {Promise<Response>}
   */
  async #ask(path, sent, accepted = []) {
    /** @type {RequestInit} */
    const request = { signal: AbortSignal.timeout(LONGEST_WAIT), cache: "no-store", credentials: "same-origin" };
    if (sent) {
      request.method = "POST";
      request.body = sent.body;
      request.headers = { "Content-Type": "application/json", "If-Match": `"${sent.state}"`, "X-Desk": this.#token };
    }
    const answer = await fetch(this.#address + path, request).catch(() => null);
    this.#isThere(answer !== null);
    if (answer === null) throw new RefusedError("The server does not answer.");
    if (!answer.ok && !accepted.includes(answer.status)) throw new RefusedError(await reasonOf(answer), answer.status);
    return answer;
  }

  /** @param {boolean} isThere */
  #isThere(isThere) {
    if (isThere) this.#failures = 0;
    if (this.isAway === !isThere) return;
    this.isAway = !isThere;
    this.#tell.changed();
  }

  #later() {
    clearTimeout(this.#again);
    const wait = AGAIN[Math.min(this.#failures, AGAIN.length - 1)];
    this.#failures += 1;
    this.#again = setTimeout(() => this.#retry(), wait);
  }

  #retry() {
    clearTimeout(this.#again);
    this.flush();
  }
}

const UNDECIDED = 409;
const CLASHED = 412;

/** @param {{id: string, turn: number}} typed */
function keyOf({ id, turn }) {
  return `${turn} ${id}`;
}

/** @param {string} words */
function sentence(words) {
  return `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}

/** Say what is wrong, and what to do, as the server has it; null where it has not. @param {any} told */
function said(told) {
  const words = [told?.what, told?.remedy].filter((each) => typeof each === "string" && each);
  return words.length ? words.map(sentence).join(" ") : null;
}

/** @param {Response} answer */
async function reasonOf(answer) {
  const told = said(await answer.json().catch(() => null));
  if (told) return told;
  if (answer.status === 403) return "The server was started anew, and does not know this page any more. Open the address that it prints now. What you typed is kept in this browser.";
  if (answer.status === 413) return "That is more than the 20,000 letters that a line may have. Divide it.";
  return `The server refused it (${answer.status}).`;
}
