"""Takes the names of those away who have heard or reviewed words, where these names are not shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.gate.doubts_shown import may_name, texts_of_doubts
from player.archive.gate.names import WITHHELD
from player.archive.line_marks import heard
from player.archive.machine import REVIEWED, review

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from player.archive.gate.names import Private
    from player.archive.transcript import Transcript

    Header = Sequence[tuple[str, str]]

_ITEM: Final = re.compile(rf"\s*(\[{REVIEWED}\])(.*)", re.IGNORECASE | re.DOTALL)
# As the history of a transcript has it, once somebody has reviewed it.
_IN_HISTORY: Final = re.compile(r"(reviewed by ).+?( on [0-9]{4}-[0-9]{2}-[0-9]{2})")


def names_private(transcript: Transcript, called: Collection[str], private: Private) -> bool:
    """Tell whether somebody whose name is not shown has reviewed a transcript, or heard or reads a line of it.

    ``called`` are the voices whose names are replaced.
    """
    if not (private or called):
        return False
    marked = [line for line in transcript.lines if line.comments]
    names = {each.name for line in marked for each in heard(line)}
    names.update(text for line in marked for text in texts_of_doubts(line))
    if transcript.review is not None:
        names.add(transcript.review.name)
    return any(may_name(name, called, private) for name in names)


def header_shown(header: Header, called: Collection[str], private: Private) -> tuple[tuple[str, str], ...]:
    """Give a header as it is shown: without the name of who has reviewed it, where that is not shown.

    Of other names in it ``player check`` tells.
    """
    is_named = private.is_everybody or any(may_name(value, called, private) for _, value in header)
    return without_reviewers(header) if is_named else tuple(header)


def without_reviewers(header: Header) -> tuple[tuple[str, str], ...]:
    """Give a header that says when something was reviewed, and by nobody's name."""
    return tuple((name, ";".join(map(_nameless, value.split(";")))) for name, value in header)


def _nameless(item: str) -> str:
    match = _ITEM.fullmatch(item)
    if match is None:
        return _IN_HISTORY.sub(lambda found: f"{found[1]}{WITHHELD}{found[2]}", item)
    said = review(match[2])
    return f"{match[1]} {said.date}, {WITHHELD}" if said is not None else ""
