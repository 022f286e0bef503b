"""Proves that a copy has the times of the sound that it was made from: the same length, and nowhere a lag.

While the sound is encoded, the loudest moments of each channel are kept, from its beginning to its end. In the decoded
copy each has to be where it was. A codec changes every sample, but not when it is heard.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.audio.decode.samples import Samples

# In samples. A codec's delay, which is what could be left in, is 1,024 to 2,112 for AAC and 1,105 for MP3.
_WINDOW: Final = 4096
_FARTHEST: Final = 2304
# Fewer samples than this may look alike anywhere.
_LEAST: Final = 256
# Between so many windows, and twice as many, are kept.
_FEW: Final = 8
# The root mean square, of 32,768, below which a codec may leave nothing; and how many times as loud another channel is
# beside which it may.
_QUIET: Final = 16
_MASKED: Final = 32
# Where the copy is much the same so much earlier or later, as a tone is a period later, its place is unknown.
_MUCH_THE_SAME: Final = 0.05
# How much worse than the best place its own must be before that is believed; and how bad, to be sure of it alone.
_WORSE: Final = 1.2
_WRONG: Final = 0.5
# More than this of a window must be found again.
_MOST_LOST: Final = 0.95


@dataclass(frozen=True)
class _Window:
    """``samples`` of 16 bits of one ``channel`` that begin at a sample of the sound.

    ``level`` is the root mean square, of 32,768, and ``highest`` that of the channel that is loudest then.
    """

    start: int
    channel: int
    samples: bytes
    level: int
    highest: int

    @property
    def is_heard(self) -> bool:
        """Whether any codec must have kept it."""
        return self.level >= max(_QUIET, self.highest // _MASKED)


@dataclass(frozen=True)
class Proof:
    """What was found: the ``length`` of the copy in samples, how many moments were compared, and a ``lag`` if any.

    ``lag`` is how many samples the copy is late (early, where negative) at the sample ``at``; ``is_lost`` tells whether
    what is heard there is not to be found at all.
    """

    length: int
    compared: int
    lag: int = 0
    at: int = 0
    is_lost: bool = False


class Windows:
    """The loudest windows of each channel of a sound that goes by: one of each of 8 to 16 equal parts."""

    def __init__(self, shape: Samples) -> None:
        self._shape = shape
        self.forget()

    def forget(self) -> None:
        """Begin anew, with a sound of which nothing has gone by."""
        self._rest = b""
        self._start = 0
        # Of each part, a window for each channel.
        self._found: list[list[_Window]] = []
        self._part, self._passed = 1, 0

    def add(self, samples: bytes) -> None:
        """Look at the next samples, channels interleaved."""
        samples = self._rest + samples
        size = _WINDOW * self._shape.frame
        for at in range(0, len(samples) - size + 1, size):
            self._look(samples[at : at + size])
        self._rest = samples[len(samples) // size * size :]

    def end(self) -> list[_Window]:
        """Give the windows that are loud enough, from the first to the last, once all has gone by."""
        if len(self._rest) >= (_WINDOW // 2 if self._found else _LEAST) * self._shape.frame:
            self._look(self._rest)
        heard = (window for part in self._found for window in part if window.is_heard)
        return sorted(heard, key=lambda each: each.start)

    def _look(self, samples: bytes) -> None:
        from player.audio import segment  # noqa: PLC0415  # pydub takes 40 ms to import

        shape = self._shape
        channels = [_channel(samples, shape.width, shape.channels, number) for number in range(shape.channels)]
        levels = [segment.level(each, 2) for each in channels]
        windows = [
            _Window(self._start, number, each, level, max(levels))
            for number, (each, level) in enumerate(zip(channels, levels, strict=True))
        ]
        self._start += len(samples) // shape.frame
        if self._passed % self._part == 0:
            self._found.append(windows)
        else:
            self._found[-1] = _louder(self._found[-1], windows)
        self._passed += 1
        if len(self._found) == 2 * _FEW and self._passed % self._part == 0:
            pairs = zip(self._found[::2], self._found[1::2], strict=True)
            self._found = [_louder(*pair) for pair in pairs]
            self._part *= 2


def _louder(one: list[_Window], other: list[_Window]) -> list[_Window]:
    """Give the louder window of each channel, the first where both are as loud."""
    return [max(pair, key=lambda each: each.level) for pair in zip(one, other, strict=True)]


@dataclass(frozen=True)
class _Found:
    """How many samples late a window was found, whether that ``is_sure``, and whether it was found at all."""

    at: int
    lag: int = 0
    is_sure: bool = False
    is_lost: bool = False


def prove(windows: list[_Window], shape: Samples, read: Callable[[int], bytes]) -> Proof:
    """Look for the windows in a copy, of which ``read`` gives the next bytes, fewer only at its end.

    The copy has 16 bits a sample, and otherwise the ``shape`` of the sound.
    """
    frame = 2 * shape.channels
    # What is before its beginning and after its end is silence.
    heard, start = bytearray(_FARTHEST * frame), -_FARTHEST
    length = 0
    found: list[_Found] = []

    def more(size: int) -> bytes:
        nonlocal length
        samples = read(size)
        length += len(samples)
        return samples

    for window in windows:
        count = len(window.samples) // 2
        first, last = window.start - _FARTHEST, window.start + count + _FARTHEST
        while start < first:
            skipped = min(first - start, _WINDOW)
            if len(heard) < skipped * frame:
                heard += more(skipped * frame - len(heard))
            heard = heard[skipped * frame :]
            start += skipped
        missing = (last - start) * frame - len(heard)
        if missing > 0:
            heard += more(missing)
        there = bytes(heard[: (last - start) * frame]).ljust((last - start) * frame, b"\0")
        if (place := _looked_for(window, _channel(there, 2, shape.channels, window.channel))) is not None:
            found.append(place)
    while more(1 << 20):
        pass
    wrong = _wrong(found)
    return Proof(length // frame, len({each.at for each in found}), wrong.lag, wrong.at, wrong.is_lost)


def _wrong(found: list[_Found]) -> _Found:
    """Give the first window that is not in step, if that is sure, or if most are late by the same."""
    lags = Counter(each.lag for each in found if not each.is_lost)
    usual, count = lags.most_common(1)[0] if lags else (0, 0)
    unsure = usual if 2 * count > len(found) else 0
    return next(
        (each for each in found if each.is_lost or (each.lag and (each.is_sure or each.lag == unsure))), _Found(0)
    )


def _looked_for(window: _Window, other: bytes) -> _Found | None:
    """Find a window in a piece of its channel in the copy, where it should begin after the margin.

    None where its place cannot be told: the sound is much the same so much earlier or later, as a tone is.
    """
    from player.audio import segment  # noqa: PLC0415  # pydub takes 40 ms to import

    one = window.samples
    place = segment.best_fit(other, one)
    at_place, at_best = (other[2 * start :][: len(one)] for start in (_FARTHEST, place))
    here, best = segment.misfit(one, at_place), segment.misfit(one, at_best)
    if min(here, best) > _MOST_LOST:
        return _Found(window.start, is_lost=True)
    if place == _FARTHEST:
        return _Found(window.start)
    change = segment.misfit(at_place, at_best)
    if change < _MUCH_THE_SAME:
        return None
    # What is really late is worse at its own place by all that the sound changes in that time. A codec changes noise,
    # and where a tone begins and ends, so that a tone may seem late by some periods: not everywhere by the same.
    is_late = here > _WORSE * best and here**2 - best**2 > change**2 / 2
    return _Found(window.start, place - _FARTHEST if is_late else 0, is_sure=here > max(_WRONG, 2 * best))


def _channel(samples: bytes, width: int, channels: int, number: int) -> bytes:
    """Give one channel of interleaved samples, as samples of 16 bits."""
    found = bytearray(len(samples) // (width * channels) * 2)
    first = number * width + width - 2
    found[0::2] = samples[first :: width * channels]
    found[1::2] = samples[first + 1 :: width * channels]
    return bytes(found)
