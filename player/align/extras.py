"""Says how a package is installed that only some need."""

from __future__ import annotations

import importlib.metadata

from player.errors import AlignError
from player.roots import installing


class MissingError(AlignError):
    """A package that is needed is not installed."""


def version(package: str, extra: str, what: str) -> str:
    """Give the version of a package that is installed.

    :raise MissingError: where it is not, with the command that installs ``extra``, which has it; ``what`` needs it.
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        raise MissingError(f"{what} needs {package}, which is not installed; {installing(extra)}") from None
