import assert from "node:assert/strict";
import test from "node:test";

import { timedWords } from "../../static/js/transcript/words.js";

/** What each stretch would paint, and when. */
function painted(text, times) {
  return timedWords(text, times).map(({ at, from, to }) => [at, text.slice(from, to)]);
}

test("each timed word is a stretch of the text", () => {
  assert.deepEqual(painted("One two three.", "0 500 1000"), [[0, "One"], [500, "two"], [1000, "three."]]);
});

test("an untimed word goes with the timed one before it", () => {
  assert.deepEqual(painted("the 5th of November 1963", "0 - - 900 1400"), [[0, "the 5th of"], [900, "November"], [1400, "1963"]]);
});

test("untimed words before the first timed one are in no stretch", () => {
  assert.deepEqual(painted("well then go", "- - 700"), [[700, "go"]]);
});

test("line breaks and runs of spaces separate words and count for nothing", () => {
  assert.deepEqual(painted("  one\n two\t three ", "0 1 2"), [[0, "one"], [1, "two"], [2, "three"]]);
});

test("words are what Python's split gives", () => {
  assert.deepEqual(painted("5\u00a0November\u2003a\u0085b\u001cc", "0 1 2 3 4").length, 5);
  assert.deepEqual(painted("zero\ufeffwidth one\u200btwo", "0 1").length, 2);
});

test("where the counts differ nothing is painted: no word's time is known", () => {
  assert.deepEqual(painted("one two", "0 1 2"), []);
  assert.deepEqual(painted("one two three", "0 1"), []);
  assert.deepEqual(painted("", "0"), []);
});
