import assert from "node:assert/strict";
import test from "node:test";

import { plainWords, quotation, timesOf, turnsOf } from "../../static/js/quoting/quotation.js";

const ADDRESS = "https://example.org/recordings/talk#t=25,31.5";

/** A quotation of a recording, but for what is given. */
function quoted(given = {}) {
  const said = [{ voice: "Ada", text: "It’s the tape’s words" }];
  return quotation({ said, place: "0:25 to 0:31", title: "A talk", notice: "", address: ADDRESS, ...given });
}

test("a quotation has the words, the speaker, the times, the title and the link", () => {
  assert.equal(quoted(), `“It’s the tape’s words” (Ada, 0:25 to 0:31, A talk). ${ADDRESS}`);
});

test("a reading's quotation says that it is one", () => {
  const notice = "Synthetic reading, not the tape.";
  assert.equal(quoted({ notice }), `“It’s the tape’s words” (Ada, 0:25 to 0:31, A talk). ${notice} ${ADDRESS}`);
});

test("a voice without a name is given none", () => {
  assert.equal(quoted({ said: [{ voice: null, text: "Hm" }] }), `“Hm” (0:25 to 0:31, A talk). ${ADDRESS}`);
});

test("several speakers have each their own words", () => {
  const said = [{ voice: "Ada", text: "One" }, { voice: "Ada", text: "two" }, { voice: "Ben", text: "Three" }, { voice: "Ada", text: "Four" }];
  assert.equal(
    quoted({ said }),
    `Ada: “One two”\nBen: “Three”\nAda: “Four”\n(0:25 to 0:31, A talk). ${ADDRESS}`,
  );
});

test("several speakers of a reading are a reading's", () => {
  const said = [{ voice: "Ada", text: "One" }, { voice: "Ben", text: "Three" }];
  assert.match(quoted({ said, notice: "Not the tape." }), /\(0:25 to 0:31, A talk\)\. Not the tape\. https:/);
});

test("apostrophes, quotation marks, accents and hard spaces stay what they are", () => {
  const text = "don't ‘quote’ `me` \"here\" “there” l\u2019été\u00a0!";
  assert.ok(quoted({ said: [{ voice: "Ada", text }] }).startsWith(`“${text}” (`));
  assert.equal(plainWords([{ voice: "Ada", text }]), text);
});

test("line feeds and runs of spaces are one space, as the page shows them", () => {
  assert.deepEqual(turnsOf([{ voice: "Ada", text: " one\n  two\t" }]), [{ voice: "Ada", text: "one two" }]);
});

test("what has no words makes no turn", () => {
  const said = [{ voice: "Ada", text: "One" }, { voice: "Ben", text: "  " }, { voice: "Ada", text: "two" }];
  assert.deepEqual(turnsOf(said), [{ voice: "Ada", text: "One two" }]);
  assert.deepEqual(said[0], { voice: "Ada", text: "One" });
});

test("one voice's lines are joined and it is not named", () => {
  assert.equal(plainWords([{ voice: "Ada", text: "One" }, { voice: "Ada", text: "two." }]), "One two.");
});

test("turns of several voices are apart, and named", () => {
  const said = [{ voice: "Ada", text: "One" }, { voice: "Ben", text: "Two" }, { voice: null, text: "Three" }];
  assert.equal(plainWords(said), "Ada: One\n\nBen: Two\n\nThree");
});

test("times are told to the second, and further where that would say nothing", () => {
  assert.equal(timesOf({ start: 25_900, end: 80_100 }), "0:25 to 1:20");
  assert.equal(timesOf({ start: 25_100, end: 25_900 }), "0:25.1 to 0:25.9");
});

test("times that are known only roughly say so", () => {
  assert.equal(timesOf({ start: 192_000, end: 252_000 }, true), "~3:12 to ~4:12");
});

test("what is not timed is quoted without a time", () => {
  assert.equal(quoted({ place: "p. 12" }), `“It’s the tape’s words” (Ada, p. 12, A talk). ${ADDRESS}`);
  assert.equal(quoted({ place: "" }), `“It’s the tape’s words” (Ada, A talk). ${ADDRESS}`);
});
