"""Says how a package is installed that only some need."""

from __future__ import annotations

import importlib.metadata

from player import roots
from player.errors import AlignError


def version(package: str, extra: str, what: str) -> str:
    """Give the version of a package that is installed.

    :raise AlignError: where it is not, with the command that installs ``extra``, which has it; ``what`` needs it.
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        raise AlignError(f"{what} needs {package}, which is not installed; {installing(extra)}") from None


def installing(extra: str) -> str:
    """Give the command that installs an extra, as it works here: in a clone, or for an installed package."""
    if (roots.TEMPLATES.parent / "pyproject.toml").is_file():
        return f"install it, in the folder of the program: .venv/bin/pip install -e '.[{extra}]'"
    return f"install it: pip install 'tape-player[{extra}]'"
