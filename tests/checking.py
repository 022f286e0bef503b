"""Holds an archive to its checks, with the real sounds and the real pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.archive import Archive
from player.audio import cache, probe
from player.checks.check import check
from player.web.routes.addresses import shown_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.errors import Fault


def faults(archive: Archive | Path, texts: Mapping[str, str] | None = None) -> list[Fault]:
    opened = archive if isinstance(archive, Archive) else Archive(archive)
    return check(opened, lambda path: probe.probe(path).duration, cache.digest, shown_at, texts)
