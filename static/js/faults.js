/** What is wrong with the sound, into a sentence that says it and what still works. */

const STILL = "The transcript and the notes can still be read.";

/** @param {string} kind */
export function offline(kind = "You are offline.") {
  return `${kind} What has been loaded still plays; ${STILL[0].toLowerCase()}${STILL.slice(1)}`;
}

/**
 * Ask the media element, and the server where the element does not know, why there is no sound.
 * @param {HTMLMediaElement} audio after its error event
 * @returns {Promise<string>}
 */
export async function faultOf(audio) {
  switch (audio.error?.code) {
    case MediaError.MEDIA_ERR_DECODE:
      return `This browser cannot decode the sound from here on; the file may be damaged. ${STILL}`;
    case MediaError.MEDIA_ERR_NETWORK:
      return lost();
    default:
      return refused(audio.currentSrc);
  }
}

/** @param {string} address */
async function refused(address) {
  let status;
  try {
    ({ status } = await fetch(address, { method: "HEAD" }));
  } catch {
    return lost();
  }
  if (status === 404) return `The sound file is not in the archive. ${STILL}`;
  if (status >= 400) return `The server cannot send the sound (it answers ${status}). Press Play to try again. ${STILL}`;
  return `This browser cannot play this kind of sound file. ${STILL}`;
}

function lost() {
  if (!navigator.onLine) return offline();
  return `The connection to the archive was lost. Press Play to try again. ${STILL}`;
}
