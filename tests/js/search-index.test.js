import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { spanOf } from "../../static/js/transcript/words.js";
import { SearchIndex } from "../../static/js/search/index.js";
import { lineOf, needlesOf } from "../../static/js/search/letters.js";

const table = JSON.parse(readFileSync(new URL("../data/searches.json", import.meta.url), "utf-8"));
const lines = table.lines.map(([id, start, end, text, words]) => ({ id, start, end, text, words }));

/** Pieces of one track, each beginning a word, the first a text. */
function said(texts) {
  return texts.map((text, index) => ({ text, track: 0, begins: index ? "word" : "text" }));
}

/** What is found, as written in each piece. */
function found(pieces, query, isShown) {
  const hits = new SearchIndex(pieces).find(needlesOf(query), isShown);
  return Array.from({ length: hits.count }, (_, hit) =>
    hits.parts(hit).map(({ piece, from, to }) => pieces[piece].text.slice(from, to)).join("|"),
  );
}

/** A hit as the table has it: its lines, its times, and its words, whole. */
function row(stretches) {
  const [first, last] = [stretches[0], stretches.at(-1)];
  const [begun, ended] = [lines[first.piece], lines[last.piece]];
  const { start, end } = spanOf(begun, first.from, ended, last.to);
  const from = begun.text.slice(0, first.from).search(/\S*$/u);
  const to = last.to + ended.text.slice(last.to).search(/\s|$/u);
  const texts = stretches.map(({ piece }, index) => {
    const { text } = lines[piece];
    return text.slice(index ? 0 : from, index === stretches.length - 1 ? to : undefined);
  });
  return [begun.id, ended.id, start, end, texts.join(" ").split(/\s+/u).join(" ")];
}

test("what the server finds is found here, to the word and its time", () => {
  const index = new SearchIndex(said(lines.map(({ text }) => text)));
  for (const [query, expected] of table.searches) {
    const hits = index.find(needlesOf(query));
    const rows = Array.from({ length: hits.count }, (_, hit) => row(hits.parts(hit)));
    assert.deepEqual(rows, expected, query);
  }
});

test("what holds no word asks for nothing", () => {
  for (const query of table.wordless) assert.deepEqual(needlesOf(query), [], JSON.stringify(query));
});

test("a hit is as long as the letters that were typed, accents and apostrophes included", () => {
  assert.deepEqual(found(said(["Castro’s invitation"]), "castros invi"), ["Castro’s invi"]);
  assert.deepEqual(found(said(["the cafe\u0301 is"]), "cafe"), ["cafe\u0301"]);
  assert.deepEqual(found(said(["a 𝒷ig 𠮷 one"]), "big 𠮷"), ["𝒷ig 𠮷"]);
  assert.deepEqual(found(said(["banana"]), "an"), ["an", "an"]);
});

test("a hit across lines leaves out the space around them", () => {
  assert.deepEqual(found(said([" one two ", " — ", "three four"]), "two three"), ["two|—|three"]);
});

test("a text of its own ends where it ends", () => {
  const pieces = [...said(["one"]), { text: "two", track: 1, begins: "text" }, { text: "three", track: 1, begins: "text" }];
  assert.deepEqual(found(pieces, "one two"), []);
  assert.deepEqual(found(pieces, '"two three"'), []);
  assert.deepEqual(found(pieces, '"three"'), ["three"]);
});

test("a word is whole though part of it is set in italics", () => {
  const pieces = [...said(["per", "son"]), { text: "al", track: 0, begins: "" }];
  assert.deepEqual(found(pieces, '"personal"'), []);
  assert.deepEqual(found(pieces, '"per sonal"'), ["per|son|al"]);
});

test("hits are in the page's order, though a note or a translation stands between two lines", () => {
  const pieces = [
    { text: "tape one", track: 0, begins: "text" },
    { text: "tape uno", track: 1, begins: "text" },
    { text: "A tape", track: 2, begins: "text" },
    { text: "tape two", track: 0, begins: "word" },
    { text: "tape dos", track: 1, begins: "word" },
  ];
  const hits = new SearchIndex(pieces).find(needlesOf("tape"));
  assert.deepEqual(Array.from({ length: hits.count }, (_, hit) => hits.pieceOf(hit)), [0, 1, 2, 3, 4]);
  assert.deepEqual([hits.countIn(1), hits.countIn(2)], [2, 1]);
  assert.deepEqual(found(pieces, "one tape"), ["one|tape"]);
  assert.deepEqual(found(pieces, "tape", (piece) => piece !== 2 && piece !== 1), ["tape", "tape", "tape"]);
});

test("the first hit from a place on is found among many", () => {
  const hits = new SearchIndex(said(["a a", "b", "a", "b a a"])).find(needlesOf("a"));
  assert.deepEqual([0, 1, 2, 3, 4].map((piece) => hits.firstFrom(piece)), [0, 2, 2, 3, 5]);
  assert.equal(hits.firstAt({ piece: 0, from: 1 }), 1);
  assert.equal(hits.firstAt({ piece: 3, from: 2 }), 3);
  assert.equal(hits.firstAt({ piece: 3, from: 5 }), 5);
});

test("in no text nothing is found", () => {
  assert.deepEqual(found([], "a"), []);
  assert.deepEqual(found(said([""]), "a"), []);
});

test("words are compared without case, accents and marks", () => {
  assert.equal(lineOf("“Don’t” — SAY so-called, İstanbul ẞ ﬁn"), "dont say so-called istanbul ss fin");
});
