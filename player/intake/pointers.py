"""Finds what in an archive points at a recording, by the keys that are declared to, and by links in what is written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from player.archive.files import FILES
from player.archive.own_files import own_files
from player.archive.toml.editing import EditError, substituted
from player.archive.toml.tables import line_of, locate
from player.archive.toml.written import written_keys
from player.errors import ArchiveError, Fault, quoted, reason
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.toml.declared import Table
    from player.archive.toml.tables import TomlPath

_MARK: Final = "\ufeff"
_POINTERS: Final = frozenset({"recording", "moment", "moments"})


@dataclass(frozen=True)
class PointingFile:
    """A file in which values point at a recording: what it holds, and for each table its keys and what means it."""

    path: Path
    before: bytes
    keys: Mapping[TomlPath, Mapping[str, re.Pattern[str]]] = field(default_factory=dict)

    @property
    def places(self) -> Iterator[tuple[int, str]]:
        """Give the line and the name of each key that points at it, in the order of the file."""
        lines = locate(self._text.replace("\r\n", "\n"))
        found = [(line_of(lines, (*table, name)) or 1, name) for table, names in self.keys.items() for name in names]
        return iter(sorted(found))

    def pointing_at(self, slug: str) -> bytes:
        """Give what the file would hold if all of it pointed at another recording.

        :raise ArchiveError: where it is written in a way that cannot be changed here.
        """
        try:
            after = substituted(self._text, self.keys, slug)
        except EditError:
            line = next(self.places)[0]
            what = "what points at the recording is written in a way that cannot be changed here"
            raise ArchiveError([Fault(self.path, line, what, "change it by hand first")]) from None
        return f"{_MARK if self.before.decode('utf-8').startswith(_MARK) else ''}{after}".encode()

    @property
    def _text(self) -> str:
        return self.before.decode("utf-8").removeprefix(_MARK)


def pointing_files(archive: Archive, slug: str) -> list[PointingFile]:
    """List the files of the archive in which something points at a recording, its own among them.

    :raise ArchiveError: naming every file that has its name in it, or may, and cannot be read.
    """
    found, faults = [], []
    for path, kind in _files(archive):
        try:
            before = content(path)
            if slug.encode() not in before:
                continue
            values = tomllib.loads(before.decode("utf-8").removeprefix(_MARK))
        except (ValueError, RecursionError):
            what = f"this cannot be read, and may point at {quoted(slug)}"
            faults.append(Fault(path, None, what, "correct it first: player check says what is wrong"))
        except OSError as error:
            what = f"this cannot be read ({reason(error)})"
            faults.append(Fault(path, None, what, "check that you may read it"))
        else:
            keys: dict[TomlPath, dict[str, re.Pattern[str]]] = {}
            for table, name, pattern in _pointing(values, kind, _patterns(slug)):
                keys.setdefault(table, {})[name] = pattern
            found += [PointingFile(path, before, keys)] if keys else []
    if faults:
        raise ArchiveError(faults)
    return found


def _files(archive: Archive) -> Iterator[tuple[Path, type[Table]]]:
    for file in FILES:
        pattern = file.path.removeprefix("transcripts/").replace("<slug>", "*")
        there = own_files(archive.transcripts).among(sorted(archive.transcripts.glob(pattern)))
        yield from ((path, file.table) for path in there)


def _patterns(slug: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what means a recording in a pointer, and in words; of an address of another site it is no part."""
    pointer = re.compile(rf"""(^|(?<=["'])){slug}(?=#|["']|$)""")
    link = re.compile(rf"""((?:^|(?<=[(<\s"']))/(?:recordings|media)/){slug}(?![\w-])""", re.ASCII)
    return pointer, link


def _pointing(
    values: Mapping[str, Any], kind: type[Table], patterns: tuple[re.Pattern[str], re.Pattern[str]]
) -> Iterator[tuple[TomlPath, str, re.Pattern[str]]]:
    """Give the keys of a file that point at the recording, each with its table and what means it."""
    for table, key, _, texts in written_keys(values, kind):
        pattern = patterns[0] if key.kind in _POINTERS else patterns[1] if key.kind == "Markdown" else None
        if pattern is not None and any(map(pattern.search, texts)):
            yield table, key.name, pattern
