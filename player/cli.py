"""Puts the ``player`` command together from ``player.commands``, and turns what ends one early into an exit code.

Of the commands only the one that is run is imported, and it imports what it needs when it runs.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import signal
import sys
import threading
from collections.abc import MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

# What a command imports and reads has hardly any circles, and by default a tenth of its time goes to looking for some.
gc.set_threshold(50_000, 20, 50)

import click  # noqa: E402  # this too is then imported sooner

import player  # noqa: E402  # as above

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: The commands, each with its module in ``player.commands``, and its function there where that has another name.
_COMMANDS: Final = {
    "access": "access",
    "add": "add",
    "align": "align",
    "annotations": "annotations:list_annotations",
    "bag": "bag",
    "bind": "bind",
    "check": "check",
    "cite": "cite",
    "clip": "clip",
    "clips": "clips",
    "closed": "closed",
    "credentials": "credentials",
    "export": "export",
    "fixity": "fixity",
    "history": "history",
    "import": "import_:import_transcript",
    "index": "index",
    "init": "init",
    "invite": "invite",
    "join": "join",
    "list": "list:list_recordings",
    "publish": "publish",
    "reviewed": "reviewed",
    "reading": "reading",
    "records": "records",
    "remove": "remove",
    "rename": "rename",
    "search": "search",
    "serve": "serve",
    "set": "set:set_",
    "transcribe": "transcribe",
    "verify": "verify",
    "voices": "voices",
    "withdraw": "withdraw",
}


# When a process ends, Python looks for circles once more, among all that was imported: 20 ms, for what goes anyway.
atexit.register(gc.freeze)


class _Imported(MutableMapping[str, click.Command]):
    """The commands by their names; each is imported when it is first looked up (all of them: 30 ms)."""

    def __init__(self) -> None:
        self._there: dict[str, click.Command | None] = dict.fromkeys(_COMMANDS)

    def __getitem__(self, name: str) -> click.Command:
        there = self._there[name]
        if there is None:
            module, _, function = _COMMANDS[name].partition(":")
            there = getattr(import_module(f"player.commands.{module}"), function or module)
            self._there[name] = there
        return there

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._there[name] = command

    def __delitem__(self, name: str) -> None:
        del self._there[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._there)

    def __len__(self) -> int:
        return len(self._there)


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
            # These are a tenth of the time of --help.
            from player.commands.advised import with_archive  # noqa: PLC0415  # see above
            from player.errors import PlayerError  # noqa: PLC0415  # see above

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


@click.group(
    cls=Commands,
    commands=_Imported(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(player.__version__, prog_name="player")
def main() -> None:
    """Listen to archival recordings beside their transcripts, jump to annotated moments, cut clips.

    \b
    Example:
      player serve
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o reading.mp3
    """  # noqa: D301  # \b is click's mark for lines that are not to be wrapped
