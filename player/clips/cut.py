"""What is to be cut, and how, into sound: passages of a recording, faded, by themselves or joined."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from player.audio.decode import window
from player.audio.decode.stream import header, piece_of
from player.audio.formats import FORMATS
from player.clips.fades import faded
from player.errors import ClipError, shown
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.audio.formats import Format
    from player.clips.names import Recorded
    from player.timecode import Span

#: How long a clip comes up and goes down where nothing else is asked, in milliseconds: enough against clicks.
FADE: Final = 5
#: Of what passes between passages that are joined, where nothing else is asked, in milliseconds.
GAP: Final = 500

_BITRATES: Final = range(8, 513)
_LONGEST_GAP: Final = 60 * SECOND


@dataclass(frozen=True)
class Cut:
    """What makes a clip what it is: the passages in it, and how they are written. It can be cut again from this.

    ``fade_in`` and ``fade_out``, of each passage, and ``gap``, the silence between two, are in milliseconds.
    ``suffix`` is one of ``FORMATS``; ``bitrate`` is in kbit/s, None for what the format has by itself.
    """

    spans: tuple[Span, ...]
    suffix: str
    fade_in: int = FADE
    fade_out: int = FADE
    gap: int = GAP
    bitrate: int | None = None

    def check(self) -> None:
        """Refuse what no clip can be.

        :raise ClipError: where there is no passage, or format, fades, gap or bitrate are impossible.
        """
        if not self.spans:
            raise ClipError("there is no passage to cut; name one")
        self._check_bitrate()
        if self.fade_in < 0 or self.fade_out < 0:
            raise ClipError("a fade cannot be shorter than nothing; give 0 or more milliseconds")
        if not 0 <= self.gap <= _LONGEST_GAP:
            raise ClipError("the gap between passages is from 0 to 60 seconds; give another")
        shortest = min(span.duration for span in self.spans)
        if self.fade_in + self.fade_out > shortest:
            raise ClipError(
                f"fades of {self.fade_in} ms and {self.fade_out} ms do not fit into a clip of {shortest} ms; "
                "make them shorter, or the clip longer",
                visitors=f"A passage of {shortest} ms is too short for a clip; ask for a longer one.",
            )

    @property
    def format(self) -> Format:
        """How it is written."""
        return FORMATS[self.suffix]

    def _check_bitrate(self) -> None:
        if self.bitrate is None:
            return
        if self.format.bitrates is None:
            raise ClipError(f"{self.suffix} files have no bitrate; leave it out, or write an .mp3")
        if self.bitrate not in _BITRATES:
            raise ClipError(
                f"a bitrate of {self.bitrate} kbit/s is not possible; give one from {_BITRATES[0]} to {_BITRATES[-1]}"
            )


@dataclass(frozen=True)
class Sound:
    """A clip's sound, and which samples ``[first, last)`` of the recording each of its passages is."""

    passage: window.Decoding
    samples: tuple[tuple[int, int], ...]


def suffix_of(target: Path) -> str:
    """Give the suffix of a clip's file, which says its format.

    :raise ClipError: where clips have no such format.
    """
    suffix = target.suffix.lower()
    if suffix in FORMATS:
        return suffix
    named = f'the suffix "{target.suffix}"' if target.suffix else "a name without a suffix"
    raise ClipError(f"{shown(target)}: {named} names no format that clips have; use one of {', '.join(FORMATS)}")


def sound(recording: Recorded, cut: Cut) -> Sound:
    """Find the passages of ``cut``, to be decoded, faded and joined as the pieces of the sound are asked for.

    :raise ClipError: where the recording has no such passage.
    :raise AudioError: where its sound cannot be read.
    """
    media = held(recording)
    ranges = tuple(_samples(recording, media, span) for span in cut.spans)
    passages = []
    samples = []
    for span, (first, last) in zip(cut.spans, ranges, strict=True):
        passage = _decoding(recording, media, span, first, last)
        samples.append((first, first + passage.length))
        passages.append(faded(passage, cut.fade_in, cut.fade_out))
    return Sound(_joined(passages, cut.gap), tuple(samples))


def held(recording: Recorded) -> Path:
    """Give the file of a recording's sound.

    :raise ClipError: where the archive does not hold it, or it is not there.
    """
    media = recording.media
    if media is None:
        raise ClipError(
            f"{recording.slug}: the archive does not hold this recording's sound; "
            "add the file to media/ and name it in recording.toml, or cut from a recording that is held",
            visitors="The archive does not hold the sound of this recording.",
        )
    if not media.is_file():
        raise ClipError(
            f"{shown(media)}: the sound of {recording.slug} is not there; put the file back to cut from it",
            visitors="The sound of this recording is missing at present.",
        )
    return media


def _samples(recording: Recorded, media: Path, span: Span) -> tuple[int, int]:
    rate = header(media).rate
    first, last = window.sample_at(span.start, rate), window.sample_at(span.end, rate)
    if first == last:
        raise ClipError(f"from {span} there is not one sample in {recording.slug}; give a longer passage")
    return first, last


def _decoding(recording: Recorded, media: Path, span: Span, first: int, last: int) -> window.Decoding:
    try:
        return window.decoding(media, first, last)
    except window.PastEndError as past:
        # An end that was rounded up to a whole millisecond is the end.
        if past.length <= first or span.end > -(-past.length * SECOND // header(media).rate):
            raise ClipError(
                f"{recording.slug} is {display(past.duration)} long, the clip would go from {span}; "
                f"end it at {display(past.duration)} or before"
            ) from None
        return window.decoding(media, first, past.length)


def _joined(passages: list[window.Decoding], gap: int) -> window.Decoding:
    one = passages[0]
    if len(passages) == 1:
        return one
    silence = window.sample_at(gap, one.rate)
    length = sum(passage.length for passage in passages) + silence * (len(passages) - 1)
    return replace(one, length=length, _begin=partial(_in_turn, passages, silence * one.frame))


def _in_turn(passages: list[window.Decoding], gap: int) -> Iterator[bytes]:
    """Give the pieces of each passage in its turn, with ``gap`` bytes of silence between."""
    piece = bytes(min(gap, piece_of(passages[0].frame)))
    for number, passage in enumerate(passages):
        left = gap if number else 0
        while left:
            yield piece[:left]
            left -= len(piece[:left])
        yield from passage.pieces()
