/** Makes elements. What comes from the server, or from a file, is text there and never HTML. */

/**
 * @param {string} name
 * @param {Record<string, unknown>} [attributes] false and null leave one out; true gives it without a value
 * @param {...(Node | string | null | false)} children
 * @returns {HTMLElement}
 */
export function made(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((each) => each !== null && each !== false));
  return element;
}

/**
 * Write into an element what it does not say already: a live region is then read again only where it has changed.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
