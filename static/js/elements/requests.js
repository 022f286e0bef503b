/**
 * Carries what the page's parts ask of each other: by bubbling events that end at <recording-player>.
 *
 * Answered by <recording-player>:
 *   seekrequest {ms, play?}     go to a moment, and play from there
 *   skiprequest {ms}            go forward or back
 *   replayrequest               play the last five seconds again
 *   passagerequest {start, end} play a passage once, and stop at its end
 *   playrequest  pauserequest  playpauserequest
 *   speedrequest {step?}        faster or slower; without a step, the next speed, round and round
 *   slowrequest                 half speed, and back to the speed before
 *   muterequest                 mute or unmute
 *   volumerequest {volume}      0 to 1
 *   looprequest {start, end, lead?}  play a passage again and again, from `lead` before its start (what was set last, if
 *                               left out); without a passage, stop doing so
 *   repeatrequest               loop the clip or the words chosen last, else this line; once more: let the sound go on
 *   leadrequest {ms}            how much earlier a loop starts: 0, 500, 1000 or 2000
 *   forgetrequest               remember no longer where the listener was
 * by <transcript-view>:
 *   linerequest {step}          the next or previous line
 *   wordrequest {step}          the next or previous word
 *   followrequest               keep the line in view, or stop; where that is suspended, follow on
 *   suspendrequest {suspended}  stay where the page is though it follows, or follow on
 * by <spoken-line>:
 *   turnrequest {step}          where the next or previous speaker begins
 *   whererequest                say time, speaker and line
 *   focuslinerequest            move the focus to the line being spoken
 * by <selection-bar>:
 *   passageedgerequest {edge, line?}  begin or end a passage at a line: that of the id, else the one with the focus or the
 *                               one being spoken
 * by transcript/doubtful.js:
 *   doubtrequest {step}         go to the next or previous line with words that people doubt
 * by <large-line>:
 *   largelinerequest            show the line being spoken alone, large, or the page again
 * by <annotation-list>:
 *   noterequest {step}          the next or previous annotated moment
 * by <clip-picker>:
 *   cliprequest {edge?}         offer a clip of what is selected or current; or let one start or end at this moment
 *   cliprequest {start, end, focus?}  offer a clip of a passage; `focus` moves the focus there
 *   keyrequest {key, code, shiftKey, repeat}  press a key again that waited for it while it was loading
 * by <transcript-search>:
 *   searchrequest               put the focus into the search field
 *   hitrequest {step}           go to the next or previous hit
 * by <key-list>:
 *   helprequest                 show the list of keys
 *
 * What <recording-player> tells everyone inside it, by events that do not bubble: timechange {ms, heard, playing,
 * sought}, playchange {playing}, durationchange {ms}, replacedchange {replaced} (whether the archive has another sound
 * by now), speedchange {speed}, volumechange {volume, muted, isFixed}, leadchange {ms}, passagechange {passage, begun},
 * where `passage.loop` says that it is played again and again, and `passage.lead` from how much before its start.
 * `heard` is the moment whose line and notes are current: it is `ms`, but at rest at the end of a passage it stays
 * within the passage.
 *
 * What others tell through it: linechange {voice, start, end} (null where no line is current) and followchange
 * {following, suspended} by <transcript-view>; clipchange {span} by <clip-picker>; selectionspanchange {span} by
 * <selection-bar>, null where nothing is chosen; hitschange {spans, current} by <transcript-search>, where `current` is
 * the place in `spans` of the hit that the reader is at, or -1.
 *
 * @typedef {{type: string, detail?: object}} Request
 */

/**
 * @param {EventTarget} from
 * @param {string} type
 * @param {object} [detail]
 */
export function ask(from, type, detail) {
  from.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
}

/**
 * @param {EventTarget} from
 * @param {string} type
 * @param {object} detail
 */
export function tell(from, type, detail) {
  from.dispatchEvent(new CustomEvent(type, { detail }));
}

/**
 * Turn a click on a link that leads to a moment, a line's time or what says so (`data-seek`), into a seek in place.
 * Without JavaScript the link itself works.
 * @param {MouseEvent} event
 * @returns {HTMLAnchorElement | null} the link, where it led to a seek
 */
export function seekByLink(event) {
  /** @type {HTMLAnchorElement | null} */
  const link = /** @type {Element} */ (event.target).closest("a[data-seek], a.time");
  if (!link?.closest("recording-player[data-playable]") || !isPlain(event)) return null;
  event.preventDefault();
  const isByPointer = event.detail > 0;
  if (isByPointer && isSelected(link)) return null;
  // The pointer's user presses Space next, to pause; the keyboard's user stays where they are.
  if (isByPointer) link.blur();
  /** @type {HTMLElement | null} */
  const line = link.closest(".cue");
  const ms = link.dataset.seek ?? line.dataset.start;
  if (!ms) {
    location.hash = link.hash; // of a line that is not timed
    return null;
  }
  history.replaceState(null, "", link.href);
  ask(link, "seekrequest", { ms: Number(ms), play: true });
  return link;
}

/**
 * Tell a click that follows a link here from one that opens it elsewhere, or that another has answered.
 * @param {MouseEvent} event
 */
export function isPlain({ button, altKey, ctrlKey, metaKey, shiftKey, defaultPrevented }) {
  return button === 0 && !altKey && !ctrlKey && !metaKey && !shiftKey && !defaultPrevented;
}

/**
 * Tell whether a click falls into selected text, where it ends or clears the selection. One elsewhere is no hindrance.
 * @param {Element} link
 */
function isSelected(link) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(link, true);
}
