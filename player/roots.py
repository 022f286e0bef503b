"""Finds the program's own templates and static files, the archive that ships with it, and the folder of its cache;
says how an extra of it is installed.

An installed wheel holds the four folders beside ``player/__init__.py``; a checkout holds them one level up.
"""

from __future__ import annotations

import os
from pathlib import Path


def root(package: Path) -> Path:
    """Give the folder that holds ``templates``, ``static``, ``media`` and ``transcripts`` for the package folder."""
    return package if (package / "templates").is_dir() else package.parent


_ROOT = root(Path(__file__).resolve().parent)

#: The folder of the page templates.
TEMPLATES = _ROOT / "templates"
#: The folder of the style sheets and scripts.
STATIC = _ROOT / "static"
#: The archive that comes with the program: the folder that holds ``media`` and ``transcripts``.
SHIPPED_ARCHIVE = _ROOT


def cache_folder() -> Path | None:
    """Give the folder of what is derived from archives and kept; None where the user has no home folder.

    It is ``PLAYER_CACHE``, by default ``tape-player`` in the user's cache folder, as the XDG Base Directory
    Specification 0.8 places it.
    """
    if named := os.environ.get("PLAYER_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # The specification says to ignore a relative path in XDG_CACHE_HOME (section 3).
        return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "tape-player"
    except RuntimeError:
        return None


def installing(extra: str) -> str:
    """Give the command that installs an extra, as it works here: in a clone, or for an installed package."""
    if (TEMPLATES.parent / "pyproject.toml").is_file():
        return f"install it, in the folder of the program: .venv/bin/pip install -e '.[{extra}]'"
    return f"install it: pip install 'tape-player[{extra}]'"
