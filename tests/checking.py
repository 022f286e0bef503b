"""Holds an archive to its checks, with the real sounds and the real pages."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from player.archive.archive import Archive
from player.checks.check import Outcome, check
from player.checks.examining import examined
from player.checks.kept import Kept
from player.commands.check import examiner
from player.index.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.checks.walking import Part, Walk
    from player.errors import Fault


def outcome(archive: Archive | Path, texts: Mapping[str, str] | None = None, kept: Kept | None = None) -> Outcome:
    """Check an archive, of which nothing is kept unless that is given."""
    opened = archive if isinstance(archive, Archive) else Archive(archive)
    with tempfile.TemporaryDirectory() as elsewhere:
        # The name of a database is that of a folder, which need not be the archive's.
        keeping = kept or Kept(Database(Path(elsewhere)), opened.root)

        def examine(parts: Sequence[Part], seen: Walk) -> None:
            for rows in examined(opened, parts, seen, examiner):
                keeping.put(rows)

        return check(opened, keeping, examine, lambda _: texts or {}, every=True)


#: What is told of a recording with a closed passage until a copy is made in which it is silent.
UNCOPIED = "passages of it are closed, and browsers play nothing but a copy in which these are silent"


def faults(archive: Archive | Path, texts: Mapping[str, str] | None = None) -> list[Fault]:
    return [each.fault for each in outcome(archive, texts).faults]


def advice(archive: Archive | Path) -> list[Fault]:
    return [each.fault for each in outcome(archive).advice]


def advice_on_texts(archive: Archive | Path) -> list[Fault]:
    """List what is advised but for the copies that are yet to be made."""
    return [each for each in advice(archive) if each.what != UNCOPIED]
