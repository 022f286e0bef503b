"""Describes a cut, and decodes it: passages of a recording, faded, alone or joined."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Protocol

from player.audio import copied_kinds
from player.audio.decode.samples import Decoding, PastEndError, decoding, sample_at
from player.audio.decode.stream import header, piece_of
from player.audio.formats import FORMATS
from player.audio.slopes import sloped
from player.clips.defaults import FADE, GAP
from player.errors import ClipError, quoted, shown
from player.stamp import stamp
from player.timecode import SECOND, display
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.audio.formats import Format
    from player.stamp import Stamp
    from player.timecode import Span

_BITRATES: Final = range(8, 513)
_LONGEST_GAP: Final = 60 * SECOND


class Recorded(Protocol):
    """What a clip needs to know of a recording."""

    @property
    def slug(self) -> str:
        """Its name in the archive."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def media(self) -> Path | None:
        """The file of its sound; None where the archive does not hold it."""

    @property
    def is_reading(self) -> bool:
        """Whether voices read a script, rather than the thing itself."""


@value
class Cut:
    """What makes a clip what it is: the passages in it, and how they are written. It can be cut again from this.

    ``fade_in`` and ``fade_out``, of each passage, and ``gap``, the silence between two, are in milliseconds.
    ``suffix`` is one of ``FORMATS``; ``bitrate`` is in kbit/s, None for the format's own.
    A copy has neither fades nor a bitrate.
    """

    spans: tuple[Span, ...]
    suffix: str
    fade_in: int = FADE
    fade_out: int = FADE
    gap: int = GAP
    bitrate: int | None = None
    #: Whether the clip is to have the recording's own frames, not encoded again.
    is_copy: bool = False

    def check(self) -> None:
        """Refuse a cut that cannot be made.

        :raise ClipError: where there is no passage, or format, fades, gap or bitrate are impossible.
        """
        if not self.spans:
            raise ClipError("there is no passage to cut; name one")
        self._check_bitrate()
        if self.is_copy:
            self._check_copy()
        if self.fade_in < 0 or self.fade_out < 0:
            raise ClipError("a fade cannot be negative; give 0 milliseconds or more")
        if not 0 <= self.gap <= _LONGEST_GAP:
            raise ClipError(f"a gap of {self.gap / SECOND:g} seconds is not possible; give one from 0 to 60 seconds")
        shortest = min(span.duration for span in self.spans)
        if self.fade_in + self.fade_out > shortest:
            raise ClipError(
                f"fades of {self.fade_in} ms and {self.fade_out} ms do not fit into a clip of {shortest} ms; "
                "make them shorter, or the clip longer",
                visitors=f"A passage of {shortest} ms is too short for a clip; choose a longer one.",
            )

    @property
    def format(self) -> Format:
        """How it is written."""
        return FORMATS[self.suffix]

    @property
    def encoded(self) -> Cut:
        """The same passages, encoded as they would be if nobody had asked for a copy."""
        fade = FADE if min(span.duration for span in self.spans) >= 2 * FADE else 0
        return replace(self, fade_in=fade, fade_out=fade, is_copy=False)

    def _check_copy(self) -> None:
        """Refuse what needs the sound to be encoded again."""
        wrong = None
        if self.bitrate is not None:
            wrong = "another bitrate is"
        elif self.fade_in or self.fade_out:
            wrong = "fades are"
        elif self.suffix not in copied_kinds.SUFFIXES:
            wrong = f"{self.suffix} files are"
        if wrong is not None:
            raise ClipError(
                f"{wrong} not possible in a copy, which has the recording's own coded sound; "
                "leave that out, or choose another format than copy"
            )

    def _check_bitrate(self) -> None:
        if self.bitrate is None:
            return
        if self.format.bitrates is None:
            raise ClipError(f"{self.suffix} files have no bitrate; leave it out, or write an .mp3")
        if self.bitrate not in _BITRATES:
            raise ClipError(
                f"a bitrate of {self.bitrate} kbit/s is not possible; give one from {_BITRATES[0]} to {_BITRATES[-1]}"
            )


@value
class ClipSound:
    """The sound of a clip, and the samples ``[first, last)`` of the recording that each of its passages is."""

    decoding: Decoding
    ranges: tuple[tuple[int, int], ...]


class ChangedError(ClipError):
    """The sound of a recording was changed while a clip of it was cut."""

    status = 409


def suffix_of(target: Path) -> str:
    """Give the suffix of a clip's file, which sets its format.

    :raise ClipError: where clips have no such format.
    """
    suffix = target.suffix.lower()
    if suffix in FORMATS:
        return suffix
    what = f"{quoted(target.suffix)} is not a format of clips" if target.suffix else "the name has no suffix"
    raise ClipError(f"{shown(target)}: {what}; use one of {', '.join(FORMATS)}")


