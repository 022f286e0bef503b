import assert from "node:assert/strict";
import test from "node:test";

import { indexAt, nextAfter, spansAt, stepFrom } from "../../static/js/transcript/cues.js";

const starts = [0, 2_000, 5_000, 8_000];

test("the line that starts exactly now is the current one", () => {
  starts.forEach((start, index) => assert.equal(indexAt(starts, start), index));
});

test("a millisecond before its start, the line before is still current", () => {
  starts.forEach((start, index) => assert.equal(indexAt(starts, start - 1), index - 1));
});

test("a line is held to the next one's start, and the last for ever", () => {
  assert.equal(indexAt(starts, 4_999), 1);
  assert.equal(indexAt(starts, 1e9), 3);
});

test("before the first line none is current, and of no lines none ever is", () => {
  assert.equal(indexAt([100], 99), -1);
  assert.equal(indexAt([], 0), -1);
});

test("of lines that start together the last is current", () => {
  assert.equal(indexAt([0, 1_000, 1_000, 2_000], 1_000), 2);
});

test("the search agrees with a walk through the lines", () => {
  const many = Array.from({ length: 500 }, (_, index) => (index * index) % 7 + index * 3).sort((a, b) => a - b);
  for (let now = -2; now < 1_600; now += 1) {
    assert.equal(indexAt(many, now), many.filter((start) => start <= now).length - 1);
  }
});

test("the next moment is after now, never now", () => {
  assert.equal(nextAfter(starts, 2_000), 5_000);
  assert.equal(nextAfter(starts, 1_999), 2_000);
  assert.equal(nextAfter(starts, 8_000), Infinity);
});

test("a span holds its start and not its end", () => {
  const spans = [{ start: 0, end: 10 }, { start: 5, end: 10 }, { start: 10, end: 20 }];
  assert.deepEqual(spansAt(spans, 0), [0]);
  assert.deepEqual(spansAt(spans, 5), [0, 1]);
  assert.deepEqual(spansAt(spans, 10), [2]);
  assert.deepEqual(spansAt(spans, 20), []);
});

test("a step forward leads to the next start, also from exactly on one", () => {
  assert.equal(stepFrom(starts, 2_000, 1), 2);
  assert.equal(stepFrom(starts, -1, 1), 0);
  assert.equal(stepFrom(starts, 8_000, 1), -1);
});

test("a step back leads to the start of what is on, and again to the one before", () => {
  assert.equal(stepFrom(starts, 7_500, -1), 2);
  assert.equal(stepFrom(starts, 5_300, -1), 1);
  assert.equal(stepFrom(starts, 5_000, -1), 1);
  assert.equal(stepFrom(starts, 300, -1), 0);
  assert.equal(stepFrom([100], 99, -1), -1);
});

test("a step back leaves out no short line", () => {
  assert.equal(stepFrom([0, 1_000, 1_400, 1_800], 2_000, -1), 2);
});

test("a step back passes lines that start together as one", () => {
  assert.equal(stepFrom([0, 1_000, 1_000, 4_000], 4_100, -1), 1);
  assert.equal(stepFrom([0, 1_000, 1_000, 4_000], 3_000, -1), 1);
  assert.equal(stepFrom([0, 1_000, 1_000, 4_000], 1_200, -1), 0);
});
