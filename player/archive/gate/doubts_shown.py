"""Takes the names of those out of what people say of words who read them otherwise, where these names are not shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from player.archive.doubt_marks import is_mark, is_stale, mark_of, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from player.archive.gate.names import Private
    from player.archive.transcript import Line


def doubts_shown(line: Line, called: Collection[str], private: Private) -> tuple[str, ...]:
    """Give the marks of the words of an open line as they are shown, in their order.

    ``called`` are the voices whose names are replaced. A reading that names somebody whose name is not shown is left
    out; one by such a person is by nobody. Marks that name other words than the line has are left out as well: nobody
    sees them, and they may name somebody.
    """
    if not any(map(is_mark, line.comments)):
        return ()
    return tuple(_shown(line, called, private))


def texts_of_doubts(line: Line) -> Iterator[str]:
    """Give what marks of a line say that may name somebody: other readings, and whose they are."""
    for comment in filter(is_mark, line.comments):
        mark = mark_of(comment)
        yield from filter(None, (mark.text, mark.by) if mark else (comment,))


def may_name(text: str, called: Collection[str], private: Private) -> bool:
    """Tell whether a text names somebody whose name is not shown, as far as anybody knows who they are."""
    return private.is_everybody or private.named_in(text) is not None or any(name in text for name in called)


def _shown(line: Line, called: Collection[str], private: Private) -> Iterator[str]:
    words = line.text.split()
    for mark in filter(None, map(mark_of, line.comments)):
        if is_stale(mark, words):
            continue
        if mark.text is not None and may_name(mark.text, called, private):
            continue
        yield written(replace(mark, by=None) if mark.by and may_name(mark.by, called, private) else mark)
