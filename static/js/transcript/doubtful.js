/**
 * Paints the words of which a machine was not sure. The server sends each in an element of its own; here they become part
 * of their line's one text again, in which all other scripts count letters. This runs before these do. For who does not
 * see them, the link to what there is about the line says how many they are.
 */

/** Words that are painted all at once. Of 20,000, each frame took 87 ms; so of more, only those near the window are. */
const FEW = 500;

const highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
/** @type {Map<Element, StaticRange[]>} by the run of lines in which they are, or the line */
const words = new Map();

for (const word of document.querySelectorAll(".cue .doubtful")) {
  const cue = /** @type {HTMLElement} */ (word.closest(".cue"));
  const owner = word.closest(".run") ?? cue;
  if (!highlight) cue.toggleAttribute("data-doubtful", true);
  const count = (parseInt(cue.dataset.doubts?.slice(2)) || 0) + 1;
  cue.dataset.doubts = `, ${count} doubtful word${count > 1 ? "s" : ""}`;
  const range = joined(word);
  if (words.has(owner)) words.get(owner).push(range);
  else words.set(owner, [range]);
}
if (highlight) {
  CSS.highlights.set("doubtful", highlight);
  if ([...words.values()].flat().length > FEW) paintNear();
  else paintAll();
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
  for (const range of [...words.values()].flat()) highlight.add(range);
}

/** Paint the words in the window and a window's height above and below it; on paper, all of them. */
function paintNear() {
  const observer = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      for (const range of words.get(target)) isIntersecting ? highlight.add(range) : highlight.delete(range);
    }
  }, { rootMargin: "100% 0px" });
  const observe = () => {
    highlight.clear();
    observer.disconnect();
    for (const owner of words.keys()) observer.observe(owner);
  };
  observe();
  addEventListener("beforeprint", paintAll);
  addEventListener("afterprint", observe);
}
