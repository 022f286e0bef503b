"""Shows how far long work in pieces is: on a terminal a bar, elsewhere a line now and then; and says how it goes on."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from typing import TYPE_CHECKING, Final

import click

from player.timecode import lasting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from player.align.pieces import Progress

# Where there is no bar, a line comes after so many seconds, and then each time after twice as many, up to _SELDOM.
_FIRST: Final = 10
_SELDOM: Final = 300
_SOON: Final = 0.5
# So wide is a bar at most; where the terminal has no room for the least, there is none.
_WIDTH: Final = 24
_LEAST: Final = 4


class _Shown:
    """What is shown of the work."""

    def __init__(self, *, is_terminal: bool) -> None:
        self._is_terminal = is_terminal
        self._is_open = False
        self._what = ""
        self._wait = float(_FIRST)
        self._next = time.monotonic() + _FIRST

    def tell(self, progress: Progress) -> None:
        """Show how far it is."""
        if progress.what != self._what:
            self.end()
            self._what = progress.what
            if progress.kept:
                rest = "; it goes on with the rest" if progress.kept < progress.pieces else ""
                are = "is" if progress.pieces == 1 else "are"
                click.echo(f"{progress.what}: {_of(progress.kept, progress)} {are} there from before{rest}", err=True)
        if self._is_terminal:
            click.echo(f"\r\x1b[K{_bar(progress)}", nl=False, err=True)
            self._is_open = True
        elif time.monotonic() >= self._next and progress.part < 1:
            click.echo(_line(progress), err=True)
            self._wait = min(_SELDOM, 2 * self._wait)
            self._next = time.monotonic() + self._wait

    def end(self) -> None:
        """End the line of a bar, where one is shown."""
        if self._is_open:
            click.echo(err=True)
        self._is_open = False


@contextlib.contextmanager
def shown() -> Iterator[Callable[[Progress], object]]:
    """Give the function that is told of the work; where it is interrupted, say that it goes on where it was."""
    showing = _Shown(is_terminal=sys.stderr.isatty())
    try:
        yield showing.tell
    except KeyboardInterrupt:
        showing.end()
        click.echo("stopped; what is done is kept, and the same command goes on from there", err=True)
        raise
    finally:
        showing.end()


def decoding(tell: Callable[[Progress], object]) -> Callable[[float], object]:
    """Give the function that is told how much of the sound is decoded, from 0 to 1, and has that shown."""
    from player.align.pieces import Progress

    begun = time.monotonic()

    def told(part: float) -> None:
        taken = time.monotonic() - begun
        left = taken * (1 - part) / part if part else None
        # What takes a moment shows nothing.
        if taken > _SOON:
            tell(Progress("Decoding the sound", 0, 0, 0, part, left))

    return told


def _bar(progress: Progress) -> str:
    """Draw a bar that fits into a line of the terminal, so that the next one can be drawn over it."""
    line = _line(progress)
    numbers = line.removeprefix(f"{progress.what}: ")
    # A terminal may begin another line after what is in its last column.
    room = shutil.get_terminal_size().columns - 1
    width = min(_WIDTH, room - len(f"{progress.what}  [] {numbers}"))
    if width < _LEAST:
        return line[:room]
    full = int(width * progress.part)
    return f"{progress.what}  [{'#' * full}{'-' * (width - full)}] {numbers}"


def _line(progress: Progress) -> str:
    is_told = progress.left is not None and round(progress.left)
    left = f", about {lasting(round(1000 * (progress.left or 0)))} left" if is_told else ""
    pieces = f"{_of(progress.done, progress)}, " if progress.pieces else ""
    return f"{progress.what}: {pieces}{int(100 * progress.part)} %{left}"


def _of(count: int, progress: Progress) -> str:
    return f"{count} of {progress.pieces} piece{'' if progress.pieces == 1 else 's'}"
