/** Keeps what the page jumps to, and what the focus reaches, clear of the transport, which grows as it unfolds. */

const BREATH = 16;

export class FootRoom {
  #transport;

  /** @param {HTMLElement} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    const observer = new ResizeObserver(() => this.#make());
    observer.observe(this.#transport);
    addEventListener("resize", () => this.#make(), { signal });
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  #make() {
    const isPinned = getComputedStyle(this.#transport).position === "sticky";
    const { style } = document.documentElement;
    if (isPinned) style.setProperty("--foot", `${this.#transport.offsetHeight + BREATH}px`);
    else style.removeProperty("--foot");
  }
}
