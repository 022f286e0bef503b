"""Makes what the page of the desk prints before its script runs: which recording it is, and who sits at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.desk.line_values import described
from player.web.pages.desk_sound import DeskSound
from player.web.pages.prose import direction

if TYPE_CHECKING:
    from player.archive.recording import Record
    from player.desk.conflicts import Conflict


@dataclass(frozen=True)
class DeskPage:
    """What the template prints: ``by`` is who works at the desk; ``token`` is sent back with each change."""

    by: str
    token: str
    #: The tag of the language of the lines, and which way it runs: ltr, rtl, or auto where that is not known.
    language: str
    direction: str
    #: What is heard at it; None where the archive does not hold the sound.
    sound: DeskSound | None


def desk_page(record: Record, *, by: str, token: str) -> DeskPage:
    """Give what the desk of a recording prints, for one who may change it. The lines come after it, as JSON."""
    return DeskPage(by, token, record.language, direction(record.language), DeskSound.of(record))


def described_conflict(conflict: Conflict) -> dict[str, Any]:
    """Give both versions of lines that two have changed, as the page shows them side by side."""
    mine, theirs = ([described(line) for line in lines] for lines in (conflict.mine, conflict.theirs))
    return {
        "id": conflict.id,
        "mine": mine[0] if mine else None,
        "theirs": theirs[0] if theirs else None,
        "all_mine": mine,
        "all_theirs": theirs,
        "theirs_by": conflict.by,
        "theirs_date": conflict.date,
    }
