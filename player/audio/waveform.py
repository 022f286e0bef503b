"""Measures the outline of a sound's loudness, and draws it.

The whole sound is decoded once, a piece at a time, and each piece is gone before the next: a tape of ten hours needs no
more memory than one of ten minutes. It is accurate enough for a drawing: samples are taken as 16 bits, and each part of
the outline may begin up to an eighth of its length too early or too late.
"""

from __future__ import annotations

import contextlib
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache, ffmpeg, silence
from player.audio.decode import stream
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.timecode import Span

#: How many parts an outline has.
POINTS: Final = 1000

_WIDTH: Final = 1000
_HEIGHT: Final = 48
# A bar every three units leaves a gap that still shows where the drawing is 330 pixels wide.
_STEP: Final = 3
_BAR: Final = 1.8
# How many pieces are measured for each part of an outline, at least; at most twice as many.
_FINE: Final = 8
# Bytes that are read at a time, and samples that ffmpeg passes on: with the 576 of an MP3's frames, decoding takes
# half as long again.
_CHUNK: Final = 1 << 17
_HANDED: Final = "asetnsamples=n=16384:p=0"
# "[info]   Duration: 10:00:00.02, start: 0.000000, bitrate: 64 kb/s": what the container states.
_DURATION: Final = re.compile(r"\[info\] +Duration: (?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d\.\d+)")


def peaks(path: Path, points: int = POINTS, progress: Callable[[float], object] | None = None) -> tuple[float, ...]:
    """Give the loudest sample of each of ``points`` equal parts of the sound, from 0 to 1 (full scale).

    Fewer where the sound has fewer samples. The result is cached. ``progress`` is called from time to time with how
    much of the sound was read, from 0 to 1, as far as that can be known.

    :raise AudioError: where the sound cannot be decoded.
    """
    return tuple(cache.derived(path, _kind(points), lambda: _peaks(path, points, progress or (lambda _: None))))


def kept(path: Path, points: int = POINTS) -> tuple[float, ...] | None:
    """Give at once what ``peaks`` has cached; None where the sound would have to be read.

    :raise AudioError: where the file cannot be read.
    """
    found = cache.kept(path, _kind(points))
    return None if found is None else tuple(found)


def svg(outline: Sequence[float], read: float | None = None) -> str:
    """Draw the outline as an SVG document: bars about the middle, in one path, ``#wave``.

    The loudest bar is as high as the drawing, 48 units; the softest has half a height of 1, so that silence is a line;
    and so is an outline without parts. ``read`` marks one that is not made yet (``data-read``): how much of the
    sound was read, from 0 to 1.
    """
    state = "" if read is None else f' data-read="{read:.3f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"{state}>'
        f'<path id="wave" d="{"".join(_bars(outline))}"/></svg>\n'
    )


def silenced(outline: Sequence[float], silent: Sequence[Span], length: int) -> tuple[float, ...]:
    """Give the outline of a sound of ``length`` milliseconds with no loudness wherever a passage in ``silent`` is.

    Every bar of the drawing that overlaps one, even partly, is flat, and all are where one is not in the sound.
    """
    if silence.past_end(silent, length) is not None:
        return tuple(0.0 for _ in outline)
    bars = _bars_of(len(outline))
    found = list(outline)
    # A part may begin too early or too late by an eighth of its length, and so may its neighbour end.
    slack = length / len(outline) / _FINE if outline else 0.0
    for part in bars:
        start, end = (at * length / len(outline) for at in (part.start, part.stop))
        if any(span.start < end + slack and start - slack < span.end for span in silent):
            found[part.start : part.stop] = [0.0] * len(part)
    return tuple(found)


