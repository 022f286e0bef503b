import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { clock, display, fragment, parse, spoken } from "../../static/js/playback/timecode.js";

const table = JSON.parse(readFileSync(new URL("../data/timecodes.json", import.meta.url), "utf-8"));

for (const [text, moment] of table.reads) {
  test(`"${text}" is ${moment} ms`, () => assert.equal(parse(text), moment));
}

for (const text of table.refused) {
  test(`"${text}" is no time`, () => assert.throws(() => parse(text), RangeError));
}

for (const [name, write] of Object.entries({ clock, display, fragment, spoken })) {
  for (const [moment, text] of table[name]) {
    test(`${name}: ${moment} ms is written "${text}"`, () => assert.equal(write(moment), text));
  }
}

test("what is displayed reads back as the same moment", () => {
  for (let moment = 0; moment < 40_000_000; moment += 999_983) {
    assert.equal(parse(display(moment)), moment);
    assert.equal(parse(fragment(moment)), moment);
  }
});

test("a refusal names what was refused, and shortens what is long", () => {
  assert.throws(() => parse("x".repeat(99)), (error) => error.message.startsWith(`“${"x".repeat(40)}…” is not a time`));
});
