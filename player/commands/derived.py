"""Removes what was derived from files of the archive, once these are gone or have other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive


def forgotten(archive: Archive, slug: str, derived: list[Path]) -> bool:
    """Remove ``derived`` files, and a recording's part of the index; say what stays, and tell whether all went."""
    import sqlite3

    from player.audio import forgetting
    from player.errors import PlayerError, reason, shown
    from player.index.forgetting import forget

    left = [
        f"{shown(path)}: this cannot be removed ({reason(error)}); remove it by hand"
        for path, error in forgetting.remove(derived)
    ]
    try:
        forget(archive.root, slug)
    except PlayerError as error:
        left.append(str(error))
    except sqlite3.Error as error:
        left.append(f"the index cannot be written ({error}); delete it, and it is made again: player index")
    for message in left:
        click.echo(with_archive(message), err=True)
    return not left
