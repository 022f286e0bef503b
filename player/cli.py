"""Puts the ``player`` command together from ``player.commands``, and turns what ends one early into an exit code.

A command imports what it needs when it runs, so that ``--help`` and mistakes are answered at once.
"""

from __future__ import annotations

import contextlib
import errno
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from player.commands.access import access
from player.commands.add import add
from player.commands.advised import with_archive
from player.commands.align import align
from player.commands.annotations import list_annotations
from player.commands.bind import bind
from player.commands.check import check
from player.commands.clip import clip
from player.commands.clips import clips
from player.commands.closed import closed
from player.commands.credentials import credentials
from player.commands.history import history
from player.commands.import_ import import_transcript
from player.commands.index import index
from player.commands.init import init
from player.commands.invite import invite
from player.commands.join import join
from player.commands.list import list_recordings
from player.commands.publish import publish
from player.commands.reading import reading
from player.commands.records import records
from player.commands.remove import remove
from player.commands.rename import rename
from player.commands.reviewed import reviewed
from player.commands.search import search
from player.commands.serve import serve
from player.commands.transcribe import transcribe
from player.commands.verify import verify
from player.commands.voices import voices
from player.commands.withdraw import withdraw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Commands(click.Group):
    """A group of commands that prints a refusal as a sentence and exits with its code: 1 refused, 2 misused."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            with _unwinding():
                return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as refusal:
            from player.errors import PlayerError  # noqa: PLC0415  # a tenth of the time of --help

            if isinstance(refusal, PlayerError):
                click.echo(with_archive(str(refusal)), err=True)
                ctx.exit(refusal.exit_code)
            if isinstance(refusal, OSError) and refusal.errno == errno.ENOSPC:
                click.echo("the output cannot be written (no space left on device); free some space", err=True)
                ctx.exit(1)
            raise


@contextlib.contextmanager
def _unwinding() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, so that no unfinished file stays behind."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)  # the exit code that shells give a command ended by a signal

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # only the main thread may set handlers
    before = {number: signal.signal(number, stop) for number in numbers if signal.getsignal(number) is signal.SIG_DFL}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tape-player", prog_name="player")
def main() -> None:
    """Listen to archival recordings beside their transcripts, jump to annotated moments, cut clips.

    \b
    Example:
      player serve
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o reading.mp3
    """  # noqa: D301  # \b is click's mark for lines that are not to be wrapped


for _command in (
    access,
    add,
    align,
    list_annotations,
    bind,
    check,
    clip,
    clips,
    closed,
    credentials,
    history,
    import_transcript,
    index,
    init,
    invite,
    join,
    list_recordings,
    publish,
    reviewed,
    reading,
    records,
    remove,
    rename,
    search,
    serve,
    transcribe,
    verify,
    voices,
    withdraw,
):
    main.add_command(_command)
