/** Asks for what no key says: another reading, another speaker, a note. One form at a time, below the words in hand. */

import { forget, recall, remember } from "../elements/memory.js";
import { made } from "./made.js";

/** @typedef {{id: string, title: string}} Source */

/** So many sources are shown at once; of more, those that are looked for. */
const SHOWN = 8;

export class Forms {
  #place;
  #closed;

  /**
   * @param {HTMLElement} place
   * @param {() => void} closed is told when a form is left, so that the focus goes back
   */
  constructor(place, closed) {
    this.#place = place;
    this.#closed = closed;
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.close();
    });
  }

  get isOpen() {
    return this.#place.childElementCount > 0;
  }

  close() {
    if (!this.isOpen) return;
    this.#place.replaceChildren();
    this.#closed();
  }

  /**
   * Ask for another reading.
   * @param {string} words those that it stands for
   * @param {{lang: string, dir: string}} language
   * @param {(text: string, by: string | null) => Promise<boolean>} given
   */
  reading(words, language, given) {
    const text = field("text", "Another reading", { ...language, required: true });
    const by = field("by", "Who reads so", { placeholder: "typescript", optional: true });
    this.#open(`Another reading of “${words}”`, "Add", [text, by], (form) =>
      given(form.get("text"), form.get("by") || null),
    );
  }

  /**
   * Offer to do something; the key that led here does it, too.
   * @param {string} title
   * @param {string} text
   * @param {string} does
   * @param {() => Promise<boolean>} given
   */
  offer(title, text, does, given) {
    const form = this.#open(title, does, [made("p", {}, text)], given);
    form.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "u" && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) form.requestSubmit();
    });
  }

  /** @param {(name: string) => Promise<boolean>} given */
  speaker(given) {
    const name = field("name", "Name, as the transcript has it", { required: true });
    this.#open("Another speaker", "Take", [name], (form) => given(form.get("name")));
  }

  /**
   * Ask for a note. What is typed is remembered until the note is kept, though the form or the page is left.
   * @param {{words: string | null, kinds: string[], sources: Source[] | null, as: string}} about `words` where a note can be on
   *   those in hand; `as` is the name under which it is remembered
   * @param {(note: {isOnWords: boolean, kind: string, text: string, sources: string[]}) => Promise<boolean>} given
   */
  note({ words, kinds, sources, as }, given) {
    const before = recall(as) ?? {};
    const options = kinds.map((kind) => made("option", { value: kind, selected: kind === before.kind }, kind));
    const kind = made("label", {}, made("span", {}, "Kind"), made("select", { name: "kind" }, ...options));
    const text = made("label", { class: "long" }, made("span", {}, "Text"), made("textarea", { name: "text", rows: 3, required: true }, String(before.text ?? "")));
    const on = words !== null && made(
      "label", {}, made("span", {}, "On"),
      made("select", { name: "on" }, made("option", { value: "words" }, `“${words}”`), made("option", { value: "line" }, "the line")),
    );
    const chosen = new SourceChoice(sources, before.sources);
    const form = this.#open("A note", "Keep the note", [kind, on, text, chosen.element], async (said) => {
      const told = { kind: said.get("kind"), text: said.get("text"), sources: chosen.ids };
      const isKept = await given({ isOnWords: said.get("on") === "words", ...told });
      if (isKept) forget(as);
      return isKept;
    });
    // A box that is ticked tells so by "change" alone in time.
    form.addEventListener("change", () => this.#keep(as, form, chosen.ids));
    form.addEventListener("input", () => this.#keep(as, form, chosen.ids));
  }

  /**
   * @param {string} as
   * @param {HTMLFormElement} form
   * @param {string[]} sources
   */
  #keep(as, form, sources) {
    const said = new FormData(form);
    if (said.get("text")) remember(as, { kind: said.get("kind"), text: said.get("text"), sources });
    else forget(as);
  }

  /**
   * @param {string} title
   * @param {string} does
   * @param {(Node | false)[]} parts
   * @param {(form: Map<string, string>) => Promise<boolean>} given tells whether it was done; else the form stays
   * @returns {HTMLFormElement}
   */
  #open(title, does, parts, given) {
    const heading = made("h2", { id: "desk-form" }, title);
    const cancel = made("button", { type: "button", class: "plain" }, "Leave it");
    const submit = made("button", { class: "button quiet" }, does);
    const form = /** @type {HTMLFormElement} */ (made("form", { "aria-labelledby": "desk-form", class: "ui desk-form" }, heading, ...parts, made("p", {}, submit, " ", cancel)));
    cancel.addEventListener("click", () => this.close());
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const values = new FormData(form);
      const said = new Map([...values].map(([name, value]) => [name, String(value).trim()]));
      if (await given(said)) this.close();
    });
    this.#place.replaceChildren(form);
    /** @type {HTMLElement | null} */ (form.querySelector("input, select, textarea") ?? submit).focus();
    form.scrollIntoView({ block: "nearest" });
    return form;
  }
}

/**
 * @param {string} name
 * @param {string} label
 * @param {Record<string, unknown>} attributes
 */
function field(name, label, { optional, ...attributes }) {
  return made(
    "label", {},
    made("span", {}, label, optional ? made("small", {}, " (may be left out)") : null),
    made("input", { name, autocomplete: "off", ...attributes }),
  );
}

/** Sources of a list that may be long: a field narrows it, and those that are ticked stay. */
class SourceChoice {
  element;
  #sources;
  #list = made("div", { class: "list" });
  /** @type {Set<string>} */
  #ticked = new Set();

  /**
   * @param {Source[] | null} sources null where they cannot be read
   * @param {unknown} ticked those that were chosen before
   */
  constructor(sources, ticked) {
    this.#sources = sources ?? [];
    for (const { id } of this.#sources) if (Array.isArray(ticked) && ticked.includes(id)) this.#ticked.add(id);
    const search = made("input", { type: "search", "aria-label": "Find a source", placeholder: "Find a source" });
    search.addEventListener("input", () => this.#show(/** @type {HTMLInputElement} */ (search).value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey) event.preventDefault(); // it is looked for already
    });
    const legend = made("legend", {}, "Sources");
    // Most kinds of notes are refused without one.
    const file = made("code", {}, "transcripts/sources.toml");
    const none = sources
      ? made("p", {}, "The archive has no sources yet. They are written down in ", file, "; only a segment needs none.")
      : made("p", {}, "The sources cannot be read. player check says what is wrong in ", file, "; only a segment needs none.");
    this.element = made("fieldset", {}, legend, this.#sources.length > SHOWN && search, this.#sources.length ? this.#list : none);
    this.#list.addEventListener("change", ({ target }) => {
      const { value, checked } = /** @type {HTMLInputElement} */ (target);
      if (checked) this.#ticked.add(value);
      else this.#ticked.delete(value);
    });
    this.#show("");
  }

  get ids() {
    return [...this.#ticked];
  }

  /** @param {string} sought */
  #show(sought) {
    const letters = sought.trim().toLowerCase();
    const found = this.#sources.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(letters));
    const ticked = this.#sources.filter(({ id }) => this.#ticked.has(id));
    const shown = [...ticked, ...found.filter(({ id }) => !this.#ticked.has(id)).slice(0, SHOWN)];
    this.#list.replaceChildren(
      ...shown.map(({ id, title }) => {
        const box = made("input", { type: "checkbox", value: id, checked: this.#ticked.has(id) });
        return made("label", {}, box, " ", made("span", {}, made("bdi", {}, title), " ", made("small", {}, id)));
      }),
    );
  }
}
