"""Advises on what waits at the desk: working copies that were set aside or that nobody goes on with, suggestions.

It is looked for each time: nothing of it is in the files that are read, and a copy grows old without being changed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shlex
from typing import TYPE_CHECKING, Final

from player.archive.recording import SUGGESTIONS, WORKING
from player.archive.suggestions import is_name_of_file, read
from player.archive.working_copies import SET_ASIDE, SUFFIX
from player.errors import Advice, quoted
from player.files import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# So long, in days, somebody may well be at it.
_OLD: Final = 30
_LARGEST_HEAD: Final = 10_000_000


def unwritten_advice(folder: Path, now: dt.datetime) -> Iterator[Advice]:
    """Give what waits in the ``folder`` of a recording, for whoever keeps the archive."""
    for entry in _files(folder / WORKING):
        path = folder / WORKING / entry.name
        if not entry.name.endswith(SUFFIX):
            yield Advice(path, None, "this is no working copy of the desk", "remove it, or move it elsewhere")
        elif SET_ASIDE in entry.name:
            what = "this is a working copy that could not be followed, and was set aside whole"
            remedy = 'each line of it is a step, and "text" in it has its words: take out what you need, and delete it'
            yield Advice(path, None, what, remedy)
        elif (days := (now - _changed(entry)).days) > _OLD:
            by = _whose(path)
            who = f" of {quoted(by)}" if by else ""
            what = f"nobody has gone on with this working copy{who} for {days} days, and it is not in the archive"
            serve = f"player serve --edit --by {shlex.quote(by)}" if by else "player serve --edit"
            yield Advice(path, None, what, f"write it at the desk ({serve}), or delete it if nobody needs it")
    waiting = 0
    for entry in _files(folder / SUGGESTIONS):
        if is_name_of_file(entry.name) and read(folder, entry.name.removesuffix(".json")) is not None:
            waiting += 1
            continue
        what = "this is no suggestion of a listener that can be read, so the desk does not show it"
        yield Advice(folder / SUGGESTIONS / entry.name, None, what, "remove it, or move it elsewhere")
    if waiting:
        what = "1 suggestion of a listener waits" if waiting == 1 else f"{waiting} suggestions of listeners wait"
        remedy = "look at them at the desk, where C goes to the next: player serve --edit"
        yield Advice(folder / SUGGESTIONS, None, what, remedy)


def _files(folder: Path) -> list[os.DirEntry[str]]:
    """List what is in a folder, but for hidden files; nothing of one that is a link, or is none."""
    if os.path.islink(folder):  # noqa: PTH114  # is_symlink raises where a name is too long
        return []
    try:
        with os.scandir(folder) as found:
            return sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)
    except OSError:
        return []


def _changed(entry: os.DirEntry[str]) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, dt.UTC)
    except OSError:
        return dt.datetime.now(dt.UTC)  # it went meanwhile


def _whose(path: Path) -> str:
    """Give whose working copy it is; empty where that cannot be read."""
    try:
        with opened(path) as file:
            head = json.loads(file.readline(_LARGEST_HEAD))
    except (OSError, ValueError, RecursionError):
        return ""
    by = head.get("by") if isinstance(head, dict) else None
    return by if isinstance(by, str) and by.isprintable() else ""
