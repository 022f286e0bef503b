"""Writes into a WebVTT file who speaks: other names in its ``<v>`` tags, or tags where there is none.

Nothing else in the file changes: not its comments, times, identifiers, settings or line ends.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from player.archive.transcript import Cue
from player.archive.webvtt.blocks import normal, scan
from player.archive.webvtt.comments import is_untimed, untimed
from player.archive.webvtt.payload import name_written, spoken_by
from player.archive.webvtt.reading import parse
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.transcript import Line, Transcript

    #: The new name of each voice of a line; None is the voice of a line in which none is named.
    Names = Mapping[str | None, str]

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_VOICE: Final = re.compile(r"<(v(?:\.[^\t\n\f\r >]*)?)((?:[\t\n\f\r ][^>]*)?)>")


def with_voices(path: Path, before: bytes, changes: Mapping[str, Names]) -> bytes:
    """Give the WebVTT file at ``path``, which holds ``before``, with other voices in the lines that ``changes`` names.

    :raise ArchiveError: where a line is written in a way that cannot be changed so, or the file is no WebVTT.
    """
    # Bytes that are not UTF-8 stay what they are.
    text = before.decode("utf-8", "surrogateescape")
    found = parse(path, _read(before))
    places = dict(_payloads(text))
    lines = [match[0] for match in _LINE.finditer(text)]
    for line in found.lines:
        if (names := changes.get(line.id)) is not None:
            first, last = places[line.line]
            lines[first:last] = ["".join(lines[first:last])] + [""] * (last - first - 1)
            lines[first] = _renamed(lines[first], names, has_voice=any(turn.speaker for turn in line.turns))
    after = "".join(lines).encode("utf-8", "surrogateescape")
    _refuse_other(path, found, parse(path, _read(after)), changes)
    return after


def _read(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _payloads(text: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Give the line by which each cue and untimed line is known, with where its words begin and end, counted from 0."""
    for block in scan(normal(text.removeprefix("\ufeff"))).blocks:
        end = block.line - 1 + len(block.lines)
        if block.timing is not None:
            yield block.timing_line, (block.timing_line, end)
        elif is_untimed(block):
            yield block.line, (untimed(block)[1] - 1, end)


def _renamed(payload: str, names: Names, *, has_voice: bool) -> str:
    if not has_voice:
        return f"<v {name_written(names[None])}>{payload}" if None in names else payload

    def tag(found: re.Match[str]) -> str:
        name = names.get(spoken_by(found[2]))
        return found[0] if name is None else f"<{found[1]} {name_written(name)}>"

    return _VOICE.sub(tag, payload)


def _refuse_other(path: Path, before: Transcript, after: Transcript, changes: Mapping[str, Names]) -> None:
    """Refuse what would be read otherwise than it is meant.

    :raise ArchiveError: naming the line.
    """
    what = "who speaks here is written in a way that cannot be changed by a command"
    for line, again in zip(before.lines, after.lines, strict=False):
        if _gist(line, changes.get(line.id, {})) != _gist(again, {}):
            raise ArchiveError([Fault(path, line.line, what, "change it by hand")])
    is_like = before.header == after.header and len(before.faults) == len(after.faults)
    if not is_like or len(before.lines) != len(after.lines):
        raise ArchiveError([Fault(path, None, what.replace(" here", ""), "change it by hand")])


def _gist(line: Line, names: Names) -> tuple[Line, list[str | None]]:
    """Give a line without its turns and its place in the file, and who speaks in it, one after another."""
    speakers = (names.get(turn.speaker, turn.speaker) for turn in line.turns)
    bare = replace(line, line=0, turns=(), until=None) if isinstance(line, Cue) else replace(line, line=0, turns=())
    return bare, [speaker for speaker, _ in groupby(speakers)]
