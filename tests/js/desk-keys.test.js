import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.Element = class {
  constructor(...selectors) {
    this.selectors = selectors;
  }
  closest(selector) {
    return this.selectors.some((each) => selector.includes(each)) ? this : null;
  }
};
globalThis.document = { body: new Element() };
const { askedBy, askedInText, GROUPS } = await import("../../static/js/desk/keys.js");

const press = (key, more = {}) => ({ key, target: document.body, getModifierState: () => false, ...more });
const does = (key, more) => askedBy(press(key, more))?.does ?? null;

test("each key asks for one thing, and no two keys are one", () => {
  const keys = GROUPS.flatMap(({ keys: each }) => each);
  assert.equal(new Set(keys.map(({ key }) => key)).size, keys.length);
  assert.deepEqual(["d", "D", ".", " ", "Enter", "?", "Backspace"].map((key) => does(key)), ["doubt", "doubt", "next-line", "play", "type", "keys", "remove"]);
});

test("Shift makes another key of a letter, an arrow and Space; Caps Lock does not", () => {
  assert.equal(does("U", { shiftKey: true }), "redo");
  assert.equal(does("U"), "undo");
  assert.deepEqual(askedBy(press("ArrowLeft", { shiftKey: true }))?.by, 100);
  assert.equal(does(" ", { shiftKey: true }), "play-on");
  assert.equal(does("/", { shiftKey: true }), "split"); // where the sign is typed with Shift
});

test("a digit is a speaker's, and is not repeated", () => {
  assert.deepEqual(askedBy(press("3")), { does: "speaker", by: 3 });
  assert.equal(does("3", { repeat: true }), null);
});

test("keys that change something are not repeated", () => {
  for (const key of ["d", "j", "/", "Backspace", "n"]) assert.equal(does(key, { repeat: true }), null, key);
  for (const key of [".", "u", "ArrowLeft"]) assert.notEqual(does(key, { repeat: true }), null, key);
});

test("fields keep their keys, and what is pressed by Space keeps it", () => {
  for (const field of ["textarea", "select", "form", "dialog[open]"]) assert.equal(does("d", { target: new Element(field) }), null);
  const button = new Element("button");
  assert.deepEqual(["Enter", " ", "d"].map((key) => does(key, { target: button })), [null, null, "doubt"]);
  assert.equal(does("ArrowLeft", { target: new Element("[role=slider]") }), null);
  assert.equal(does("d", { defaultPrevented: true }), null);
  assert.equal(does("d", { isComposing: true }), null);
});

test("with Control little is heard, and with Alt nothing but a sign that AltGr types", () => {
  assert.deepEqual(["Enter", "z", "y", "d"].map((key) => does(key, { ctrlKey: true })), ["write", "undo", "redo", null]);
  assert.equal(does("Z", { metaKey: true, shiftKey: true }), "redo");
  assert.equal(does("d", { altKey: true }), null);
  assert.equal(does("/", { altKey: true, ctrlKey: true }), null);
  assert.equal(does("/", { altKey: true, ctrlKey: true, getModifierState: () => true }), "split");
});

test("in the text only Control, Enter and Escape are keys", () => {
  const asked = (key, more) => askedInText(press(key, more))?.does ?? null;
  assert.deepEqual(["d", "/", " ", "Backspace"].map((key) => asked(key)), [null, null, null, null]);
  assert.deepEqual(["Enter", "Escape"].map((key) => asked(key)), ["leave", "leave"]);
  assert.equal(asked("Enter", { shiftKey: true }), null);
  assert.equal(asked("Enter", { isComposing: true }), null);
  assert.deepEqual(["/", " ", "z", "Enter"].map((key) => asked(key, { ctrlKey: true })), ["split", "play", "undo", "write"]);
});
