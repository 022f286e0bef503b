"""Finds what in an archive names lines of a recording's transcript, so that none is left without its line.

A passage that is closed and a note name them by ``cue``; chronology, dossiers, sets and other notes by a moment
(``recording#c7``), and words by a link to ``/recordings/<slug>/lines/c7`` or ``/recordings/<slug>#cue-c7``.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from player.archive.files import FILES
from player.archive.own_files import own_files
from player.archive.references import NOTE, parse_moment
from player.archive.toml.tables import line_of, locate
from player.archive.toml.written import written_keys
from player.errors import ArchiveError, Fault, reason
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.toml.declared import Key, Table
    from player.archive.toml.tables import TomlPath

    #: Gives the lines that a text names, which a key holds.
    Names = Callable[[Key, str], Iterator[str]]

_MARK: Final = "\ufeff"
_CUES: Final = "cues"
_OWN: Final = ("recording.toml", "annotations.toml")
# What begins the anchor of a line on the page of its recording.
_TO_LINE: Final = "cue-"
_WORD: Final = re.compile(r"[\w-]+", re.ASCII)
_LINK_TO_SELF: Final = re.compile(rf"(?<=[(<])#{_TO_LINE}([\w-]+)", re.ASCII)


def refuse_lost(record: Record, gone: frozenset[str] | None) -> None:
    """Refuse what would leave something in the archive without the lines that it names.

    ``gone`` are the identifiers of lines that will not be there; None where the transcript that has them cannot be
    read, so that nobody knows what is said in any.

    :raise ArchiveError: naming each place and line.
    """
    faults = [fault for path, kind in _files(record) for fault in _faults(record, path, kind, gone)]
    if not faults:
        return
    if gone is None:
        remedy = "correct transcript.vtt first (player check says what is wrong with it), and import again"
        faults = [Fault(each.path, each.line, each.what, remedy) for each in faults]
    raise ArchiveError(faults)


def _files(record: Record) -> Iterator[tuple[Path, type[Table]]]:
    """Give the files of the archive, those of the recording first."""
    own = own_files(record.folder.parent)
    for file in FILES:
        name = file.path.rpartition("/")[2]
        if name in _OWN and "<slug>" in file.path:
            yield from ((path, file.table) for path in own.among([record.folder / name]))
    for file in FILES:
        pattern = file.path.removeprefix("transcripts/").replace("<slug>", "*")
        for path in own.among(sorted(record.folder.parent.glob(pattern))):
            if path.parent != record.folder or path.name not in _OWN:
                yield path, file.table


def _faults(record: Record, path: Path, kind: type[Table], gone: frozenset[str] | None) -> Iterator[Fault]:
    try:
        text = content(path).decode("utf-8", "replace").removeprefix(_MARK)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Fault(path, None, f"this cannot be read ({reason(error)})", "check that you may read it")
        return
    is_own = path.parent == record.folder
    has_any = gone is None or not gone.isdisjoint(word.removeprefix(_TO_LINE) for word in _WORD.findall(text))
    if not (has_any and (is_own or record.slug in text)):
        return
    text = text.replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError):
        what = "this cannot be read, and may name lines that are not surely in the new transcript"
        yield Fault(path, None, what, "correct it first: player check says what is wrong")
        return
    lines = locate(text)
    for table, key, within, name in _named(values, kind, _names_in(record.slug, is_own=is_own)):
        if gone is None or name in gone:
            what, remedy = _told(key, within, name)
            yield Fault(path, line_of(lines, (*table, key.name)), what, remedy)


def _told(key: Key, within: Mapping[str, Any], name: str) -> tuple[str, str]:
    so = f'the line "{name}", and no line of the new transcript is surely that one'
    if key.kind != _CUES:
        return f"this names {so}", "name another line or a time, and import again"
    remedy = "give it start and end in place of cue, and import again"
    return f'"{within["id"]}" belongs to {so}' if "id" in within else f"this passage is closed by {so}", remedy


def _named(
    values: Mapping[str, Any], kind: type[Table], names: Names
) -> Iterator[tuple[TomlPath, Key, Mapping[str, Any], str]]:
    """Give each line that a file names: with its table, its key and the values beside it; nothing is beside the top."""
    for table, key, within, texts in written_keys(values, kind):
        for name in dict.fromkeys(name for text in texts for name in names(key, text)):
            yield table, key, within if table else {}, name


def _names_in(slug: str, *, is_own: bool) -> Names:
    link = re.compile(
        rf"""(?:^|(?<=[(<\s"']))/recordings/{re.escape(slug)}(?:/lines/|[^\s#()<>]*?#{_TO_LINE})([\w%-]+)""", re.ASCII
    )

    def names(key: Key, text: str) -> Iterator[str]:
        if key.kind == _CUES and is_own:
            first, _, last = text.partition("..")
            yield from (first.strip(), last.strip() or first.strip())
        elif key.kind in {"moment", "moments"}:
            moment = parse_moment(text)
            if moment is not None and moment.to == slug and not (moment.part or NOTE).startswith(NOTE):
                yield moment.part or ""
        elif key.kind == "Markdown":
            yield from map(unquote, link.findall(text))
            yield from _LINK_TO_SELF.findall(text) if is_own else ()

    return names
