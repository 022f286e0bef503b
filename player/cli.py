"""The ``player`` command: what a script, a terminal or ``make`` asks for, into calls of the package.

What a command needs is imported when it runs, so that ``--help`` and mistakes answer at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from player.commands.clip import clip
from player.commands.clips import clips
from player.commands.group import Commands
from player.commands.options import archive_option, open_archive
from player.commands.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.errors import Fault


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tape-player", prog_name="player")
def main() -> None:
    """Listen to archival recordings beside their transcripts, jump to annotated moments, cut clips.

    \b
    Example:
      player serve
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o reading.mp3
    """  # noqa: D301  # \b is click's mark for lines that are not to be wrapped


for _command in (clip, clips, verify):
    main.add_command(_command)


@main.command("list")
@archive_option
def list_recordings(root: Path) -> None:
    """List the recordings of the archive: name, date, whether it can be heard, title.

    \b
    Example:
      player list
    """  # noqa: D301
    from player.errors import ArchiveError  # noqa: PLC0415

    archive = open_archive(root)
    rows, refusals = [], []
    for slug in archive.slugs():
        try:
            recording = archive.record(slug)
        except ArchiveError as refusal:
            refusals.append(str(refusal))
            continue
        heard = "not held" if recording.media is None else recording.kind if recording.media.is_file() else "missing"
        rows.append((recording.slug, recording.date, heard, recording.title))
    _print_columns(rows)
    for told in refusals:
        click.echo(told, err=True)
    if refusals:
        sys.exit(1)


@main.command("annotations")
@click.argument("slug")
@archive_option
def list_annotations(slug: str, root: Path) -> None:
    """List the annotations of a recording: time, title, and the link that leads there.

    \b
    Example:
      player annotations 1963-11-05-attwood-reading
    """  # noqa: D301
    from player import timecode  # noqa: PLC0415
    from player.errors import ArchiveError  # noqa: PLC0415

    recording = open_archive(root).recording(slug)
    if recording.unread.annotations:
        raise ArchiveError(recording.unread.annotations)
    if recording.unread.transcript:  # what belongs to its lines is listed without a time
        click.echo(str(ArchiveError(recording.unread.transcript)), err=True)
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
@click.option(
    "--texts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with full texts of sources, named by their ids (log.txt): every quotation from them is looked up.",
)
@click.option("--all", "every", is_flag=True, help="List each fault, however many of one kind there are in a file.")
@archive_option
def check(folder: Path | None, *, every: bool, root: Path) -> None:
    """List everything that is wrong with the archive; the exit code is 1 if anything is.

    Advice follows, marked as such: files that are passed over, sounds that browsers do not play, or not well. The exit
    code is 0 if there is nothing else.

    \b
    Example:
      player check --archive my-archive --texts my-texts
    """  # noqa: D301
    from player.audio import cache, kinds, probe  # noqa: PLC0415
    from player.checks.advice import advise  # noqa: PLC0415
    from player.checks.check import check as faults_of  # noqa: PLC0415
    from player.checks.quotations import read_texts  # noqa: PLC0415

    archive = open_archive(root)
    texts = read_texts(folder, archive.sources) if folder else {}
    if folder and not texts:
        raise click.BadParameter("no file in it is named by the id of a source, as log.txt is", param_hint="--texts")
    faults = faults_of(archive, lambda path: probe.probe(path).duration, cache.digest, texts)
    advice = advise(archive, cache.digest, kinds.advice)
    _print_told(faults, "", every=every)
    _print_told(advice, "advice: ", every=every)
    recordings = _counted(len(archive.slugs()), "recording")
    advised = f"; {_counted(len(advice), 'piece')} of advice" if advice else ""
    if faults:
        click.echo(f"{_counted(len(faults), 'fault')} in {recordings}{advised}", err=True)
        sys.exit(1)
    click.echo(f"{recordings}: nothing is wrong{advised}")
    if texts:
        click.echo(f"every quotation from these stands in their texts: {', '.join(texts)}")


@main.command()
@click.argument("slug")
@click.option("--force", is_flag=True, help="Replace the sound and the transcript that are there.")
@archive_option
def reading(slug: str, *, force: bool, root: Path) -> None:
    """Give voice to a script: make the sound and the transcript of a reading from its script.toml.

    Needs flite (on Debian: apt-get install flite). Listeners never do.

    \b
    Example:
      player reading 1963-11-05-attwood-reading --force
    """  # noqa: D301
    from player import timecode  # noqa: PLC0415
    from player.archive.script import read_script  # noqa: PLC0415
    from player.errors import ReadingError, shown  # noqa: PLC0415
    from player.reading.reading import build_reading  # noqa: PLC0415

    archive = open_archive(root)
    record = archive.record(slug)
    script = read_script(record.folder / "script.toml")
    if record.media is None or record.media_name != f"{slug}.mp3":
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
@click.option(
    "--access-log",
    "log_place",
    envvar="PLAYER_ACCESS_LOG",
    metavar="FILE",
    help="Write a line there for each answer; - is standard error. By default $PLAYER_ACCESS_LOG, else nowhere.",
)
@archive_option
def serve(host: str, port: int, log_place: str | None, root: Path) -> None:
    """Serve the archive to browsers until Ctrl-C.

    \b
    Example:
      player serve --port 8001
    """  # noqa: D301
    from player.errors import ServeError  # noqa: PLC0415

    try:
        from player.clips.limits import Limits  # noqa: PLC0415
        from player.web.serving import server  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "resource":  # which POSIX has; the same systems have what else it takes
            raise
        told = "the player serves from Linux and macOS; on Windows, run it in WSL, its subsystem for Linux"
        raise ServeError(told) from None

    def make() -> Any:
        from player.web.app import create_app  # noqa: PLC0415

        return create_app(root, clip_limits=limits, log_place=log_place)

    open_archive(root)
    limits = Limits.from_environment()
    server.serve(make, host, port, threads=server.THREADS + limits.answers)


def _print_told(faults: Sequence[Fault], mark: str, *, every: bool) -> None:
    """Print faults or advice, each, or of many of one kind the first."""
    from player.archive.fold import Told, fold  # noqa: PLC0415

    for told in map(Told, faults) if every else fold(faults):
        others = f" ({told.others}; --all lists each)" if told.more else ""
        click.echo(f"{mark}{told.fault}{others}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _print_columns(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)) + f"  {row[-1]}")
