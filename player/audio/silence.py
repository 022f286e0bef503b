"""Makes passages of a sound silent: says which samples they are, and puts zeros in their place.

That is done to the decoded samples, before a resampler or an encoder has them: neither can spread what it never had.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from player.audio import cache
from player.errors import AudioError, PlayerError, shown
from player.timecode import SECOND, Span
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

#: How far the end of a passage may lie past the sound, in milliseconds: who closes the last line may round it up.
PAST: Final = SECOND
# Letters of a digest in a file's name.
_LETTERS: Final = 10
# More passages than anybody closes in one recording; more is no sidecar of ours.
_MOST: Final = 100_000
_NO_LIST: Final = "no list of passages"


@value
class Silence:
    """The passages, in order of time, that are silent in the copies of one recording.

    ``whose`` tells it from other recordings that name the same sound, of which others may be silent.
    """

    spans: tuple[Span, ...] = ()
    whose: str = ""

    @property
    def owner(self) -> str:
        """What stands in the names of files for the recording."""
        return _digest(self.whose)

    @property
    def key(self) -> str:
        """What is added to the name of a file in which these are silent; empty where none is."""
        return f"-{self.owner}-{_digest(as_json(self.spans))}" if self.spans else ""


def as_json(spans: Iterable[Span]) -> list[list[int]]:
    """Write passages as JSON has them: start and end of each, in milliseconds."""
    return [[span.start, span.end] for span in spans]


def from_json(value: Any) -> tuple[Span, ...]:
    """Read passages from what JSON holds.

    :raise ValueError: where these are none.
    """
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError(_NO_LIST)
    found = []
    for each in value:
        if not isinstance(each, list) or [type(moment) for moment in each] != [int, int]:
            raise ValueError(_NO_LIST)
        try:
            found.append(Span(*each))
        except PlayerError:
            raise ValueError(_NO_LIST) from None
    return tuple(found)


def version(spans: Sequence[Span]) -> str:
    """Give the short text that changes whenever other passages are silent; empty where none is."""
    return _digest(as_json(spans)) if spans else ""


def past_end(spans: Iterable[Span], length: int) -> Span | None:
    """Give the first passage that is not in a sound of ``length`` milliseconds; None where all are.

    One may end up to a second after the sound. Whoever wrote one that lies further out had another sound in mind, and
    nobody knows what is to be closed in this one.
    """
    return next((span for span in spans if span.start >= length or span.end > length + PAST), None)


def is_right(held: Path, timed_to: str | None, *, is_awaited: bool = True) -> bool:
    """Tell whether times are right in the sound at ``held`` that are so in one with the SHA-256 ``timed_to``, if any.

    Where the digest of a large file is not known yet and ``is_awaited`` is not set, they are not.

    :raise AudioError: where the file cannot be read.
    """
    return timed_to is None or timed_to == (cache.digest if is_awaited else cache.quick_digest)(held)


def refuse_wrong(held: Path, slug: str, timed_to: str | None) -> None:
    """Refuse a sound in which nobody knows where the closed passages of the recording called ``slug`` are.

    :raise AudioError: where their times are those of another sound, or the file cannot be read.
    """
    if not is_right(held, timed_to):
        raise AudioError(
            f"{shown(held)}: what {slug} closes was timed to another sound, so nobody knows where it is in this one, "
            "and none of the recording is played; put the other sound back, or correct the times and run "
            f"player bind {slug} --force"
        )


def ranges(spans: Iterable[Span], rate: int, resampled_from: int | None = None) -> list[range]:
    """Give the samples that are silent, at ``rate``: from that in which a passage starts to that in which it ends.

    Of a sound that was ``resampled_from`` another rate, those beside a passage hold something of it: as many samples
    as a resampler's filter reaches, 32 of the slower of the two rates, are silent too.
    """
    margin = 0 if resampled_from is None else -(-32 * rate // min(rate, resampled_from))
    return [
        range(max(0, span.start * rate // SECOND - margin), -(-span.end * rate // SECOND) + margin) for span in spans
    ]


def silenced(read: Callable[[int], bytes], silent: Sequence[range], frame: int) -> Callable[[int], bytes]:
    """Give a function that reads as ``read`` does, with zeros for the samples in ``silent``, of ``frame`` bytes."""
    if not silent:
        return read
    at = 0

    def hush(size: int) -> bytes:
        nonlocal at
        samples = read(size)
        for first, last in _within(silent, frame, at, len(samples)):
            samples = samples[:first] + bytes(last - first) + samples[last:]
        at += len(samples)
        return samples

    return hush


class Heard:
    """Listens to a sound that goes by: ``at`` is the first sample heard where all should be silent; None so far."""

    def __init__(self, silent: Sequence[range], frame: int) -> None:
        self.at: int | None = None
        self._silent, self._frame = silent, frame
        self._passed = 0

    def listen(self, samples: bytes) -> None:
        """Listen to the next samples."""
        for first, last in _within(self._silent, self._frame, self._passed, len(samples)):
            part = samples[first:last]
            if self.at is None and part.count(0) != len(part):
                loud = len(part) - len(part.lstrip(b"\0"))
                self.at = (self._passed + first + loud) // self._frame
        self._passed += len(samples)


def _within(silent: Sequence[range], frame: int, at: int, size: int) -> list[tuple[int, int]]:
    """Give the bytes that are silent of the ``size`` bytes of a sound from its byte ``at`` on."""
    found = []
    for each in silent:
        first, last = max(each.start * frame, at), min(each.stop * frame, at + size)
        if first < last:
            found.append((first - at, last - at))
    return found


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:_LETTERS]
