/** A row of buttons that is one stop of the Tab key, as the ARIA Authoring Practices have it: arrows go along it. */

/** @type {Record<string, (index: number, count: number) => number>} */
const WAYS = {
  ArrowLeft: (index, count) => (index + count - 1) % count,
  ArrowRight: (index, count) => (index + 1) % count,
  End: (_, count) => count - 1,
  Home: () => 0,
};

/**
 * Go along a toolbar as a key says.
 * @param {Element} toolbar
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was one for that
 */
export function goAlong(toolbar, event) {
  const buttons = buttonsOf(toolbar);
  const index = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
  const way = Object.hasOwn(WAYS, event.key) ? WAYS[event.key] : null;
  if (index < 0 || !way) return false;
  event.preventDefault();
  stopAt(toolbar, buttons[way(index, buttons.length)]).focus({ preventScroll: true });
  return true;
}

/**
 * Let one button be where Tab stops: the first, where none is named.
 * @param {Element} toolbar
 * @param {HTMLElement} [button]
 */
export function stopAt(toolbar, button = buttonsOf(toolbar)[0]) {
  for (const each of buttonsOf(toolbar)) each.tabIndex = each === button ? 0 : -1;
  return button;
}

/**
 * @param {Element} toolbar
 * @returns {HTMLElement[]}
 */
function buttonsOf(toolbar) {
  return [...toolbar.querySelectorAll("button")];
}
