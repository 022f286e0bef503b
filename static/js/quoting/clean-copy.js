/** A transcript is copied as it was said: the words of lines without their times, marks, notes and links. */

import { plainWords } from "./quotation.js";
import { isOfTranscript, selectedParts, wordsOf } from "./selected-words.js";

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
  event.clipboardData.setData("text/plain", plainWords(wordsOf(parts, voices, false)));
}
