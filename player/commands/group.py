"""The group that all commands are in: what ends a command early, into a sentence and an exit code."""

from __future__ import annotations

import contextlib
import errno
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Commands(click.Group):
    """A group that tells a refusal in a sentence and exits with its code: 1 refused, 2 misused."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            with _unwinding():
                return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as refusal:
            # Imported here, for a tenth of the time of --help goes into what it imports.
            from player.errors import PlayerError  # noqa: PLC0415

            if isinstance(refusal, PlayerError):
                click.echo(str(refusal), err=True)
                ctx.exit(refusal.exit_code)
            if isinstance(refusal, OSError) and refusal.errno == errno.ENOSPC:
                click.echo("what there is to say cannot be written (no space left); make room where it goes", err=True)
                ctx.exit(1)
            raise


@contextlib.contextmanager
def _unwinding() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, so that no unfinished file stays behind."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)  # what a shell makes of a command that a signal ended

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # only the main thread may set handlers
    before = {number: signal.signal(number, stop) for number in numbers if signal.getsignal(number) is signal.SIG_DFL}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
