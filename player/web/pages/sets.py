"""Makes what the page of a set prints: its passages, as whoever asks may hear and read them, with the words above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app

from player import timecode
from player.archive.references import NOTE
from player.archive.set_spans import passage_span
from player.errors import ArchiveError, NotFoundError
from player.index import lists
from player.index.shared import shown_of_set
from player.web.pages.basket import Passage, Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.sets import PassageSet, SetPassage
    from player.index.index import Index


#: So many are named on the first page.
_FEW: Final = 5


@dataclass(frozen=True)
class FewSets:
    """The first ``things`` of the list of sets, and how many ``more`` there are."""

    things: Sequence[PassageSet]
    more: int


def few_sets(index: Index) -> FewSets:
    """Give the sets that the first page names."""
    numbers = lists.things(index, "set", "name", "")
    return FewSets(lists.values_of(index, numbers[:_FEW]), max(0, len(numbers) - _FEW))


@dataclass(frozen=True)
class Step:
    """One passage of a set: its number, the words that stand above it, and what is heard."""

    number: int
    above: SetPassage
    heard: Passage


@dataclass(frozen=True)
class ShownSet:
    """A set as whoever asks may see it; where it ``is_cut``, some of its passages are not among its ``steps``.

    How many is not told: that would be another number without a recording of which nobody may know.
    """

    table: PassageSet
    steps: tuple[Step, ...]
    is_cut: bool

    @property
    def length(self) -> int:
        """How long the passages last that can be played, in milliseconds."""
        return sum(each.heard.span.duration for each in self.steps if each.heard.plays and each.heard.span)

    @property
    def recordings(self) -> list[Recording]:
        """The recordings that they are of, each once."""
        found = (each.heard.recording for each in self.steps)
        return list({each.slug: each for each in found if each is not None}.values())

    @property
    def asked(self) -> list[str]:
        """How a basket has what can be cut."""
        return [each.heard.asked for each in self.steps if each.heard.can_be_cut]


def shown_set(archive: Archive, slug: str) -> ShownSet:
    """Read a set without what ``archive`` does not show; nobody is told whether that is closed or not there.

    :raise NotFoundError: where there is none of that name.
    :raise ArchiveError: where its file is wrong.
    """
    whole = archive.passage_set(slug)
    table = shown_of_set(whole, archive)
    reader = Reader(current_app.extensions["clip_limits"])
    steps = tuple(
        Step(number, each, reader.passage(_asked(each, archive))) for number, each in enumerate(table.passages, start=1)
    )
    return ShownSet(table, steps, is_cut=len(steps) < len(whole.passages))


def _asked(passage: SetPassage, archive: Archive) -> str:
    """Write a passage as a basket has it."""
    part = passage.moment.part if passage.moment else None
    if part is not None and not part.startswith(NOTE):
        last = passage.last.part if passage.last else part
        return f"{passage.slug}@{part}" if last == part else f"{passage.slug}@{part}..{last}"
    try:
        span = passage_span(passage, archive.recording(passage.slug))
    except (ArchiveError, NotFoundError):
        span = None  # it went in this moment
    if span is None:
        return f"{passage.slug}@{part or ''}"
    return f"{passage.slug}@{timecode.fragment(span.start)},{timecode.fragment(span.end)}"
