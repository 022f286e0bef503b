/** What is wrong with the sound, into a sentence that says it and what still works. */

export function offline() {
  return `You are offline. What has been loaded still plays. ${still()}`;
}

/**
 * Ask the media element, and the server where the element does not know, why there is no sound.
 * @param {HTMLMediaElement} audio after its error event
 * @param {boolean} isReadable whether the server could read the file as sound
 * @returns {Promise<string>} "" where the page says already that it is offline
 */
export async function faultOf(audio, isReadable) {
  const { code } = audio.error ?? {};
  if (code === MediaError.MEDIA_ERR_DECODE) {
    return `This browser cannot decode the sound from here on; the file may be damaged. ${still()}`;
  }
  const refusal = await refusalOf(audio.currentSrc, lost());
  if (refusal !== null) return refusal;
  if (code === MediaError.MEDIA_ERR_NETWORK) return lost();
  const also = isReadable ? "; clips of it, as MP3 or WAV, it can" : ", and it may be damaged";
  return `This browser cannot play this kind of sound file${also}. ${still()}`;
}

/**
 * Ask the server why no more of the sound comes, though the browser still waits for it.
 * @param {string} address of the sound
 * @returns {Promise<string>}
 */
export async function waitOf(address) {
  const unanswered = `The archive does not answer. The sound goes on by itself when it does. ${still()}`;
  return (await refusalOf(address, unanswered)) ?? `The sound is slow in coming; it goes on by itself. ${still()}`;
}

/**
 * @param {string} address
 * @param {string} unanswered what is said where no answer comes
 * @returns {Promise<string | null>} null where the server would send the sound
 */
async function refusalOf(address, unanswered) {
  let status;
  try {
    ({ status } = await fetch(address, { method: "HEAD", cache: "no-store" }));
  } catch {
    return navigator.onLine ? unanswered : "";
  }
  if (status === 404) return `The sound file is not in the archive. ${still()}`;
  if (status >= 400) return `The server cannot send the sound (it answers ${status}). Press Play to try again. ${still()}`;
  return null;
}

function lost() {
  return `The connection to the archive was lost. Press Play to go on from here. ${still()}`;
}

/** What there is to read all the same. */
function still() {
  const parts = [[".cue", "transcript"], [".note", "notes"]].filter(([selector]) => document.querySelector(selector));
  const kept = parts.map(([, name]) => `the ${name}`).join(" and ") || "what is known of it";
  return `${kept[0].toUpperCase()}${kept.slice(1)} can still be read.`;
}
