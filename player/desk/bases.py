"""Knows the transcript on which a working copy stands, without its words: these are in the file, and in the steps.

Of each line a working copy keeps the identifier and a fingerprint. A line that neither the file nor a step has any more
was changed by others, and by nobody here: a stand-in takes its place until theirs does.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from player.archive.recording import TRANSCRIPT
from player.archive.references import IDENTIFIER
from player.archive.transcript import Cue, UntimedLine
from player.archive.webvtt.reading import Readings
from player.desk.exchanges import plain
from player.errors import ArchiveError, Fault
from player.history.versions import history, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.desk.exchanges import Exchange

#: A line's identifier and its fingerprint.
Pair = tuple[str, str]

_BYTES: Final = 9  # of a fingerprint: of a million lines, no two have the same by chance


@dataclass(frozen=True)
class Base:
    """A transcript as it is in the file: the digest of its bytes, and its lines."""

    sha256: str
    lines: tuple[Line, ...]
    #: Whether a machine wrote it, and nobody has reviewed it all.
    is_draft: bool = False

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """The lines by their identifiers."""
        return {line.id: line for line in self.lines}

    @classmethod
    def of(cls, path: Path, content: bytes, readings: Readings | None = None) -> Base:
        """Read the bytes of the transcript at ``path``; ``readings`` may have read them.

        :raise ArchiveError: where they are no transcript.
        """
        try:
            content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise ArchiveError([Fault(path, line, "this is not UTF-8", "save the file as UTF-8")]) from None
        found = (readings or Readings(path)).transcript(content)
        digest = hashlib.sha256(content).hexdigest()
        return cls(digest, tuple(map(plain, found.lines)), found.is_draft)


def fingerprint(line: Line) -> str:
    """Give what two lines have in common that say the same, in every way."""
    told: list[Any] = [line.text, [[turn.speaker, turn.text] for turn in line.turns], list(line.comments)]
    told += [[[each.source, each.locator] for each in line.citations], line.opens_paragraph, line.page]
    if isinstance(line, Cue):
        told += [line.start, line.end, line.words, line.is_approximate]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=_BYTES).hexdigest()


def pairs(lines: Iterable[Line]) -> list[Pair]:
    """Give the pairs of lines, as a working copy keeps them."""
    return [(line.id, fingerprint(line)) for line in lines]


def delta(before: Sequence[Line], exchanges: Iterable[Exchange]) -> list[list[Any]]:
    """Give what makes the pairs of other lines of those of ``before``: from the end, where, how many, which instead."""
    places = {line.id: number for number, line in enumerate(before)}
    found = []
    for each in exchanges:
        first = places[each.old[0].id] if each.old else places.get(each.after or "", -1) + 1
        found.append([first, len(each.old), pairs(each.new)])
    return found[::-1]


def changed_pairs(before: Sequence[Pair], told: Any) -> list[Pair]:
    """Give pairs after a ``delta``.

    :raise ValueError: where that is none.
    """
    found = list(before)
    for first, count, new in told:
        if not (isinstance(first, int) and isinstance(count, int) and 0 <= first <= first + count <= len(found)):
            raise ValueError("a change of the transcript is not of its lines")
        found[first : first + count] = pairs_of(new)
    return found


def pairs_of(told: Any) -> list[Pair]:
    """Read pairs.

    :raise ValueError: where they are something else.
    """
    found = []
    for each in told:
        name, mark = each
        if not (isinstance(name, str) and isinstance(mark, str) and IDENTIFIER.fullmatch(name)):
            raise ValueError("a line of the transcript is not named")
        found.append((name, mark))
    return found


def former_lines(record: Record, sha256: str) -> tuple[Line, ...]:
    """Give the lines of what a transcript was, by its digest; none where its history does not have it."""
    there = history(record)
    for number in reversed(range(there.last + 1)):
        if there.digest(number) == sha256:
            try:
                return tuple(map(plain, read(record.folder / TRANSCRIPT, there.content(number)).lines))
            except ArchiveError:
                return ()
    return ()


class StandIn(UntimedLine):
    """Takes the place of a line whose words are nowhere any more."""


class StandIns:
    """Gives the line of each pair: one that is known, else a stand-in, always the same for a pair."""

    def __init__(self, known: Iterable[Line]) -> None:
        self._lines: dict[Pair, Line] = {(line.id, fingerprint(line)): line for line in known}
        self._made: dict[str, Line] = {}

    def lines(self, wanted: Iterable[Pair]) -> tuple[Line, ...]:
        """Give the lines of pairs."""
        return tuple(self._line(each) for each in wanted)

    def _line(self, pair: Pair) -> Line:
        found = self._lines.get(pair)
        if found is None:
            found = StandIn(pair[0], "", (), (), 0, comments=(pair[1],))
            self._lines[pair] = self._made[pair[0]] = found
        return found

    def replaced(self, lines: Iterable[Line], by: Mapping[str, Line]) -> tuple[Line, ...]:
        """Give lines with those in place of stand-ins that the file has."""
        return tuple(by.get(line.id, line) if self._made.get(line.id) is line else line for line in lines)


def stamp_of(path: Path) -> object:
    """Give what is another when the file at ``path`` is; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
