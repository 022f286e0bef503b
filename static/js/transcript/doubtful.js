/**
 * Paints the words of which a machine was not sure. The server sends each in an element of its own; here they become part
 * of their line's one text again, in which all other scripts count letters. This runs before these do.
 */

const highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;

for (const word of document.querySelectorAll(".cue .doubtful")) {
  const text = textBefore(word);
  const from = text.length;
  text.appendData(word.textContent);
  const to = text.length;
  if (!highlight) word.closest(".cue").toggleAttribute("data-doubtful", true);
  word.remove();
  if (text.nextSibling instanceof Text) {
    text.appendData(text.nextSibling.data);
    text.nextSibling.remove();
  }
  // A live range would be looked after at each change of the document.
  highlight?.add(new StaticRange({ startContainer: text, startOffset: from, endContainer: text, endOffset: to }));
}
if (highlight) CSS.highlights.set("doubtful", highlight);

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
