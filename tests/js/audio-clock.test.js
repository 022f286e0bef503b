import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import { AudioClock, waitUntil } from "../../static/js/playback/audio-clock.js";

/** A page with frames that come when told to, and a worker that keeps what it is sent. */
let frames;
let workers;

class FakeWorker extends EventTarget {
  sent = [];
  isTerminated = false;
  constructor() {
    super();
    workers.push(this);
  }
  postMessage(message) {
    this.sent.push(message);
  }
  terminate() {
    this.isTerminated = true;
  }
}

class FakeAudio extends EventTarget {
  paused = true;
  ended = false;
  playbackRate = 1;
  readyState = 4;
  play() {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
  }
}

beforeEach(() => {
  frames = new Map();
  workers = [];
  let count = 0;
  globalThis.requestAnimationFrame = (callback) => {
    frames.set((count += 1), callback);
    return count;
  };
  globalThis.cancelAnimationFrame = (id) => frames.delete(id);
  globalThis.document = new EventTarget();
  globalThis.Worker = FakeWorker;
  globalThis.HTMLMediaElement = { HAVE_FUTURE_DATA: 3 };
});

function start({ now = 1_000, next = 3_000 } = {}) {
  const audio = new FakeAudio();
  const causes = [];
  const leaving = new AbortController();
  new AudioClock(audio, (cause) => causes.push(cause), () => ({ now, next })).start(leaving.signal);
  return { audio, causes, leaving };
}

/** Let the next frame come. */
function pass() {
  const [[id, callback]] = frames;
  frames.delete(id);
  callback();
}

/** Let the worker's timer ring. */
function ring(ticket) {
  workers[0].dispatchEvent(Object.assign(new Event("message"), { data: ticket }));
}

test("the wait to a moment is shorter at double speed and longer at half", () => {
  assert.equal(waitUntil(1_000, 1_600, 1), 600);
  assert.equal(waitUntil(1_000, 1_600, 2), 300);
  assert.equal(waitUntil(1_000, 1_400, 0.5), 800);
});

test("the wait is never nothing and never for ever", () => {
  assert.equal(waitUntil(1_000, 1_000, 1), 1);
  assert.equal(waitUntil(1_000, 900, 1), 1);
  assert.equal(waitUntil(1_000, Infinity, 1), 1_000);
});

test("each frame is told, and one is asked for at a time", () => {
  const { audio, causes } = start();
  audio.play();
  for (const type of ["playing", "timeupdate", "seeked", "ratechange"]) audio.dispatchEvent(new Event(type));
  assert.equal(frames.size, 1);
  pass();
  assert.equal(causes.at(-1), "frame");
  assert.equal(frames.size, 1);
});

test("the timer waits for the next moment by the speed, and frames do not set it again", () => {
  const { audio } = start();
  audio.playbackRate = 4;
  audio.play();
  assert.equal(workers[0].sent.at(-1).delay, 500);
  const sent = workers[0].sent.length;
  pass();
  pass();
  assert.equal(workers[0].sent.length, sent);
});

test("a change of speed sets the timer again", () => {
  const { audio } = start();
  audio.play();
  audio.playbackRate = 2;
  audio.dispatchEvent(new Event("ratechange"));
  assert.equal(workers[0].sent.at(-1).delay, 1_000);
});

test("a timer that rings before its moment is set again", () => {
  const { audio, causes } = start({ now: 2_990, next: 3_000 });
  audio.play();
  ring(workers[0].sent.at(-1).ticket);
  assert.equal(causes.at(-1), "timer");
  assert.equal(workers[0].sent.at(-1).delay, 10);
  assert.equal(frames.size, 1);
});

test("a seek out of a long silence sets the timer again, and the old one counts for nothing", () => {
  const { audio, causes } = start();
  audio.play();
  const stale = workers[0].sent.at(-1).ticket;
  audio.dispatchEvent(new Event("seeked"));
  const told = causes.length;
  ring(stale);
  assert.equal(causes.length, told);
  ring(workers[0].sent.at(-1).ticket);
  assert.equal(causes.length, told + 1);
});

test("a page that is hidden or seen again is told at once", () => {
  const { causes } = start();
  document.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(causes, ["visibilitychange"]);
});

test("at rest nothing runs", () => {
  const { audio } = start();
  audio.play();
  audio.paused = true;
  audio.dispatchEvent(new Event("pause"));
  assert.equal(frames.size, 0);
  assert.equal(workers[0].sent.at(-1).delay, null);
});

test("while the sound stalls, the timer does not spin", () => {
  const { audio } = start({ now: 2_999, next: 3_000 });
  audio.readyState = 2;
  audio.play();
  assert.equal(workers[0].sent.at(-1).delay, 250);
});

test("one worker serves all plays, and leaves with the player", () => {
  const { audio, leaving, causes } = start();
  audio.play();
  audio.play();
  assert.equal(workers.length, 1);
  leaving.abort();
  assert.ok(workers[0].isTerminated);
  assert.equal(frames.size, 0);
  const told = causes.length;
  audio.dispatchEvent(new Event("timeupdate"));
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(causes.length, told);
});
