/**
 * Puts a bar of buttons where it does not cover what it is about: beside it, in the flow of the transport, or at the
 * head or foot of the window. The style sheet says how, by `data-stands`; without it, the bar is in the flow. And makes
 * a bar one stop of the Tab key, as the ARIA Authoring Practices have it: arrows go along it.
 *
 * @typedef {{top: number, bottom: number, left?: number, leftBelow?: number}} Extent pixels from the window's corner;
 *   `left` is where the first line of it begins, `leftBelow` the last
 * @typedef {"above" | "below" | "away" | "flow" | "head" | "foot"} Place `away` is
 *   above, be that out of the window
 */

const GAP = 6;
const MARGIN = 8;

/**
 * Let a bar stand in the first place where it covers nothing of an extent; where it always would, in the last resort.
 * @param {HTMLElement} bar
 * @param {Extent} extent
 * @param {Place[]} places
 */
export function stand(bar, extent, places) {
  const transport = bar.closest(".transport");
  const isPinned = transport !== null && getComputedStyle(transport).position === "sticky";
  const possible = places.filter((place) => place !== "flow" || isPinned);
  const foot = footOf(bar, isPinned ? transport : null);
  const found = possible.find((place) => {
    put(bar, extent, place);
    return isClear(bar, extent, place, foot) && (place !== "foot" || !coversTimeline(bar, transport));
  });
  if (!found) put(bar, extent, isPinned ? "flow" : places.includes("head") ? "head" : "flow");
}

/**
 * Where the transport begins when the bar is not in it, or the window ends.
 * @param {HTMLElement} bar
 * @param {Element | null} transport
 */
function footOf(bar, transport) {
  bar.dataset.stands = "head";
  return transport?.getBoundingClientRect().top ?? innerHeight;
}

/**
 * @param {HTMLElement} bar
 * @param {Extent} extent
 * @param {Place} place
 */
function put(bar, { top, bottom, left = 0, leftBelow = left }, place) {
  bar.style.removeProperty("top");
  bar.style.removeProperty("left");
  if (place === "flow") return void bar.removeAttribute("data-stands");
  if (place === "head" || place === "foot") return void (bar.dataset.stands = place);
  bar.dataset.stands = "beside";
  const { width, height } = bar.getBoundingClientRect();
  const start = place === "below" ? leftBelow : left;
  bar.style.top = `${place === "below" ? bottom + GAP : top - height - GAP}px`;
  bar.style.left = `${Math.max(Math.min(start, document.documentElement.clientWidth - width - MARGIN), MARGIN)}px`;
}

/**
 * @param {HTMLElement} bar
 * @param {Extent} extent
 * @param {Place} place
 * @param {number} foot
 */
function isClear(bar, extent, place, foot) {
  if (place === "away") return true;
  const box = bar.getBoundingClientRect();
  if (place === "above" || place === "below") return box.top >= 0 && box.bottom <= foot;
  // In the flow it is the transport that grows.
  const top = place === "flow" ? bar.closest(".transport").getBoundingClientRect().top : box.top;
  const bottom = place === "flow" ? foot : box.bottom;
  return top >= extent.bottom || bottom <= extent.top;
}

/**
 * Whether a bar lies over the timeline, on which a passage is drawn and its ends are dragged.
 * @param {HTMLElement} bar
 * @param {Element | null} transport
 */
function coversTimeline(bar, transport) {
  const timeline = transport?.querySelector("time-line")?.getBoundingClientRect();
  return timeline !== undefined && timeline.height > 0 && bar.getBoundingClientRect().top < timeline.bottom;
}

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
  const buttons = buttonsOf(toolbar).filter(({ hidden }) => !hidden);
  const index = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
  const way = Object.hasOwn(WAYS, event.key) ? WAYS[event.key] : null;
  if (index < 0 || !way) return false;
  event.preventDefault();
  stopAt(toolbar, buttons[way(index, buttons.length)]).focus({ preventScroll: true });
  return true;
}

/**
 * Let one button be where Tab stops: the first that is shown, where none is named.
 * @param {Element} toolbar
 * @param {HTMLElement} [button]
 */
export function stopAt(toolbar, button = buttonsOf(toolbar).find(({ hidden }) => !hidden)) {
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
