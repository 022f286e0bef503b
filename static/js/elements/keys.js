/**
 * Lists the keys: what each asks for, what the page says it does, and whether it is on. Single keys are silent in
 * fields, under modifiers, and where a focused control has its own use for them.
 */

import { recall, remember } from "./memory.js";

/** @typedef {import("./requests.js").Request} Request */

/**
 * @typedef {Request & {key: string, does: string, repeats?: boolean, needs?: string}} Key `does` is what the list of keys
 *   says; `needs` is what the page must hold for the key to do anything
 */

const SOUND = "recording-player[data-playable]";
const NOTES = `${SOUND} .note[data-start]`;
const FOLLOWED = "recording-player[data-highlight] .cue";
// Times say nothing of a sound that the transcript was not timed to.
const LINES = "recording-player:is([data-highlight], :not([data-playable])) .cue, .cue:not([data-start])";
const SEARCH = "transcript-search";
const CLIPS = "clip-picker";
const DOUBTS = ".cue[data-doubted]";

/** @type {readonly {about: string, needs?: string, keys: readonly Key[]}[]} */
const LISTED = [
  {
    about: "Play",
    needs: SOUND,
    keys: [
      { key: " ", type: "playpauserequest", does: "play or pause" },
      { key: "k", type: "playpauserequest", does: "play or pause" },
      { key: "m", type: "muterequest", does: "mute or unmute" },
      { key: "<", type: "speedrequest", detail: { step: -1 }, does: "slower" },
      { key: ">", type: "speedrequest", detail: { step: 1 }, does: "faster" },
    ],
  },
  {
    about: "Go",
    needs: SOUND,
    keys: [
      { key: "ArrowLeft", type: "skiprequest", detail: { ms: -5_000 }, repeats: true, does: "back five seconds" },
      { key: "ArrowRight", type: "skiprequest", detail: { ms: 5_000 }, repeats: true, does: "forward five seconds" },
      { key: "j", type: "skiprequest", detail: { ms: -10_000 }, repeats: true, does: "back ten seconds" },
      { key: "l", type: "skiprequest", detail: { ms: 10_000 }, repeats: true, does: "forward ten seconds" },
      { key: "[", type: "noterequest", detail: { step: -1 }, needs: NOTES, does: "previous note" },
      { key: "]", type: "noterequest", detail: { step: 1 }, needs: NOTES, does: "next note" },
      { key: ",", type: "linerequest", detail: { step: -1 }, repeats: true, needs: FOLLOWED, does: "previous line" },
      { key: ".", type: "linerequest", detail: { step: 1 }, repeats: true, needs: FOLLOWED, does: "next line" },
      { key: "T", type: "turnrequest", detail: { step: -1 }, repeats: true, needs: FOLLOWED, does: "previous speaker" },
      { key: "t", type: "turnrequest", detail: { step: 1 }, repeats: true, needs: FOLLOWED, does: "next speaker" },
      { key: "{", type: "wordrequest", detail: { step: -1 }, repeats: true, needs: FOLLOWED, does: "previous word" },
      { key: "}", type: "wordrequest", detail: { step: 1 }, repeats: true, needs: FOLLOWED, does: "next word" },
    ],
  },
  {
    about: "Listen closely",
    needs: SOUND,
    keys: [
      { key: "a", type: "replayrequest", does: "replay the last five seconds" },
      { key: "r", type: "repeatrequest", does: "loop the selection, or this line; stop looping" },
      { key: "s", type: "slowrequest", does: "half speed on or off" },
      { key: "c", type: "cliprequest", detail: {}, needs: CLIPS, does: "make a clip of the selection, or of this line" },
    ],
  },
  {
    about: "Read",
    keys: [
      { key: "f", type: "followrequest", needs: FOLLOWED, does: "follow the line, or stop following" },
      { key: "w", type: "whererequest", needs: FOLLOWED, does: "say time, speaker and line" },
      { key: "g", type: "focuslinerequest", needs: FOLLOWED, does: "move the focus to the line" },
      { key: "v", type: "largelinerequest", needs: FOLLOWED, does: "show the line alone, large" },
      { key: "b", type: "passageedgerequest", detail: { edge: "start" }, needs: LINES, does: "begin a passage at this line" },
      { key: "e", type: "passageedgerequest", detail: { edge: "end" }, needs: LINES, does: "end the passage at this line" },
      { key: "d", type: "doubtrequest", detail: { step: 1 }, needs: DOUBTS, does: "next doubtful word" },
      { key: "D", type: "doubtrequest", detail: { step: -1 }, needs: DOUBTS, does: "previous doubtful word" },
      { key: "/", type: "searchrequest", needs: SEARCH, does: "search the words" },
      { key: "n", type: "hitrequest", detail: { step: 1 }, needs: SEARCH, does: "next hit" },
      { key: "N", type: "hitrequest", detail: { step: -1 }, needs: SEARCH, does: "previous hit" },
      { key: "?", type: "helprequest", does: "show this list" },
    ],
  },
];

