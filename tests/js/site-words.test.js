import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { linesWith, shard, SiteWords, wordsOf } from "../../static/js/search/site-words.js";
import { needlesOf } from "../../static/js/search/letters.js";

const SHARDS = JSON.parse(readFileSync(new URL("../data/shards.json", import.meta.url), "utf-8"));
const FILES = {
  "words/list.json": {
    things: [["recordings/a/", "A", "recording"], ["recordings/b/", "B", "recording"], ["people/c/", "C", "person"]],
    files: ["f_e", "q_u"],
  },
  "words/f_e.json": { ferry: [0, 1], ferryman: [2] },
  "words/q_u.json": { quay: [1] },
};

globalThis.fetch = async (address) => {
  const found = FILES[address];
  return { ok: Boolean(found), status: found ? 200 : 404, json: async () => found };
};

test("a word's file is the one that Python writes", () => {
  for (const [word, name] of Object.entries(SHARDS)) assert.equal(shard(word), name);
});

const found = async (query) => (await new SiteWords("words/").find(query)).map(({ title }) => title);

test("words are found from their beginning, whole in quotation marks, and all of them", async () => {
  assert.deepEqual(await found("ferr"), ["A", "B", "C"]);
  assert.deepEqual(await found("Ferry"), ["A", "B", "C"]);
  assert.deepEqual(await found('"ferry"'), ["A", "B"]);
  assert.deepEqual(await found("ferry quay"), ["B"]);
  assert.deepEqual(await found("nothing"), []);
  assert.deepEqual(await found("…"), []);
});

test("lines are found in which the words begin, also where they go on in the next", () => {
  const lines = ["The ferry", "left the co-operation.", "A farewell."].map((text, id) => ({ id, text }));
  const ids = (query) => linesWith(lines, needlesOf(query)).map(({ id }) => id);
  assert.deepEqual(ids("ferry left"), [0]);
  assert.deepEqual(ids("cooperation"), [1]);
  assert.deepEqual(ids("well"), []);
  assert.deepEqual(ids('"fare"'), []);
  assert.deepEqual(ids("fare"), [2]);
});

test("of several words the last may go on", () => {
  assert.deepEqual(wordsOf(needlesOf("the fer")), [{ word: "the", isWhole: true }, { word: "fer", isWhole: false }]);
});
