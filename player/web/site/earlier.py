"""Reads what an earlier copy in a folder was of, and refuses a folder that is not one to be replaced."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.errors import PlayerError, WriteError, reason, shown
from player.web.site import in_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record

#: What a copy says about itself. A folder with this file is one that this program made.
LIST: Final = "static-copy.json"
VERSION: Final = 1

# So many are named of what is gone: enough to know which.
_NAMED: Final = 5
_PARTS: Final = {"sound": "its sound", "transcript": "its words", "notes": "its notes"}


@dataclass(frozen=True)
class Earlier:
    """A copy that is there: the day it was made, the people in it, and of each recording what is open in it."""

    day: str
    recordings: Mapping[str, Mapping[str, Any]]
    people: Sequence[str] = field(default=())


def state(record: Record) -> dict[str, Any]:
    """Say what of a recording is shown, so that a later copy can tell what was closed since."""
    withheld = record.shown
    passages = [
        [each.span.start, each.span.end, *(what for what in ("sound", "words") if getattr(each, what))]
        for each in withheld.passages
    ]
    parts = {part: getattr(withheld, part) is None for part in _PARTS}
    # Voices as visitors are told them: of what is not shown, a copy says how many, and never a word.
    voices = sorted({speaker.name for speaker in record.speaker})
    names = withheld.renamed or int(withheld.replaces_names)
    return {**parts, "closed": passages, "names": names, "voices": voices}


def states(archive: Archive) -> dict[str, dict[str, Any]]:
    """Say of each recording that visitors are shown what of it they are."""
    found = {}
    for slug in archive.slugs():
        with suppress(PlayerError):
            record = archive.record(slug)
            if record.shown.is_listed:
                found[slug] = state(record)
    return found


def closed_since(
    earlier: Earlier, now: Mapping[str, Mapping[str, Any]], people: Sequence[str], visitors: Archive
) -> Iterator[str]:
    """Say what is open in an earlier copy and closed now; ``visitors`` is the archive as they are shown it."""
    for slug, before in earlier.recordings.items():
        after = now.get(slug)
        if after is None:
            yield f"{slug} is not shown any more"
            continue
        yield from (f"{what} of {slug}" for part, what in _PARTS.items() if before.get(part) and not after[part])
        known = [list(each) for each in before.get("closed", ())]
        new = sum(list(each) not in known for each in after["closed"])
        if new:
            yield f"{new} passage{'' if new == 1 else 's'} of {slug}"
        # One that is opened makes up in number for another that is withheld.
        gone = [name for name in before.get("voices", ()) if after["names"] and visitors.name_shown(slug, name) != name]
        new = max(after["names"] - int(before.get("names", 0)), len(gone))
        if new > 0:
            yield f"{'a name' if new == 1 else f'{new} names'} in {slug}"
    left = sorted(set(earlier.people) - set(people))
    if left:
        more = f" and {len(left) - _NAMED} others" if len(left) > _NAMED else ""
        yield f"the page{'' if len(left) == 1 else 's'} of {', '.join(left[:_NAMED])}{more}"


def refuse_unfit(folder: Path, archive: Path) -> tuple[Path, Earlier | None]:
    """Give the folder that is meant, behind any links, and the earlier copy there; None where nothing is there.

    What a process that was killed has put aside of it is put back first.

    :raise WriteError: where something else is there, or it is a place of the archive's own, or it cannot be had.
    """
    try:
        real, root = folder.resolve(), archive.resolve()
        if any(real.is_relative_to(own.resolve()) for own in (root, root / "media", root / "transcripts")):
            raise WriteError(f"{shown(folder)}: this is in the archive; give a folder outside of it")
        if root.is_relative_to(real):
            raise WriteError(f"{shown(folder)}: the archive is in this folder; give another, which has only the copy")
        in_place.recover(real, LIST)
        if not os.path.lexists(real):
            return real, None
        if not real.is_dir():
            raise WriteError(f"{shown(folder)}: this is a file; give a folder")
        names = [each.name for each in real.iterdir()]
        content = files.content(real / LIST) if LIST in names else None
    except RuntimeError:  # what Python 3.11 raises for links that lead to one another
        raise WriteError(f"{shown(folder)}: this is a link that leads nowhere; give a folder") from None
    except OSError as error:
        raise WriteError(f"{shown(folder)}: cannot be read ({reason(error)}); give another folder") from None
    if content is not None:
        return real, _read(content, folder)
    if names:
        raise WriteError(
            f"{shown(folder)}: there are other files in it, and no copy made by this command; give an empty folder, or "
            "one that is not there yet"
        )
    return real, None


def _read(content: bytes, folder: Path) -> Earlier:
    try:
        told = json.loads(content)
        recordings = {str(slug): dict(each) for slug, each in told["recordings"].items()}
        found = Earlier(str(told["made"]), recordings, [str(each) for each in told["people"]])
        is_known = told["version"] == VERSION
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_known = False
    if not is_known:
        what = "this does not say what the copy beside it is of; remove the folder, and try again"
        raise WriteError(f"{shown(folder / LIST)}: {what}")
    return found