/** @type {readonly {about: string, keys: readonly Key[]}[]} */
export const GROUPS = Object.freeze(
  LISTED.map(({ about, needs, keys }) => ({ about, keys: keys.map((each) => ({ needs, ...each })) })),
);

/** @type {ReadonlyMap<string, Key>} */
export const KEYS = new Map(GROUPS.flatMap(({ keys }) => keys.map((each) => [each.key, each])));

// A list of keys that is open keeps every key to itself.
const TYPED_INTO =
  "textarea, select, dialog[open], [contenteditable]:not([contenteditable=false]), " +
  "input:not([type=range], [type=checkbox], [type=radio], [type=button])";
// The focus stays in a dialog that was closed until the next frame.
const CLOSED = "dialog:not([open])";
const PRESSED_BY_SPACE = "button, a[href], summary, audio, input:not([type=range]), [role=button]";
const MOVED_BY_ARROWS = "input, audio, [role=slider], [role=spinbutton], [role=listbox], [role=toolbar]";

const SHOWN = new Map([[" ", "Space"], ["ArrowLeft", "←"], ["ArrowRight", "→"], ["D", "Shift D"], ["N", "Shift N"], ["T", "Shift T"]]);
const NAMED = new Map([[" ", "Space"], ["D", "Shift+D"], ["N", "Shift+N"], ["T", "Shift+T"]]);

/**
 * Find what a press asks for.
 * @param {KeyboardEvent} event
 * @returns {Key | null}
 */
export function keyOf(event) {
  const { key } = event;
  const target = isInside(event.target, CLOSED) ? null : event.target;
  if (event.defaultPrevented || event.isComposing || isModified(event)) return null;
  const found = KEYS.get(cased(event));
  if (!found || (event.repeat && !found.repeats) || isTypedInto(target)) return null;
  if (key === " " && isInside(target, PRESSED_BY_SPACE)) return null;
  if (key.startsWith("Arrow") && isInside(target, MOVED_BY_ARROWS)) return null;
  return found;
}

/**
 * Write a key as the list shows it.
 * @param {string} key
 */
export function shown(key) {
  return SHOWN.get(key) ?? key;
}

/**
 * Write the keys that ask for the same as a button does, as aria-keyshortcuts has them (WAI-ARIA 1.2, section 6.6.4).
 * A button that asks without saying which way has the keys of either way.
 * @param {Request} request
 * @param {(key: Key) => boolean} isOn
 */
export function shortcutsOf({ type, detail = {} }, isOn) {
  const details = Object.entries(detail);
  const same = [...KEYS.values()].filter(
    (each) => each.type === type && isOn(each) && details.every(([name, value]) => each.detail?.[name] === value),
  );
  return same.map(({ key }) => NAMED.get(key) ?? key).join(" ");
}

/**
 * Give a letter the case that Shift says: Caps Lock makes no other key of it.
 * @param {KeyboardEvent} event
 */
function cased({ key, shiftKey }) {
  if (key.length > 1) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

/**
 * Tell whether a modifier makes another key of it. A sign may need Shift or AltGr to be typed at all; AltGr is reported
 * as Control and Alt by Windows. A letter with Shift is a key of its own.
 * @param {KeyboardEvent} event
 */
function isModified(event) {
  const isSign = /^[^\p{Letter}\s]$/u.test(event.key);
  if (isSign && event.getModifierState("AltGraph")) return event.metaKey;
  return event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && (event.key === " " || event.key.length > 1));
}

/**
 * Tell whether keys are typed into something.
 * @param {EventTarget | null} target
 */
export function isTypedInto(target) {
  return isInside(target, TYPED_INTO);
}

/**
 * @param {EventTarget | null} target
 * @param {string} selector
 */
function isInside(target, selector) {
  return Boolean(/** @type {Element | null} */ (target)?.closest?.(selector));
}

const WHAT = "keys-off";

/** Which keys are on. Each can be switched off, and all of them at once; the browser remembers it. */
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
  set(key, isOn) {
    if (isOn) this.#off.delete(key);
    else this.#off.add(key);
    this.#keep();
  }

  /** @param {boolean} areOn */
  setAll(areOn) {
    this.#areAllOff = !areOn;
    this.#keep();
  }

  #keep() {
    remember(WHAT, { all: this.#areAllOff, keys: [...this.#off] });
  }
}
