/**
 * A line's text and its `data-words` into the stretch of text that is being spoken.
 * @typedef {{at: number, from: number, to: number}} Stretch milliseconds after the line's start; offsets into its text
 * @typedef {{start: number, end: number}} Span milliseconds, half open
 * @typedef {{start: number, end: number, text: string, words: string}} Line `words` as data-words has them, "" for none
 * @typedef {Span & {from: number, to: number}} Unit what cannot be divided further, and where in the line's text it stands
 */

// What Python's str.split() splits at: the server counts tokens with it. JavaScript's \s lacks U+001C to U+001F and
// U+0085, and has U+FEFF.
const TOKEN = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/**
 * Place each timed token in the text. Untimed tokens go with the timed one before them; those before the first, nowhere.
 * @param {string} text
 * @param {string} times one number or "-" per token, separated by spaces
 * @returns {Stretch[]} in order of the text; [] where the counts differ, since then no word's time is known
 */
export function stretches(text, times) {
  const tokens = [...text.matchAll(TOKEN)];
  const moments = times.trim().split(/\s+/);
  if (tokens.length !== moments.length) return [];
  /** @type {Stretch[]} */
  const found = [];
  tokens.forEach(({ index, 0: token }, position) => {
    const to = index + token.length;
    if (moments[position] !== "-") found.push({ at: Number(moments[position]), from: index, to });
    else if (found.length) found[found.length - 1].to = to;
  });
  return found;
}

/**
 * List the words of a line, each until the next begins; the whole line where no word is timed. What precedes the first
 * timed word goes with it, from the line's start.
 * @param {Line} line
 * @returns {Unit[]} at least one
 */
export function unitsOf({ start, end, text, words }) {
  const timed = words ? stretches(text, words) : [];
  if (!timed.length) return [{ start, end, from: 0, to: text.length }];
  const units = timed.map(({ at, from, to }, index) => {
    const next = index + 1 < timed.length ? start + timed[index + 1].at : end;
    return { start: start + at, end: next, from, to };
  });
  if (text.slice(0, units[0].from).trim()) units[0] = { ...units[0], start, from: 0 };
  const heard = units.filter((unit) => unit.end > unit.start);
  return heard.length ? heard : [{ start, end, from: 0, to: text.length }];
}
