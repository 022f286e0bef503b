"""Reads a file of ``sets/``: passages of recordings in an order, with words between them, such as a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.references import NOTE, Citation, Pointer
from player.archive.toml.declared import Table, declared, key, tables
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.errors import Fault

#: How many passages a set has at most: as many as a basket, since a page reads the recording of each.
MOST: Final = 50
_HOW: Final = 'write moment = "recording#line", or recording, start and end'


@declared
class SetPassage(Table):
    """One passage, by its line or note, or by its times, and the words that stand above it."""

    title: str | None = key("text", "a heading above it", default=None)
    text: str | None = key("Markdown", "words above it, in the voice of whoever made the set", default=None)
    citations: tuple[Citation, ...] = key("sources", "what those words rest on", name="sources", default=())
    moment: Pointer | None = key("moment", "the line that is heard, or the note whose passage is", default=None)
    last: Pointer | None = key("moment", "the last line, if several are heard", default=None)
    recording: str | None = key(
        "recording", "the recording, in place of `moment`, with `start` and `end`", default=None
    )
    start: int | None = key("time", "where it begins", default=None)
    end: int | None = key("time", "where it ends", default=None)

    @property
    def slug(self) -> str:
        """The recording that it is of."""
        return self.moment.to if self.moment else self.recording or ""


@declared
class PassageSet(Table):
    """Passages of recordings in an order, with words between them, such as a lesson."""

    slug: str
    title: str = key("text", "its heading")
    summary: str | None = key("Markdown", "what it is for: stands above the first passage", default=None)
    made_by: str | None = key("text", "who put it together", default=None)
    date: str | None = key("date", "when it was put together", default=None)
    citations: tuple[Citation, ...] = key("sources", "what the summary and the end rest on", name="sources", default=())
    closing: str | None = key("Markdown", "words below the last passage", default=None)
    passages: tuple[SetPassage, ...] = tables(SetPassage, "passage")


def read_set(path: Path) -> PassageSet:
    """Read one set; its slug is the name of the file.

    :raise ArchiveError: naming every fault: those of any TOML file, too many passages, and those that are none.
    """
    return read_file(path, PassageSet, _faults, slug=path.stem)


def _faults(found: PassageSet) -> Iterator[Fault]:
    for passage in found.passages:
        yield from _passage_faults(passage)
    if len(found.passages) > MOST:
        what = f"a set has at most {MOST} passages, and this has {len(found.passages)}"
        yield found.passages[MOST].fault(None, what, "make two of it")


def _passage_faults(passage: SetPassage) -> Iterator[Fault]:
    moment, last = passage.moment, passage.last
    if moment is None:
        if passage.recording is None or passage.start is None or passage.end is None:
            yield passage.fault(None, "this does not say which passage it is", _HOW)
        elif passage.end <= passage.start:
            yield passage.fault("end", "the passage ends before it begins", "correct start or end")
        if last is not None:
            yield passage.fault("last", '"last" stands without "moment"', "name the first line as moment")
        return
    if passage.recording is not None or passage.start is not None or passage.end is not None:
        yield passage.fault("moment", "the passage is named twice, by a moment and by times", "remove one of the two")
    if last is None:
        return
    if last.to != moment.to:
        yield passage.fault("last", "this is a line of another recording than the moment", "make two passages of it")
    elif (last.part or NOTE).startswith(NOTE) or (moment.part or NOTE).startswith(NOTE):
        yield passage.fault("last", "a note has a passage of its own, without a last line", "name lines, or one note")
