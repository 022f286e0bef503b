/** Brings the style of what a reader needs only once they do something. */

const SHEET = "../css/later.linked.css";

/**
 * Bring the sheet that belongs to the script at an address, and wait until it is there, or cannot be had.
 *
 * @param {string | undefined} script
 */
export async function lateSheet(script = "") {
  const { href } = new URL(SHEET, new URL(script, location.href));
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const settled = new Promise((done) => {
    for (const type of ["load", "error"]) link.addEventListener(type, done, { once: true });
  });
  document.head.append(link);
  await settled;
}
