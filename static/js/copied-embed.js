/**
 * Makes the page of a frame in a copy that no server answers for what it is on the server: of all lines it shows those of
 * the passage that its address asks for.
 */

import { clock, display, fragment, passageIn } from "./playback/timecode.js";
import { makeSeekable } from "./playback/whole-sound.js";

/** What stands for the words: that a machine wrote them, who speaks, and each line. */
const LINES = ".words > .unchecked, .words > .turn, .words > .cue";

/** What is said where some of them do not come. */
const UNFETCHED =
  "Words of this passage could not be fetched. Reload the page to try again, or read them on the page of the recording.";

/** @typedef {{start: number, end: number | null}} Passage */

const element = /** @type {HTMLElement} */ (document.querySelector("embedded-passage"));
if (element) begin(element);

/** @param {HTMLElement} element */
async function begin(element) {
  try {
    const asked = passageIn(location.search);
    if (asked) {
      const passage = within(asked, Number(element.dataset.duration ?? Infinity));
      await gather(element, passage);
      show(element, passage);
    }
  } catch (error) {
    tell(element, `The address asks for a passage that cannot be played: ${error.message}.`);
  }
  const audio = element.querySelector("audio");
  if (audio) await makeSeekable(audio, element.querySelector("header > :last-child"));
  await import(new URL("embed.linked.js", import.meta.url).href);
}

/**
 * @param {Passage} asked
 * @param {number} length
 * @returns {Passage}
 */
function within({ start, end }, length) {
  if (start >= length) throw new RangeError(`${display(start)} is past the end of the recording, ${display(length)}`);
  return { start, end: end === null ? null : Math.min(end, length) };
}

/**
 * Of a recording of many lines, which are in several files, bring those in which the passage begins: as many files as it
 * takes to have as many lines as one holds, and one more, for it may begin at the end of the first.
 * @param {HTMLElement} element
 * @param {Passage} passage
 */
async function gather(element, { start, end }) {
  const parts = [...(element.querySelector("template")?.content.querySelectorAll("a") ?? [])];
  const heard = parts.filter(({ dataset }) => Number(dataset.start) < (end ?? Infinity) && Number(dataset.end) > start);
  const words = element.querySelector(".words");
  if (!words || !parts.length) return;
  const addresses = heard.slice(0, 2).map((part) => new URL(part.getAttribute("href") ?? "", location.href));
  const found = await Promise.all(addresses.map((address) => linesAt(address).catch(() => null)));
  if (found.includes(null)) tell(element, UNFETCHED);
  else if (heard.length <= 2) words.querySelector(".rest")?.remove();
  const lines = found.flatMap((each) => each ?? []);
  for (const each of words.querySelectorAll(LINES)) each.remove();
  // That a machine wrote words is said once.
  const labels = lines.filter((each) => each.matches(".unchecked"));
  words.prepend(...lines.filter((each) => !labels.slice(1).includes(each)));
}

/**
 * Bring the lines of a part. Where it does not come, whatever does come in its place has none of them.
 * @param {URL} address
 */
async function linesAt(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const lines = [...page.querySelectorAll(LINES)];
  for (const link of page.querySelectorAll(".words > .cue a")) {
    link.setAttribute("href", new URL(link.getAttribute("href") ?? "", address).href);
  }
  return lines.map((each) => document.importNode(each, true));
}

/**
 * @param {HTMLElement} element
 * @param {Passage} passage
 */
function show(element, { start, end }) {
  element.dataset.begin = String(start);
  if (end !== null) element.dataset.stop = String(end);
  showLines(element, start, end ?? Infinity);
  const times = document.createElement("span");
  times.className = "times";
  times.textContent = `${clock(start)}${end === null ? " on" : ` to ${clock(end)}`}`;
  element.querySelector(".kicker")?.append(" · ", times);
  const asked = `t=${fragment(start)}${end === null ? "" : `,${fragment(end)}`}`;
  const home = /** @type {NodeListOf<HTMLAnchorElement>} */ (element.querySelectorAll("h1 > a, footer > a"));
  for (const link of home) link.href = `${link.href}?${asked}`;
  const words = element.querySelector("footer > a")?.firstChild;
  if (words) words.textContent = words.textContent.replace(/^.*? at /, "This passage at ");
  document.title = document.title.replace(/(?= · [^·]*$)/, `, ${times.textContent}`);
}

/**
 * Keep the lines of a passage alone, as player/archive/transcript.py says which are heard in it, and who says the first.
 * @param {HTMLElement} element
 * @param {number} start
 * @param {number} end
 */
function showLines(element, start, end) {
  /** @type {HTMLElement | null} */
  let turn = null;
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".words > .turn, .words > .cue"))) {
    if (each.matches(".turn")) {
      turn = each.hidden ? null : each;
      each.remove();
      continue;
    }
    if (each.matches(".shut")) turn = null;
    if (!isHeard(Number(each.dataset.start), Number(each.dataset.end), start, end)) each.remove();
    else if (turn) {
      each.before(turn);
      turn = null;
    }
  }
  if (!element.querySelector(".cue")) element.querySelector(".words")?.remove();
}

/**
 * @param {number} first
 * @param {number} last
 * @param {number} start
 * @param {number} end
 */
function isHeard(first, last, start, end) {
  const until = Math.max(last, first + 1);
  const shared = Math.min(until, end) - Math.max(first, start);
  return shared > 0 && 2 * shared >= Math.min(until - first, end - start);
}

/**
 * @param {HTMLElement} element
 * @param {string} trouble
 */
function tell(element, trouble) {
  const message = document.createElement("p");
  message.className = "warning";
  message.setAttribute("role", "alert");
  message.textContent = trouble;
  element.querySelector("header")?.append(message);
}
