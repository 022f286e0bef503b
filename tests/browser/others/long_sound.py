"""Two recordings of twenty minutes, 9.6 MB each, as MP3 and as WAV, with a line every ten seconds."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Final

from tones import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final = ("mp3", "wav")
SECONDS: Final = 1_200
#: Seconds of a line, one after another without a gap.
LINE: Final = 10

_RATE: Final = 4_000  # samples of 16 bits: 64 kbit/s
# A period of 250 Hz.
_WAVE: Final = (0, 38, 71, 92, 100, 92, 71, 38, 0, -38, -71, -92, -100, -92, -71, -38)


def line_at(moment: int) -> str:
    """Give the id of the line that is spoken then."""
    return f"L{moment // 1000 // LINE}"


def write_archive(root: Path) -> Path:
    """Write an archive at ``root``, which must not be there, that holds "mp3" and "wav" and nothing else."""
    (root / "media").mkdir(parents=True)
    wav = root / "media" / "long.wav"
    period = b"".join((80 * step).to_bytes(2, "little", signed=True) for step in _WAVE)
    with wave.open(str(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(period * (SECONDS * _RATE // len(_WAVE)))
    ffmpeg("-i", str(wav), "-ar", "22050", "-b:a", "64k", str(wav.with_suffix(".mp3")))
    cues = "\n".join(map(_cue, range(SECONDS // LINE)))
    for kind in KINDS:
        folder = root / "transcripts" / kind
        folder.mkdir(parents=True)
        (folder / "recording.toml").write_text(
            f'title = "Twenty minutes of {kind}"\ndate = "1963-11-05"\nmedia = "long.{kind}"\n'
            '[[speaker]]\nname = "Ada"\nkind = "unidentified"\n',
            encoding="utf-8",
        )
        (folder / "transcript.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    return root


def _cue(number: int) -> str:
    start, end = (f"{second // 60:02d}:{second % 60:02d}.000" for second in (number * LINE, (number + 1) * LINE))
    return f"L{number}\n{start} --> {end}\n<v Ada>This is line {number} of the tape.\n"
