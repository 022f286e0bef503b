import assert from "node:assert/strict";
import test from "node:test";

import { GROUPS, KEYS, keyOf, shortcutsOf, shown } from "../../static/js/elements/keys.js";

const MODIFIERS = ["ctrlKey", "altKey", "metaKey"];

/** A press, at a target that matches the given selectors, or at none. */
function press(key, { within = "", graph = false, ...rest } = {}) {
  const target = { closest: (selector) => (within && selector.split(", ").some((each) => each.startsWith(within)) ? {} : null) };
  return keyOf({ key, target, shiftKey: "NT".includes(key), getModifierState: (name) => name === "AltGraph" && graph, ...rest });
}

test("every key asks for something, and the list says what", () => {
  for (const key of KEYS.keys()) {
    assert.ok(press(key)?.type.endsWith("request"), key);
    assert.ok(press(key).does, key);
  }
});

test("no key is listed twice", () => assert.equal(GROUPS.flatMap(({ keys }) => keys).length, KEYS.size));

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

test("signs step by line, note, word and speed, back and on", () => {
  const signs = { ",.": "linerequest", "[]": "noterequest", "{}": "wordrequest", "<>": "speedrequest" };
  for (const [[back, on], type] of Object.entries(signs)) {
    assert.deepEqual([press(back).type, press(back).detail], [type, { step: -1 }]);
    assert.deepEqual([press(on).type, press(on).detail], [type, { step: 1 }]);
  }
});

test("letters ask for what they begin", () => {
  const letters = {
    a: "replayrequest", c: "cliprequest", f: "followrequest", g: "focuslinerequest", m: "muterequest", r: "repeatrequest",
    s: "slowrequest", v: "largelinerequest", w: "whererequest",
    "/": "searchrequest", "?": "helprequest",
  };
  for (const [key, type] of Object.entries(letters)) assert.equal(press(key).type, type);
});

test("n leads to the next hit and N to the one before, t and T to speakers, d and D to doubtful words, whatever Caps Lock says", () => {
  for (const key of ["d", "D", "n", "N", "t", "T"]) {
    assert.equal(press(key).type, { d: "doubtrequest", n: "hitrequest", t: "turnrequest" }[key.toLowerCase()]);
    assert.deepEqual(press(key, { shiftKey: false }).detail, { step: 1 });
    assert.deepEqual(press(key, { shiftKey: true }).detail, { step: -1 });
  }
});

test("b begins a passage and e ends it", () => {
  assert.deepEqual([press("b").type, press("b").detail], ["passageedgerequest", { edge: "start" }]);
  assert.deepEqual([press("e").type, press("e").detail], ["passageedgerequest", { edge: "end" }]);
});

test("other keys ask for nothing", () => {
  for (const key of ["h", "Enter", "Tab", "ArrowUp", "PageDown", "Escape", "1"]) assert.equal(press(key), null, key);
});

test("a modifier makes another key of it", () => {
  for (const modifier of MODIFIERS) {
    for (const key of [" ", "f", "ArrowLeft", "n"]) assert.equal(press(key, { [modifier]: true }), null, `${modifier} ${key}`);
  }
  for (const key of [" ", "f", "ArrowLeft"]) assert.equal(press(key, { shiftKey: true }), null, `Shift ${key}`);
});

test("a sign is itself with whatever it takes to type it", () => {
  assert.equal(press("<", { shiftKey: true }).type, "speedrequest");
  assert.equal(press("/", { shiftKey: true }).type, "searchrequest");
  assert.equal(press("[", { graph: true, ctrlKey: true, altKey: true }).type, "noterequest");
  assert.equal(press("[", { ctrlKey: true }), null);
});

test("Caps Lock changes nothing", () => assert.equal(press("K").type, "playpauserequest"));

test("a focused button, link or native player keeps Space", () => {
  for (const within of ["button", "a", "audio", "summary"]) assert.equal(press(" ", { within }), null, within);
  assert.equal(press("k", { within: "button" }).type, "playpauserequest");
});

test("a dialog that was closed keeps no key, though the focus is still in it", () => {
  for (const key of ["m", " ", "ArrowLeft"]) assert.ok(press(key, { within: "dialog:not" }), key);
});

test("nothing happens in a field, or in an open dialog", () => {
  for (const key of KEYS.keys()) {
    for (const within of ["input:not", "textarea", "select", "dialog[open]", "[contenteditable]"]) {
      assert.equal(press(key, { within }), null, `${key} ${within}`);
    }
  }
});

test("a slider keeps its arrows and leaves the letters", () => {
  assert.equal(press("ArrowLeft", { within: "[role=slider]" }), null);
  assert.equal(press("k", { within: "[role=slider]" }).type, "playpauserequest");
});

test("a key held down skips on, but does not play and pause by turns", () => {
  for (const key of ["k", "r", "s", "m", "a", "?"]) assert.equal(press(key, { repeat: true }), null, key);
  for (const key of ["ArrowRight", ".", "}"]) assert.ok(press(key, { repeat: true }), key);
});

test("a key that is part of a word being composed, or already used, is left alone", () => {
  assert.equal(press("k", { isComposing: true }), null);
  assert.equal(press("k", { defaultPrevented: true }), null);
});

test("a button has the keys that ask for the same, as long as they are on", () => {
  const all = () => true;
  assert.equal(shortcutsOf({ type: "playpauserequest" }, all), "Space k");
  assert.equal(shortcutsOf({ type: "skiprequest", detail: { ms: -5_000 } }, all), "ArrowLeft");
  assert.equal(shortcutsOf({ type: "hitrequest", detail: { step: -1 } }, all), "Shift+N");
  assert.equal(shortcutsOf({ type: "speedrequest", detail: {} }, all), "< >");
  assert.equal(shortcutsOf({ type: "playpauserequest" }, ({ key }) => key !== "k"), "Space");
  assert.equal(shortcutsOf({ type: "cliprequest", detail: { edge: "start" } }, all), "");
});

test("the list shows keys as keyboards do", () => {
  assert.deepEqual([" ", "ArrowLeft", "N", "k"].map(shown), ["Space", "←", "Shift N", "k"]);
});
