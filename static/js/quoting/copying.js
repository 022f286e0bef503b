/**
 * Copies text for the reader; where the browser does not let a page copy, the text is shown to be copied by hand. What
 * a reader copies of the transcript is the words as they were said, without their times, marks, notes and links; where
 * a machine wrote them, and nobody has checked them, they say so.
 */

import { plainWords } from "./quotation.js";
import { isOfTranscript, selectedParts, wordsOf } from "./selected-words.js";
import { uncheckedLabel } from "./unchecked.js";

/**
 * @param {Element} place that holds the field to copy from (`.by-hand`) and says what was done (`.status`)
 * @param {string} what it is: Link copied.
 * @param {string} text
 */
export async function copy(place, what, text) {
  const label = /** @type {HTMLElement} */ (place.querySelector(".by-hand"));
  label.hidden = true;
  say(place, "");
  try {
    await navigator.clipboard.writeText(text); // not there on a page that came by plain HTTP
    say(place, `${what} copied.`);
  } catch {
    const field = fieldIn(label);
    label.hidden = false;
    field.value = text;
    field.focus();
    field.select();
    say(place, "This browser does not let the page copy. Copy the text from here.");
  }
}

/**
 * @param {Element} place
 * @param {string} text
 */
export function say(place, text) {
  const status = place.querySelector(".status");
  if (status && status.textContent !== text) status.textContent = text;
}

/**
 * Answer `copy` where words of the transcript are selected; what else is selected is the browser's to copy.
 * @param {ClipboardEvent} event
 * @param {Element | null} transcript
 * @param {Element[]} said its lines
 * @param {Map<Element, string | null>} voices
 */
export function copyWords(event, transcript, said, voices) {
  const isInField = event.target instanceof Element && event.target.closest("input, textarea") !== null;
  if (!transcript || isInField || !isOfTranscript(transcript)) return;
  const parts = selectedParts(said);
  if (!parts.length) return;
  event.preventDefault();
  const label = uncheckedLabel(parts.map((part) => part.said));
  const words = plainWords(wordsOf(parts, voices, false));
  event.clipboardData.setData("text/plain", label ? `${words}\n\n[${label}]` : words);
}

/**
 * @param {HTMLElement} label
 * @returns {HTMLInputElement | HTMLTextAreaElement} the label's own field, or one of several lines
 */
function fieldIn(label) {
  const own = /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (label.querySelector("input, textarea"));
  if (own) return own;
  const field = document.createElement("textarea");
  Object.assign(field, { dir: "auto", readOnly: true, rows: 3, spellcheck: false });
  label.append(field);
  return field;
}
