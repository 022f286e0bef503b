import assert from "node:assert/strict";
import test, { mock } from "node:test";

import { anew, watchStillness } from "../../static/js/playback/still-sound.js";

const WHOLE = { length: 1, start: () => 0, end: () => 60 };

/** A sound that plays and stands still, with all of it there; `changed` says what is otherwise. */
function watch(changed = {}) {
  mock.timers.enable({ apis: ["setInterval"] });
  const audio = { buffered: WHOLE, currentTime: 30, duration: 60, ended: false, paused: false, seeking: false, ...changed };
  const leaving = new AbortController();
  let count = 0;
  watchStillness(audio, () => (count += 1) > 0, leaving.signal);
  return { audio, leaving, asked: () => count };
}

test.afterEach(() => mock.timers.reset());

test("a sound that stands still is loaded anew, and again where that was in vain", () => {
  const { asked } = watch();
  mock.timers.tick(4_000);
  assert.equal(asked(), 0);
  mock.timers.tick(1_000);
  assert.equal(asked(), 1);
  mock.timers.tick(60_000);
  assert.ok(asked() > 1);
  mock.timers.tick(3_600_000);
  assert.ok(asked() < 5, "what is in vain is not gone on with for ever");
});

test("at its end, too, where less than a second is left", () => {
  const { asked } = watch({ currentTime: 59.5 });
  mock.timers.tick(10_000);
  assert.ok(asked() > 0);
});

for (const [why, changed] of Object.entries({
  "is paused": { paused: true },
  "is on its way to another place": { seeking: true },
  "has ended": { currentTime: 60, ended: true },
  "has no length yet": { duration: NaN },
  "waits for the network": { buffered: { length: 2, start: (part) => [0, 40][part], end: (part) => [30.5, 60][part] } },
  "has come to the end of what is there": { buffered: { length: 0 } },
  "waits on a slow network, with some seconds of what comes next": { buffered: { length: 1, start: () => 0, end: () => 36 } },
})) {
  test(`one that ${why} is left alone`, () => {
    const { asked } = watch(changed);
    mock.timers.tick(60_000);
    assert.equal(asked(), 0);
  });
}

test("one that moves is left alone, and so is one whose page is left", () => {
  const { audio, leaving, asked } = watch();
  for (let second = 0; second < 20; second += 1) {
    audio.currentTime += second % 4 ? 0 : 0.01;
    mock.timers.tick(1_000);
  }
  leaving.abort();
  mock.timers.tick(60_000);
  assert.equal(asked(), 0);
});

test("one that went on and stands still again is loaded anew again", () => {
  const { audio, asked } = watch();
  mock.timers.tick(60_000);
  const before = asked();
  audio.currentTime += 10;
  mock.timers.tick(6_000);
  assert.equal(asked(), before + 1);
});

test("a sound in the browser's memory has one address, any other gets another", () => {
  assert.equal(anew("https://quay.example/talk.wav?v=1", 2), "https://quay.example/talk.wav?v=1&try=2");
  assert.equal(anew("file:///quay/talk.wav", 1), "file:///quay/talk.wav?try=1");
  assert.equal(anew("blob:https://quay.example/0-1", 2), "blob:https://quay.example/0-1");
});

test("one of which more and more is coming is left alone", () => {
  let end = 41;
  const { asked } = watch({ buffered: { length: 1, start: () => 0, end: () => (end += 0.5) } });
  mock.timers.tick(30_000);
  assert.equal(asked(), 0);
});
