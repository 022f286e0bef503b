"""Finds the files of a recording's translations by their names: ``transcript.<tag>.vtt``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"transcript\.(?P<tag>.*)\.vtt", re.DOTALL)
_LIKE_ONE = re.compile(r"transcript\..*\.vtt", re.DOTALL | re.IGNORECASE)


def translation_files(folder: Path) -> dict[str, Path]:
    """Find the translations in a recording's folder, by the tag of their language, in the order of the tags."""
    names = ((_NAME.fullmatch(name), name) for name in _listed(folder))
    return {match["tag"]: folder / name for match, name in names if match and _is_tag(match["tag"])}


def stray_files(folder: Path) -> list[Path]:
    """List what is named nearly like a translation, and is none."""
    known = set(translation_files(folder).values())
    return [folder / name for name in _listed(folder) if _LIKE_ONE.fullmatch(name) and folder / name not in known]


def _is_tag(tag: str) -> bool:
    from player.archive.languages import TAG  # noqa: PLC0415  # most recordings have no translation

    # "transcript.vtt.vtt" is a slip of the hand, though three letters could be a language.
    return tag != "vtt" and TAG.fullmatch(tag) is not None


def _listed(folder: Path) -> list[str]:
    """List the names in a folder; none where it cannot be read, which its recording.toml is reported for."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []
