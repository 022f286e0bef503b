"""Gives commands that do much the options of where it is done: in this process, in some, or on a cluster."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.workers import Workers


class _Address(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """Where a scheduler is."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        from player.cluster import is_address
        from player.errors import quoted

        if not is_address(value):
            told = f"{quoted(value)} is no address of a scheduler; write one such as tcp://127.0.0.1:8786"
            self.fail(told, param, context)
        return str(value)


def cluster_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names a cluster; the command gets its address, or None, as ``cluster``."""
    return click.option(
        "--cluster",
        type=_Address(),
        metavar="ADDRESS",
        help="Have it done by the workers of a Dask cluster, which see the archive at the same path: the scheduler's "
        "address, such as tcp://127.0.0.1:8786.",
    )(command)


def jobs_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the option of how many are done at a time here; the command gets it, or None, as ``jobs``."""
    return click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help=what)


class Count:
    """Shows on a terminal how many are done, and says what came of each on lines of its own."""

    def __init__(self, what: str, *, is_shown: bool) -> None:
        self._what = what
        self._is_shown = is_shown and sys.stderr.isatty()
        self._line = ""

    def tell(self, done: int, there: int) -> None:
        """Show how many are done."""
        if self._is_shown:
            self._line = f"{done:,} of {there:,} {self._what}"
            click.echo(f"\r\x1b[K{self._line}", err=True, nl=False)

    def say(self, line: str, *, err: bool = False) -> None:
        """Say something above what is shown."""
        if self._line:
            click.echo("\r\x1b[K", err=True, nl=False)
        click.echo(line, err=err)
        if self._line:
            click.echo(self._line, err=True, nl=False)

    def end(self) -> None:
        """End the line of what is shown."""
        if self._line:
            click.echo(err=True)


@contextlib.contextmanager
def counting(what: str, *, is_shown: bool = True) -> Iterator[Count]:
    """Give what shows how many are done; where it is interrupted, say that what is done is kept."""
    count = Count(what, is_shown=is_shown)
    try:
        yield count
    except KeyboardInterrupt:
        count.end()
        if is_shown:
            click.echo("stopped; what is done is kept, and the same command goes on from there", err=True)
        raise
    except BaseException:
        count.end()
        raise
    count.end()


@contextlib.contextmanager
def workers(
    archive: Archive,
    cluster: str | None,
    number: int | None = None,
    *,
    folders: Iterable[Path] = (),
    packages: Iterable[str] = (),
    models: Iterable[Path] = (),
    needs_processes: bool = False,
) -> Iterator[Workers]:
    """Give who does the work: those of a cluster, a ``number`` of processes, or where that is 1 or None, this one.

    It is written into ``folders`` beside the archive, which all have to see. It needs ``packages``, which are here, and
    what is in the folders of ``models``.

    :raise ClusterError: where there is no cluster, or one of its workers is not fit.
    """
    if cluster is not None and number is not None:
        raise click.UsageError("--jobs is for this machine; how many work on a cluster is told to its workers.")
    if cluster is not None:
        from player.cluster import cluster as of_dask

        with contextlib.ExitStack() as stack:
            # New names: what a shared folder had a moment ago, another machine may not know yet.
            signs = [stack.enter_context(_sign(folder)) for folder in sorted(folders)]
            asked = (archive.root, signs, sorted(packages), sorted(models))
            yield stack.enter_context(of_dask(cluster, about, *asked, needs_processes=needs_processes))
    elif (number or 1) > 1:
        from player.workers import Here

        with Here(number or 1) as here:
            yield here
    else:
        from player.workers import Workers

        yield Workers()


@contextlib.contextmanager
def _sign(folder: Path) -> Iterator[Path]:
    """Put a file into a folder, by which others can tell that they see the same; it goes with the block.

    :raise WriteError: where nothing can be put there.
    """
    from player import files
    from player.errors import WriteError, reason, shown

    with contextlib.ExitStack() as stack:
        try:
            sign = stack.enter_context(files.unfinished_file(folder))
        except OSError as error:
            raise WriteError(f"{shown(folder)}: the folder cannot be written ({reason(error)}); name another") from None
        yield sign


def about(root: Path, signs: Iterable[Path], packages: Iterable[str], models: Iterable[Path]) -> Mapping[str, Any]:
    """Tell what this process sees of an archive: which it is, and by which day it is judged what is closed.

    The folders in which there are ``signs`` are seen as well by whoever sees these. Of ``packages`` it tells the
    version, and of a model in one of the folders of ``models`` how large it is.
    """
    import hashlib
    import os
    from importlib.metadata import PackageNotFoundError, version

    from player.align.recognisers import MODEL
    from player.archive.archive import Archive
    from player.errors import PlayerError, shown

    try:
        archive = Archive(root)
        slugs = archive.slugs()
    except (PlayerError, OSError):
        return {"wrong": f"does not see the archive {shown(root)}; mount it there, at the same path"}
    for sign in signs:
        if not sign.exists():
            return {
                "wrong": f"does not see the folder {shown(sign.parent)}; name one that all workers see at that path"
            }
    needed: dict[str, str] = {}
    for name in packages:
        try:
            needed[name] = version(name)
        except PackageNotFoundError:
            return {"wrong": f"has no {name}, which this needs; install it there as here"}
    for folder in models:
        try:
            needed[f"model in {shown(folder)}"] = f"{(folder / MODEL).stat().st_size:,} bytes"
        except OSError:
            return {
                "wrong": f"does not see the model in {shown(folder)}; name a folder that all workers see: --model-dir"
            }
    listed = hashlib.sha256("\n".join(slugs).encode()).hexdigest()[:8]
    return {
        "archive": f"{len(slugs)} recordings ({listed})",
        "day": archive.day().isoformat(),
        # Else recordings whose sounds lie there would be refused one by one.
        "PLAYER_MEDIA_HOSTS": " ".join(sorted(os.environ.get("PLAYER_MEDIA_HOSTS", "").split())) or "not set",
        **needed,
    }
