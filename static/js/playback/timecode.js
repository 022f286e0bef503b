/**
 * Reads times and passages from text, and writes them: the twin of player/timecode.py. Both are held to
 * tests/data/timecodes.json, so that they cannot drift. The `t` of an address is that of W3C Media Fragments 1.0
 * (section 4.2.1).
 *
 * @typedef {{start: number, end: number | null, loop?: boolean, lead?: number}} Passage milliseconds; without an end it
 *   runs on; a loop begins `lead` earlier
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LONGEST = 1_000 * HOUR;

const FRACTION = String.raw`(?:\.(?<fraction>\d{1,9}))?`;
const PLAIN = new RegExp(String.raw`^(?<seconds>\d{1,9})${FRACTION}s?$`);
const CLOCK = new RegExp(
  String.raw`^(?:(?:(?<hours>\d{1,4}):(?=\d{1,2}:))?(?<minutes>\d{1,4}))?:(?<seconds>\d{2})${FRACTION}$`,
);
const UNITS = new RegExp(
  String.raw`^(?=.*[hms])(?:(?<hours>\d{1,4})h)?(?:(?<minutes>\d{1,5})m)?(?:(?<seconds>\d{1,9})${FRACTION}s)?$`,
);

/**
 * Read a time as people write it (25, :25, 0:25, 1:02.5, 1h2m3s) into milliseconds.
 * @param {string} text
 * @returns {number}
 * @throws {RangeError} where the text is no time
 */
export function parse(text) {
  const plain = text.trim().replace(/^npt:/, "");
  const match = PLAIN.exec(plain) ?? CLOCK.exec(plain) ?? UNITS.exec(plain);
  if (!match) throw new RangeError(`${quoted(text)} is not a time; write it as 25, :25, 1:02.5 or 1:02:03`);
  const { hours, minutes, seconds, fraction = "" } = match.groups;
  if (plain.includes(":") && (Number(seconds) >= 60 || (hours && Number(minutes) >= 60))) {
    throw new RangeError(`${quoted(text)} is not a time; minutes and seconds after a colon stop at 59`);
  }
  const moment =
    Number(hours ?? 0) * HOUR +
    Number(minutes ?? 0) * MINUTE +
    Number(seconds ?? 0) * SECOND +
    Number(fraction.slice(0, 3).padEnd(3, "0"));
  if (moment > LONGEST) {
    throw new RangeError(`${quoted(text)} is longer than any recording; give a time below 1000 hours`);
  }
  return moment;
}

/**
 * Write milliseconds as people read them: 0:25, 1:02.5, 1:02:03.
 * @param {number} moment
 */
export function display(moment) {
  return clock(moment) + decimals(moment);
}

/**
 * Write milliseconds to the second that has begun: 0:25, 1:02:03.
 * @param {number} moment
 */
export function clock(moment) {
  const hours = Math.floor(moment / HOUR);
  const minutes = Math.floor((moment % HOUR) / MINUTE);
  const seconds = twoDigits(Math.floor((moment % MINUTE) / SECOND));
  return hours ? `${hours}:${twoDigits(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/**
 * Write milliseconds as the seconds of a media fragment: 25, 62.5.
 * @param {number} moment
 */
export function fragment(moment) {
  return Math.floor(moment / SECOND) + decimals(moment);
}

/**
 * Write milliseconds as they are said: 1 minute 12 seconds.
 * @param {number} moment
 */
export function spoken(moment) {
  const whole = Math.floor(moment / SECOND);
  const named = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor((whole % 3600) / 60), "minute"],
    [whole % 60, "second"],
  ];
  const words = named.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return words.join(" ") || "0 seconds";
}

/**
 * Read the value of `t`: 25, 25,80 or ,80.
 * @param {string} text
 * @returns {Passage}
 * @throws {RangeError} where a time in it is none, or the end is not after the start
 */
export function parseFragment(text) {
  const plain = text.trim().replace(/^npt:/, "");
  const comma = plain.indexOf(",");
  if (comma < 0) return { start: parse(plain), end: null };
  const start = comma ? parse(plain.slice(0, comma)) : 0;
  const end = parse(plain.slice(comma + 1));
  if (end <= start) {
    throw new RangeError(`the passage ends (${display(end)}) no later than it starts (${display(start)})`);
  }
  return { start, end };
}

/**
 * Find the passage in the hash (#t=25,80) or the query (?t=25) of an address; null where it names none.
 * @param {string} part with its # or ?
 * @returns {Passage | null}
 * @throws {RangeError} where it names one that cannot be read
 */
export function passageIn(part) {
  const text = new URLSearchParams(part.slice(1)).get("t");
  return text === null ? null : parseFragment(text);
}

/**
 * Write a passage as the hash that leads to it: #t=25,80.
 * @param {Passage} passage
 */
export function hashOf({ start, end }) {
  return `#t=${fragment(start)}${end === null ? "" : `,${fragment(end)}`}`;
}

/**
 * Write the whole address that leads to a passage of a recording.
 * @param {HTMLElement} player the <recording-player>: the server says its public address, which may not be the one asked for
 * @param {Passage} passage
 */
export function addressOf({ dataset }, passage) {
  return `${dataset.address}${hashOf(passage)}`;
}

/**
 * Say what playing a passage would play: Play 0:25 to 1:20.
 * @param {Passage} passage
 */
export function invitation({ start, end }) {
  return end === null ? `Play from ${display(start)}` : `Play ${display(start)} to ${display(end)}`;
}

/** @param {number} moment */
function decimals(moment) {
  const rest = moment % SECOND;
  return rest ? `.${String(rest).padStart(3, "0")}`.replace(/0+$/, "") : "";
}

/** @param {number} number */
function twoDigits(number) {
  return String(number).padStart(2, "0");
}

/** @param {string} text */
function quoted(text) {
  return `“${text.length <= 40 ? text : `${text.slice(0, 40)}…`}”`;
}
