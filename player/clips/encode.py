"""A passage into a file of one of the formats that clips have.

pydub's own ``export`` writes the passage to a temporary WAV, and leaves that and its output behind where the encoder
fails or is interrupted; and it holds the whole in memory. So the head of its WAV is used, and all else goes to ffmpeg
through a pipe, a piece at a time.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.decode import riff
from player.audio.decode.window import Passage
from player.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.audio.decode.window import Decoding
    from player.audio.formats import Format

# What a WAV's head can say: bytes of one sample of every channel, and of a second.
_MOST_IN_FRAME: Final = 0xFFFF
_MOST_IN_SECOND: Final = 0xFFFFFFFF


def encode(
    passage: Decoding | Passage,
    target: Path,
    kind: Format,
    *,
    title: str,
    bitrate: int | None = None,
    info: Mapping[str, str] | None = None,
) -> None:
    """Write the passage to ``target`` with a title in its tags; ``bitrate`` is in kbit/s, where the format has one.

    ``info`` are more fields for a WAV's LIST INFO; the tags of other formats are written into the finished file.

    :raise WriteError: where ffmpeg fails, or the format cannot hold the passage.
    :raise AudioError: where the passage cannot be decoded.
    :raise OSError: where the file cannot be written.
    """
    if not kind.is_encoded:
        _write_wav(passage, target, {"INAM": title, **(info or {})})
        return
    raw = "s16le" if passage.width == 2 else "s32le"  # noqa: PLR2004
    rate = bitrate or (kind.bitrates[passage.channels > 1] if kind.bitrates else None)
    arguments = [
        *("-f", raw, "-ar", str(passage.rate), "-ac", str(passage.channels), "-i", "pipe:0"),
        *kind.options,
        *(("-b:a", f"{rate}k") if rate else ()),
        # The same passage makes the same file: no version of the encoder, no random serial number.
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-metadata", f"title={title}", "-y", "-f", kind.muxer, f"file:{target.absolute()}"),
    ]
    with closing(passage.pieces()) as pieces:
        ffmpeg.encode(pieces, arguments)


def _write_wav(passage: Decoding | Passage, target: Path, fields: Mapping[str, str]) -> None:
    # pydub takes 40 ms to import.
    from player.audio import segment  # noqa: PLC0415

    frame = passage.channels * passage.width
    parts = None
    if frame <= _MOST_IN_FRAME and passage.rate * frame <= _MOST_IN_SECOND:
        empty = segment.wav(Passage(b"", passage.rate, passage.channels, passage.width))
        parts = riff.around(empty, passage.length * frame, fields)
    if parts is None:
        raise WriteError("a WAV file cannot hold so much (4 GB are its limit); cut less, or write a .flac")
    before, after = parts
    with closing(passage.pieces()) as pieces, target.open("wb") as file:
        file.write(before)
        for samples in pieces:
            file.write(samples)
        file.write(after)
