import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import { forget, recall, remember, rename } from "../../static/js/elements/memory.js";

/** A store as the browser's, whose next use fails where `fault` is set. */
function store() {
  const kept = new Map();
  const own = { fault: null };
  const use = (work) => {
    if (own.fault) throw own.fault;
    return work();
  };
  return Object.assign(own, {
    kept,
    getItem: (key) => use(() => kept.get(key) ?? null),
    setItem: (key, value) => use(() => void kept.set(key, String(value))),
    removeItem: (key) => use(() => void kept.delete(key)),
  });
}

beforeEach(() => Object.defineProperty(globalThis, "localStorage", { value: store(), configurable: true }));

test("what is remembered is recalled", () => {
  for (const value of [1.5, 0, false, "word", { volume: 0.5, muted: true }, ["k"]]) {
    remember("speed", value);
    assert.deepEqual(recall("speed"), value);
  }
  assert.deepEqual([...localStorage.kept.keys()], ["tape-player:speed"]);
});

test("what was never remembered, or is forgotten, is the fallback", () => {
  assert.equal(recall("speed"), null);
  assert.deepEqual(recall("volume", {}), {});
  remember("speed", 2);
  forget("speed");
  assert.equal(recall("speed", 1), 1);
});

test("what cannot be read is the fallback", () => {
  for (const text of ["", "{", "undefined", "null"]) {
    localStorage.kept.set("tape-player:speed", text);
    assert.equal(recall("speed", 1), 1, text);
  }
});

test("a store that refuses is no error", () => {
  localStorage.fault = new Error("QuotaExceededError");
  remember("speed", 2);
  forget("speed");
  assert.equal(recall("speed", 1), 1);
});

test("nor is one that is not there", () => {
  Object.defineProperty(globalThis, "localStorage", { value: undefined, configurable: true });
  remember("speed", 2);
  forget("speed");
  assert.equal(recall("speed", 1), 1);
});

test("what was kept under an older name is carried over, once", () => {
  remember("before", 7);
  rename("before", "now");
  assert.equal(recall("now"), 7);
  assert.deepEqual([...localStorage.kept.keys()], ["tape-player:now"]);
  rename("before", "now");
  assert.equal(recall("now"), 7);
});

test("it takes nothing from what is kept under the new name", () => {
  remember("before", 7);
  remember("now", 8);
  rename("before", "now");
  assert.equal(recall("now"), 8);
  assert.equal(recall("before"), null);
});