class Outline:
    """The loudest samples of equal parts of a sound whose length is not known before its end.

    Pieces become twice as long whenever there are twice as many as wanted, so that it holds a fixed number of them.
    """

    def __init__(self, width: int, frame: int, fine: int) -> None:
        self._width = width
        self._most = 2 * fine
        self._piece = self._left = frame  # bytes of a piece, and those of the last one that are to come
        self._found: list[int] = []
        self._loudest = 0

    def add(self, samples: bytes) -> None:
        """Measure the next samples, of ``width`` bytes, channels interleaved; only the last may be cut short."""
        from player.audio.segment import loudest  # noqa: PLC0415  # pydub takes 40 ms; what is cached does without

        at = 0
        while at < len(samples):
            part = samples[at : at + self._left]
            self._loudest = max(self._loudest, loudest(part, self._width))
            at += len(part)
            self._left -= len(part)
            if not self._left:
                self._end_piece()

    def parts(self, points: int) -> list[int]:
        """Give the loudest sample of each of ``points`` parts, or of as many as there are pieces."""
        found = self._found if self._left == self._piece else [*self._found, self._loudest]
        count = min(points, len(found))
        return [max(found[at * len(found) // count : (at + 1) * len(found) // count]) for at in range(count)]

    def _end_piece(self) -> None:
        self._found.append(self._loudest)
        if len(self._found) == self._most:
            self._found = [max(pair) for pair in zip(self._found[::2], self._found[1::2], strict=True)]
            self._piece *= 2
        self._left, self._loudest = self._piece, 0


def _kind(points: int) -> str:
    return f"peaks-2-{points}"


def _peaks(path: Path, points: int, progress: Callable[[float], object]) -> list[float]:
    with _samples(path, progress) as (pieces, width, frame):
        outline = Outline(width, frame, _FINE * points)
        for samples in pieces:
            outline.add(samples)
    full = 1 << 8 * width - 1
    return [round(min(1.0, loudest / full), 4) for loudest in outline.parts(points)]


@contextlib.contextmanager
def _samples(path: Path, progress: Callable[[float], object]) -> Iterator[tuple[Iterator[bytes], int, int]]:
    """Give the samples of the whole sound in pieces, the bytes of one sample, and those of one of every channel."""
    if (wav := stream.plain_wav(path)) is not None:
        width = wav.bits // 8
        frame = width * wav.channels
        try:
            with files.opened(path) as file:
                file.seek(wav.offset)
                yield _counted(file.read, frame, wav.length * frame, progress), width, frame
        except OSError as error:
            raise AudioError(unreadable(path, error)) from None
        return
    header = stream.header(path)
    frame = 2 * header.channels
    arguments = ("-af", _HANDED, "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1")
    with ffmpeg.decoding(path, *arguments, log="info") as running:
        yield _followed(running, frame, header.rate * frame, progress), 2, frame


def _counted(
    read: Callable[[int], bytes], frame: int, size: int, progress: Callable[[float], object]
) -> Iterator[bytes]:
    left = size
    while left and (samples := read(min(left, _CHUNK // frame * frame))):
        left -= len(samples)
        progress(1 - left / size)
        yield samples


def _followed(running: ffmpeg.Running, frame: int, second: int, progress: Callable[[float], object]) -> Iterator[bytes]:
    """Give what a decoder makes, ``second`` bytes for each second of sound, and report it against the stated length."""
    taken, length = 0, 0.0
    for samples in iter(partial(running.read, _CHUNK // frame * frame), b""):
        taken += len(samples)
        length = length or _stated(running.said)
        if length:
            progress(min(1.0, taken / second / length))
        yield samples


def _stated(said: Sequence[str]) -> float:
    """Give the seconds of the input that ffmpeg printed; 0 where it has printed none."""
    found: Any = next(filter(None, map(_DURATION.match, list(said))), None)
    return 3600 * int(found["hours"]) + 60 * int(found["minutes"]) + float(found["seconds"]) if found else 0.0


def _bars(outline: Sequence[float]) -> Iterator[str]:
    middle = _HEIGHT / 2
    if not outline:
        yield f"M0 {middle - 1:.3g}h{_WIDTH}v2h-{_WIDTH}z"
    full = max(outline, default=0) or 1
    parts = _bars_of(len(outline))
    for bar, part in enumerate(parts):
        highest = max(outline[part.start : part.stop])
        half = max(1.0, round(highest / full * _HEIGHT) / 2)  # finer is not seen, and costs a first view bytes
        yield f"M{round(bar * _WIDTH / len(parts), 1):g} {middle - half:.3g}h{_BAR}v{2 * half:.3g}h-{_BAR}z"


def _bars_of(parts: int) -> list[range]:
    """Give the parts of an outline that each bar of its drawing stands for."""
    count = min(-(-_WIDTH // _STEP), parts)
    return [range(bar * parts // count, (bar + 1) * parts // count) for bar in range(count)]
