/**
 * Makes a page of a copy that no server answers for what it is on the server: it says where it is itself, and brings the
 * scripts of a recording once the sound can be played from any moment.
 *
 * A browser plays from a moment by asking for a part of the file. A plain server may send the whole file instead; then
 * it is loaded whole, and played from memory.
 */

const LINE = ".cited-as .address, .about-line .address";

for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-address], [data-later]"))) {
  for (const name of ["address", "later"]) {
    if (each.dataset[name]) each.dataset[name] = new URL(each.dataset[name], location.href).href;
  }
}
const player = /** @type {HTMLElement | null} */ (document.querySelector("recording-player"));
if (player) begin(player);

/** @param {HTMLElement} player */
async function begin(player) {
  const { address, later } = player.dataset;
  for (const each of player.querySelectorAll(LINE)) {
    if (!/^https?:/.test(each.textContent)) each.textContent = address;
  }
  const audio = player.querySelector("audio");
  if (audio && player.hasAttribute("data-playable")) await makeSeekable(audio, player);
  await import(new URL("main.linked.js", later).href);
}

/**
 * @param {HTMLAudioElement} audio
 * @param {HTMLElement} player
 */
async function makeSeekable(audio, player) {
  const [source] = audio.hasAttribute("src")
    ? [audio]
    : [...audio.querySelectorAll("source")].filter(({ type }) => !type || audio.canPlayType(type));
  if (!source) return;
  const address = source.src.split("#")[0];
  try {
    const answer = await fetch(address, { headers: { Range: "bytes=0-1" }, cache: "no-store" });
    if (answer.status !== 200) return void answer.body?.cancel();
    audio.preload = "none";
    const message = document.createElement("p");
    message.className = "hint from";
    message.setAttribute("role", "status");
    message.textContent = "The sound is loading as a whole: this server does not send parts of files.";
    player.querySelector(".ways")?.after(message);
    const sound = await answer.blob();
    audio.replaceChildren();
    audio.src = URL.createObjectURL(sound);
    audio.preload = "metadata";
    message.remove();
  } catch {
    // It plays as it can, and the page says what is wrong with the sound when it is played.
  }
}
