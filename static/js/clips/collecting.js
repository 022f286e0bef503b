/** Puts passages into the reader's own basket, which this browser keeps, and says what came of it. */

import { remember } from "../elements/memory.js";
import { kept, MOST, name } from "./basket.js";

/** @param {string[]} passages */
export function keep(passages) {
  remember(name(), passages);
  dispatchEvent(new Event("basketchange"));
}

/**
 * Put a passage at the end of the basket.
 * @param {string} passage
 */
export function add(passage) {
  const before = kept();
  if (before.includes(passage)) return "It is in the basket already.";
  if (before.length === MOST) return `The basket is full: it holds ${MOST} passages.`;
  keep([...before, passage]);
  const now = kept().length;
  if (now === before.length) return "This browser does not let the page keep a basket.";
  return `Added to the basket, which has ${now} ${now === 1 ? "passage" : "passages"} now.`;
}

/**
 * Put what a link names into the basket instead of following it, and say beside it what came of it.
 * @param {MouseEvent} event
 * @param {HTMLAnchorElement} link
 */
export function collect(event, link) {
  event.preventDefault();
  const said = link.parentElement.querySelector(".collected") ?? document.createElement("span");
  said.className = "collected";
  said.setAttribute("role", "status");
  link.after(" ", said);
  said.textContent = add(new URL(link.href).searchParams.get("p"));
}
