"""Lets what names lines of a transcript follow, where these are divided, joined or removed.

Notes and closed passages name lines by ``cue``; the chronology, dossiers and other notes by a moment
(``recording#c7``), and words by a link to ``/recordings/<slug>/lines/c7`` or ``/recordings/<slug>#cue-c7``. A line that
was divided is meant as a whole: ``c7`` becomes ``k3f9x2a..m1d8q4z``; a moment or a link means its beginning. A note or
a closed passage of a line that is gone keeps its time.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from player.archive.files import FILES
from player.archive.own_files import own_files
from player.archive.toml.editing import EditError, edited_tables, substituted
from player.archive.toml.tables import line_of, locate
from player.archive.toml.written import written_keys
from player.archive.transcript import Cue
from player.archive.webvtt.reading import Readings
from player.errors import ArchiveError, Fault
from player.files import content
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.toml.declared import Table
    from player.archive.toml.editing import Value
    from player.archive.toml.tables import TomlPath
    from player.archive.transcript import Line

    Moved = Mapping[str, Sequence[str]]

_MARK: Final = "\ufeff"
_CUES: Final = "cues"
_OWN: Final = ("recording.toml", "annotations.toml")


def pointers_after(
    record: Record, before: bytes, after: bytes, moved: Moved, readings: Readings | None = None
) -> dict[Path, bytes]:
    """Give the files of the archive that name lines of a recording as they are once these have ``moved``.

    ``before`` and ``after`` are the transcript. A file of others that cannot be read or changed so stays, and its
    links lead where the lines went; ``player check`` names what leads nowhere.

    :raise ArchiveError: where the record's own file, or its notes, are written in a way that cannot be changed.
    """
    if not moved:
        return {}
    readings = readings or Readings(record.folder / "transcript.vtt")
    lines = _Lines(lambda: (_lines(readings, before), _lines(readings, after)), moved)
    found = {}
    for path, kind in _files(record):
        is_own = path.parent == record.folder
        try:
            held = content(path)
            if not (is_own or record.slug.encode() in held):
                continue
            text = held.decode("utf-8").removeprefix(_MARK)
            values = tomllib.loads(text)
        except (OSError, ValueError, RecursionError):
            continue  # nobody can say what it names: player check says why
        now = text
        try:
            if is_own and path.name in _OWN:
                now = _with_cues(path, now, values, kind, lines)
            now = _with_links(now, kind, record.slug, lines, is_own=is_own)
        except EditError:
            if is_own:
                raise _unchangeable(path, text, values, kind, lines) from None
            continue
        if now != text:
            found[path] = (codecs.BOM_UTF8 if held.startswith(codecs.BOM_UTF8) else b"") + now.encode()
    return found


def _lines(readings: Readings, data: bytes) -> Sequence[Line]:
    try:
        return readings.lines(data)
    except ArchiveError:
        return ()


class _Lines:
    """The lines of a transcript before and after, and where those went that are not there any more."""

    def __init__(self, read: Callable[[], tuple[Sequence[Line], Sequence[Line]]], moved: Moved) -> None:
        self._read = read
        self._moved = moved

    @cached_property
    def _both(self) -> tuple[Sequence[Line], Sequence[Line]]:
        # Only where something names lines: to read 20,000 twice takes more than a second.
        return self._read()

    @cached_property
    def _old(self) -> dict[str, Line]:
        return {line.id: line for line in self._both[0]}

    @cached_property
    def _order(self) -> list[str]:
        return [line.id for line in self._both[0]]

    @cached_property
    def _there(self) -> set[str]:
        return {line.id for line in self._both[1]}

    def goes(self, name: str) -> bool:
        """Tell whether a line is not there any more under its name."""
        return name in self._moved and name not in self._there

    def successors(self, name: str) -> list[str]:
        """Give the lines that have its words now."""
        return [each for each in self._moved.get(name, ()) if each in self._there]

    def led(self, text: str) -> Iterator[tuple[str, str]]:
        """Give each line that a text names and that is not there any more, with the first that has its words."""
        for name in self._moved:
            if name in text and self.goes(name) and (there := self.successors(name)):
                yield name, there[0]

    def ends(self, name: str) -> tuple[str, str] | None:
        """Give the first and the last line in which the words of one are now; None where they are nowhere."""
        there = self.successors(name) if self.goes(name) else [name]
        return (there[0], there[-1]) if there else None

    def passage(self, first: str, last: str) -> tuple[str, str] | None:
        """Give when lines began and ended, as it is written; None where nobody knew."""
        ends = [self._old.get(name) for name in (first, last)]
        one, other = ends
        if isinstance(one, Cue) and isinstance(other, Cue) and other.span.end > one.start:
            return display(one.start), display(other.span.end)
        return None

    def beside(self, name: str) -> str | None:
        """Give the line that is nearest to one that is gone: above it, or else below; None where none is left."""
        if name not in self._order:
            return None
        at = self._order.index(name)
        for each in (*reversed(self._order[:at]), *self._order[at + 1 :]):
            if (ends := self.ends(each)) is not None:
                return ends[1]
        return None


def _with_cues(path: Path, text: str, values: Mapping[str, Any], kind: type[Table], lines: _Lines) -> str:
    changes: dict[TomlPath, Mapping[str, Value]] = {}
    for table, key, _, texts in written_keys(values, kind):
        if key.kind != _CUES or not texts:
            continue
        first, dots, last = texts[0].partition("..")
        first, last = first.strip(), last.strip() if dots else first.strip()
        if not (lines.goes(first) or lines.goes(last)):
            continue
        one, other = lines.ends(first), lines.ends(last)
        passage = lines.passage(first, last)
        if one and other:
            changes[table] = {key.name: one[0] if one[0] == other[1] else f"{one[0]}..{other[1]}"}
        elif passage:
            changes[table] = {key.name: None, "start": passage[0], "end": passage[1]}
        elif path.name != "recording.toml" and (near := lines.beside(first)) is not None:
            # Of a closed passage nobody knows then where it is, and all is closed.
            changes[table] = {key.name: near}
    return edited_tables(text, changes) if changes else text


def _with_links(text: str, kind: type[Table], slug: str, lines: _Lines, *, is_own: bool) -> str:
    for old, new in lines.led(text):
        name = re.escape(old)
        moment = re.compile(rf"""((?:^|(?<=["'])){slug}#){name}(?=["']|$)""")
        self_link = r"|(?<=[(<])#cue-" if is_own else ""
        link = re.compile(
            rf"""((?:^|(?<=[(<\s"']))/recordings/{slug}(?:/lines/|[^\s#()<>]*?#cue-){self_link}){name}(?![\w%-])""",
            re.ASCII,
        )
        keys: dict[TomlPath, dict[str, re.Pattern[str]]] = {}
        for table, key, _, texts in written_keys(tomllib.loads(text), kind):
            pattern = {"moment": moment, "moments": moment, "Markdown": link}.get(key.kind)
            if pattern is not None and any(map(pattern.search, texts)):
                keys.setdefault(table, {})[key.name] = pattern
        if keys:
            text = substituted(text, keys, new)
    return text


def _unchangeable(path: Path, text: str, values: Mapping[str, Any], kind: type[Table], lines: _Lines) -> ArchiveError:
    """Say where a file names a line in a way that cannot be changed."""
    where = locate(text.replace("\r\n", "\n"))
    named = (
        line_of(where, (*table, key.name))
        for table, key, _, texts in written_keys(values, kind)
        if key.kind == _CUES and any(lines.goes(name.strip()) for each in texts for name in each.split(".."))
    )
    what = "what names a line of the transcript is written in a way that cannot be changed here"
    return ArchiveError([Fault(path, next(named, None), what, 'write it as cue = "…", in a line of its own')])


def _files(record: Record) -> Iterator[tuple[Path, type[Table]]]:
    for file in FILES:
        pattern = file.path.removeprefix("transcripts/").replace("<slug>", "*")
        transcripts = record.folder.parent
        yield from ((path, file.table) for path in own_files(transcripts).among(sorted(transcripts.glob(pattern))))
