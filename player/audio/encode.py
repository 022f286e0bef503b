"""A passage into a file of one of the formats that clips have.

pydub's own ``export`` writes the passage to a temporary WAV, and leaves that and its output behind where the encoder
fails or is interrupted. So its WAV is used, and all else goes to ffmpeg through a pipe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg, riff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.audio.window import Passage


@dataclass(frozen=True)
class Format:
    """A kind of sound file: ffmpeg's ``muxer`` and ``options``, and the kbit/s for one and for two channels."""

    muxer: str
    options: tuple[str, ...] = ()
    bitrates: tuple[int, int] | None = None


#: Formats by the suffix of a file's name.
FORMATS: Final = {
    ".mp3": Format("mp3", ("-c:a", "libmp3lame", "-id3v2_version", "3"), (64, 128)),
    ".wav": Format("wav"),
    ".flac": Format("flac", ("-c:a", "flac")),
    ".opus": Format("opus", ("-c:a", "libopus"), (48, 96)),
    ".m4a": Format("ipod", ("-c:a", "aac", "-movflags", "+faststart"), (64, 128)),
}


def encode(
    passage: Passage,
    target: Path,
    kind: Format,
    *,
    title: str,
    bitrate: int | None = None,
    info: Mapping[str, str] | None = None,
) -> None:
    """Write the passage to ``target`` with a title in its tags; ``bitrate`` is in kbit/s, where the format has one.

    ``info`` are more fields for a WAV's LIST INFO; the tags of other formats are written into the finished file.

    :raise AudioError: where ffmpeg fails.
    :raise OSError: where the file cannot be written.
    """
    if kind.muxer == "wav":
        from player.audio import segment  # noqa: PLC0415

        target.write_bytes(riff.with_info(segment.wav(passage), {"INAM": title, **(info or {})}))
        return
    raw = "s16le" if passage.width == 2 else "s32le"  # noqa: PLR2004
    rate = bitrate or (kind.bitrates[passage.channels > 1] if kind.bitrates else None)
    ffmpeg.encode(
        passage.samples,
        [
            *("-f", raw, "-ar", str(passage.rate), "-ac", str(passage.channels), "-i", "pipe:0"),
            *kind.options,
            *(("-b:a", f"{rate}k") if rate else ()),
            # The same passage makes the same file: no version of the encoder, no random serial number.
            *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
            *("-metadata", f"title={title}", "-y", "-f", kind.muxer, f"file:{target.absolute()}"),
        ],
    )
