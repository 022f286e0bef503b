"""Measures how loud a sound is, and how high its peaks are, with ffmpeg's filter ebur128.

The loudness is the integrated one of EBU R 128 (ITU-R BS.1770), in LUFS: of the whole sound, without its silences. The
peak is the true one, in dBTP: what a player makes of the samples can be higher than any of them.
"""

from __future__ import annotations

import math
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.decode.samples import piped
from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.decode.samples import Decoding

# What is said frame by frame is not printed.
_FILTER: Final = "ebur128=peak=true:framelog=verbose"
_LOUDNESS: Final = re.compile(r"\bI:\s+(-?[0-9.]+|-?inf|nan) LUFS")
_PEAK: Final = re.compile(r"\bPeak:\s+(-?[0-9.]+|-?inf|nan) dBFS")
# What the filter says where no window of 400 ms is louder than its gate.
_NOTHING: Final = -70.0


@dataclass(frozen=True)
class Loudness:
    """How loud a sound is, in LUFS, and its true peak, in dBTP, each to a tenth.

    ``integrated`` is None where it is too short or too soft to be measured, ``true_peak`` where there is only silence.
    """

    integrated: float | None
    true_peak: float | None


def measure(sound: Decoding) -> Loudness:
    """Measure a sound; it is decoded for that.

    :raise AudioError: where it cannot be decoded, or ffmpeg measures nothing.
    :raise WriteError: where ffmpeg fails.
    """
    with closing(sound.pieces()) as pieces:
        return _read(ffmpeg.listened(pieces, [*piped(sound), "-af", _FILTER, "-f", "null", "-"]))


def measure_file(path: Path) -> Loudness:
    """Measure the sound in the file at ``path``, as ffmpeg decodes it.

    :raise AudioError: where it cannot be decoded, or ffmpeg measures nothing.
    """
    with ffmpeg.decoding(path, "-af", _FILTER, "-f", "null", "-", log="info") as running:
        running.read(1)
        return _read(running.said)


def _read(lines: Sequence[str]) -> Loudness:
    said = "\n".join(lines)
    loudness, peak = _LOUDNESS.findall(said), _PEAK.findall(said)
    if not loudness or not peak:
        raise AudioError("this ffmpeg does not measure loudness; use the one that comes with imageio-ffmpeg")
    integrated, true_peak = float(loudness[-1]), float(peak[-1])
    return Loudness(integrated if integrated > _NOTHING else None, true_peak if math.isfinite(true_peak) else None)
