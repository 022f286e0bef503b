/**
 * Opens, folds and leaves the field of <transcript-search>, before the part that finds the words is there; and reads
 * and writes the `q` of an address: what is searched for.
 */

/**
 * @param {Element} search the <transcript-search>
 * @returns {HTMLInputElement}
 */
export function fieldOf(search) {
  return search.querySelector("input");
}

/** @param {Element} search */
export function openField(search) {
  foldField(search, false);
  fieldOf(search).focus();
  fieldOf(search).select();
}

/** @param {Element} search */
export function leaveField(search) {
  fieldOf(search).blur();
  foldField(search, true);
}

/** @param {Element} search */
export function toggleField(search) {
  if (unfoldOf(search).ariaExpanded === "true") foldField(search, true);
  else openField(search);
}

/**
 * @param {Element} search
 * @param {boolean} isFolded which shows where the page is narrow
 */
export function foldField(search, isFolded) {
  unfoldOf(search).ariaExpanded = String(!isFolded);
}

/**
 * @param {Element} search
 * @returns {HTMLElement}
 */
function unfoldOf(search) {
  return search.querySelector(".unfold");
}

/**
 * @param {string} search the query of an address
 */
export function queryIn(search) {
  return new URLSearchParams(search).get("q") ?? "";
}

/**
 * Give an address with another `q`, or without one.
 * @param {{pathname: string, search: string, hash: string}} address
 * @param {string} query "" for none
 */
export function withQuery({ pathname, search, hash }, query) {
  const parts = search.slice(1).split("&").filter((part) => part && !/^q(=|$)/.test(part));
  if (query) parts.push(String(new URLSearchParams({ q: query })));
  return `${pathname}${parts.length ? `?${parts.join("&")}` : ""}${hash}`;
}
