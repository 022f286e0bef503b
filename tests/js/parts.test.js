import assert from "node:assert/strict";
import test from "node:test";

import { inParts } from "../../static/js/quoting/parts.js";
import { placeCited } from "../../static/js/quoting/passage-place.js";

const MINUTE = 60_000;
const PARTS = [
  { title: "Side A", start: 0 },
  { title: "Side B", start: 45 * MINUTE },
  { title: "Letter to Ana", start: 90 * MINUTE },
];

// The same as in tests/test_parts.py.
for (const [start, end, says] of /** @type {[number, number, string][]} */ ([
  [0, 1000, "Side A, 0:00 to 0:01"],
  [44 * MINUTE, 45 * MINUTE, "Side A, 44:00 to 45:00"],
  [45 * MINUTE, 46 * MINUTE, "Side B, 0:00 to 1:00"],
  [44 * MINUTE, 46 * MINUTE, "Side A, 44:00 to Side B, 1:00"],
  [MINUTE, 91 * MINUTE, "Side A, 1:00 to Letter to Ana, 1:00"],
  [45 * MINUTE + 100, 45 * MINUTE + 350, "Side B, 0:00.1 to 0:00.35"],
])) {
  test(`a passage is in its part: ${says}`, () => assert.equal(inParts(PARTS, { start, end }), says));
}

test("a recording of one sound has no parts to name", () => assert.equal(inParts([], { start: 0, end: 1 }), ""));

test("a quotation has the time in the whole, and where that is in the part", () => {
  const place = { span: { start: 48 * MINUTE, end: 49 * MINUTE }, isApproximate: false, pages: "12", part: "Side B, 3:00 to 4:00" };
  assert.equal(placeCited(place), "48:00 to 49:00 (Side B, 3:00 to 4:00), p. 12");
  assert.equal(placeCited({ ...place, part: "" }), "48:00 to 49:00, p. 12");
});
