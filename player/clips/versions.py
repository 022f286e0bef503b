"""Says of which version of the transcript the words of a clip are, and gives those of the version that a clip names."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from player.archive.gate.shown import Audience
from player.archive.recording import HISTORY
from player.errors import ArchiveError, NotFoundError
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.history.versions import Version


@value
class WordsVersion:
    """A version of a transcript: its number, and the day since which it was so, as EDTF."""

    number: int
    date: str

    def __str__(self) -> str:
        return f"transcript version {self.number} of {self.date}"


def words_version(recording: Recording) -> WordsVersion | None:
    """Give the version of a recording's words today; None where it has no history, or they are of no version yet."""
    if not os.path.lexists(recording.folder / HISTORY):
        return None
    from player.history import versions  # noqa: PLC0415  # 5 ms, where there is no history

    return _version(versions.current(recording))


def as_cut(archive: Archive, whole: Recording, seen: Recording, stated: Any) -> Iterator[Recording]:
    """Give a recording with the words from which a clip may have been cut that states a version of them, or none.

    ``whole`` is as its owners see it, ``seen`` as the clip has it. Those of today come first, where they can be meant.
    """
    from player.history import versions, whereabouts  # noqa: PLC0415  # see above

    number = stated.get("number") if isinstance(stated, dict) else None
    now = versions.current(whole)
    if number is None or (now is not None and now.number == number):
        yield seen
    # What was cut before there was a history has the words of the first version.
    wanted = 0 if number is None else number
    if not isinstance(wanted, int) or (now is not None and now.number == wanted):
        return
    try:
        transcript = versions.transcript(whole, wanted)
    except (NotFoundError, ArchiveError):
        return
    if seen is whole:
        yield replace(whole, transcript=transcript)
    else:
        leads = whereabouts.former(whole).get
        yield archive.seen_by(Audience.VISITORS).earlier(whole.slug, transcript, leads)


def stated_version(recording: Recording, stated: Any) -> WordsVersion | None:
    """Give the version whose number a clip states, with the day that the history has; None where there is none."""
    from player.history import versions  # noqa: PLC0415  # see above

    number = stated.get("number") if isinstance(stated, dict) else None
    return _version(next((each for each in versions.versions(recording) if each.number == number), None))


def _version(version: Version | None) -> WordsVersion | None:
    return WordsVersion(version.number, version.date.date().isoformat()) if version and version.date else None
