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
 *   cliprequest {edge?}         offer a clip of what is selected or current; or let one start or end at this moment
 *   followrequest               keep the line in view, or stop; where it is held, follow on
 *   holdrequest {held}          stay where the page is though it follows, or follow on
 *   searchrequest               put the focus into the search field
 *   hitrequest {step}           go to the next or previous hit
 *
 * What <recording-player> tells everyone inside it, by events that do not bubble: timechange {ms, heard, playing, sought},
 * playchange {playing}, durationchange {ms}, speedchange {speed}, passagechange {passage, begun}, where
 * `passage.loop` says that it is played again and again; and what others tell through it: linechange {voice} and
 * followchange {following, held} by <transcript-view>, clipchange {span} by <clip-picker>, hitschange {spans, current} by
 * <transcript-search>, where `current` is the place in `spans` of the hit that the reader is at, or -1. `heard` is the moment whose line and
 * notes are current: it is `ms`, but at rest at the end of a passage it stays within the passage.
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
