/**
 * Sees that a sound stands still although the browser has what comes next, and has it loaded anew. In WebKitGTK 2.50 it
 * does so after one jump in some tens made while it plays: neither Pause and Play nor another jump moves it from there
 * (findings/webkitgtk-jump-stands-still.sh).
 */

const BETWEEN = 1_000;
// Looks at the same place: a machine with much to do stands still for a moment, too.
const MOST = 4;
// Where a browser has so much of what comes next, in seconds, and no more is coming, it waits for no network: on a slow
// one, Chromium 156 waits until it has up to six seconds, with the same readyState as WebKitGTK that stands still.
const ENOUGH = 10;
// Loaded anew, a sound may come to stand so far beside its place.
const BESIDE = 0.25;
// What was loaded anew so often at one place, and in vain, has another reason: each time, all of it may come again.
const IN_VAIN = 3;

/**
 * @param {HTMLMediaElement} audio
 * @param {() => boolean} loadAnew tells whether it is
 * @param {AbortSignal} signal ends it
 */
export function watchStillness(audio, loadAnew, signal) {
  let [place, had] = [NaN, NaN];
  let looks = 0;
  let vain = 0;
  const timer = setInterval(() => {
    const { currentTime, paused, seeking } = audio;
    const has = nextOf(audio);
    looks = currentTime === place && !paused && !seeking && has === had ? looks + 1 : 0;
    if (Math.abs(currentTime - place) > BESIDE) vain = 0;
    [place, had] = [currentTime, has];
    if (looks < MOST || vain === IN_VAIN) return;
    looks = 0;
    if (loadAnew()) vain += 1;
  }, BETWEEN);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/**
 * Tell up to where a browser has what comes next; NaN, which nothing equals, where that is not enough.
 * @param {HTMLMediaElement} audio
 */
function nextOf({ buffered, currentTime, duration, ended }) {
  const parts = [...Array(buffered.length).keys()].filter((part) => buffered.start(part) <= currentTime);
  const end = Math.max(...parts.map((part) => buffered.end(part)));
  return !ended && end >= Math.min(currentTime + ENOUGH, duration) ? end : NaN;
}

/**
 * Give an address at which a browser has nothing of a sound yet; what is in its memory has but the one.
 * @param {string} address
 * @param {number} number of the try
 */
export function anew(address, number) {
  const other = new URL(address);
  if (other.protocol !== "blob:") other.searchParams.set("try", String(number));
  return String(other);
}
