/**
 * Lists the keys of the desk: what each does, how it is written, and where it is heard. A single key is a command
 * outside of text alone; those with Control are heard in the text of the line too.
 *
 * @typedef {{key: string, does: string, by?: number, shown: string, says: string, repeats?: boolean, bar?: string}} Key
 *   `does` is what is done, `by` how much; `says` is what the list says of it, and `bar` the foot of the page
 */

/** @type {readonly {about: string, keys: readonly Key[]}[]} */
export const GROUPS = Object.freeze([
  {
    about: "Lines and words",
    keys: [
      { key: ",", does: "previous-line", shown: ",", says: "previous line", repeats: true, bar: "previous" },
      { key: ".", does: "next-line", shown: ".", says: "next line", repeats: true, bar: "next line" },
      { key: "PageUp", does: "ten-back", shown: "PgUp", says: "ten lines back", repeats: true },
      { key: "PageDown", does: "ten-on", shown: "PgDn", says: "ten lines on", repeats: true },
      { key: "Home", does: "first-line", shown: "Home", says: "first line" },
      { key: "End", does: "last-line", shown: "End", says: "last line" },
      { key: "q", does: "previous-word", shown: "Q", says: "previous word", repeats: true, bar: "word back" },
      { key: "w", does: "next-word", shown: "W", says: "next word", repeats: true, bar: "word on" },
      { key: "Q", does: "fewer-words", shown: "Shift Q", says: "one word fewer in hand", repeats: true },
      { key: "W", does: "more-words", shown: "Shift W", says: "one word more in hand", repeats: true },
      { key: "l", does: "look", shown: "L", says: "look for words in the lines", bar: "look for" },
      { key: "m", does: "next-hit", shown: "M", says: "the next place where they stand", repeats: true },
      { key: "M", does: "previous-hit", shown: "Shift M", says: "the place before it", repeats: true },
      { key: "g", does: "next-unheard", shown: "G", says: "next line that nobody has heard" },
      { key: "c", does: "suggestions", shown: "C", says: "next line for which a listener suggests other words" },
      { key: "y", does: "accept", shown: "Y", says: "take what a listener suggests for the line" },
      { key: "f", does: "next-doubtful", shown: "F", says: "next doubtful word" },
    ],
  },
  {
    about: "Text",
    keys: [
      { key: "Enter", does: "type", shown: "Enter", says: "type in the line; again, leave it", bar: "type" },
      { key: "Escape", does: "leave", shown: "Esc", says: "leave the text, or a form", bar: "leave the text" },
      { key: "1–9", does: "speaker", shown: "1 to 9", says: "that speaker", bar: "speaker" },
      { key: "0", does: "speaker", shown: "0", says: "speaker not known" },
      { key: "p", does: "another-speaker", shown: "P", says: "another speaker" },
      { key: "d", does: "doubt", shown: "D", says: "the words in hand are doubtful, or not", bar: "doubtful" },
      { key: "v", does: "variant", shown: "V", says: "another reading of the words in hand", bar: "variant" },
      { key: "x", does: "unintelligible", shown: "X", says: "[unintelligible] in place of the words in hand" },
      { key: "n", does: "note", shown: "N", says: "a note on the line, or on the words in hand", bar: "note" },
      { key: "h", does: "heard", shown: "H", says: "you have heard the line, or not", bar: "heard" },
    ],
  },
  {
    about: "Sound",
    keys: [
      { key: " ", does: "play", shown: "Space", says: "play the line, or pause", bar: "play" },
      { key: "shift ", does: "play-on", shown: "Shift Space", says: "play past the end of the line" },
      { key: "i", does: "start-here", shown: "I", says: "the line starts here", bar: "start here" },
      { key: "o", does: "end-here", shown: "O", says: "the line ends here", bar: "end here" },
      { key: "e", does: "edge", shown: "E", says: "take the other edge in hand", bar: "other edge" },
      { key: "ArrowLeft", does: "earlier", by: 10, shown: "←", says: "the edge 10 ms earlier", repeats: true, bar: "10 ms" },
      { key: "ArrowRight", does: "later", by: 10, shown: "→", says: "the edge 10 ms later", repeats: true, bar: "10 ms" },
      { key: "shiftArrowLeft", does: "earlier", by: 100, shown: "Shift ←", says: "100 ms earlier", repeats: true },
      { key: "shiftArrowRight", does: "later", by: 100, shown: "Shift →", says: "100 ms later", repeats: true },
      { key: "z", does: "snap", shown: "Z", says: "move the edge to a silence" },
      { key: "r", does: "loop", shown: "R", says: "again and again", bar: "loop" },
      { key: "s", does: "slow", shown: "S", says: "slowly", bar: "slow" },
      { key: "t", does: "tap", shown: "T", says: "tap along: a line ends and the next begins" },
    ],
  },
  {
    about: "Changes",
    keys: [
      { key: "/", does: "split", shown: "/", says: "split before the word in hand", bar: "split" },
      { key: "j", does: "join", shown: "J", says: "join to the next line", bar: "join" },
      { key: "a", does: "new", shown: "A", says: "a new line after this one" },
      { key: "Backspace", does: "remove", shown: "Backspace", says: "remove the line" },
      { key: "u", does: "undo", shown: "U", says: "undo", repeats: true, bar: "undo" },
      { key: "U", does: "redo", shown: "Shift U", says: "redo", repeats: true },
      { key: "control+Enter", does: "write", shown: "Ctrl Enter", says: "write to the archive", bar: "write" },
      { key: "?", does: "keys", shown: "?", says: "this list", bar: "all keys" },
    ],
  },
]);

