/** The field of <transcript-search>: it is opened, typed into and left before the part that finds the words is there. */

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
