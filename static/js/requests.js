/**
 * What the page's parts ask of each other: bubbling events that end at <recording-player>.
 *
 *   seekrequest {ms, play?}     go to a moment, and play from there
 *   skiprequest {ms}            go forward or back
 *   playrequest  pauserequest  playpauserequest
 *   speedrequest {step}         faster or slower; without a step, the next speed, round and round
 *   muterequest
 *   linerequest {step}          the next or previous line
 *   noterequest {step}          the next or previous annotated moment
 *   looprequest {start, end}    play a passage again and again; without one, stop doing so
 *   passagerequest {start, end} play a passage once, and stop at its end
 *   cliprequest {edge?}         offer a clip of what is selected or current; or let one start or end at this moment
 *   cliprequest {start, end, focus?}  offer a clip of a passage; the focus goes there where it is told to
 *   followrequest               keep the line in view, or stop
 *
 * What <recording-player> tells everyone inside it, by events that do not bubble: timechange {ms, heard, playing, sought},
 * playchange {playing}, durationchange {ms}, speedchange {speed}, passagechange {passage, begun}, where
 * `passage.loop` says that it is played again and again; and what others tell through it: linechange {voice} and
 * followchange {following} by <transcript-view>, clipchange {span} by <clip-picker>, selectionspanchange {span} by
 * <selection-bar>. `heard` is the moment whose line and notes are current: it is `ms`, but at rest at the end of a passage
 * it stays within the passage.
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
