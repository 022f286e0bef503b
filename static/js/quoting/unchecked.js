/** Says of lines whether their words are a machine's that nobody has checked, as the server marks them. */

/**
 * Give what is told of lines of which at least one is so; "" where there is nothing to tell.
 * @param {(Element | null)[]} lines each line, or something in it
 */
export function uncheckedLabel(lines) {
  const unchecked = lines.find((line) => line?.closest("[data-machine] .cue:not(.shut, [data-checked])"));
  return /** @type {HTMLElement | undefined} */ (unchecked?.closest("[data-machine]"))?.dataset.machine ?? "";
}
