/**
 * <basket-page>: the page of a basket. What is done to it is asked of the server, which makes the basket that it becomes;
 * that takes the place of this one while the sound plays on. If it is the reader's own, it is kept as it becomes.
 */

import { basketWith, kept } from "../clips/basket.js";
import { add, keep } from "../clips/collecting.js";
import { Through } from "../clips/through.js";
import { copy, say } from "../quoting/copying.js";

/** @typedef {import("./found-passages.js").FoundPassages} FoundPassages */

const EVENTS = ["click", "dragend", "dragover", "dragstart", "passageend", "submit"];
const FAILED = "This could not be done. Try again.";

export class BasketPage extends HTMLElement {
  #leaving = new AbortController();
  /** @type {Through | null} */
  #through = null;
  /** @type {HTMLElement | null} the passage that is dragged */
  #dragged = null;
  /** @type {string[]} what stood before it was */
  #before = [];

  connectedCallback() {
    const mine = kept();
    if (!location.search && mine.length) return location.replace(basketWith(mine));
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    for (const type of EVENTS) this.addEventListener(type, this, { signal });
    for (const type of ["basketchange", "storage"]) addEventListener(type, this, { signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {any} event */
  handleEvent(event) {
    switch (event.type) {
      case "click":
        return this.#press(event.target.closest("button"));
      case "submit":
        return this.#submit(event);
      case "passageend":
        return this.#through.goOn(event.target.closest(".passage"));
      case "dragstart":
        return this.#drag(event);
      case "dragover":
        return this.#dragOver(event);
      case "dragend":
        return this.#drop();
      default:
        return this.#show();
    }
  }

  get #list() {
    return this.querySelector("ol");
  }

  /** @returns {HTMLElement[]} */
  get #passages() {
    return [...this.querySelectorAll(".passage")].map((each) => /** @type {HTMLElement} */ (each));
  }

  get #asked() {
    return asked(this.#passages);
  }

  get #player() {
    return /** @type {FoundPassages} */ (this.querySelector("found-passages"));
  }

  get #isMine() {
    return String(this.#asked) === String(kept());
  }

  /** Show what can be done with scripts. */
  #show() {
    if (!this.#list) return;
    this.querySelector(".act").toggleAttribute("hidden", false);
    this.#through ??= new Through(this);
    this.#through.show();
    const keeping = /** @type {HTMLElement} */ (this.querySelector(".keep"));
    keeping.hidden = this.#isMine;
    keeping.textContent = kept().length ? "Add all to my basket" : "Keep as my basket";
    for (const each of this.#passages) {
      each.querySelector(".handle").toggleAttribute("hidden", this.#passages.length < 2);
    }
  }

  /** @param {HTMLButtonElement | null} button */
  #press(button) {
    if (!button) return;
    if (button.matches(".copy-link")) copy(this, "Link", this.dataset.address);
    else if (button.matches(".keep")) this.#keep();
    else if (button.matches(".through")) this.#through.turn();
  }

