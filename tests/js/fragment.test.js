import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { hashOf, invitation, parseFragment, passageIn } from "../../static/js/playback/timecode.js";

const table = JSON.parse(readFileSync(new URL("../data/timecodes.json", import.meta.url), "utf-8"));

for (const [text, start, end] of table.fragments) {
  test(`t=${text} is the passage from ${start} to ${end}`, () => assert.deepEqual(parseFragment(text), { start, end }));
}

for (const text of table.fragments_refused) {
  test(`t=${text} is no passage`, () => assert.throws(() => parseFragment(text), RangeError));
}

test("a passage is found among other parts of an address", () => {
  assert.deepEqual(passageIn("#t=25,80"), { start: 25_000, end: 80_000 });
  assert.deepEqual(passageIn("#cue=c7&t=25%2C80"), { start: 25_000, end: 80_000 });
  assert.deepEqual(passageIn("?q=castro&t=1:20"), { start: 80_000, end: null });
});

test("an address that names no passage has none", () => {
  for (const part of ["", "#", "?", "#cue-c7", "?q=t", "#time=3"]) assert.equal(passageIn(part), null);
});

test("a passage becomes the hash that leads back to it", () => {
  for (const passage of [{ start: 25_000, end: 80_000 }, { start: 62_500, end: null }, { start: 0, end: 1 }]) {
    assert.deepEqual(passageIn(hashOf(passage)), passage);
  }
  assert.equal(hashOf({ start: 25_000, end: 80_000 }), "#t=25,80");
});

test("what would be played is said in clock times", () => {
  assert.equal(invitation({ start: 25_000, end: 80_000 }), "Play 0:25 to 1:20");
  assert.equal(invitation({ start: 62_500, end: null }), "Play from 1:02.5");
});