/** What is typed in the text, with Control: nothing to press outside of it. */
export const IN_TEXT = Object.freeze([
  ["Ctrl /", "split at the cursor"],
  ["Ctrl Space", "play the line, or pause"],
  ["Ctrl Z", "undo; with Shift, redo"],
  ["Ctrl Enter", "write to the archive"],
  ["F4 F6 F7 F8", "pedal: play while held, back 2 s, play or pause, on 2 s"],
]);

/** @type {ReadonlyMap<string, Key>} */
const KEYS = new Map(GROUPS.flatMap(({ keys }) => keys.map((each) => [each.key, each])));
const WITH_CONTROL = new Map([["enter", "write"], ["z", "undo"], ["shift+z", "redo"], ["y", "redo"]]);
const WITH_CONTROL_IN_TEXT = new Map([["/", "split"], [" ", "play"]]);

const FIELD = "textarea, select, dialog[open], form, input:not([type=radio], [type=checkbox])";
const PRESSED = "button, a[href], summary";
const TICKED = "input:is([type=radio], [type=checkbox])";
const MOVED = "input, [role=slider]";

/**
 * Find what a press asks for, outside of the text of the line. A digit asks for the speaker of that number.
 * @param {KeyboardEvent} event
 * @returns {{does: string, by?: number} | null}
 */
export function askedBy(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.isComposing || target.closest(FIELD)) return null;
  const isAltGr = event.getModifierState("AltGraph"); // Windows reports it as Control and Alt
  if (!isAltGr && (event.ctrlKey || event.metaKey)) return event.altKey ? null : withControl(event, WITH_CONTROL);
  if (!isAltGr && event.altKey) return null;
  if (/^[0-9]$/.test(event.key)) return event.repeat ? null : { does: "speaker", by: Number(event.key) };
  const key = KEYS.get(written(event));
  if (!key || key.key.startsWith("control") || (event.repeat && !key.repeats)) return null;
  if (["Enter", " "].includes(event.key) && target.closest(PRESSED)) return null;
  if (event.key === " " && target.closest(TICKED)) return null;
  if (event.key.startsWith("Arrow") && target.closest(MOVED)) return null;
  return key;
}

/**
 * Find what a press in the text of the line asks for, beside typing.
 * @param {KeyboardEvent} event
 * @returns {{does: string} | null}
 */
export function askedInText(event) {
  if (event.isComposing) return null;
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey || event.getModifierState("AltGraph")) return null;
    return withControl(event, WITH_CONTROL) ?? withControl(event, WITH_CONTROL_IN_TEXT);
  }
  if (event.altKey || event.shiftKey) return null;
  return ["Escape", "Enter"].includes(event.key) ? { does: "leave" } : null;
}

/**
 * @param {KeyboardEvent} event
 * @param {ReadonlyMap<string, string>} keys
 */
function withControl({ key, shiftKey }, keys) {
  const does = keys.get(`${shiftKey && key !== "/" ? "shift+" : ""}${key.toLowerCase()}`);
  return does ? { does } : null;
}

/**
 * Write a press as the list has it. Caps Lock makes no other key of a letter, and a sign may need Shift to be typed.
 * @param {KeyboardEvent} event
 */
function written({ key, shiftKey }) {
  if (/^\p{Letter}$/u.test(key)) return shiftKey ? key.toUpperCase() : key.toLowerCase();
  return shiftKey && (key === " " || key.length > 1) ? `shift${key}` : key;
}
