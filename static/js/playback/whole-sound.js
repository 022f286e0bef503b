/**
 * Makes a sound one that a browser can play from any moment, in a copy that no server answers for. A browser asks for a
 * part of the file; a plain server may send the whole instead. Then it is loaded whole, and played from memory.
 */

const MESSAGE = "The sound is loading as a whole: this server does not send parts of files.";

/**
 * Give an address from which a browser can play a sound from any moment.
 * @param {string} address
 * @param {() => void} [onWhole] is called before it is loaded whole
 */
export async function seekable(address, onWhole = () => {}) {
  const answer = await fetch(address, { headers: { Range: "bytes=0-1" }, cache: "no-store" });
  if (answer.status !== 200) {
    answer.body?.cancel();
    return address;
  }
  onWhole();
  return URL.createObjectURL(await answer.blob());
}

/**
 * Let an element play its sound from any moment, and say below another what is waited for.
 * @param {HTMLAudioElement} audio
 * @param {Element | null} above
 */
export async function makeSeekable(audio, above) {
  const [source] = audio.hasAttribute("src")
    ? [audio]
    : [...audio.querySelectorAll("source")].filter(({ type }) => !type || audio.canPlayType(type));
  if (!source) return;
  const [address] = source.src.split("#");
  const message = document.createElement("p");
  message.className = "hint from";
  message.setAttribute("role", "status");
  message.textContent = MESSAGE;
  try {
    const found = await seekable(address, () => {
      audio.preload = "none";
      above?.after(message);
    });
    if (found === address) return;
    audio.replaceChildren();
    audio.src = found;
    audio.preload = "metadata";
  } catch {
    // It plays as it can, and the page says what is wrong with the sound when it is played.
  } finally {
    message.remove();
  }
}
