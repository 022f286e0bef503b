/**
 * Knows the reader's own basket: passages of any recordings, as the address of a basket has them, which this browser
 * keeps. Archives of one host have each a basket of its own.
 */

import { recall } from "../elements/memory.js";

/** How many passages a basket holds; the server holds no more. */
export const MOST = 50;
const PASSAGE = /^[A-Za-z0-9][\w-]*@[^\s&#]+$/;

/** The address of the page of a basket, without passages. */
const page = () => new URL(/** @type {HTMLAnchorElement} */ (document.querySelector("basket-link a")).href).pathname;

/** What the basket is kept as. */
export const name = () => `basket:${page()}`;

/** @returns {string[]} */
export function kept() {
  const found = recall(name(), []);
  return Array.isArray(found) ? found.filter((each) => PASSAGE.test(each)).slice(0, MOST) : [];
}

/**
 * Give the address of the basket with these passages.
 * @param {string[]} passages
 */
export function basketWith(passages) {
  const asked = passages.map((each) => `p=${encodeURI(each)}`);
  return page() + (asked.length ? `?${asked.join("&")}` : "");
}
