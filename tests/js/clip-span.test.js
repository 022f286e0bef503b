import assert from "node:assert/strict";
import test from "node:test";

import { commandFor, isLoopOf, moved } from "../../static/js/clips/clip-ends.js";
import { spanOf, textWithin, unitsOf } from "../../static/js/transcript/words.js";

// "On" and "day" carry no time of their own.
const TIMED = { start: 1_000, end: 3_000, text: "On that very day, he spoke.", words: "- 200 500 - 900 1500" };
const UNTIMED = { start: 4_000, end: 6_000, text: "A line without times.", words: "" };
const WORDS = ["On that", "very day,", "he", "spoke."];

/** The span of what stands between two places in the lines' texts. */
function selected(first, from, last, to) {
  return spanOf(first, first.text.indexOf(from), last, last.text.indexOf(to) + to.length);
}

test("words last until the next begins, the last until the line ends, and untimed ones go with a timed one", () => {
  assert.deepEqual(unitsOf(TIMED).map(({ from, to }) => TIMED.text.slice(from, to)), WORDS);
  assert.deepEqual(unitsOf(TIMED).map(({ start, end }) => [start, end]), [[1_000, 1_500], [1_500, 1_900], [1_900, 2_500], [2_500, 3_000]]);
});

test("a first word that begins late begins late", () => {
  assert.equal(unitsOf({ start: 0, end: 1_000, text: "a b", words: "300 400" })[0].start, 300);
});

test("a line whose words have no times is one piece", () => {
  assert.deepEqual(unitsOf(UNTIMED), [{ start: 4_000, end: 6_000, from: 0, to: UNTIMED.text.length }]);
});

test("a word that takes no time is in no piece", () => {
  const units = unitsOf({ start: 0, end: 1_000, text: "a b c", words: "0 400 400" });
  assert.deepEqual(units.map(({ start, end }) => [start, end]), [[0, 400], [400, 1_000]]);
});

test("selected words are a passage to the word", () => {
  assert.deepEqual(selected(TIMED, "very", TIMED, "he"), { start: 1_500, end: 2_500 });
});

test("part of a word is the word", () => {
  assert.deepEqual(selected(TIMED, "ery", TIMED, "da"), { start: 1_500, end: 1_900 });
});

test("spaces around the words count for nothing", () => {
  assert.deepEqual(selected(TIMED, " he", TIMED, "he "), { start: 1_900, end: 2_500 });
});

test("from an untimed word the line counts", () => {
  assert.deepEqual(selected(TIMED, "spoke", UNTIMED, "A"), { start: 2_500, end: 6_000 });
  assert.deepEqual(selected(UNTIMED, "times", UNTIMED, "."), { start: 4_000, end: 6_000 });
});

test("lines that run at once make a passage only where it has a length", () => {
  assert.equal(spanOf({ ...UNTIMED, start: 9_000, end: 9_500 }, 0, { ...UNTIMED, start: 8_000, end: 9_000 }, 5), null);
});

test("a line that ends no later than it starts is of one piece, and takes no time by itself", () => {
  const timed = { start: 3_000, end: 3_000, text: "one", words: "0" };
  assert.deepEqual(unitsOf(timed), [{ start: 3_000, end: 3_000, from: 0, to: 3 }]);
  const without = { start: 9_000, end: 9_000, text: "Nothing says how long.", words: "" };
  assert.equal(spanOf(without, 0, without, 7), null);
  assert.deepEqual(spanOf(UNTIMED, 0, without, 7), { start: UNTIMED.start, end: 9_000 });
});

test("a passage is heard in these words of a line", () => {
  const within = (start, end) => textWithin(TIMED, { start, end });
  assert.equal(TIMED.text.slice(within(1_500, 2_500).from, within(1_500, 2_500).to), "very day, he");
  assert.equal(within(3_000, 9_000), null);
  assert.equal(within(0, 1_000), null);
});

test("a moment moves to its neighbours and not past the last", () => {
  const moments = Float64Array.of(10, 20, 30);
  assert.equal(moved(moments, 20, 1), 30);
  assert.equal(moved(moments, 20, -1), 10);
  assert.equal(moved(moments, 25, -1), 20);
  assert.equal(moved(moments, 5, 1), 10);
  assert.equal(moved(moments, 30, 1), null);
  assert.equal(moved(moments, 10, -1), null);
});

test("the command names the recording, the times and a file", () => {
  assert.equal(
    commandFor("talk", "talk-reading", ".flac", { start: 65_300, end: 80_000 }),
    "player clip talk --from 1:05.3 --to 1:20 -o talk-reading_65.3-80.flac",
  );
});

test("a name that a shell would read otherwise is quoted", () => {
  const command = commandFor("it's; rm", "it's; rm", ".mp3", { start: 0, end: 1 });
  assert.equal(command, String.raw`player clip 'it'\''s; rm' --from 0:00 --to 0:00.001 -o 'it'\''s; rm_0-0.001.mp3'`);
});

test("a loop is of one passage and of no other", () => {
  const span = { start: 25_000, end: 31_500 };
  assert.equal(isLoopOf({ ...span, loop: true }, span), true);
  assert.equal(isLoopOf({ start: 24_000, end: 31_500, loop: true }, span), false);
  assert.equal(isLoopOf({ start: 25_000, end: 31_000, loop: true }, span), false);
  assert.equal(isLoopOf(null, span), false);
  assert.equal(isLoopOf(null, null), false);
});
