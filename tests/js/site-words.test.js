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
  "words/all.json": "ferry ferryman quay",
  "words/beside/0.json": { 2: " c \n ferryman of the quay \n the ferry-office" },
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
  const within = (query) => linesWith(lines, needlesOf(query), true).map(({ id }) => id);
  assert.deepEqual(within("well"), [2]);
  assert.deepEqual(within("erry left"), [0]);
  assert.deepEqual(within('"well"'), []);
});

test("where that is asked for, words are found by what stands within them", async () => {
  const within = async (query) => (await new SiteWords("words/").find(query, true)).map(({ title }) => title);
  assert.deepEqual(await within("err"), ["A", "B", "C"]);
  assert.deepEqual(await within("rryma"), ["C"]);
  assert.deepEqual(await within("erry quay"), ["B"], "what goes on in another word ends its own");
  assert.deepEqual(await within("ua"), [], "too short");
  assert.deepEqual(await within('"err"'), []);
  assert.deepEqual(await found("err"), []);
});

test("of what is no recording, all that is looked for has to follow each other", async () => {
  const said = (query, isWithin = false) => new SiteWords("words/").isSaidOf(2, query, isWithin);
  assert.equal(await said("ferryman of"), true);
  assert.equal(await said("quay ferryman"), false);
  assert.equal(await said("c ferryman"), false, "another text of it");
  assert.equal(await said("erryman"), false);
  assert.equal(await said("erryman", true), true);
  assert.equal(await said("ferry office"), true);
});

test("of several words the last may go on", () => {
  const looked = wordsOf(needlesOf("the fer"));
  assert.deepEqual(looked.map(({ word, isWhole }) => [word, isWhole]), [["the", true], ["fer", false]]);
});