  #keep() {
    if (kept().length === 0) {
      keep(this.#asked);
      return say(this, this.#isMine ? "This is your basket now." : "This browser does not let the page keep a basket.");
    }
    for (const each of this.#asked) add(each);
    say(this, `All are in your basket, which has ${kept().length} passages now.`);
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    if (button?.name) query.set(button.name, button.value);
    this.#lead(`${form.action.split("?")[0]}?${query}`, button);
  }

  /**
   * Ask for what the basket becomes, and let it take the place of this one.
   * @param {string} address
   * @param {HTMLButtonElement | null} button
   */
  async #lead(address, button) {
    const wasMine = this.#isMine;
    const passage = button?.closest(".passage");
    const place = this.#passages.indexOf(/** @type {HTMLElement} */ (passage));
    /** @type {Element | null} */
    let fresh = null;
    let found = "";
    try {
      const answer = await fetch(address);
      found = answer.url;
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("basket-page");
    } catch {
      // As where the server answers with something else.
    }
    if (!fresh) return say(this, FAILED);
    const now = asked(fresh.querySelectorAll(".passage"));
    const isChanged = String(now) !== String(this.#asked);
    if (wasMine && isChanged) keep(now);
    if (!now.length || !this.#list) return location.assign(found);
    if (isChanged) history.replaceState(null, "", found);
    this.#become(fresh);
    this.#tell(button, passage, place);
  }

  /** @param {Element} fresh */
  #become(fresh) {
    const before = this.#passages;
    for (const each of fresh.querySelectorAll(".passage")) {
      const [name] = asked([each]);
      const at = before.findIndex((passage) => passage.dataset.asked === name);
      const passage = at < 0 ? document.importNode(each, true) : before.splice(at, 1)[0];
      if (at >= 0) passage.querySelector(".moves").replaceWith(document.importNode(each.querySelector(".moves"), true));
      this.#list.append(passage);
    }
    for (const each of before) this.#player.release(each);
    for (const each of before) each.remove();
    this.#player.adopt();
    for (const part of [".kicker", ".another", ".downloads", ":scope > .address"]) {
      const [old, other] = [this.querySelector(part), fresh.querySelector(part.replace(":scope", "basket-page"))];
      if (old && other) old.replaceWith(document.importNode(other, true));
      else if (old) old.remove();
      else if (other) this.append(document.importNode(other, true));
    }
    this.dataset.address = /** @type {HTMLElement} */ (fresh).dataset.address;
    this.#show();
  }

  /**
   * Say what was done, and leave the focus where it can be done again.
   * @param {HTMLButtonElement | null} button
   * @param {Element | null | undefined} passage
   * @param {number} before its place
   */
  #tell(button, passage, before) {
    const passages = this.#passages;
    if (!button?.name) {
      const refused = this.querySelector("[aria-invalid]");
      const field = /** @type {HTMLElement | null} */ (refused ?? this.querySelector("#add"));
      field?.focus();
      return say(this, refused || !button ? "" : `Added as passage ${passages.length}.`);
    }
    const place = passages.indexOf(/** @type {HTMLElement} */ (passage));
    if (place < 0) say(this, `Passage ${before + 1} was taken out.`);
    else say(this, `Passage ${before + 1} is number ${place + 1} of ${passages.length} now.`);
    const near = place < 0 ? passages[Math.min(before, passages.length - 1)] : passages[place];
    const same = /** @type {HTMLButtonElement} */ (near.querySelector(`[name="${button.name}"]`));
    const other = /** @type {HTMLButtonElement} */ (near.querySelector(".moves button:not(:disabled)"));
    (same.disabled ? other : same).focus({ preventScroll: true });
    near.scrollIntoView({ block: "nearest" });
  }

  /** @param {DragEvent} event */
  #drag(event) {
    const handle = /** @type {Element} */ (event.target).closest?.(".handle");
    if (!handle) return;
    this.#dragged = handle.closest(".passage");
    this.#dragged.toggleAttribute("data-dragged", true);
    this.#before = this.#asked;
    event.dataTransfer.setData("text/plain", this.#dragged.dataset.asked);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(this.#dragged, 20, 20);
  }

  /** @param {DragEvent} event */
  #dragOver(event) {
    const over = /** @type {Element} */ (event.target).closest(".passage");
    if (!this.#dragged) return;
    event.preventDefault();
    if (!over || over === this.#dragged) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(this.#dragged);
    else over.after(this.#dragged);
  }

  #drop() {
    if (!this.#dragged) return;
    this.#dragged.removeAttribute("data-dragged");
    this.#dragged = null;
    this.#moved();
  }

  /** The passages stand in another order: it is that of the address from now on. */
  async #moved() {
    const now = this.#asked;
    if (String(now) === String(this.#before)) return;
    if (String(this.#before) === String(kept())) keep(now);
    history.replaceState(null, "", basketWith(now));
    await this.#lead(basketWith(now), null);
    say(this, "The passages are in this order now.");
  }
}

/**
 * Give passages as an address has them.
 * @param {Iterable<Element>} all
 */
function asked(all) {
  return [...all].map((each) => /** @type {HTMLElement} */ (each).dataset.asked);
}
