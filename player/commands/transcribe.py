"""``player transcribe``: writes down what is said in a recording, as a draft that a person has to check."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Final

import click

from player.commands.advised import with_archive
from player.commands.options import FILE, archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.align.draft_files import Written
    from player.align.engines import Ready
    from player.align.recognisers import Recogniser
    from player.align.transcribing import Draft
    from player.archive.recording import Record, Recording
    from player.intake.transcripts.imported import Imported
    from player.timecode import Span

_TRANSCRIPT: Final = "transcript.vtt"
#: So many of the passages that were left out are each named.
_NAMED: Final = 5
#: From here on, a language that was heard is told of as another than the one that was asked for.
_SURE: Final = 0.5


@click.command(short_help="Write down what is said, as a draft.")
@click.argument("slug")
@click.option("--model", metavar="NAME", help="The model: small, medium, large-v3-turbo …; by default one on the disk.")
@click.option("--model-dir", type=FILE, help="The folder that holds the model.")
@click.option("--language", metavar="TAG", help="The language that is spoken; by default that of the record.")
@click.option("--download", is_flag=True, help="Fetch the model, if it is not on this computer.")
@click.option("--again", is_flag=True, help="Replace a machine's transcript that nobody has heard or changed.")
@click.option("--no-align", is_flag=True, help="Leave the times of words as the recogniser has them.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@archive_option
def transcribe(
    slug: str,
    model: str | None,
    model_dir: Path | None,
    language: str | None,
    root: Path,
    *,
    download: bool,
    again: bool,
    no_align: bool,
    dry_run: bool,
) -> None:
    """Write down what is said in a recording: a first draft, with the time of every word.

    A machine writes it, and it errs: check it before you rely on it. Until you publish or review it, visitors do not
    see it, unless archive.toml says machine_drafts = "labelled". What the machine itself doubts is left out, and told.
    Nothing leaves this computer. What is broken off goes on where it was when you give the command again.

    \b
    Example:
      player transcribe harbour-office --archive my-archive
      player transcribe harbour-office --model small --download --language es --archive my-archive
    """
    from player.align import draft_files, drafting, refining
    from player.align.extras import version
    from player.align.pieces import Work, forget
    from player.align.samples import samples
    from player.archive import languages
    from player.archive.machine import UNKNOWN
    from player.commands.piecework import decoding, shown
    from player.errors import TranscribeError

    archive = open_archive(root)
    record = archive.record(slug)
    where = draft_files.target(archive, record, again=again)
    sound = where.sound
    version("faster-whisper", "transcribe", "transcribing")
    tag = languages.shortest(language or record.language)
    recogniser = _recogniser(model, model_dir, tag, download=download, dry_run=dry_run)
    if recogniser is None:
        return
    if recogniser.name == UNKNOWN:
        click.echo("what the model is called is not known, and will not be written; --model NAME says it", err=True)
    code = _code(tag, recogniser)
    if dry_run:
        _tell_plan(record, sound, recogniser, tag, code)
        return
    aligner = None if no_align else refining.aligner(code)
    with shown() as tell, samples(sound, decoding(tell)) as held:
        draft, detected = drafting.drafted(Work(held, tell), recogniser, code, aligner)
    if detected is not None:
        _tell_language(detected, code, tag, is_asked=language is not None)
    if not draft.lines:
        raise TranscribeError(_nothing(sound, draft))
    day = dt.datetime.now().astimezone().date()
    imported = _imported(draft, recogniser, aligner, tag, day)
    written = draft_files.put(where, imported, held.digest, held.duration)
    forget(sound)
    _tell_written(archive.recording(slug), written, draft)


def _recogniser(name: str | None, folder: Path | None, tag: str, *, download: bool, dry_run: bool) -> Recogniser | None:
    """Find the model, or have it fetched where that is wanted; None where a dry run has said that it would be.

    :raise TranscribeError: where there is none.
    """
    from player.align import recognisers

    if folder is not None:
        return recognisers.in_folder(folder, name)
    try:
        return recognisers.on_disk(name, tag.partition("-")[0])
    except recognisers.NoModelError as missing:
        if dry_run:
            click.echo(f"the model {missing.name} ({missing.size}) would be fetched from {missing.place}")
            click.echo("nothing is written")
            return None
        if not download:
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                raise
            click.echo(f"The model {missing.name} is not on this computer. It is {missing.size}.")
            if not click.confirm(f"Fetch it from {missing.place}?"):
                raise
        click.echo(f"fetching {missing.name} ({missing.size}) from {missing.place}", err=True)
        return recognisers.fetched(missing.name)


def _code(tag: str, recogniser: Recogniser) -> str:
    from player.align import hearing, recognisers

    return recognisers.code_of(tag, recogniser, hearing.languages())


def _imported(draft: Draft, recogniser: Recogniser, aligner: Ready | None, tag: str, day: dt.date) -> Imported:
    """Give the draft as an import takes it, with what made it, on a day; it is in the language of ``tag``."""
    from player.align import hearing, machine_drafts
    from player.archive.machine import UNKNOWN, MachineMade

    model = None if recogniser.name == UNKNOWN else recogniser.name
    return machine_drafts.imported(
        draft.lines,
        MachineMade(f"faster-whisper {hearing.version()}", model, day.isoformat()),
        tag,
        None if aligner is None else MachineMade(aligner.program, aligner.model, day.isoformat()),
    )


def _nothing(sound: Path, draft: Draft) -> str:
    from player.errors import shown

    what = "no words were found"
    if draft.left_out:
        what += f"; what there is was too doubtful ({_passages(draft.left_out)})"
    elif not draft.voiced:
        what += ", for no voice is heard in it"
    return f"{shown(sound)}: {what}; nothing is written"


def _tell_language(detected: tuple[str, float], code: str, tag: str, *, is_asked: bool) -> None:
    from player.archive import languages

    found, sure = detected
    name, heard = languages.language(tag).name, languages.language(found).name
    if found == code:
        click.echo(f"the language is {name}, as far as the sound tells ({sure:.0%} sure)")
    elif sure >= _SURE:
        whose = "--language says" if is_asked else "the record says"
        click.echo(
            f"the language seems to be {heard} ({sure:.0%} sure), but {whose} {name}, and so it was transcribed; "
            f"if it is {heard}, use --again --language {found}",
            err=True,
        )


def _tell_plan(record: Record, sound: Path, recogniser: Recogniser, tag: str, code: str) -> None:
    from player.align.transcribing import kept
    from player.archive import languages
    from player.audio.probe import probe
    from player.errors import shown
    from player.timecode import lasting

    length = lasting(probe(sound).duration)
    click.echo(
        f"{shown(sound)}: {length}, to be transcribed as {languages.language(tag).name} with "
        f"{recogniser.called} ({shown(recogniser.folder)})"
    )
    if count := kept(sound, recogniser, code):
        click.echo(f"{counted(count, 'piece')} of it {'is' if count == 1 else 'are'} done already")
    click.echo(f"nothing is written; without --dry-run, {shown(record.folder / _TRANSCRIPT)} would be")


def _tell_written(recording: Recording, written: Written, draft: Draft) -> None:
    from player.archive.gate.declared import DRAFT
    from player.archive.machine import LABEL
    from player.errors import shown
    from player.timecode import lasting

    words = sum(len(line.text.split()) for line in draft.lines)
    voiced = lasting(draft.voiced)
    click.echo(
        f"{shown(recording.folder / _TRANSCRIPT)} is written: {counted(len(draft.lines), 'line')}, "
        f"{counted(words, 'word')}, from {voiced} of speech"
    )
    if written.brought.before is not None:
        click.echo("the draft that was there is kept in history")
    for remark in written.brought.remarks:
        click.echo(f"  {remark.deed.value}: {remark.what}")
    if draft.left_out:
        click.echo(f"left out as too doubtful, or not made out: {_passages(draft.left_out)}")
    if written.is_closed_again:
        click.echo(
            'the transcript was "open" in recording.toml; that was said of the words before, and it is a draft now'
        )
    withheld = recording.shown.transcript
    if withheld is None:
        click.echo(f'A machine wrote this, and nobody has checked it. Visitors see it, with "{LABEL}".')
    else:
        click.echo("A machine wrote this, and nobody has checked it, so visitors do not see it.")
    is_draft = withheld is not None and withheld.state == DRAFT
    click.echo(with_archive(f"to see it: player serve{' --drafts' if is_draft else ''}"))
    click.echo(with_archive(f"to see which lines nobody has heard: player reviewed {recording.slug}"))
    if is_draft:
        click.echo(with_archive(f"to open it: player publish {recording.slug}"))


def _passages(passages: Sequence[Span]) -> str:
    """Say how long passages are together, and where they are."""
    from player.timecode import SECOND, clock

    seconds = max(1, sum(each.duration for each in passages) // SECOND)
    where = ", ".join(clock(each.start) for each in passages[:_NAMED])
    more = f" and {len(passages) - _NAMED} more" if len(passages) > _NAMED else ""
    return f"{counted(seconds, 'second')}, at {where}{more}"
