import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, differing, turnAt, wordAt, wordsBetween, wordsOf } from "../../static/js/desk/words.js";

test("words are those that Python's split gives", () => {
  const text = " one\u0085two\u00a0three\n\ufefffour ";
  assert.deepEqual(wordsOf(text).map(({ from, to }) => text.slice(from, to)), ["one", "two", "three", "\ufefffour"]);
  assert.deepEqual(wordsOf(" \n"), []);
});

test("the word at an offset is the one that holds it, or the last before it", () => {
  const words = wordsOf("The packet lay");
  assert.deepEqual([0, 3, 4, 10, 11, 99].map((at) => wordAt(words, at)), [0, 0, 1, 1, 2, 2]);
  assert.equal(wordAt([], 3), 0);
});

test("words are counted through all turns", () => {
  const turns = [{ speaker: "Ada", text: "And the" }, { speaker: "Ben", text: "Yes" }, { speaker: null, text: "" }];
  assert.deepEqual(turnAt(turns, 1), { turn: 0, word: 1, before: 0 });
  assert.deepEqual(turnAt(turns, 2), { turn: 1, word: 0, before: 2 });
  assert.deepEqual(turnAt(turns, 3), { turn: 2, word: 0, before: 3 });
  assert.deepEqual(turnAt([], 0), { turn: 0, word: 0, before: 0 });
});

test("words between two of them keep what stands between", () => {
  assert.equal(wordsBetween("The  packet\nlay", 1, 2), "packet\nlay");
  assert.equal(wordsBetween("The packet", 1, 9), "packet");
  assert.equal(wordsBetween("", 0, 0), "");
});

test("what differs runs from the first such word to the last", () => {
  assert.equal(difference("The packet lay", "The  packet lay"), null);
  assert.deepEqual(difference("The packet lay", "The pack ice lay"), { one: { from: 1, to: 2 }, other: { from: 1, to: 3 } });
  assert.deepEqual(difference("a a", "a"), { one: { from: 1, to: 2 }, other: { from: 1, to: 1 } });
  assert.deepEqual(difference("", "a"), { one: { from: 0, to: 0 }, other: { from: 0, to: 1 } });
});

test("each run of words that only one text has is found", () => {
  const differs = (/** @type {string} */ one, /** @type {string} */ other) => differing(one, other).map(({ from, to }) => one.slice(from, to));
  assert.deepEqual(differs("You will not hear the old  ferry now", "You will hear the ferry again now"), ["not", "old"]);
  assert.deepEqual(differs("You will hear the ferry again now", "You will not hear the old ferry now"), ["again"]);
  assert.deepEqual(differs("one new run two", "one two"), ["new run"]);
  assert.deepEqual(differs("one two", "one  two"), []);
  const [long, longer] = [1, 2].map((by) => Array.from({ length: 600 }, (_, at) => `${at * by}.`).join(" "));
  assert.equal(differs(`x ${long} x`, `y ${longer} y`).length, 1);
});
