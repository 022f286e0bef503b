/**
 * <this-line>: what there is about a line, below the line: who says it, what it rests on, its clip, its link, how to
 * cite it. It is what the line's own page shows, and comes from there; where it does not come, the link to that page
 * stays.
 */

import { SLOW } from "../playback/speed-and-volume.js";
import { copy } from "../quoting/copying.js";
import { ask } from "./requests.js";

export class ThisLine extends HTMLElement {
  #leaving = new AbortController();

  connectedCallback() {
    this.#leaving = new AbortController();
    this.addEventListener("keydown", this, { signal: this.#leaving.signal });
    this.addEventListener("click", this, { signal: this.#leaving.signal });
    this.addEventListener("submit", this, { signal: this.#leaving.signal });
    this.closest("recording-player")?.addEventListener("passagechange", this, { signal: this.#leaving.signal });
    if (this.#link) this.#show(this.#link);
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    if (event.type === "passagechange") {
      this.#press(event.detail.passage);
    } else if (event.type === "click") {
      const slowly = event.target.closest("button.slowly");
      if (slowly) this.#playSlowly(slowly);
      const button = event.target.closest("button.copy:not(.slowly)");
      if (button) copy(this, "Link", this.querySelector(".address").textContent);
    } else if (event.type === "submit") {
      event.preventDefault();
      this.#suggest(event.target);
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      const control = /** @type {HTMLElement | null} */ (this.previousElementSibling?.querySelector("a.this"));
      control?.click();
      control?.focus({ preventScroll: true });
    }
  }

  /** Send what is suggested without leaving the page, and say what came of it. @param {HTMLFormElement} form */
  async #suggest(form) {
    const said = this.querySelector(".suggest [role=status]") ?? document.createElement("p");
    said.setAttribute("role", "status");
    form.before(said);
    const button = form.querySelector("button");
    button.disabled = true;
    const data = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page?.querySelector(`.suggest [role=${answer.ok ? "status" : "alert"}]`) ?? page?.querySelector("main h1 + p");
    said.textContent = found?.textContent ?? "It could not be sent. Try again later.";
    button.disabled = false;
    if (answer?.ok) form.remove();
  }

  /**
   * Play words slowly, again and again; once more: stop, and go back to the speed before.
   * @param {HTMLElement} button has their times
   */
  #playSlowly(button) {
    const isOn = button.ariaPressed === "true";
    const { start, end } = button.dataset;
    ask(this, "looprequest", isOn ? {} : { start: Number(start), end: Number(end), lead: 0 });
    const isSlow = this.closest("recording-player")?.querySelector("audio")?.playbackRate === SLOW;
    if (isSlow === isOn) ask(this, "slowrequest");
  }

  /** @param {import("../playback/timecode.js").Passage | null} passage that is played */
  #press(passage) {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("button.slowly"))) {
      const { start, end } = button.dataset;
      button.ariaPressed = String(passage?.loop === true && passage.start === Number(start) && passage.end <= Number(end));
    }
  }

  /** The link to the line's page, until what stands there is here. */
  get #link() {
    return /** @type {HTMLAnchorElement | null} */ (this.querySelector(":scope > a"));
  }

  /** @param {HTMLAnchorElement} link */
  async #show(link) {
    const found = await aboutLineAt(link.href).catch(() => null);
    if (!found) {
      link.textContent = "This could not be loaded. Open its own page";
      return;
    }
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (found.querySelectorAll("[hidden]"))) {
      // Where no sound is held, none is slowed down.
      each.hidden = each.matches(".slowly") && !this.closest("recording-player[data-playable]");
    }
    this.replaceChildren(found);
  }
}

/**
 * @param {string} address of a line's page; or of its place on the page of all lines, which a copy without a server has
 * @returns {Promise<Element>}
 * @throws {Error} where the server does not answer, or with something else
 */
async function aboutLineAt(address) {
  const response = await fetch(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const { hash } = new URL(address, location.href);
  const found = (hash ? page.getElementById(hash.slice(1)) : page)?.querySelector(".about-line");
  if (!found) throw new Error(`${address} is no page of a line`);
  return document.importNode(found, true);
}
