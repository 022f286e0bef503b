import assert from "node:assert/strict";
import test from "node:test";

import { ClipEnds } from "../../static/js/clips/clip-ends.js";

const WORDLESS = { at: () => null, starts: [], ends: [], lineStarts: [], lineEnds: [] };
const LINES = {
  at: (now) => (now < 4_000 ? { start: 1_000, end: 4_000 } : { start: 4_000, end: 6_000 }),
  starts: [1_000, 2_000, 3_000, 4_000],
  ends: [2_000, 3_000, 4_000, 6_000],
  lineStarts: [1_000, 4_000],
  lineEnds: [4_000, 6_000],
};
const SPAN = { start: 2_000, end: 3_000 };
const ends = new ClipEnds(LINES, 60_000);
const bare = new ClipEnds(WORDLESS, 60_000);

test("an end moves by word, or by line", () => {
  assert.deepEqual(ends.byKey(SPAN, "start", "ArrowLeft"), { start: 1_000, end: 3_000 });
  assert.deepEqual(ends.byKey(SPAN, "end", "ArrowUp"), { start: 2_000, end: 4_000 });
  assert.deepEqual(ends.byKey({ start: 2_000, end: 4_000 }, "end", "PageUp"), { start: 2_000, end: 6_000 });
});

test("a passage keeps a start before its end", () => {
  assert.equal(ends.byKey(SPAN, "start", "ArrowRight"), null);
  assert.equal(ends.byKey(SPAN, "end", "ArrowLeft"), null);
});

test("past the last word there is nothing", () => {
  assert.equal(ends.byKey({ start: 2_000, end: 6_000 }, "end", "ArrowRight"), null);
});

test("an end that the recording does not have is not offered", () => {
  assert.equal(new ClipEnds(LINES, 5_000).byKey({ start: 2_000, end: 4_000 }, "end", "ArrowRight"), null);
});

test("without words, ends move by a tenth of a second, or a second, within the recording", () => {
  assert.deepEqual(bare.byKey(SPAN, "start", "ArrowLeft"), { start: 1_900, end: 3_000 });
  assert.deepEqual(bare.byKey(SPAN, "end", "PageUp"), { start: 2_000, end: 4_000 });
  assert.deepEqual(bare.byKey({ start: 50, end: 3_000 }, "start", "ArrowLeft"), { start: 0, end: 3_000 });
});

test("other keys move nothing", () => {
  assert.equal(ends.isKey("Enter"), false);
  assert.equal(ends.byKey(SPAN, "start", "Enter"), null);
});

test("a moment's passage is its line, or a little of the recording", () => {
  assert.deepEqual(ends.around(4_500), { start: 4_000, end: 6_000 });
  assert.deepEqual(bare.around(10_000), { start: 10_000, end: 15_000 });
  assert.deepEqual(bare.around(59_000), { start: 55_000, end: 60_000 });
});

test("a new start or end pushes the other where it must", () => {
  assert.deepEqual(ends.withEdge(SPAN, "start", 2_500), { start: 2_500, end: 3_000 });
  assert.deepEqual(ends.withEdge(SPAN, "start", 8_000), { start: 8_000, end: 13_000 });
  assert.deepEqual(ends.withEdge(SPAN, "end", 1_000), { start: 0, end: 1_000 });
});