def sound_file(recording: Recorded) -> Path:
    """Give the file of a recording's sound.

    :raise ClipError: where the archive does not hold it, or it is missing.
    """
    media = recording.media
    if media is None:
        raise ClipError(
            f"{recording.slug}: the archive does not hold this recording's sound; "
            "add the file to media/ and name it in recording.toml, or cut from a recording that is held",
            visitors="The archive does not hold the sound of this recording.",
        )
    if media.is_dir():
        raise ClipError(
            f"{shown(media)}: this is a folder, not the sound of {recording.slug}; put the file in its place",
            visitors="The sound of this recording is missing at the moment.",
        )
    if not media.is_file():
        raise ClipError(
            f"{shown(media)}: the sound of {recording.slug} is missing; put the file back to cut from it",
            visitors="The sound of this recording is missing at the moment.",
        )
    return media


def sound_stamp(recording: Recorded) -> Stamp:
    """Stamp the file of a recording's sound by its state, to see whether it changes.

    :raise ClipError: where the archive does not hold it, or it is missing.
    :raise OSError: where it went in between.
    """
    return stamp(sound_file(recording))


def clip_sound(recording: Recorded, cut: Cut) -> ClipSound:
    """Find the passages of ``cut``; they are decoded, faded and joined as the pieces of the sound are asked for.

    :raise ClipError: where the recording has no such passage.
    :raise AudioError: where its sound cannot be read.
    """
    media = sound_file(recording)
    wanted = [_range(recording, media, span) for span in cut.spans]
    passages = []
    ranges = []
    for span, (first, last) in zip(cut.spans, wanted, strict=True):
        passage = _decoding(recording, media, span, first, last)
        ranges.append((first, first + passage.length))
        passages.append(faded(passage, cut.fade_in, cut.fade_out))
    return ClipSound(in_one(passages, cut.gap)[0], tuple(ranges))


def in_one(passages: Sequence[Decoding], gap: int) -> tuple[Decoding, tuple[int, ...]]:
    """Join passages that are sampled alike, with a silence of ``gap`` milliseconds between two.

    With the whole comes the first sample of each passage in it.
    """
    one = passages[0]
    silence = sample_at(gap, one.rate)
    *begins, end = accumulate((passage.length + silence for passage in passages), initial=0)
    if len(passages) == 1:
        return one, (0,)
    whole = replace(one, length=end - silence, _begin=partial(_one_by_one, passages, silence * one.frame))
    return whole, tuple(begins)


def faded(whole: Decoding, fade_in: int, fade_out: int) -> Decoding:
    """Fade a sound in over its first ``fade_in`` milliseconds and out over its last ``fade_out``.

    Only the pieces that a fade touches are changed.
    """
    if not fade_in and not fade_out:
        return whole
    return replace(whole, _begin=partial(_faded, whole, fade_in, fade_out))


def _range(recording: Recorded, media: Path, span: Span) -> tuple[int, int]:
    """Give the samples ``[first, last)`` that a span is."""
    rate = header(media).rate
    first, last = sample_at(span.start, rate), sample_at(span.end, rate)
    if first == last:
        raise ClipError(f"the passage {span} is shorter than one sample of {recording.slug}; give a longer one")
    return first, last


def _decoding(recording: Recorded, media: Path, span: Span, first: int, last: int) -> Decoding:
    try:
        return decoding(media, first, last)
    except PastEndError as past:
        # An end that was rounded up to a whole millisecond is the end.
        if past.length <= first or span.end > -(-past.length * SECOND // header(media).rate):
            raise ClipError(
                f"{recording.slug} is {display(past.duration)} long, but the clip would run from {span}; "
                f"end it at {display(past.duration)} or before"
            ) from None
        return decoding(media, first, past.length)


def _faded(whole: Decoding, fade_in: int, fade_out: int) -> Iterator[bytes]:
    at = 0
    for samples in whole.pieces():
        count = len(samples) // whole.frame
        risen = _sloped(whole, samples, at, (fade_in, 0), 0)
        yield _sloped(whole, risen, at, (0, fade_out), whole.length - fade_out * whole.rate // SECOND)
        at += count


def _sloped(whole: Decoding, samples: bytes, at: int, fades: tuple[int, int], begin: int) -> bytes:
    """Fade the part of a piece, from the sample ``at`` on, that is in the fade which begins at the sample ``begin``."""
    length = sum(fades) * whole.rate // SECOND
    first = max(begin, at)
    last = min(begin + length, at + len(samples) // whole.frame)
    if first >= last:
        return samples
    head, tail = (first - at) * whole.frame, (last - at) * whole.frame
    slope = sloped(samples[head:tail], whole.width, whole.frame, first - begin, length, is_out=fades[1] > 0)
    return samples[:head] + slope + samples[tail:]


def _one_by_one(passages: Sequence[Decoding], gap: int) -> Iterator[bytes]:
    """Give the pieces of each passage in order, with ``gap`` bytes of silence between two passages."""
    piece = bytes(min(gap, piece_of(passages[0].frame)))
    for number, passage in enumerate(passages):
        left = gap if number else 0
        while left:
            yield piece[:left]
            left -= len(piece[:left])
        yield from passage.pieces()
