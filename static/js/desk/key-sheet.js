/** Lists the keys: the foot of the page has those that are used most, a leaf laid over it all of them, as buttons. */

import { recall, remember } from "../elements/memory.js";
import { GROUPS, IN_TEXT } from "./keys.js";
import { made } from "./made.js";

const WHAT = "desk-keys-off";

export class KeySheet {
  #dialog;
  #does;
  /** Whether single keys are commands. Who speaks to the computer, or reaches keys by chance, turns them off. */
  areOn = recall(WHAT) !== true;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLElement} foot
   * @param {(asked: {does: string, by?: number}) => void} does
   */
  constructor(dialog, foot, does) {
    this.#dialog = dialog;
    this.#does = does;
    foot.replaceChildren(...GROUPS.flatMap(({ keys }) => keys.filter(({ bar }) => bar)).map((key) => this.#button(key, key.bar)));
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog) dialog.close();
    });
  }

  open() {
    if (!this.#dialog.childElementCount) this.#fill();
    this.#dialog.showModal();
  }

  #fill() {
    const close = made("button", { type: "button", class: "plain", autofocus: true }, "Close");
    close.addEventListener("click", () => this.#dialog.close());
    const areOn = /** @type {HTMLInputElement} */ (made("input", { type: "checkbox", checked: this.areOn }));
    areOn.addEventListener("change", () => {
      this.areOn = areOn.checked;
      remember(WHAT, !areOn.checked);
    });
    const groups = GROUPS.map(({ about, keys }) =>
      made("section", {}, made("h3", {}, about), made("ul", {}, ...keys.map((key) => made("li", {}, this.#button(key, key.says))))),
    );
    const typed = IN_TEXT.map(([key, says]) => made("li", {}, made("span", {}, made("kbd", {}, key), " ", says)));
    this.#dialog.append(
      made("header", {}, made("h2", { id: "sheet-title" }, "Keys"), close),
      made("p", {}, "Outside of the text each key does what stands beside it; so does a press on its name."),
      made("label", {}, areOn, " ", "Single keys are on"),
      made("div", { class: "groups" }, ...groups, made("section", {}, made("h3", {}, "In the text"), made("ul", {}, ...typed))),
    );
  }

  /**
   * @param {import("./keys.js").Key} key
   * @param {string} says
   */
  #button({ does, by, shown, key }, says) {
    const keys = shown.split(" ").filter((each) => each !== "to");
    const written = shown.includes(" to ") ? [made("kbd", {}, keys[0]), " to ", made("kbd", {}, keys[1])] : keys.map((each) => made("kbd", {}, each));
    const isSpeaker = key === "1–9";
    const button = made("button", { type: "button" }, ...written, " ", says);
    button.addEventListener("click", () => {
      const wasOpen = this.#dialog.open;
      if (wasOpen) this.#dialog.close();
      this.#does(isSpeaker ? { does: "speakers" } : does === "speaker" ? { does, by: 0 } : { does, by });
    });
    return button;
  }
}
