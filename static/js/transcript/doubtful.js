/**
 * Paints the words of which a machine was not sure, and those that people doubt or read otherwise. The server sends each
 * in an element of its own; here they become part of their line's one text again, in which all other scripts count
 * letters. This runs before these do. For who does not see them, the link to what there is about the line says how many
 * they are. The key that goes to the next words that people doubt is answered here too.
 */

/** Words that are painted all at once. Of 20,000, each frame took 87 ms; so of more, only those near the window are. */
const FEW = 500;
/** What is said of so many words of a line, by their class. */
const SAID = new Map([
  ["doubted", (/** @type {number} */ count) => `${count} doubtful word${count > 1 ? "s" : ""}`],
  ["varied", (/** @type {number} */ count) => `${count} other reading${count > 1 ? "s" : ""}`],
  ["doubtful", (/** @type {number} */ count) => `machine not sure of ${count} word${count > 1 ? "s" : ""}`],
]);
const DOUBTED = ".cue[data-doubted]";

/** @type {Map<string, Highlight>} by the class of the words; none where the browser has no highlights */
const highlights = new Map();
if (globalThis.Highlight && CSS.highlights) for (const name of SAID.keys()) highlights.set(name, new Highlight());
/** @type {Map<Element, {range: StaticRange, name: string}[]>} by the run of lines in which they are, or the line */
const words = new Map();
/** @type {Map<HTMLElement, Map<string, number>>} how many words of each class a line has */
const counts = new Map();

for (const word of document.querySelectorAll(".cue :is(.doubtful, .doubted, .varied)")) {
  const cue = /** @type {HTMLElement} */ (word.closest(".cue"));
  const owner = word.closest(".run") ?? cue;
  const name = word.className;
  if (!highlights.size) cue.toggleAttribute("data-doubtful", true);
  if (name === "doubted") cue.dataset.doubted = "joined";
  const own = counts.get(cue) ?? new Map();
  counts.set(cue, own.set(name, (own.get(name) ?? 0) + 1));
  const found = { range: joined(word), name };
  if (words.has(owner)) words.get(owner).push(found);
  else words.set(owner, [found]);
}
for (const [cue, own] of counts) {
  const said = [...SAID].filter(([name]) => own.has(name)).map(([name, say]) => say(own.get(name)));
  cue.dataset.doubts = `, ${said.join(", ")}`;
}
if (highlights.size) {
  for (const [name, highlight] of highlights) CSS.highlights.set(name, highlight);
  if ([...words.values()].flat().length > FEW) paintNear();
  else paintAll();
}

/** @type {HTMLElement | null} the line that was gone to last */
let last = null;
document.addEventListener("doubtrequest", (event) => go(/** @type {CustomEvent} */ (event).detail.step));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".next-doubt"))) {
  button.hidden = false;
  button.addEventListener("click", () => go(1));
}

/**
 * Go to the next line with words that people doubt, or to the one before, from the line with the focus, or else the one
 * gone to last, or else the one being spoken; after the last comes the first.
 * @param {number} step 1 or -1
 */
function go(step) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(DOUBTED)]);
  const here = document.activeElement?.closest(".cue") ?? last ?? document.querySelector(".cue[aria-current]");
  const place = here ? Node[step > 0 ? "DOCUMENT_POSITION_FOLLOWING" : "DOCUMENT_POSITION_PRECEDING"] : 0;
  const beyond = all.filter((each) => each !== here && (!here || here.compareDocumentPosition(each) & place));
  last = (step > 0 ? beyond[0] ?? all[0] : beyond.at(-1) ?? all.at(-1)) ?? null;
  if (!last) return;
  last.dispatchEvent(new CustomEvent("suspendrequest", { bubbles: true, detail: { suspended: true } }));
  /** @type {HTMLElement} */ (last.querySelector(".time")).focus({ preventScroll: true });
  last.scrollIntoView({ block: "center" });
}

/**
 * Make a word part of the text around it.
 * @param {Element} word
 * @returns {StaticRange} where it is then; a live one would be looked after at each change of the page
 */
function joined(word) {
  const text = textBefore(word);
  const from = text.length;
  text.appendData(word.textContent);
  const to = text.length;
  word.remove();
  if (text.nextSibling instanceof Text) {
    text.appendData(text.nextSibling.data);
    text.nextSibling.remove();
  }
  return new StaticRange({ startContainer: text, startOffset: from, endContainer: text, endOffset: to });
}

/**
 * Give the text that stands before an element; where none does, an empty one is put there.
 * @param {Element} element
 * @returns {Text}
 */
function textBefore(element) {
  if (element.previousSibling instanceof Text) return element.previousSibling;
  const text = new Text();
  element.before(text);
  return text;
}

function paintAll() {
  for (const { range, name } of [...words.values()].flat()) highlights.get(name).add(range);
}

/** Paint the words in the window and a window's height above and below it; on paper, all of them. */
function paintNear() {
  const observer = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      for (const { range, name } of words.get(target)) highlights.get(name)[isIntersecting ? "add" : "delete"](range);
    }
  }, { rootMargin: "100% 0px" });
  const observe = () => {
    for (const highlight of highlights.values()) highlight.clear();
    observer.disconnect();
    for (const owner of words.keys()) observer.observe(owner);
  };
  observe();
  addEventListener("beforeprint", paintAll);
  addEventListener("afterprint", observe);
}
