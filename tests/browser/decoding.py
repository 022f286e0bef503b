"""What a browser decodes of a sound file, by ``decodeAudioData``: all samples, at the file's own rate."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from browser.hearing import Runs
    from numpy.typing import NDArray

_SCRIPT: Final = """
    const [sound, rate] = arguments;
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const text = (array) => {
      let made = "";
      for (let at = 0; at < array.length; at += 8192) made += String.fromCharCode(...array.subarray(at, at + 8192));
      return btoa(made);
    };
    return new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes(sound).buffer).then((decoded) =>
      Array.from({ length: decoded.numberOfChannels }, (_, number) =>
        text(new Uint8Array(decoded.getChannelData(number).slice().buffer))));
"""


def decoded_by(page: Runs, sound: bytes, rate: int) -> NDArray[Any]:
    """Give the samples of a sound, a row for each of all channels: floats, of which 1 is full scale."""
    found = page.run(_SCRIPT, base64.b64encode(sound).decode(), rate)
    return np.stack([np.frombuffer(base64.b64decode(each), "<f4") for each in found], 1)
