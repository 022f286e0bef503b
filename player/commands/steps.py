"""Shows on a terminal how far what takes long is, one step after another."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What takes less shows nothing.
_LONG: Final = 0.5  # seconds
_PARTS: Final = 1000


class _Steps:
    """The bar of the step that is being done."""

    def __init__(self) -> None:
        self._what = ""
        self._begun = 0.0
        self._bar: Any = None

    def tell(self, what: str, done: float) -> None:
        """Show how much of a step is done, from 0 to 1."""
        if what != self._what:
            self.end()
            self._what, self._begun = what, time.monotonic()
        if self._bar is None:
            if time.monotonic() - self._begun < _LONG or done >= 1:
                return
            self._bar = click.progressbar(length=_PARTS, label=what, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(int(_PARTS * done) - self._bar.pos)

    def end(self) -> None:
        """End the bar, where one is shown."""
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.__exit__(None, None, None)


@contextlib.contextmanager
def steps() -> Iterator[Callable[[str, float], object]]:
    """Give the function that is told what is being done, and how much of it is, from 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda _what, _done: None
        return
    shown = _Steps()
    try:
        yield shown.tell
    finally:
        shown.end()
