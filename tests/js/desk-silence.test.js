import assert from "node:assert/strict";
import test from "node:test";

import { REACH, quietNear, silences } from "../../static/js/desk/sound-levels.js";

const ANYWHERE = { least: 0, most: Infinity };

/** Levels of 5 ms each, from 10 s on: speech with noise under it in the pauses (milliseconds after 10 s). */
function levels(lasting, pauses, { speech = 130, noise = 12 } = {}) {
  const peaks = Array.from({ length: lasting / 5 }, (_, at) =>
    pauses.some(([from, to]) => at * 5 >= from && at * 5 < to) ? noise : speech + (at % 7),
  );
  return { from: 10_000, to: 10_000 + lasting, peaks };
}

test("pauses of 80 ms and more are found, shorter ones are within words", () => {
  const found = silences(levels(4_000, [[500, 900], [1_500, 1_570], [2_000, 2_080]]));
  assert.deepEqual(found, [{ from: 10_500, to: 10_900 }, { from: 12_000, to: 12_080 }]);
});

test("an edge goes into the nearest, 30 ms away from the sound", () => {
  const found = levels(4_000, [[500, 900], [2_000, 2_400]]);
  assert.equal(quietNear(found, 11_000, ANYWHERE), 10_870);
  assert.equal(quietNear(found, 10_400, ANYWHERE), 10_530);
  assert.equal(quietNear(found, 11_800, ANYWHERE), 12_030);
});

test("one that is in silence stays", () => {
  assert.equal(quietNear(levels(4_000, [[500, 900]]), 10_700, ANYWHERE), 10_700);
});

test("one that would cross the other edge does not", () => {
  const found = levels(4_000, [[500, 900], [2_000, 2_400]]);
  assert.equal(quietNear(found, 11_000, { least: 11_500, most: Infinity }), 12_030);
  assert.equal(quietNear(found, 11_000, { least: 13_000, most: Infinity }), null);
});

test("silence that is far away is none", () => {
  const found = levels(4_000, [[500, 900]]);
  assert.equal(quietNear(found, 10_870 + REACH, ANYWHERE), 10_870);
  assert.equal(quietNear(found, 10_871 + REACH, ANYWHERE), null);
});

test("speech without pauses, all silence and nothing have no silence to go to", () => {
  assert.deepEqual(silences(levels(2_000, [])), []);
  assert.deepEqual(silences(levels(2_000, [[0, 2_000]])), []);
  assert.deepEqual(silences({ from: 0, to: 100, peaks: [] }), []);
});

test("a soft recording is as good as a loud one, and digital silence is silence", () => {
  const soft = levels(2_000, [[500, 900]], { speech: 30, noise: 4 });
  assert.deepEqual(silences(soft), [{ from: 10_500, to: 10_900 }]);
  const digital = levels(2_000, [[500, 900]], { noise: 0 });
  assert.deepEqual(silences(digital), [{ from: 10_500, to: 10_900 }]);
});
