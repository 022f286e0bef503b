"""Begins an archive: its two folders, and the file in which it says what it is, with every key explained."""

from __future__ import annotations

import os
import re
import textwrap
from typing import TYPE_CHECKING, Final

from player.archive.about import About
from player.archive.toml.editing import edited
from player.archive.toml.values import WrongValueError, read_value
from player.errors import AddError, WriteError, reason, shown
from player.files import unfinished_folder

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = """\
# What this archive says about itself. All of it may be left out; docs/files.md explains every key.
# A line that begins with # is not read: take the sign away, and write your own words.
"""
# What is written behind the sign, for each key but for those that are given.
_EXAMPLES: Final = {
    "name": '"The harbour archive"',
    "line": '"Interviews and meetings from one harbour town."',
    "address": '"https://harbour.example/"',
    "logo": '"logo.svg"',
    "home": '"Kept by the people who live here."',
    "language": '"en"',
    "terms": '"You may listen, quote and link. For anything else, write to us."',
    "contact": '"archive@harbour.example"',
    "takedown": '"Tell us which recording, and why. We close it the same day, and answer within a week."',
    "search_engines": "true",
    "ai_training": "false",
    "added": '"draft"',
    "machine_drafts": '"hidden"',
    "feed": "true",
    "feed_author": '"The harbour archive"',
    "feed_category": '"History"',
}
_MARKUP: Final = re.compile(r"[`*]")


def begin(root: Path, name: str | None = None) -> None:
    """Make an empty archive at ``root``, which may be there; what is in it stays. All of it is made, or nothing.

    :raise AddError: where an archive is there already, something else has the name of one of its folders, or the name
        is none.
    :raise WriteError: where it cannot be written.
    """
    media, transcripts = root / "media", root / "transcripts"
    if os.path.lexists(transcripts):
        raise AddError(f"{shown(root)}: there is an archive already; add to it with player add")
    if name is not None:
        try:
            read_value(name, next(key for key in About.keys if key.name == "name"))
        except WrongValueError as wrong:
            raise AddError(f"its name {'; '.join(wrong.args)}") from None
    if os.path.lexists(media) and not media.is_dir():
        raise AddError(f"{shown(media)}: something else than a folder has this name; move it elsewhere")
    try:
        root.mkdir(parents=True, exist_ok=True)
        with unfinished_folder(root) as beside:
            made = beside / "transcripts"
            made.mkdir()
            (made / "archive.toml").write_text(about_text(name), encoding="utf-8")
            media.mkdir(exist_ok=True)
            # An archive is what has this folder, so it comes last, and as a whole.
            made.rename(transcripts)
    except OSError as error:
        raise WriteError(
            f"{shown(root)}: an archive cannot be made there ({reason(error)}); "
            "check that you may write there, or name another folder"
        ) from None


def about_text(name: str | None) -> str:
    """Write archive.toml: each key with what it means, and all but the given ones behind a sign."""
    found = [_HEAD]
    for key in About.keys:
        meaning = textwrap.wrap(_MARKUP.sub("", key.meaning), 117, initial_indent="# ", subsequent_indent="# ")
        is_given = key.name == "name" and name is not None
        line = edited("", {"name": name}, ["name"]) if is_given else f"# {key.name} = {_EXAMPLES[key.name]}\n"
        found.append("\n".join(["", *meaning, line]))
    return "".join(found)
