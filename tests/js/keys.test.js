import assert from "node:assert/strict";
import test from "node:test";

import { KEYS, requestOf } from "../../static/js/keys.js";

/** A press, at a target that matches the given selectors, or at none. */
function press(key, { within = "", graph = false, ...rest } = {}) {
  const target = { closest: (selector) => (within && selector.split(", ").some((each) => each.startsWith(within)) ? {} : null) };
  return requestOf({ key, target, getModifierState: (name) => name === "AltGraph" && graph, ...rest });
}

test("every key asks for something", () => {
  for (const key of Object.keys(KEYS)) assert.ok(press(key)?.type.endsWith("request"), key);
});

test("Space and k play and pause", () => {
  assert.equal(press(" ").type, "playpauserequest");
  assert.equal(press("k").type, "playpauserequest");
});

test("the arrows skip five seconds, j and l ten", () => {
  assert.deepEqual(press("ArrowLeft").detail, { ms: -5_000 });
  assert.deepEqual(press("ArrowRight").detail, { ms: 5_000 });
  assert.deepEqual(press("j").detail, { ms: -10_000 });
  assert.deepEqual(press("l").detail, { ms: 10_000 });
});

test("other keys ask for nothing", () => {
  for (const key of ["a", "Enter", "Tab", "ArrowUp", "PageDown", "Escape", "1"]) assert.equal(press(key), null, key);
});

test("a modifier makes another key of it", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey", "shiftKey"]) {
    for (const key of [" ", "f", "ArrowLeft"]) assert.equal(press(key, { [modifier]: true }), null, `${modifier} ${key}`);
  }
});

test("a sign is itself with whatever it takes to type it", () => {
  assert.equal(press("<", { shiftKey: true }).type, "speedrequest");
  assert.equal(press("[", { graph: true, ctrlKey: true, altKey: true }).type, "noterequest");
  assert.equal(press("[", { ctrlKey: true }), null);
});

test("Caps Lock changes nothing", () => assert.equal(press("K").type, "playpauserequest"));

test("a focused button, link or native player keeps Space", () => {
  for (const within of ["button", "a", "audio"]) assert.equal(press(" ", { within }), null, within);
  assert.equal(press("k", { within: "button" }).type, "playpauserequest");
});

test("nothing happens in a field", () => {
  for (const key of Object.keys(KEYS)) {
    for (const within of ["input:not", "textarea", "select", "[contenteditable]"]) assert.equal(press(key, { within }), null);
  }
});

test("a slider keeps its arrows and leaves the letters", () => {
  assert.equal(press("ArrowLeft", { within: "[role=slider]" }), null);
  assert.equal(press("k", { within: "[role=slider]" }).type, "playpauserequest");
});

test("a key held down skips on, but does not play and pause by turns", () => {
  assert.equal(press("k", { repeat: true }), null);
  assert.equal(press("ArrowRight", { repeat: true }).type, "skiprequest");
});

test("a key that is part of a word being composed, or already used, is left alone", () => {
  assert.equal(press("k", { isComposing: true }), null);
  assert.equal(press("k", { defaultPrevented: true }), null);
});
