import assert from "node:assert/strict";
import test from "node:test";

import { shiftFor } from "../../static/js/transcript/scrolling.js";

const band = { top: 60, bottom: 660 };

test("what stands in the band is left where it is", () => {
  assert.equal(shiftFor({ top: 60, bottom: 660 }, band), 0);
  assert.equal(shiftFor({ top: 600, bottom: 640 }, band), 0);
});

test("what lies below or above comes to the upper third", () => {
  assert.equal(shiftFor({ top: 700, bottom: 760 }, band), 700 - 260);
  assert.equal(shiftFor({ top: -300, bottom: -240 }, band), -300 - 260);
});

test("what is half under the transport is brought out", () => {
  assert.equal(shiftFor({ top: 640, bottom: 680 }, band), 640 - 260);
});

test("what is tall comes higher, so that its end is seen", () => {
  assert.equal(shiftFor({ top: 700, bottom: 1200 }, band), 700 - 160);
});

test("what is taller than the band shows its beginning", () => {
  assert.equal(shiftFor({ top: 100, bottom: 1200 }, band), 100 - 60);
});
