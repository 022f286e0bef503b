"""Measures, levels and writes samples with pydub; the only module that imports it."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import TYPE_CHECKING, Any

from player.audio import ffmpeg
from player.errors import AudioError

if TYPE_CHECKING:
    from player.audio.decode.samples import Samples

# pydub's own imports stand in bare excepts, which would take Ctrl-C as a module that is not there.
with ffmpeg.interrupts_held(), warnings.catch_warnings():
    # pydub 0.25.1 has invalid escapes in its source, imports the deprecated audioop, and looks for ffmpeg on the PATH.
    warnings.simplefilter("ignore")
    import pydub.audio_segment

AudioSegment: Any = pydub.audio_segment.AudioSegment
_audioop: Any = pydub.audio_segment.audioop

# Without ffmpeg pydub still joins.
with contextlib.suppress(AudioError):
    AudioSegment.converter = ffmpeg.executable()


def segment(whole: Samples) -> Any:
    """Give the samples as a pydub ``AudioSegment``."""
    return AudioSegment(data=whole.samples, sample_width=whole.width, frame_rate=whole.rate, channels=whole.channels)


def louder(samples: bytes, width: int, factor: float) -> bytes:
    """Multiply samples by ``factor``; what would be too large is as large as a sample can be."""
    return bytes(_audioop.mul(samples, width, factor))


def wav(whole: Samples) -> bytes:
    """Give the samples as a WAV file."""
    file = io.BytesIO()
    segment(whole).export(file, format="wav")
    return file.getvalue()


def loudest(samples: bytes, width: int) -> int:
    """Give the largest distance from zero of any sample; 0 where there is none."""
    # A file that became shorter while it was read can end within a sample.
    return int(_audioop.max(samples[: len(samples) // width * width], width))


def level(samples: bytes, width: int) -> int:
    """Give the root mean square of ``samples``."""
    return int(_audioop.rms(samples, width))


def difference(one: bytes, other: bytes, width: int) -> bytes:
    """Give the samples of ``one`` less those of ``other``, which are as many; what is out of range is clipped."""
    return bytes(_audioop.add(one, _audioop.mul(other, width, -1), width))


def best_fit(longer: bytes, shorter: bytes) -> int:
    """Give the sample of ``longer`` from which on it is most like ``shorter``, whatever its level; of 16 bits each."""
    # Where there is nothing but zeros audioop divides by zero, and finds nothing: quieter by a tenth, and off by one.
    return int(_audioop.findfit(_audioop.bias(_audioop.mul(longer, 2, 0.9), 2, 1), shorter)[0])


def misfit(one: bytes, other: bytes) -> float:
    """Give how much of ``one`` is not in ``other``, whatever its level: 0 for nothing, 1 for all; of 16 bits each."""
    if not _audioop.rms(one, 2) or not _audioop.rms(other, 2):
        return 1.0
    # Levels come as whole numbers, which for what is soft is too coarse.
    gain = 0x3FFF / max(_audioop.max(one, 2), _audioop.max(other, 2))
    one, other = _audioop.mul(one, 2, gain), _audioop.mul(other, 2, gain)
    whole = _audioop.rms(one, 2)
    if not whole:
        return 1.0
    factor = _audioop.findfactor(one, other)
    return float(_audioop.rms(_audioop.add(one, _audioop.mul(other, 2, -factor), 2), 2) / whole)
