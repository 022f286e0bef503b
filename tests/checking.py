"""Holds an archive to its checks, with the real sounds and the real pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from player.archive.archive import Archive
from player.checks.check import Outcome, check
from player.checks.kept import TABLE, Kept
from player.checks.side_by_side import examined
from player.commands.check import examiner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.checks.walking import Part, Walk
    from player.errors import Fault


def outcome(archive: Archive | Path, texts: Mapping[str, str] | None = None, kept: Kept | None = None) -> Outcome:
    """Check an archive, of which nothing is kept unless that is given."""
    opened = archive if isinstance(archive, Archive) else Archive(archive)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(TABLE)
        keeping = kept or Kept(connection, opened.root)

        def examine(parts: Sequence[Part], seen: Walk) -> None:
            for rows in examined(opened.root, parts, seen, examiner):
                keeping.put(rows)

        return check(opened, keeping, examine, lambda _: texts or {}, every=True)


def faults(archive: Archive | Path, texts: Mapping[str, str] | None = None) -> list[Fault]:
    return [each.fault for each in outcome(archive, texts).faults]


def advice(archive: Archive | Path) -> list[Fault]:
    return [each.fault for each in outcome(archive).advice]
