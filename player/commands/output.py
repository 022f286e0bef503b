"""Prints what several commands answer with: columns, counts and JSON."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from player.commands.advised import with_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive


def print_columns(rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows, each column as wide as its widest cell but for the last."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)) + f"  {row[-1]}")


def marked_unless_open(access: str | None) -> str:
    """Write at the end of a line why visitors may not see what it says; nothing where they may."""
    return "" if access in {None, "open"} else f"  [{access}]"


def marked_if_unchecked(*, is_unchecked: bool) -> str:
    """Write at the end of a line that a machine wrote its words, and nobody has checked them."""
    from player.archive.machine import LABEL

    return f"  [{LABEL}]" if is_unchecked else ""


def counted(count: int, noun: str, several: str = "") -> str:
    """Write a count with its noun, ``1 cue`` or ``2 cues``; ``several`` is the noun for more, where it has no ``s``."""
    return f"{count} {noun if count == 1 else several or f'{noun}s'}"


def refuse(slug: str, error: Exception, say: Callable[..., object] = click.echo) -> None:
    """Say why nothing could be done with one recording of those that a command does all of."""
    why = str(error)
    say(with_archive(why if why.startswith(f"{slug}: ") else f"{slug}: {why}"), err=True)


def ended(done: str, others: Iterable[tuple[int, str]], say: Callable[..., object] = click.echo) -> None:
    """Say at the end how much was done, and of how many others what."""
    say(", ".join([done, *(f"{count} {what}" for count, what in others if count)]))


def warn_of_clock(archive: Archive) -> None:
    """Say by which day it is judged what is closed, where the clock is not trusted."""
    if not archive.clock.is_trusted:
        day = archive.day().isoformat()
        told = f"the clock was changed, so the day is taken to be {day}; if the clock is right: player check"
        click.echo(with_archive(told), err=True)


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """Show the progress on a terminal; give the function that is called with how much is done, from 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1000, label=what, file=sys.stderr) as bar:
        yield lambda done: bar.update(int(1000 * done) - bar.pos)


def show_count(what: str, done: int, there: int, each: int = 1) -> None:
    """Say on a terminal how many there are of what is being done, and how many are done: ``3 of 12 made``.

    They are counted in units of ``each``: bytes in megabytes.
    """
    if sys.stderr.isatty():
        click.echo(f"\r{done // each:,} of {there // each:,} {what}", err=True, nl=done == there)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def send(path: Path) -> None:
    """Send the clip at ``path`` to standard output.

    :raise ClipError: where that cannot be written.
    """
    import shutil

    from player.errors import ClipError, reason

    try:
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except OSError as error:
        # What could not be written is not tried again when the program ends.
        with contextlib.suppress(OSError):
            sys.stdout.buffer.close()
        raise ClipError(f"standard output cannot be written ({reason(error)}); send the clip somewhere else") from None
