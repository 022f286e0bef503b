import assert from "node:assert/strict";
import { test } from "node:test";
import { doubtAt, doubtfulIn, isUnheard, Lines, turnsOf, wordStart } from "../../static/js/desk/lines.js";

const line = (id, more = {}) => ({ id, start: 0, end: 1000, text: "one two", turns: [], words: [], heard: [], doubts: [], doubtful: [], unchecked: false, ...more });
const ids = (lines) => Array.from({ length: lines.length }, (_, index) => lines.at(index).id);
const three = () => new Lines([line("a"), line("b"), line("c")]);

test("lines are put in the place of others, at the head, and at the end", () => {
  const lines = three();
  assert.deepEqual(lines.apply({ after: "a", old: ["b"], new: [line("d"), line("e")] }), { at: 1, gone: 1 });
  assert.deepEqual(ids(lines), ["a", "d", "e", "c"]);
  assert.deepEqual(ids(lines).map((id) => lines.indexOf(id)), [0, 1, 2, 3]);
  assert.equal(lines.indexOf("b"), -1);
  lines.apply({ after: null, old: [], new: [line("f")] });
  lines.apply({ after: "c", old: [], new: [line("g")] });
  assert.deepEqual(ids(lines), ["f", "a", "d", "e", "c", "g"]);
  lines.apply({ after: "a", old: ["d", "e"], new: [] });
  assert.deepEqual(ids(lines).map((id) => lines.indexOf(id)), [0, 1, 2, 3]);
});

test("a line that keeps its identifier keeps its place, and is the new one", () => {
  const lines = three();
  lines.apply({ after: "a", old: ["b"], new: [line("b", { text: "other" })] });
  assert.equal(lines.of("b").text, "other");
});

test("a splice of another list changes nothing", () => {
  const lines = three();
  for (const splice of [{ after: "a", old: ["c"], new: [] }, { after: "x", old: [], new: [line("d")] }, { after: null, old: ["x"], new: [] }]) {
    assert.equal(lines.apply(splice).at, -1);
  }
  assert.deepEqual(ids(lines), ["a", "b", "c"]);
});

test("the next such line is looked for after a place, then from the head", () => {
  const lines = three();
  assert.equal(lines.next(0, ({ id }) => id !== "b"), 2);
  assert.equal(lines.next(2, ({ id }) => id === "b"), 1);
  assert.equal(lines.next(1, ({ id }) => id === "b"), 1);
  assert.equal(lines.next(0, () => false), -1);
  assert.equal(new Lines().next(0, () => true), -1);
});

test("what is unheard and doubtful stays counted while lines come, change and go", () => {
  const doubts = [{ first: 0, last: 0, doubtful: true, readings: [] }];
  const lines = new Lines([line("a", { unchecked: true }), line("b", { doubts, doubtful: [0, 1] }), line("c")]);
  assert.deepEqual([lines.unheard, lines.doubtful], [1, 2]);
  lines.apply({ after: null, old: ["a"], new: [line("a", { unchecked: true, heard: [{ date: "", name: "Ada" }] }), line("d", { doubts })] });
  assert.deepEqual([lines.unheard, lines.doubtful], [0, 3]);
  lines.apply({ after: "d", old: ["b"], new: [] });
  assert.deepEqual([lines.unheard, lines.doubtful], [0, 1]);
  lines.apply({ after: "x", old: [], new: [line("e", { doubts })] });
  assert.deepEqual([lines.unheard, lines.doubtful], [0, 1]);
});

test("doubtful words are a person's and a machine's, each once", () => {
  const doubts = [{ first: 3, last: 4, doubtful: true, readings: [] }, { first: 6, last: 6, doubtful: false, readings: [] }];
  const found = line("a", { doubts, doubtful: [3, 1] });
  assert.deepEqual(doubtfulIn(found), [1, 3]);
  assert.equal(doubtAt(found, 4), doubts[0]);
  assert.equal(doubtAt(found, 5), null);
  assert.equal(doubtAt(found, 4, 6), doubts[0]);
});

test("a line is unheard while a machine's words are unchecked", () => {
  assert.equal(isUnheard(line("a", { unchecked: true })), true);
  assert.equal(isUnheard(line("a")), false);
});

test("a word begins after its line, where that is known", () => {
  const timed = line("a", { start: 500, words: [0, 320, null] });
  assert.deepEqual([0, 1, 2, 3].map((word) => wordStart(timed, word)), [500, 820, null, null]);
  assert.equal(wordStart(line("a", { start: null, words: [0] }), 0), null);
  assert.deepEqual(turnsOf(line("a")), [{ speaker: null, text: "one two" }]);
});
