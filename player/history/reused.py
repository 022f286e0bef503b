"""Finds lines that are called as another line was: what cites that one would lead to them.

The program gives no identifier twice. A text editor may, or a file that is copied over a transcript and has none, for
then lines are numbered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError
from player.history.comparing import lines_in
from player.history.entries import GO_BACK
from player.history.moving import bare
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.history.versions import History

# A line of one word or two that was corrected is no other line.
_FEW: Final = 3
_SHARE: Final = 3


def reused(record: Record, lines: Sequence[Line]) -> list[Line]:
    """Give those lines of a transcript that have few of the words of the line that was called so before."""
    there = history(record)
    if there.last < 0:
        return []
    before = _before(there, {line.id for line in lines})
    return [line for line in lines if (words := before.get(line.id)) and not _has(bare(line.text), words)]


def _before(there: History, names: set[str]) -> Mapping[str, str]:
    """Give the words of lines that were called as others are now, where nobody went back to them."""
    gone: dict[str, str] = {}
    found: dict[str, str] = {}
    for entry in there.entries.values():
        for name in entry.new:
            words = gone.pop(name, None)
            if words is not None and entry.how != GO_BACK:
                found[name] = words
        for name in entry.gone:
            found.pop(name, None)
            gone[name] = entry.words.get(name, "")
    try:
        was = {line.id: line.text for line in lines_in(there.transcript, there.content(there.last))}
    except ArchiveError:
        was = {}
    # What no entry says yet.
    found |= {name: words for name, words in gone.items() if name in names and name not in was}
    return {**{name: words for name, words in was.items() if name not in found}, **found}


def _has(words: Sequence[str], before: str) -> bool:
    """Tell whether a line has a third of the words of another, or nothing but words of it; few words tell nothing."""
    old, new = set(bare(before)), set(words)
    common = len(old & new)
    return len(old) < _FEW or common * _SHARE >= len(old) or common == len(new)
