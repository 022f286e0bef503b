"""``player voices``: lists who speaks in a transcript, and names a voice; what sounds like it is offered."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from player.commands.advised import option as named_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.transcript import Transcript
    from player.intake.voices import Voice

# Of each voice, so many lines to hear it by.
_TO_HEAR: Final = 3
_NO_VOICE: Final = "no voice"


@click.command(short_help="List who speaks, and name a voice.")
@click.argument("slug")
@click.argument("name", required=False)
@click.option("--name", "first", metavar="LINE NAME", help="Name who speaks in this line; with --voice only NAME.")
@click.option("--voice", metavar="VOICE", help="Name this voice wherever it speaks.")
@click.option(
    "--like",
    metavar="CHOICE",
    help='What sounds like the line: "ask" (by default) offers it, "yes" gives it the name too, "none" leaves it; '
    "or the lines that are to have the name: c8,c12..c14.",
)
@click.option("--by", "identified_by", metavar="NAME", help="Who says who it is; written into recording.toml.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@archive_option
def voices(
    slug: str,
    name: str | None,
    first: str | None,
    voice: str | None,
    like: str | None,
    identified_by: str | None,
    root: Path,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """List the voices of a transcript, each with some of its lines to hear it by; or say who one is.

    "Speaker 1" is a voice that a machine told from others. With --name, you say who speaks in a line that you have
    heard. Lines that sound like it are then offered, the likest first, and have the name only if you say so: voices
    sound alike that are not the same, so hear them first. What a person has named is never offered, and only changes
    if you name that line or voice itself. A line under a second is never offered: it says too little of a voice.

    The name goes into the transcript, its translations and recording.toml, where a person of people.toml is known by
    the name. Nothing else in these files changes.

    \b
    Example:
      player voices harbour-office --archive my-archive
      player voices harbour-office --name c7 "Ines Keeper" --archive my-archive
      player voices harbour-office --name c7 "Ines Keeper" --like c8,c12..c14 --archive my-archive
      player voices harbour-office --voice "Speaker 2" --name "Tom Hale" --archive my-archive
    """
    line, called = _asked(name, first, voice, like, identified_by, dry_run=dry_run)
    archive = open_archive(root)
    recording = archive.recording(slug)
    transcript = _transcript(archive, recording)
    if called is None:
        _list(recording, transcript, as_json=as_json)
        return
    from player.commands.naming_voices import Naming
    from player.intake.voices import Who

    who = Who.called(called, archive.people, identified_by)
    task = Naming(archive, recording, transcript, who, is_dry=dry_run, as_json=as_json)
    if voice is not None:
        task.name_voice(voice)
    elif line is not None:
        task.name_line(line, like or "ask")


def _asked(
    name: str | None,
    first: str | None,
    voice: str | None,
    like: str | None,
    identified_by: str | None,
    *,
    dry_run: bool,
) -> tuple[str | None, str | None]:
    """Give the line that is to be named and the name; neither where the voices are to be listed."""
    from player.intake.voices import wrong_name

    if first is None:
        if voice is not None or name is not None:
            raise click.UsageError("Give the name with --name.")
        if like is not None or identified_by is not None or dry_run:
            raise click.UsageError("--like, --by and --dry-run go with --name.")
        return None, None
    if voice is not None:
        if name is not None:
            raise click.UsageError("With --voice, give --name only the name, in quotation marks.")
        if like is not None:
            raise click.UsageError("--like does not go with --voice.")
        line, called = None, first
    elif name is None:
        raise click.UsageError('Give --name a line and who speaks in it: --name c7 "Ines Keeper".')
    else:
        line, called = first, name
    for text, hint in ((called, "--name"), (identified_by, "--by")):
        if text is not None and (wrong := wrong_name(text)) is not None:
            raise click.BadParameter(f"it {wrong}", param_hint=hint)
    return line, " ".join(called.split())


def _transcript(archive: Archive, recording: Recording) -> Transcript:
    """Give the transcript of a recording.

    :raise PlayerError: where it has none, or one that cannot be read or written.
    """
    from player.archive.own_files import OwnFiles
    from player.archive.recording import TRANSCRIPT
    from player.archive.translation_names import translation_files
    from player.errors import ArchiveError, WriteError, shown

    if recording.unread.transcript:
        raise ArchiveError(recording.unread.transcript)
    path = recording.folder / TRANSCRIPT
    if recording.transcript is None:
        raise WriteError(f"{shown(path)}: there is no transcript, and so no voice; put one there, and try again")
    files = [path, recording.path, *translation_files(recording.folder).values()]
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred(files)
    return recording.transcript


def _list(recording: Recording, transcript: Transcript, *, as_json: bool) -> None:
    from player.commands.naming_voices import cited, told_of_all
    from player.intake.voices import voices as voices_of
    from player.timecode import lasting

    found = voices_of(transcript)
    if as_json:
        print_json([_described(recording, voice) for voice in found])
        return
    heard = [(voice, voice.to_hear(_TO_HEAR)) for voice in found]
    lines = [line for _, each in heard for line in each]
    above = told_of_all(lines)
    for each in above:
        click.echo(each)
    rows = cited(recording, lines, ["  "] * len(lines), is_unchecked=bool(above))
    for voice, to_hear in heard:
        told = f"{counted(len(voice.lines), 'line')}, {lasting(voice.length)}"
        by = "" if voice.name is None else "; named by a person" if voice.is_named else "; nobody has said who it is"
        click.echo(f"{voice.name or _NO_VOICE}: {told}{by}")
        for row in islice(rows, len(to_hear)):
            click.echo(row)
    unnamed = [voice for voice in found if not voice.is_named]
    if unnamed:
        line = unnamed[0].to_hear(1)[0]
        click.echo(f'hear a line, and name it: player voices {recording.slug} --name {line.id} "…"{named_archive()}')


def _described(recording: Recording, voice: Voice) -> dict[str, Any]:
    from player.commands.naming_voices import values_of

    return {
        "voice": voice.name,
        "named": voice.is_named,
        "lines": len(voice.lines),
        "seconds": voice.length / 1000,
        "hear": [values_of(recording, line) for line in voice.to_hear(_TO_HEAR)],
    }
