import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Kept } from "../../static/js/desk/kept.js";

const DESK = "/recordings/tones/edit Ines";

beforeEach(() => {
  const there = new Map();
  // As much of it as is used: names are its own properties, as a browser has them.
  globalThis.localStorage = new Proxy(
    {
      getItem: (name) => there.get(name) ?? null,
      setItem: (name, value) => void there.set(name, value),
      removeItem: (name) => void there.delete(name),
    },
    {
      ownKeys: () => [...there.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  );
});

const typed = (text) => ({ id: "c1", turn: 0, text, state: "x-1" });

test("what is typed is there after the page was closed, until the server has it", () => {
  const kept = new Kept(DESK);
  kept.keep(typed("One."));
  assert.equal(new Kept(DESK).of("c1", 0).text, "One.");
  kept.release(typed("One."));
  assert.equal(new Kept(DESK).size, 0);
});

test("what another tab keeps of the same line stays, whatever the server has of this one", () => {
  const [one, other] = [new Kept(DESK), new Kept(DESK)];
  one.keep(typed("One."));
  other.keep(typed("Other."));
  one.release(typed("One."));
  assert.equal(one.size, 0);
  assert.equal(new Kept(DESK).of("c1", 0).text, "Other.");
});
