"""Describes a clip that is joined from passages of several recordings, and gives its sound.

Each passage is cut as it would be alone, brought to the shape that all of them get, and made louder or softer where
that is asked for: by one factor for all of it, so that nothing in it is pressed together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from player.audio.loudness import Loudness, measure
from player.audio.shaping import Shape, common, shaped
from player.clips.cut import Cut, clip_sound, in_one
from player.clips.provenance import clip_title
from player.errors import ClipError, printable
from player.publish.citation import NOTICE
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from player.archive.recording import Recording
    from player.audio.decode.samples import Decoding
    from player.timecode import Span

#: The loudness to which passages can be brought, in LUFS, at least and at most.
QUIETEST: Final = -40.0
LOUDEST: Final = -8.0
#: The highest true peak that a clip may have where its loudness is made even, in dBTP.
CEILING: Final = -1.0
# Peaks are measured to a tenth of a decibel.
_INEXACT: Final = 0.05
# A passage that is so near to what was asked for is as loud as that.
_NEAR: Final = 0.15


@dataclass(frozen=True)
class Piece:
    """A passage of a joined clip: of which recording, as whoever gets the clip may see it, and what it is called there.

    ``place`` is what asks for it, which messages name. ``gain`` is how much louder it is made, in dB.
    """

    recording: Recording
    span: Span
    name: str = ""
    place: str = ""
    gain: float = 0.0

    @property
    def title(self) -> str:
        """What its chapter is called: by its name, or by its recording and its times; a reading's says that it is."""
        if not self.name:
            return clip_title(self.recording, self.span)
        name = printable(" ".join(self.name.split()))
        return f"{NOTICE}: {name}" if self.recording.is_reading else name


@dataclass(frozen=True)
class Joined:
    """What makes a joined clip what it is: its pieces, in order, and how they are written.

    ``cut`` has their spans; ``loudness`` is how loud each was to be, in LUFS, None where nothing is made even.
    """

    pieces: tuple[Piece, ...]
    cut: Cut
    loudness: float | None = None

    def check(self) -> None:
        """Refuse what cannot be made.

        :raise ClipError: where the cut is impossible, or the loudness.
        """
        self.cut.check()
        if self.loudness is not None and self.cut.is_copy:
            raise ClipError("another loudness is not possible in a copy; leave that out, or choose another format")
        if self.loudness is not None and not QUIETEST <= self.loudness <= LOUDEST:
            raise ClipError(
                f"a loudness of {self.loudness:g} LUFS is not possible; give one from {QUIETEST:g} to {LOUDEST:g}, "
                "-16 for podcasts, -23 for broadcasts in Europe"
            )

    @property
    def recordings(self) -> dict[str, Recording]:
        """The recordings that are heard, by their slugs, in order."""
        return {piece.recording.slug: piece.recording for piece in self.pieces}

    def part(self, piece: Piece) -> Cut:
        """Describe a piece as a clip of its own."""
        return replace(self.cut, spans=(piece.span,))


@dataclass(frozen=True)
class Chapter:
    """A passage in a joined clip: what it is called there, and ``[start, end)`` in milliseconds from its beginning."""

    title: str
    start: int
    end: int


@dataclass(frozen=True)
class JoinedSound:
    """The sound of a joined clip, its passages one by one, and the samples of its recording that each of them is."""

    decoding: Decoding
    passages: tuple[Decoding, ...]
    ranges: tuple[tuple[int, int], ...]
    #: The first sample of each in the whole.
    begins: tuple[int, ...]
    #: The shapes that the recordings have, each once, where they differ.
    shapes: tuple[Shape, ...]

    def chapters(self, pieces: Sequence[Piece]) -> list[Chapter]:
        """Give a chapter for each passage; it ends where the next begins, after the silence."""
        ends = [*self.begins[1:], self.decoding.length]
        rate = self.decoding.rate
        return [
            Chapter(piece.title, first * SECOND // rate, last * SECOND // rate)
            for piece, first, last in zip(pieces, self.begins, ends, strict=True)
        ]


@dataclass(frozen=True)
class Evened:
    """What was done to a passage: how loud it was, and by how much it was made louder, which its peak may limit."""

    measured: Loudness
    gain: float
    is_limited: bool = False

    @property
    def loudness(self) -> float | None:
        """How loud it is now."""
        return None if self.measured.integrated is None else self.measured.integrated + self.gain

    def is_softer_than(self, wanted: float) -> bool:
        """Tell whether its peak leaves it softer than was asked for.

        Silences make the whole softer, so passages are made a little louder than that: this its peak may limit, too.
        """
        return self.is_limited and self.loudness is not None and self.loudness < wanted - _NEAR


def joined_sound(joined: Joined) -> JoinedSound:
    """Find the passages; they are decoded, faded, made louder and joined as the pieces of the sound are asked for.

    :raise ClipError: where a recording has no such passage.
    :raise AudioError: where its sound cannot be read.
    """
    cut = [clip_sound(piece.recording, joined.part(piece)) for piece in joined.pieces]
    found = [Shape.of(each.decoding) for each in cut]
    shape = common(found)
    passages = tuple(
        louder(shaped(each.decoding, shape), piece.gain) for each, piece in zip(cut, joined.pieces, strict=True)
    )
    whole, begins = in_one(passages, joined.cut.gap)
    shapes = tuple(dict.fromkeys(found)) if len(set(found)) > 1 else ()
    return JoinedSound(whole, passages, tuple(each.ranges[0] for each in cut), begins, shapes)


def louder(sound: Decoding, gain: float) -> Decoding:
    """Give a sound made louder by some dB, or softer; as it is, where it is neither."""
    return replace(sound, _begin=partial(_louder, sound, 10 ** (gain / 20))) if gain else sound


def evened(joined: Joined, sound: JoinedSound, progress: Callable[[float], object]) -> list[Evened]:
    """Measure each passage, whose gains are 0, and say how much louder it is to be made, as far as its peak lets it.

    :raise AudioError: where one cannot be decoded.
    """
    found = []
    for number, passage in enumerate(sound.passages, 1):
        found.append(gained(measure(passage), joined.loudness, CEILING))
        progress(number / len(sound.passages))
    return found


def gained(measured: Loudness, wanted: float | None, ceiling: float) -> Evened:
    """Say how much louder a passage is to be made to be as loud as is wanted, with no peak above ``ceiling``."""
    if wanted is None or measured.integrated is None or measured.true_peak is None:
        return Evened(measured, 0.0)
    gain, most = wanted - measured.integrated, ceiling - _INEXACT - measured.true_peak
    # Down to a hundredth, which a file beside the clip states.
    return Evened(measured, math.floor(100 * min(gain, most)) / 100, most < gain - _NEAR)


def _louder(sound: Decoding, factor: float) -> Iterator[bytes]:
    from player.audio import segment  # noqa: PLC0415  # pydub takes 40 ms to import

    for samples in sound.pieces():
        yield segment.louder(samples, sound.width, factor)
