import assert from "node:assert/strict";
import test from "node:test";

globalThis.Element = class {};
globalThis.HTMLAnchorElement = class {};
globalThis.Text = class {};

import { wordStartsNear } from "../../static/js/transcript/words.js";

/** The link of a time, with its words after it in the line. */
function timeBeside(data) {
  const words = Object.assign(new Text(), { data });
  return { nextSibling: words, parentElement: { firstChild: words } };
}

/** Lines of one second and two words each; what is read of them is counted. */
function lines(count, read = new Set()) {
  return Array.from({ length: count }, (_, index) => ({
    get dataset() {
      read.add(index);
      return { start: String(index * 1_000), end: String(index * 1_000 + 1_000), words: "0 400" };
    },
    querySelector: () => timeBeside("one two"),
  }));
}

test("the words of a line and its neighbours, in order", () => {
  assert.deepEqual(wordStartsNear(lines(3), 1), [0, 400, 1_000, 1_400, 2_000, 2_400]);
});

test("before the first line its words are near", () => assert.deepEqual(wordStartsNear(lines(1), -1), [0, 400]));

test("only lines near now are read", () => {
  const read = new Set();
  wordStartsNear(lines(8_000, read), 4_000);
  assert.deepEqual([...read], [3_998, 3_999, 4_000, 4_001, 4_002]);
});

test("where voices overlap the words are in order of time", () => {
  const [one, other] = lines(2);
  const early = { dataset: { start: "200", end: "900", words: "0 400" }, querySelector: other.querySelector };
  assert.deepEqual(wordStartsNear([one, early], 0), [0, 200, 400, 600]);
});
