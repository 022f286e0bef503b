/**
 * Makes a page of a copy that no server answers for what it is on the server: it says where it is itself, and brings the
 * scripts of a recording once the sound can be played from any moment.
 */

const LINE = ".cited-as .address, .about-line .address";
// Where the copy begins: this file lies in static/<version>/js/.
const ROOT = new URL("../../../", import.meta.url);

for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-address], [data-embed], [data-later]"))) {
  for (const name of ["address", "embed", "later"]) {
    if (each.dataset[name]) each.dataset[name] = new URL(each.dataset[name], location.href).href;
  }
}
for (const { firstChild } of document.querySelectorAll("set-page .address")) {
  if (!firstChild || /^\s*https?:/.test(firstChild.textContent)) continue;
  firstChild.textContent = firstChild.textContent.replace(/[^\s]*[^\s.]/, (path) => new URL(path, ROOT).href);
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
  if (audio && player.hasAttribute("data-playable")) {
    const { makeSeekable } = await import(new URL("playback/whole-sound.js", import.meta.url).href);
    await makeSeekable(audio, player.querySelector(".ways"));
  }
  await import(new URL("main.linked.js", later).href);
}
