import assert from "node:assert/strict";
import test from "node:test";

import { endedAt, exact, limits, overlapText, overlaps, spanOf, startedAt, withEdge, wordAt } from "../../static/js/desk/edges.js";

const LENGTH = 60_000;
const SPAN = { start: 10_000, end: 12_000 };

test("an edge moves by what is asked, and never past the other", () => {
  assert.deepEqual(withEdge(SPAN, "start", 10_010, LENGTH), { start: 10_010, end: 12_000 });
  assert.deepEqual(withEdge(SPAN, "end", 11_900, LENGTH), { start: 10_000, end: 11_900 });
  assert.deepEqual(withEdge(SPAN, "start", 13_000, LENGTH), { start: 11_950, end: 12_000 });
  assert.deepEqual(withEdge(SPAN, "end", 9_000, LENGTH), { start: 10_000, end: 10_050 });
});

test("an edge stays in the recording", () => {
  assert.deepEqual(withEdge(SPAN, "start", -100, LENGTH), { start: 0, end: 12_000 });
  assert.deepEqual(withEdge(SPAN, "end", 70_000, LENGTH), { start: 10_000, end: LENGTH });
  assert.deepEqual(withEdge(SPAN, "end", 70_000, Infinity), { start: 10_000, end: 70_000 });
  assert.deepEqual(limits({ start: 59_990, end: 60_000 }, "end", LENGTH), { least: 60_040, most: 60_040 });
});

test("a line that starts here ends where it did, or keeps its length", () => {
  assert.deepEqual(startedAt(SPAN, 11_000, "", LENGTH), { start: 11_000, end: 12_000 });
  assert.deepEqual(startedAt(SPAN, 11_990, "", LENGTH), { start: 11_990, end: 13_990 });
  assert.deepEqual(startedAt(SPAN, 59_000, "", LENGTH), { start: 59_000, end: LENGTH });
  assert.equal(startedAt(SPAN, 59_960, "", LENGTH), null);
});

test("a line without times lasts as long as its words", () => {
  assert.deepEqual(startedAt(null, 1_000, "yes", LENGTH), { start: 1_000, end: 1_800 });
  assert.deepEqual(startedAt(null, 1_000, "x".repeat(100), LENGTH), { start: 1_000, end: 7_500 });
});

test("a line ends after it starts", () => {
  assert.deepEqual(endedAt(SPAN, 10_050), { start: 10_000, end: 10_050 });
  assert.equal(endedAt(SPAN, 10_049), null);
  assert.equal(endedAt(null, 10_000), null);
});

test("what overlaps is told, by how much", () => {
  assert.deepEqual(overlaps(SPAN, { start: 8_000, end: 10_120 }, { start: 12_000, end: 13_000 }), { previous: 120, next: 0 });
  assert.deepEqual(overlaps(SPAN, null, { start: 11_000, end: 15_000 }), { previous: 0, next: 1_000 });
  assert.deepEqual(overlaps(SPAN, { start: 9_000, end: 20_000 }, null), { previous: 2_000, next: 0 });
  assert.deepEqual(overlaps(null, SPAN, SPAN), { previous: 0, next: 0 });
  assert.equal(overlapText({ previous: 120, next: 30 }), "Overlaps the line before by 120 ms and the next by 30 ms.");
  assert.equal(overlapText({ previous: 0, next: 0 }), "");
});

test("the word is the last timed one that has begun", () => {
  const line = { ...SPAN, words: [0, 320, null, 900] };
  assert.deepEqual([10_000, 10_319, 10_320, 10_899, 10_900, 11_999].map((now) => wordAt(line, now)), [0, 0, 1, 1, 3, 3]);
  assert.equal(wordAt(line, 9_999), null);
  assert.equal(wordAt(line, 12_000), null);
  assert.equal(wordAt({ ...SPAN, words: [] }, 10_500), null);
  assert.equal(wordAt({ start: null, end: null, words: [0] }, 0), null);
});

test("moments are written to the millisecond", () => {
  assert.deepEqual([0, 860_370, 3_723_004, 59_999].map(exact), ["0:00.000", "14:20.370", "1:02:03.004", "0:59.999"]);
  assert.equal(spanOf({ start: 5, end: null }), null);
});
