/**
 * Sees that a sound stands still although the browser has what comes next, and has it loaded anew. In WebKitGTK 2.50 it
 * does so after one jump in some tens made while it plays: neither Pause and Play nor another jump moves it from there
 * (findings/webkitgtk-jump-stands-still.sh).
 */

const BETWEEN = 1_000;
// Looks at the same place: a machine with much to do stands still for a moment, too.
const MOST = 4;
// Where the browser has so much of what comes next, in seconds, it is not the network that it waits for.
const ENOUGH = 1;
// What was loaded anew so often at one place, and in vain, has another reason: each time, all of it may come again.
const IN_VAIN = 3;

/**
 * @param {HTMLMediaElement} audio
 * @param {() => boolean} loadAnew tells whether it is
 * @param {AbortSignal} signal ends it
 */
export function watchStillness(audio, loadAnew, signal) {
  let place = NaN;
  let looks = 0;
  let vain = 0;
  const timer = setInterval(() => {
    const { currentTime, paused, seeking } = audio;
    looks = currentTime === place && !paused && !seeking && hasNext(audio) ? looks + 1 : 0;
    // Loaded anew, it may come to stand a little beside.
    if (Math.abs(currentTime - place) > ENOUGH / 4) vain = 0;
    place = currentTime;
    if (looks < MOST || vain === IN_VAIN) return;
    looks = 0;
    if (loadAnew()) vain += 1;
  }, BETWEEN);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** @param {HTMLMediaElement} audio */
function hasNext({ buffered, currentTime, duration, ended }) {
  const parts = [...Array(buffered.length).keys()];
  const next = Math.min(currentTime + ENOUGH, duration);
  return !ended && parts.some((part) => buffered.start(part) <= currentTime && buffered.end(part) >= next);
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
