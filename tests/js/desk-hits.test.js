import assert from "node:assert/strict";
import { test } from "node:test";
import { hitAfter, LineHits } from "../../static/js/desk/hits.js";
import { Lines } from "../../static/js/desk/lines.js";

const lines = (...texts) => new Lines(texts.map((text, number) => ({ id: `c${number}`, text, turns: [], doubts: [], doubtful: [], heard: [] })));
const hits = (query, ...texts) => new LineHits().all(lines(...texts), query).map(({ index, first, last }) => [index, first, last]);

test("words are found wherever they stand, in capitals or not, with accents or not, and each place is counted", () => {
  assert.deepEqual(hits("quay", "The Quay, the quay.", "No ferry.", "Quáy"), [[0, 1, 1], [0, 3, 3], [2, 0, 0]]);
  assert.deepEqual(hits("ann"), []);
  assert.deepEqual(hits("ann", "Anna and Joanna"), [[0, 0, 0], [0, 2, 2]]);
  assert.deepEqual(hits("nora quill", "So Nora\nQuill came"), [[0, 1, 2]]);
});

test("the same letters twice in a word are one place, and quotation marks ask for whole words", () => {
  assert.deepEqual(hits("an", "banana"), [[0, 0, 0]]);
  assert.deepEqual(hits('"ann"', "Anna, Ann"), [[0, 1, 1]]);
  assert.deepEqual(hits('"tide" "quay"', "quay and tide"), [[0, 0, 0], [0, 2, 2]]);
});

test("signs that are no words are passed over, and what looks like a pattern is text", () => {
  assert.deepEqual(hits("pears", "Two — crates … of pears"), [[0, 5, 5]]);
  assert.deepEqual(hits("co-op", "the co-operation"), [[0, 1, 1]]);
  for (const query of ["", "  ", "—", ".*", "["]) assert.deepEqual(hits(query, "one two"), [], query);
});

test("a line that is changed is searched as it is now", () => {
  const [finder, found] = [new LineHits(), lines("one", "two")];
  assert.equal(finder.all(found, "two").length, 1);
  found.apply({ after: null, old: ["c0"], new: [{ ...found.at(0), text: "two" }] });
  assert.deepEqual(finder.all(found, "two").map(({ index }) => index), [0, 1]);
});

test("the next place is after the word in hand, the one before it before, and the ends meet", () => {
  const found = [[1, 2], [1, 5], [4, 0]].map(([index, first]) => ({ index, first, last: first }));
  const from = (index, word, step = 1, isHere = false) => hitAfter(found, { index, word }, step, isHere);
  assert.deepEqual([from(0, 0), from(1, 2), from(1, 2, 1, true), from(1, 3), from(4, 0)], [0, 1, 0, 1, 0]);
  assert.deepEqual([from(4, 0, -1), from(1, 5, -1), from(1, 2, -1), from(9, 9, -1)], [1, 0, 2, 2]);
});
