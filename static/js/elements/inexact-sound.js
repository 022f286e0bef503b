/**
 * <inexact-sound>: says so where the browser plays the sound file itself, though the page has an exact copy of it first
 * among its sources: not every browser has the codec, and the copy may be gone.
 */

export class InexactSound extends HTMLElement {
  #leaving = new AbortController();

  connectedCallback() {
    this.#leaving = new AbortController();
    const audio = document.querySelector("audio");
    if (!audio) return;
    audio.addEventListener("loadedmetadata", () => this.#tell(audio), { signal: this.#leaving.signal });
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) this.#tell(audio);
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  /** @param {HTMLAudioElement} audio */
  #tell(audio) {
    const copy = audio.querySelector("source");
    const isCopy = copy !== null && audio.currentSrc.startsWith(copy.src);
    this.textContent = isCopy ? "" : `This browser plays the sound file itself, not its exact copy (${this.dataset.why}).`;
  }
}
