/**
 * Makes a page of a copy that no server answers for what it is on the server: it says where it is itself, and brings the
 * scripts of a recording once the sound can be played from any moment.
 */

// What is cited of a copy that does not know its address has no host, until a browser has found it.
const CITED = ".about-line, .cited-as, citation-list .written, set-page .address";
const HOSTLESS = /(?<![\w/.-])(?:recordings|sets)\/[\w-]+\//g;
// Where the copy begins: this file lies in static/<version>/js/.
const ROOT = new URL("../../../", import.meta.url);

for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-address], [data-embed], [data-later]"))) {
  for (const name of ["address", "embed", "later"]) {
    if (each.dataset[name]) each.dataset[name] = new URL(each.dataset[name], location.href).href;
  }
}
place(document.body);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const each of addedNodes) if (each instanceof Element) place(each);
}).observe(document.body, { childList: true, subtree: true });
const player = /** @type {HTMLElement | null} */ (document.querySelector("recording-player"));
if (player) begin(player);

/**
 * Give what is cited in an element its whole address.
 * @param {Element} element
 */
function place(element) {
  for (const each of [...(element.matches(CITED) ? [element] : []), ...element.querySelectorAll(CITED)]) {
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = /** @type {Text} */ (texts.currentNode);
      const placed = node.data.replace(HOSTLESS, (path) => new URL(path, ROOT).href);
      if (placed !== node.data) node.data = placed;
    }
  }
}

/** @param {HTMLElement} player */
async function begin(player) {
  const { later } = player.dataset;
  const audio = player.querySelector("audio");
  if (audio && player.hasAttribute("data-playable")) {
    const { makeSeekable } = await import(new URL("playback/whole-sound.js", import.meta.url).href);
    await makeSeekable(audio, player.querySelector(".ways"));
  }
  await import(new URL("main.linked.js", later).href);
}
