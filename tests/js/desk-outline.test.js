import assert from "node:assert/strict";
import test from "node:test";

import { bars, holds, windowOf } from "../../static/js/desk/outline.js";

const LENGTH = 60_000;

test("a line is drawn with a little of what is around it", () => {
  assert.deepEqual(windowOf({ start: 10_000, end: 12_000 }, 0, LENGTH), { from: 9_400, to: 12_600 });
  assert.deepEqual(windowOf({ start: 10_000, end: 20_000 }, 0, LENGTH), { from: 8_400, to: 21_600 });
  assert.deepEqual(windowOf({ start: 100, end: 59_900 }, 0, LENGTH), { from: 0, to: LENGTH });
});

test("a line without times has the page that the playhead is in", () => {
  assert.deepEqual(windowOf(null, 0, LENGTH), { from: 0, to: 12_000 });
  assert.deepEqual(windowOf(null, 25_000, LENGTH), { from: 20_000, to: 32_000 });
  assert.deepEqual(windowOf(null, 59_000, LENGTH), { from: 50_000, to: LENGTH });
});

test("what is drawn stays until an edge comes to its rim", () => {
  const window = { from: 9_400, to: 12_600 };
  assert.equal(holds(window, { start: 9_500, end: 12_000 }, LENGTH), true);
  assert.equal(holds(window, { start: 9_450, end: 12_000 }, LENGTH), false);
  assert.equal(holds(window, { start: 10_000, end: 12_590 }, LENGTH), false);
  // At the beginning and the end of the recording there is nothing beyond.
  assert.equal(holds({ from: 0, to: LENGTH }, { start: 0, end: LENGTH }, LENGTH), true);
});

test("bars are as high as the loudest, whatever part of the levels is drawn", () => {
  const peaks = Array.from({ length: 400 }, (_, at) => (at < 200 ? 0 : 100));
  const heights = bars({ from: 0, to: 2_000, peaks }, { from: 500, to: 1_500 }).match(/v[\d.]+/g).map((each) => Number(each.slice(1)));
  assert.equal(heights.length, 222);
  assert.deepEqual([heights[0], heights[100], heights[120], heights[221]], [1, 1, 72, 72]);
});
