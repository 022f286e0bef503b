"""Encodes an access copy, and lets its proof listen to what is encoded.

Of an MP3 of which nothing is to be silent, and of a plain WAV whose rate no copy can have, one ffmpeg decodes and
encodes, and hands the samples on beside that: a second one that is given them through a pipe costs more. What is
encoded is the same. Of other kinds it need not be: the time stamps of a WMA leave room before it, which one ffmpeg
fills.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg, silence
from player.audio.decode import mp3, stream
from player.audio.decode.samples import piped
from player.errors import AudioError, shown, unreadable
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from player.audio.access_proof import Windows
    from player.audio.decode.samples import Samples

_AAC_BITRATE: Final = 64  # kbit/s for each channel
# The same sound makes the same file: no version of the encoder in it.
_PLAIN: Final = ("-fflags", "+bitexact", "-flags:a", "+bitexact")


def encode(
    path: Path,
    shape: Samples,
    length: int | None,
    kind: str,
    copy: Path,
    hush: Sequence[range],
    windows: Windows,
    progress: Callable[[float], object],
) -> int:
    """Decode the sound and encode it to ``copy``, and count its samples; what goes by is shown to ``windows``.

    The samples in ``hush`` go by as silence. ``length`` is in samples, where the copy has another rate than the sound.

    :raise AudioError: where the sound cannot be decoded.
    :raise WriteError: where the copy cannot be encoded.
    """
    header = stream.header(path)
    total = length or (header.stated or 0) * shape.rate // SECOND
    taken = 0

    def heard(samples: bytes) -> bytes:
        nonlocal taken
        taken += len(samples)
        windows.add(samples)
        progress(min(1.0, taken / shape.frame / total) if total else 0.0)
        return samples

    is_stamped = header.codec != mp3.CODEC and (length is None or stream.plain_wav(path) is None)
    if kind == "m4a" and not hush and not is_stamped:
        try:
            _at_once(path, shape, length, copy, heard)
        except AudioError:
            taken = 0
        if not taken:
            # Which of both could not be done shows where they are done apart.
            windows.forget()
            _apart(path, shape, length, kind, copy, hush, heard)
    else:
        _apart(path, shape, length, kind, copy, hush, heard)
    if not taken:
        raise AudioError(f"{shown(path)}: the file contains no sound; replace it with a sound file that plays")
    return taken // shape.frame


def _at_once(path: Path, shape: Samples, length: int | None, copy: Path, heard: Callable[[bytes], object]) -> None:
    """Have one ffmpeg decode, encode, and hand the samples on."""
    source = ffmpeg.from_file(path)
    # Samples as the decoder's own linear decode has them, so that the copy is the same as one that is made apart.
    form = {2: "s16", 4: "s32"}[shape.width]
    chain = ("-af", f"{_to_length(shape, length)}aformat=sample_fmts={form},{stream.HANDED}")
    name = stream.RAW_FORMATS[shape.width]
    samples = (*chain, "-c:a", f"pcm_{name}", "-f", name, "pipe:1")
    # Whatever its tags and chapters say is not for everybody who hears it.
    without = ("-map_metadata", "-1", "-map_chapters", "-1")
    encoded = (*chain, *without, *_options("m4a", shape), "-y", f"file:{copy.absolute()}")
    with ffmpeg.decoding(path, *samples, "-map", "0:a:0", *encoded, source=source) as running:
        while taken := running.read(stream.piece_of(shape.frame)):
            heard(taken)


def _apart(
    path: Path,
    shape: Samples,
    length: int | None,
    kind: str,
    copy: Path,
    hush: Sequence[range],
    heard: Callable[[bytes], bytes],
) -> None:
    """Decode with one ffmpeg, and encode with another what is not to be silent."""

    def pieces() -> Generator[bytes]:
        try:
            with _decoded(path, shape, length) as decoded:
                read = silence.silenced(decoded, hush, shape.frame)
                while samples := read(stream.piece_of(shape.frame)):
                    yield heard(samples)
        except OSError as error:
            raise AudioError(unreadable(path, error)) from None

    with contextlib.closing(pieces()) as given:
        ffmpeg.encode(given, [*piped(shape), *_options(kind, shape), "-y", f"file:{copy.absolute()}"])


def _options(kind: str, shape: Samples) -> list[str]:
    if kind != "m4a":
        return ["-c:a", "flac", *_PLAIN, "-f", "flac"]
    # The end of an edit is exact where the movie counts in samples; ffmpeg's own unit is a millisecond.
    options = ["-c:a", "aac", "-aac_pns", "0", "-b:a", f"{_AAC_BITRATE * shape.channels}k", "-use_editlist", "1"]
    return [*options, "-movflags", "+faststart", "-movie_timescale", str(shape.rate), *_PLAIN, "-f", "ipod"]


@contextlib.contextmanager
def _decoded(path: Path, shape: Samples, length: int | None) -> Iterator[Callable[[int], bytes]]:
    """Give a function that reads the next bytes of the sound, at the rate of the copy."""
    if length is None:
        with stream.linear(path) as read:
            yield read
        return
    name = stream.RAW_FORMATS[shape.width]
    chain = _to_length(shape, length).rstrip(",")
    with ffmpeg.decoding(path, "-af", chain, "-c:a", f"pcm_{name}", "-f", name, "pipe:1") as running:
        yield running.read


def _to_length(shape: Samples, length: int | None) -> str:
    """Give the filters that bring a sound to another rate."""
    if length is None:
        return ""
    # A resampler may give some samples more or fewer at the end.
    return f"aresample={shape.rate},apad=whole_len={length},atrim=end_sample={length},"
