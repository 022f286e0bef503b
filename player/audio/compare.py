"""A clip and the same clip, cut again, into how far they differ, against what its codec is allowed.

WAV and FLAC must be the same to the sample. The others lose something, and two encoders lose not quite the same. So the
difference is taken in windows of 100 ms, and in each held against what the codec itself took away there: the re-cut's
distance from the passage it was made of, the largest of the window and its neighbours. 0 dB says that the two are as
far from one another as the codec is from the passage.

Measured over speech, tones and noise, one and two channels, 16 to 44.1 kHz, at the standard bitrates, with ffmpeg
9.0.2: the same encoder gives the same samples. Without the processor's vector instructions MP3 stays the same, Opus
comes to -0.4 dB, AAC to 4.6 dB. An MP3 by ffmpeg 7.0.2 comes to 4.5 dB; its Opus (8.6 dB) and AAC (21 dB) are refused.
A second of speech that is muted or said otherwise gives 23 dB or more. Where the sound is noise that the codec does
not keep (white noise, 0 to 5 dB) the difference tells nothing, and only the file's digest does.
"""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg, window
from player.audio.encode import encode
from player.audio.probe import probe
from player.timecode import SECOND

if TYPE_CHECKING:
    from player.audio.cut import Cut
    from player.audio.window import Passage

#: How far a clip may be from its re-cut, in dB, by suffix; None where they must be the same to the sample.
TOLERANCES: Final[dict[str, float | None]] = {".wav": None, ".flac": None, ".mp3": 6.0, ".opus": 6.0, ".m4a": 6.0}
#: The length of a window, in milliseconds.
WINDOW: Final = 100

# What a codec takes away of silence is nothing; a difference is held against at least this, of 32768.
_FLOOR: Final = 8


@dataclass(frozen=True)
class Distance:
    """How far two sounds of ``lengths`` samples are from one another: ``worst`` in dB, at ``moment`` milliseconds.

    ``worst`` is minus infinity where they are the same, infinity where they cannot be compared.
    """

    worst: float
    moment: int
    lengths: tuple[int, int]
    tolerance: float | None

    @property
    def is_same(self) -> bool:
        """Tell whether they are the same to the sample."""
        return self.worst == -math.inf

    @property
    def is_within(self) -> bool:
        """Tell whether they are as near as the codec lets them be."""
        return self.is_same or (self.tolerance is not None and self.worst <= self.tolerance)


def distance(clip: Path, passage: Passage, cut: Cut) -> Distance:
    """Hold the clip at ``clip`` against ``passage``, encoded as ``cut`` says.

    :raise AudioError: where the clip cannot be decoded.
    """
    tolerance = TOLERANCES[cut.suffix]
    with tempfile.TemporaryDirectory(prefix="tape-player-") as folder:
        again, plain = Path(folder) / f"again{cut.suffix}", Path(folder) / "plain.wav"
        encode(passage, again, cut.format, title="", bitrate=cut.bitrate)
        found, wanted = _decoded(clip), _decoded(again)
        lengths = (found.length, wanted.length)
        if found == wanted:
            return Distance(-math.inf, 0, lengths, tolerance)
        if (found.rate, found.channels, found.width, found.length) != (
            wanted.rate,
            wanted.channels,
            wanted.width,
            wanted.length,
        ):
            return Distance(math.inf, 0, lengths, tolerance)
        _write_plain(passage, wanted.rate, plain)
        worst, moment = _worst(found, wanted, _decoded(plain) if tolerance is not None else wanted)
    return Distance(worst, moment, lengths, tolerance)


def _decoded(path: Path) -> Passage:
    return window.decode(path, 0, probe(path).length)


def _write_plain(passage: Passage, rate: int, target: Path) -> None:
    """Write the passage as the encoder gets it: at its rate, in 16 bits."""
    raw = "s16le" if passage.width == 2 else "s32le"  # noqa: PLR2004
    ffmpeg.encode(
        passage.samples,
        [
            *("-f", raw, "-ar", str(passage.rate), "-ac", str(passage.channels), "-i", "pipe:0"),
            *("-ar", str(rate), "-c:a", "pcm_s16le", "-y", "-f", "wav", f"file:{target.absolute()}"),
        ],
    )


def _worst(found: Passage, wanted: Passage, plain: Passage) -> tuple[float, int]:
    # pydub takes 40 ms to import.
    from player.audio import segment  # noqa: PLC0415

    width = wanted.width
    size = wanted.rate * WINDOW // SECOND * wanted.channels * width
    apart = segment.levels(segment.difference(found.samples, wanted.samples, width), width, size)
    original = plain.samples[: len(wanted.samples)].ljust(len(wanted.samples), b"\0")
    lost = segment.levels(segment.difference(wanted.samples, original, width), width, size)
    allowed = [max(_FLOOR, *lost[max(0, index - 1) : index + 2]) for index in range(len(lost))]
    ratios = [20 * math.log10(max(level, 1) / limit) for level, limit in zip(apart, allowed, strict=True)]
    worst = max(range(len(ratios)), key=ratios.__getitem__)
    return ratios[worst], worst * WINDOW
