/** Writes the code by which another site shows a passage in a frame, as the server writes it (player/web/pages/embedded.py). */

import { fragment } from "../playback/timecode.js";

/**
 * Put the button that copies it beside another, on pages of which there is such a frame: these say where it is described.
 * @param {Element | null} beside
 */
export function offerEmbedding(beside) {
  if (!beside || !document.querySelector("link[type='application/json+oembed'], [data-embed]")) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "copy-embed", textContent: "Copy embed code" });
  beside.after(button);
}

/**
 * @param {DOMStringMap} player what <recording-player> says of the recording
 * @param {{start: number, end: number}} span
 */
export function embedCode({ address, embed = `${address}/embed`, notice, title }, { start, end }) {
  const told = {
    src: `${embed}?t=${fragment(start)},${fragment(end)}`,
    title: notice ? `${notice} ${title}` : title,
    width: "600",
    height: "360",
    loading: "lazy",
    style: "max-width:100%;border:0",
  };
  return `<iframe${Object.entries(told).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("")}></iframe>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
