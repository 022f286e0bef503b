import assert from "node:assert/strict";
import test from "node:test";

import { LineInHand } from "../../static/js/desk/sound-line.js";
import { Taps } from "../../static/js/desk/sound-taps.js";

const LENGTH = 60_000;
const line = (id, start = null, end = null) => ({ id, start, end, words: [], turns: [{ text: "a word" }] });

test("the first tap starts a line without times", () => {
  const found = new Taps().tap(5_000, { line: line("a"), previous: null, next: line("b") }, LENGTH);
  assert.deepEqual(found, { timings: [{ id: "a", span: { start: 5_000, end: 5_800 } }], take: null, told: "" });
});

test("each further tap ends the line and starts the next", () => {
  const taps = new Taps();
  const found = taps.tap(7_000, { line: line("a", 5_000, 5_800), previous: null, next: line("b") }, LENGTH);
  assert.deepEqual(found.timings, [
    { id: "a", span: { start: 5_000, end: 7_000 } },
    { id: "b", span: { start: 7_000, end: 7_800 } },
  ]);
  assert.equal(found.take, "b");
});

test("the line before ends where the first starts, if it would last longer", () => {
  const lines = (end) => ({ line: line("b"), previous: line("a", 1_000, end), next: null });
  assert.deepEqual(new Taps().tap(5_000, lines(6_000), LENGTH).timings[0], { id: "a", span: { start: 1_000, end: 5_000 } });
  assert.deepEqual(new Taps().tap(5_000, lines(4_000), LENGTH).timings.map(({ id }) => id), ["b"]);
});

test("taps that come before the next line is in hand wait for it", () => {
  const taps = new Taps();
  taps.tap(7_000, { line: line("a", 5_000, 5_800), previous: null, next: line("b") }, LENGTH);
  assert.deepEqual(taps.tap(8_000, { line: line("a", 5_000, 7_000), previous: null, next: line("b") }, LENGTH).timings, []);
  assert.deepEqual(taps.taken("b"), [8_000]);
  const found = taps.tap(8_000, { line: line("b", 7_000, 7_800), previous: line("a"), next: line("c") }, LENGTH);
  assert.deepEqual(found.timings.map(({ id, span }) => [id, span.start]), [["b", 7_000], ["c", 8_000]]);
});

test("a key that bounces, the last line and the end of the recording start nothing", () => {
  const lines = { line: line("a", 5_000, 5_800), previous: null, next: line("b") };
  assert.deepEqual(new Taps().tap(5_020, lines, LENGTH).timings, []);
  const last = new Taps().tap(7_000, { ...lines, next: null }, LENGTH);
  assert.deepEqual([last.timings.length, last.take, last.told], [1, null, "That was the last line."]);
  assert.equal(new Taps().tap(59_980, lines, LENGTH).take, null);
});

test("times that were asked for stand until the desk has them, or refuses", () => {
  const sent = [];
  const hand = new LineInHand((operation) => sent.push(operation));
  const lines = (start) => ({ line: line("a", start, 2_000), previous: null, next: null });
  hand.set(lines(1_000));
  hand.ask("a", { start: 1_010, end: 2_000 });
  hand.ask("a", { start: 1_020, end: 2_000 });
  assert.deepEqual(sent, [
    { do: "times", id: "a", start: 1_010, end: 2_000 },
    { do: "times", id: "a", start: 1_020, end: 2_000 },
  ]);
  // The answer to the first comes after the second was asked for.
  hand.done(sent[0]);
  hand.set(lines(1_010));
  assert.equal(hand.span.start, 1_020);
  hand.done(sent[1]);
  hand.set(lines(1_020));
  hand.set(lines(1_000)); // taken back
  assert.equal(hand.span.start, 1_000);
  hand.ask("a", { start: 1_500, end: 2_000 });
  assert.equal(hand.refused({ do: "times", id: "a", start: 1_500, end: 2_000 }), true);
  assert.equal(hand.span.start, 1_000);
  assert.equal(hand.refused({ do: "words", id: "a" }), false);
});

test("where the desk has done it and has another time, that counts", () => {
  const hand = new LineInHand(() => {});
  const lines = (start) => ({ line: line("a", start, 2_000), previous: null, next: null });
  hand.set(lines(1_000));
  hand.ask("a", { start: 1_010, end: 2_000 });
  hand.done({ do: "times", id: "a", start: 1_010, end: 2_000 });
  hand.set(lines(1_300));
  assert.equal(hand.span.start, 1_300);
});

test("the next moment is that of a word, or of an edge", () => {
  const hand = new LineInHand(() => {});
  hand.set({ line: { ...line("a", 1_000, 2_000), words: [0, null, 400] }, previous: null, next: null });
  assert.deepEqual([0, 1_000, 1_399, 1_400, 2_000].map((now) => hand.momentAfter(now)), [1_000, 1_400, 1_400, 2_000, Infinity]);
});
