/** Copying for the reader; where the browser does not let a page copy, the text is shown to be copied by hand. */

/**
 * @param {Element} place that holds the field to copy from (`.by-hand`) and says what was done (`.told`)
 * @param {string} what it is: Link copied.
 * @param {string} text
 */
export async function copy(place, what, text) {
  const label = /** @type {HTMLElement} */ (place.querySelector(".by-hand"));
  label.hidden = true;
  say(place, "");
  try {
    await navigator.clipboard.writeText(text); // not there on a page that came by plain HTTP
    say(place, `${what} copied.`);
  } catch {
    const field = fieldIn(label);
    label.hidden = false;
    field.value = text;
    field.focus();
    field.select();
    say(place, "The browser does not let the page copy; copy it from here.");
  }
}

/**
 * @param {Element} place
 * @param {string} text
 */
export function say(place, text) {
  const told = place.querySelector(".told");
  if (told && told.textContent !== text) told.textContent = text;
}

/**
 * @param {HTMLElement} label
 * @returns {HTMLInputElement | HTMLTextAreaElement} the label's own field, or one of several lines
 */
function fieldIn(label) {
  const own = /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (label.querySelector("input, textarea"));
  if (own) return own;
  const field = document.createElement("textarea");
  Object.assign(field, { readOnly: true, rows: 3, spellcheck: false });
  label.append(field);
  return field;
}
