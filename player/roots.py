"""Finds the program's own templates and static files, and the archive that ships with it.

An installed wheel holds the four folders beside ``player/__init__.py``; a checkout holds them one level up.
"""

from __future__ import annotations

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
