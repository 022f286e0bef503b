"""The ``player`` command: what a script, a terminal or ``make`` asks for, into calls of the package.

What a command needs is imported when it runs, so that ``--help`` and mistakes answer at once.
"""

from __future__ import annotations

import contextlib
import errno
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from player import roots
from player.errors import PlayerError, ReadingError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from player.archive.archive import Archive


class _Commands(click.Group):
    """A group that tells a refusal in a sentence and exits with its code: 1 refused, 2 misused."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _unwinding():
                return super().invoke(ctx)
        except PlayerError as refusal:
            click.echo(str(refusal), err=True)
            ctx.exit(refusal.exit_code)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            click.echo("what there is to say cannot be written (no space left); make room where it goes", err=True)
            ctx.exit(1)


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


def _archive_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--archive",
        "root",
        envvar="PLAYER_ARCHIVE",
        type=click.Path(path_type=Path),
        default=roots.SHIPPED_ARCHIVE,
        help="The folder that holds media and transcripts; by default $PLAYER_ARCHIVE, else the archive that ships.",
    )(command)


def _open(root: Path) -> Archive:
    from player.archive.archive import Archive  # noqa: PLC0415

    return Archive(root)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tape-player", prog_name="player")
def main() -> None:
    """Listen to archival recordings beside their transcripts, jump to annotated moments, cut clips.

    \b
    Example:
      player serve
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o clip.mp3
    """  # noqa: D301  # \b is click's mark for lines that are not to be wrapped


@main.command("list")
@_archive_option
def list_recordings(root: Path) -> None:
    """List the recordings of the archive: name, date, whether it can be heard, title.

    \b
    Example:
      player list
    """  # noqa: D301
    archive = _open(root)
    rows = []
    for slug in archive.slugs():
        recording = archive.record(slug)
        heard = "not held" if recording.media is None else recording.kind if recording.media.is_file() else "missing"
        rows.append((recording.slug, recording.date, heard, recording.title))
    _print_columns(rows)


@main.command("annotations")
@click.argument("slug")
@_archive_option
def list_annotations(slug: str, root: Path) -> None:
    """List the annotations of a recording: time, title, and the link that leads there.

    \b
    Example:
      player annotations 1963-11-05-attwood-reading
    """  # noqa: D301
    from player import timecode  # noqa: PLC0415

    recording = _open(root).recording(slug)
    rows = []
    for annotation in recording.annotations:
        time, query = "-", ""
        if annotation.span is not None:
            time, query = timecode.display(annotation.span.start), f"?t={timecode.fragment(annotation.span.start)}"
        rows.append((time, annotation.title, f"/recordings/{slug}{query}#note-{annotation.id}"))
    if not rows:
        click.echo(f"{slug} has no annotations yet", err=True)
    _print_columns(rows)


@main.command()
@_archive_option
def check(root: Path) -> None:
    """List everything that is wrong with the archive; the exit code is 1 if anything is.

    \b
    Example:
      player check --archive my-archive
    """  # noqa: D301
    from player.archive.checks import check as faults_of  # noqa: PLC0415
    from player.audio import cache, probe  # noqa: PLC0415

    archive = _open(root)
    faults = faults_of(archive, lambda path: probe.probe(path).duration, cache.digest)
    for fault in faults:
        click.echo(str(fault))
    count = len(archive.slugs())
    recordings = f"{count} recording{'' if count == 1 else 's'}"
    if faults:
        click.echo(f"{len(faults)} fault{'' if len(faults) == 1 else 's'} in {recordings}", err=True)
        sys.exit(1)
    click.echo(f"{recordings}: nothing is wrong")


@main.command()
@click.argument("slug")
@click.option("--from", "start", required=True, metavar="TIME", help="Where the clip begins: :25, 1:02.5, 1h2m3s.")
@click.option("--to", "end", required=True, metavar="TIME", help="Where it ends.")
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="The file to make.")
@click.option(
    "--fade-in", default=5, show_default=True, metavar="MS", help="Milliseconds; 0 leaves samples as they are."
)
@click.option("--fade-out", default=5, show_default=True, metavar="MS", help="Milliseconds, likewise.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@_archive_option
def clip(
    slug: str, start: str, end: str, target: Path, fade_in: int, fade_out: int, *, force: bool, root: Path
) -> None:
    """Cut a passage out of a recording, exact to the sample. The file's ending says the format: .mp3 or .wav.

    \b
    Example:
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o clip.mp3
    """  # noqa: D301
    from player import timecode  # noqa: PLC0415
    from player.audio.clip import clip as cut  # noqa: PLC0415

    span = timecode.Span(timecode.parse(start), timecode.parse(end))
    made = cut(_open(root).recording(slug), span, target, fade_in=fade_in, fade_out=fade_out, force=force)
    click.echo(f"{made.path}: {span} of {slug}")


@main.command()
@click.argument("slug")
@click.option("--force", is_flag=True, help="Replace the sound and the transcript that are there.")
@_archive_option
def reading(slug: str, *, force: bool, root: Path) -> None:
    """Give voice to a script: make the sound and the transcript of a reading from its script.toml.

    Needs flite (on Debian: apt-get install flite). Listeners never do.

    \b
    Example:
      player reading 1963-11-05-attwood-reading --force
    """  # noqa: D301
    from player import timecode  # noqa: PLC0415
    from player.archive.script import read_script  # noqa: PLC0415
    from player.audio.reading import build_reading  # noqa: PLC0415

    archive = _open(root)
    record = archive.record(slug)
    script = read_script(record.folder / "script.toml")
    if record.media is None or record.media.name != f"{slug}.mp3":
        raise ReadingError(
            f'{shown(record.folder / "recording.toml")}: no media = "{slug}.mp3"; write it, and try again'
        )
    with click.progressbar(length=len(script.lines), label="Speaking", file=sys.stderr) as bar:
        made = build_reading(
            record.folder,
            archive.media,
            title=record.title,
            slug=slug,
            language=record.language,
            script=script,
            force=force,
            responsible_party=record.responsible_party or "unknown",
            progress=lambda done, total: bar.update(done - bar.pos, total),
        )
    length = timecode.display(made.duration)
    click.echo(f"{shown(made.media)}: {length}, {len(made.cues)} cues in {shown(made.transcript)}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@_archive_option
def serve(host: str, port: int, root: Path) -> None:
    """Serve the archive to browsers until Ctrl-C.

    \b
    Example:
      player serve --port 8001
    """  # noqa: D301
    from player.web import server  # noqa: PLC0415

    def make() -> Any:
        from player.web.app import create_app  # noqa: PLC0415

        return create_app(root)

    _open(root)
    server.serve(make, host, port)


def _print_columns(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)) + f"  {row[-1]}")
