"""Hears whether a tone is in a sound: how loud it is at its loudest, wherever that may be.

For what must not be heard. A passage that is closed is given a tone that nothing else in the sound has; in whatever a
visitor or a file gets, its level has to be that of silence.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import imageio_ffmpeg
import numpy as np

from player.audio.decode import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A tone that no speech, no harmonic of a whole hundred and no mains hum has.
RARE: Final = 3517
#: Where all of a sound is below this, the tone is not in it: where another breaks off, and in noise, -42 is reached at
#: any pitch. A tone that is planted should reach -15.
SILENT: Final = -35.0
# In seconds: short enough that a passage of a tenth of a second is not lost in what is around it.
_WINDOW: Final = 0.05
_EXECUTABLE: Final = imageio_ffmpeg.get_ffmpeg_exe()


def tone_levels(samples: NDArray[Any], rate: int, hertz: float = RARE) -> NDArray[Any]:
    """Give the level of a tone in each window of 50 ms, two of which overlap by half, in dB of full scale.

    ``samples`` are integers of 16 bits, or floats of which 1 is full scale; a row for each sample where there are more
    channels than one, of which the loudest counts. A tone that is as loud as can be is at 0 dB.
    """
    scaled = samples / (32_768 if samples.dtype.kind == "i" else 1)
    channels = scaled.reshape(len(scaled), -1)
    size = max(8, round(_WINDOW * rate))
    padded = np.vstack([channels, np.zeros((max(0, size - len(channels)), channels.shape[1]))])
    starts = np.arange(0, len(padded) - size + 1, size // 2)
    window = np.blackman(size)
    turning = window * np.exp(-2j * np.pi * hertz * np.arange(size) / rate) * 2 / window.sum()
    found = np.empty(len(starts))
    for number, start in enumerate(starts):
        found[number] = np.abs(turning @ padded[start : start + size]).max()
    return 20 * np.log10(np.maximum(found, 1e-9))


def tone_level(samples: NDArray[Any], rate: int, hertz: float = RARE) -> float:
    """Give the level of a tone where it is loudest, in dB of full scale: about -180 where there is nothing."""
    return float(tone_levels(samples, rate, hertz).max())


def decoded(sound: bytes) -> tuple[NDArray[Any], int]:
    """Decode the bytes of a sound file, of whatever kind: samples of 16 bits, a row for all channels, and their rate.

    What is no sound at all has no samples.
    """
    # Not by pipes: some kinds of file can only be read, and a WAV only be written whole, where one can go back.
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given", Path(folder) / "made.wav"
        given.write_bytes(sound)
        command = [_EXECUTABLE, "-v", "quiet", "-nostdin", "-i", str(given), "-map", "0:a:0", "-c:a", "pcm_s16le"]
        subprocess.run([*command, str(made)], check=False, capture_output=True)
        # Python's own wave reads no head of a WAV of more than 48 kHz before 3.12.
        head = stream.read_wav(made) if made.is_file() else None
        if head is None:
            return np.empty((0, 1), "<i2"), 44_100
        samples = np.fromfile(made, "<i2", head.length * head.channels, offset=head.offset)
        return samples.reshape(-1, head.channels), head.rate


def level_in(sound: bytes, hertz: float = RARE) -> float:
    """Give the level of a tone in the bytes of a sound file where it is loudest, in dB of full scale."""
    samples, rate = decoded(sound)
    return tone_level(samples, rate, hertz) if samples.size else -180.0
