/**
 * Answers a foot pedal and the keys for media. Pedals send keys: F4 plays while it is held, F6 goes back two seconds, F7
 * plays or pauses, F8 goes forward two seconds; in the text too, for that is where the hands are. F5 loads the page
 * again, as in every other page.
 */

/** How far a pedal goes back or forward, in milliseconds. */
export const BACK = 2_000;
const HELD = "F4";
const STEPS = new Map([["F6", -BACK], ["F8", BACK]]);
const TOGGLE = "F7";

export class Pedal {
  #does;
  #isHeld = false;

  /**
   * @param {{
   *   playOn: () => void, pause: () => void, toggle: () => void, skip: (by: number) => void, line: (step: number) => void,
   * }} does
   */
  constructor(does) {
    this.#does = does;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    for (const type of ["keydown", "keyup"]) addEventListener(type, this, { signal, capture: true });
    // A key that is let go elsewhere is never told of.
    addEventListener("blur", () => this.#release(), { signal });
    this.#answerMediaKeys();
  }

  /** @param {any} event */
  handleEvent(event) {
    const { type, key, repeat } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const step = STEPS.get(key);
    if (key !== HELD && key !== TOGGLE && !step) return;
    event.preventDefault();
    if (type === "keyup") return key === HELD ? this.#release() : undefined;
    if (step) return this.#does.skip(step); // held, it goes on
    if (repeat) return;
    if (key === TOGGLE) return this.#does.toggle();
    this.#isHeld = true;
    this.#does.playOn();
  }

  #release() {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#does.pause();
  }

  /** Nothing happens where the browser has no Media Session. */
  #answerMediaKeys() {
    if (!("mediaSession" in navigator)) return;
    const answers = {
      play: () => this.#does.toggle(),
      pause: () => this.#does.toggle(),
      stop: () => this.#does.pause(),
      seekbackward: () => this.#does.skip(-BACK),
      seekforward: () => this.#does.skip(BACK),
      previoustrack: () => this.#does.line(-1),
      nexttrack: () => this.#does.line(1),
    };
    for (const [action, answer] of Object.entries(answers)) {
      try {
        navigator.mediaSession.setActionHandler(/** @type {MediaSessionAction} */ (action), answer);
      } catch {
        // TypeError: a browser that does not know this action has no key for it.
      }
    }
  }
}
