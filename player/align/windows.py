"""Divides a sound into the windows that a recogniser hears at a time, and joins the words that it hears in them.

Whisper hears thirty seconds at a time, and no more. A window begins and ends in a pause, so that no word is cut; where
somebody speaks for longer without one, windows overlap, and the words of both are matched where they do. What has no
voice in it is in no window.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: In milliseconds: how much is heard at a time, at most. A window of Whisper's has thirty seconds.
MOST: Final = 28 * SECOND
#: A pause as long is no part of a window: what a recogniser hears in silence is its own.
SILENCE: Final = 4 * SECOND
#: How much of a pause is heard before and after what is said: a voice begins before a detector is sure of it.
AROUND: Final = 300
#: By how much windows overlap where there is no pause between them.
_OVERLAP: Final = 4 * SECOND
#: A pause of which a word could be a part is none to cut in.
_PAUSE: Final = 200
#: By how much two windows may differ about the beginning of a word that both have heard.
_APART: Final = 400


class Heard(NamedTuple):
    """A word as it was heard: from when to when, in milliseconds, and how sure the recogniser is of it, to 1.

    ``text`` begins with a space where the word is not joined to the one before.
    """

    text: str
    start: int
    end: int
    sure: float


def joined(spans: Iterable[Span], gap: int) -> list[Span]:
    """Join passages, in order of time, between which there is no more than ``gap`` milliseconds."""
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].end <= gap:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def windows(voiced: Sequence[Span], length: int) -> list[Span]:
    """Divide a sound of ``length`` milliseconds in which there are voices in ``voiced``, in order of time."""
    return [window for group in _groups(voiced) for window in _divided(group, length)]


def words_of(heard: Iterable[tuple[Span, Sequence[Heard]]]) -> list[Heard]:
    """Join the words of windows, in order of time; what two of them have heard is said once."""
    found: list[Heard] = []
    end = 0
    for window, words in heard:
        found = _over(found, words, Span(window.start, end)) if window.start < end else [*found, *words]
        end = window.end
    return found


def _groups(voiced: Sequence[Span]) -> Iterator[list[Span]]:
    """Give passages with voices together that no long silence divides."""
    group: list[Span] = []
    for span in voiced:
        if group and span.start - group[-1].end >= SILENCE:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _divided(group: Sequence[Span], length: int) -> Iterator[Span]:
    start, end = max(0, group[0].start - AROUND), min(length, group[-1].end + AROUND)
    pauses = [Span(before.end, after.start) for before, after in pairwise(group) if after.start - before.end >= _PAUSE]
    while end - start > MOST:
        within = [each for each in pauses if start + MOST // 2 <= each.start and _middle(each) <= start + MOST]
        if within:
            cut = max(within, key=lambda each: (each.duration, each.start))
            yield Span(start, min(_middle(cut), cut.start + AROUND))
            start = max(_middle(cut), cut.end - AROUND)
        else:
            yield Span(start, start + MOST)
            start += MOST - _OVERLAP
    if start < end:
        yield Span(start, end)


def _middle(span: Span) -> int:
    return (span.start + span.end) // 2


def _over(before: list[Heard], after: Sequence[Heard], shared: Span) -> list[Heard]:
    """Join the words of two windows that share a passage: at a word that both have heard, as near its middle as can be.

    At the rim of a window a word may be cut. Where they agree about none, each has its half of the passage.
    """
    middle = _middle(shared)
    tail = [place for place in range(len(before)) if before[place].start >= shared.start - _APART]
    head = [place for place in range(len(after)) if after[place].start <= shared.end]
    same = [
        (abs(before[one].start - middle), one, other)
        for one in tail
        for other in head
        if abs(before[one].start - after[other].start) <= _APART and _key(before[one]) == _key(after[other])
    ]
    if same:
        _, one, other = min(same)
        return [*before[:one], *after[other:]]
    return [
        *(word for word in before if word.start + word.end < 2 * middle),
        *(word for word in after if word.start + word.end >= 2 * middle),
    ]


def _key(word: Heard) -> str:
    return "".join(letter for letter in word.text.casefold() if letter.isalnum())
