"""``player import``: brings the transcript that somebody has into the folder of its recording."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from player.commands.advised import with_archive
from player.commands.options import FILE, archive_option, open_archive
from player.intake.transcripts.formats import READERS

# What stands for --by-hand where --machine has a name: no name of a program has a line break.
_BY_HAND: Final = "\n"

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.machine import MachineMade, Review
    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.intake.transcripts.bringing import Brought
    from player.intake.transcripts.imported import Imported
    from player.intake.transcripts.names import Speakers


class _Speakers(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """Which names at the heads of lines are who speaks."""

    name = "speakers"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Speakers:
        from player.intake.transcripts.names import Speakers

        try:
            return value if isinstance(value, Speakers) else Speakers.parse(value)
        except ValueError as error:
            self.fail(str(error), param, context)


class _Format(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """What a transcript is written in."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        if value not in READERS:
            self.fail(f'"{value}" is no format that is known; it is one of {", ".join(READERS)}', param, context)
        return str(value)


class _Machine(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """What wrote the words of a transcript."""

    name = "machine"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> MachineMade:
        from player.archive.machine import MachineMade
        from player.intake.transcripts.machines import BY_HAND, machine_named

        if value == _BY_HAND:
            return BY_HAND
        found = value if isinstance(value, MachineMade) else machine_named(value)
        if found is None:
            self.fail("it names no program; write it as Whisper, or Whisper, large-v3, 2026-11-29", param, context)
        return found


class _Checked(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """Who has reviewed what a machine wrote, as of today."""

    name = "checked"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Review:
        import datetime as dt

        from player.archive.machine import Review
        from player.intake.reviewing import wrong_name

        if isinstance(value, Review):
            return value
        if (wrong := wrong_name(value)) is not None:
            self.fail(f"it {wrong}", param, context)
        return Review(dt.datetime.now().astimezone().date().isoformat(), value.strip())


def transcript_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of how a transcript is read.

    These are ``format_name``, ``speakers``, ``machine``, ``checked_by`` and ``keep_ids``.
    """
    for option in (
        click.option(
            "--checked-by",
            "checked_by",
            type=_Checked(),
            metavar="NAME",
            help="Who has heard all that a machine wrote and corrected it.",
        ),
        click.option(
            "--machine",
            type=_Machine(),
            metavar="PROGRAM",
            help="Say that a machine wrote it, where the file does not: PROGRAM, or PROGRAM, MODEL, DATE.",
        ),
        click.option(
            "--by-hand",
            "machine",
            flag_value=_BY_HAND,
            type=_Machine(),
            help="Say that people typed it from the sound, and no machine wrote it.",
        ),
        click.option("--keep-ids", is_flag=True, help="Keep addresses and numbers of users in the names of speakers."),
        click.option(
            "--speakers",
            type=_Speakers(),
            metavar="CHOICE",
            help='Which names in the words are who speaks: "yes" for those found, "none", or NAME=VOICE,NAME=VOICE; '
            '"yes,JOHN=John Reed" for both. Also renames voices.',
        ),
        click.option(
            "--format",
            "format_name",
            type=_Format(),
            metavar="FORMAT",
            help=f"What the file is, where that does not show: {', '.join(READERS)}.",
        ),
    ):
        command = option(command)
    return command


@click.command("import", short_help="Bring in a transcript.")
@click.argument("slug")
@click.argument("file", type=FILE)
@transcript_options
@click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
@click.option("--force", is_flag=True, help="Replace the transcript that is there; it is kept in the folder history.")
@archive_option
def import_transcript(
    slug: str,
    file: Path,
    format_name: str | None,
    speakers: Speakers | None,
    machine: MachineMade | None,
    checked_by: Review | None,
    root: Path,
    *,
    keep_ids: bool,
    dry_run: bool,
    force: bool,
) -> None:
    """Bring a transcript into the folder of its recording, as transcript.vtt, bound to the sound.

    What was read, mended and left out is listed. Names at the heads of lines ("Tom: …", "NAME: …", ">>") are listed
    too, and asked about; in a script they stay in the words unless --speakers says otherwise. Voices that the record
    does not know are added to recording.toml as unidentified. Whether visitors see the recording does not change.

    What a machine wrote is a draft, and says so, until somebody has reviewed it: see player reviewed. Files that a
    recogniser writes are known as such; of others, --machine says so. If people have corrected it, say --checked-by.
    What replaces a machine's words is taken for the machine's too where most of it is the same; --by-hand says
    otherwise.

    A transcript that is there is replaced only with --force. Lines that are surely the same keep their identifiers,
    and what was written of them; the transcript itself is kept in the folder history.

    \b
    Example:
      player import harbour-office interview.srt --archive my-archive
      player import harbour-office minutes.docx --speakers "Q=Anna Reed,A=Tom Hale" --archive my-archive
    """
    import gc

    from player.archive.own_files import OwnFiles
    from player.archive.recording import HISTORY
    from player.errors import WriteError, shown
    from player.intake.reviewing import refuse_withheld
    from player.intake.transcripts import replacing, telling

    archive = open_archive(root)
    record = archive.record(slug)
    paths = [record.path, *(record.folder / name for name in (replacing.TRANSCRIPT, replacing.ANNOTATIONS, HISTORY))]
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred(paths)
    if checked_by is not None:
        refuse_withheld(archive, checked_by.name, record.speaker)
    # What is read is needed until it is written: looking for what could be thrown away doubles the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        imported = read_file(file, format_name)
        if imported.lines and paths[1].exists() and not (force or dry_run):
            what = "there is a transcript already; --force replaces it, and keeps it in history"
            raise WriteError(f"{shown(paths[1])}: {what}")
        said = {"speakers": speakers or asked(imported), "machine": machine, "checked": checked_by}
        brought = _prepared(record, file, imported, keep_ids=keep_ids, is_forced=force, **said)
        click.echo("\n".join(telling.told(file, imported, brought)))
        if dry_run:
            needs = (
                "; there is a transcript, which --force replaces"
                if brought.before is not None and imported.lines and not force
                else ""
            )
            click.echo(f"nothing is written{needs}")
            return
        _write(archive, record, brought)
    finally:
        if was_on:
            gc.enable()
    _tell_written(archive.record(slug), brought)


def read_file(file: Path, format_name: str | None) -> Imported:
    """Read the transcript in a file.

    :raise ArchiveError: where it cannot be read.
    """
    from player.errors import WriteError, unreadable
    from player.intake.transcripts import formats

    try:
        return formats.read(file, format_name)
    except OSError as error:
        raise WriteError(unreadable(file, error)) from None


def asked(*imported: Imported) -> Speakers:
    """Ask on a terminal which names in the words are who speaks, in all of the files; elsewhere, none is."""
    from player.intake.transcripts.found_names import heads, merged
    from player.intake.transcripts.names import Speakers
    from player.intake.transcripts.telling import found_name

    if not _is_terminal():
        return Speakers()
    found = merged(heads(lines) for each in imported for _, lines in each.each_file())
    if not found:
        return Speakers()
    click.echo("These stand at the heads of lines, and may be who speaks:")
    click.echo("\n".join(f"  {'' if each.is_speaker else '? '}{found_name(each)}" for each in found))
    sure = [each.name for each in found if each.is_speaker]
    doubtful = " (but for those with ?)" if len(sure) < len(found) and sure else ""
    answer = click.prompt(
        f"Are they speakers? yes{doubtful}, none, or each",
        type=click.Choice(["yes", "none", "each"]),
        default="yes" if sure else "none",
        show_choices=False,
    )
    if answer != "each":
        return Speakers(answer == "yes")
    names: dict[str, str | None] = {}
    for each in found:
        default = each.name if each.is_speaker else "-"
        said = click.prompt(f"{each.name}: who is that? (a name; - leaves it in the words)", default=default).strip()
        names[each.name] = None if said == "-" else said
    return Speakers(takes_found=False, names=names)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _prepared(record: Record, file: Path, imported: Imported, **said: Any) -> Brought:
    from player.audio import cache, probe
    from player.errors import AudioError
    from player.intake.transcripts import bringing

    digest = length = None
    if record.media is not None and record.media.is_file():
        digest = cache.digest(record.media)
        try:
            length = probe.probe(record.media).duration
        except AudioError as error:
            click.echo(f"{error}\nso the lines were not compared with the length of the sound", err=True)
    return bringing.prepared(record, imported, digest=digest, length=length, file=file, **said)


def _write(archive: Archive, record: Record, brought: Brought) -> None:
    """Write all that was prepared, or nothing."""
    from player.intake.transaction import transaction
    from player.intake.transcripts import bringing

    with transaction(archive.root) as change:
        bringing.put(change, record, brought)


def _tell_written(record: Record, brought: Brought) -> None:
    from player.errors import shown
    from player.index import access

    path = shown(record.folder / "transcript.vtt")
    if not brought.transcript:
        what = "written" if brought.annotations_text is not None else "as it was; the notes are there already"
        click.echo(f"{shown(record.folder / 'annotations.toml')} is {what}")
        return
    if brought.before == brought.transcript:
        click.echo(f"{path}: nothing in it changes")
        return
    is_bound = record.media is not None and record.media.is_file()
    so = f", bound to {record.media.name}" if is_bound and record.media is not None else "; the record has no sound yet"
    click.echo(f"{path} is written{so}")
    if is_bound and brought.lines and (told := without_times(record.slug, brought.lines)):
        click.echo(told)
    if (state := access.of_recording(record.shown)) not in {None, access.OPEN}:
        click.echo(f"for visitors, the recording stays as it is: {state}")


def without_times(slug: str, lines: Sequence[Line]) -> str | None:
    """Say what finds the times of lines that have none, or rough ones; None where all are timed."""
    from player.archive.transcript import Cue

    count = sum(not isinstance(line, Cue) or line.is_approximate for line in lines)
    if not count:
        return None
    has = "line has no time of its own" if count == 1 else "lines have no times of their own"
    return with_archive(f"{count} {has}; to find in the sound when they are said: player align {slug}")
