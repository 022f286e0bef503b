"""``player transcribe``: writes down what is said in a recording, as a draft that a person has to check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import FILE, archive_option, open_archive
from player.commands.where_done import cluster_option, jobs_option

if TYPE_CHECKING:
    from pathlib import Path

    from player.align.recognisers import Recogniser


@click.command(short_help="Write down what is said, as a draft.")
@click.argument("slug", required=False)
@click.option("--all", "every", is_flag=True, help="Transcribe every recording that has no transcript.")
@click.option("--model", metavar="NAME", help="The model: small, medium, large-v3-turbo …; by default one on the disk.")
@click.option("--model-dir", type=FILE, help="The folder that holds the model.")
@click.option("--language", metavar="TAG", help="The language that is spoken; by default that of the record.")
@click.option("--download", is_flag=True, help="Fetch the model, if it is not on this computer.")
@click.option("--again", is_flag=True, help="Replace a machine's transcript that nobody has heard or changed.")
@click.option("--no-align", is_flag=True, help="Leave the times of words as the recogniser has them.")
@jobs_option("With --all: how many to transcribe at a time, with a process each; by default one, with two.")
@cluster_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@archive_option
def transcribe(
    slug: str | None,
    model: str | None,
    model_dir: Path | None,
    language: str | None,
    jobs: int | None,
    cluster: str | None,
    root: Path,
    *,
    every: bool,
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
      player transcribe --all --jobs 4 --archive my-archive
    """
    from player.align import draft_files
    from player.align.extras import version
    from player.archive import languages
    from player.archive.machine import UNKNOWN
    from player.commands.listening_many import Where
    from player.commands.transcribe_told import planned
    from player.commands.transcribing import Hearing, heard_of, put
    from player.commands.transcribing_many import transcribe_all

    _refuse_which(slug, jobs, cluster, every=every)
    where = Where(jobs, cluster)
    archive = open_archive(root)

    def recogniser_for(tag: str) -> Recogniser | None:
        found = _recogniser(model, model_dir, tag, download=download, dry_run=dry_run)
        if found is not None and found.name == UNKNOWN:
            click.echo("what the model is called is not known, and will not be written; --model NAME says it", err=True)
        return found

    if slug is None:
        version("faster-whisper", "transcribe", "transcribing")
        is_any = {"again": again, "aligns": not no_align, "dry_run": dry_run}
        transcribe_all(archive, where, recogniser_for, language, **is_any)
        return
    target = draft_files.target(archive, archive.record(slug), again=again)
    version("faster-whisper", "transcribe", "transcribing")
    tag = languages.shortest(language or target.record.language)
    recogniser = recogniser_for(tag)
    if recogniser is None:
        return
    code = _code(tag, recogniser)
    if dry_run:
        click.echo("\n".join(planned(target.record, target.sound, recogniser, tag, code)))
        return
    asked = Hearing(archive.root, slug, recogniser, tag, code, not no_align, where.processes, is_followed=True)
    for line, is_warning in put(target, asked, heard_of(asked), is_language_asked=language is not None):
        click.echo(line, err=is_warning)


def _refuse_which(slug: str | None, jobs: int | None, cluster: str | None, *, every: bool) -> None:
    """Refuse a call that names neither a recording nor all, or both, or options that go with the other.

    :raise UsageError: where it is such.
    """
    if (slug is None) != every:
        raise click.UsageError("Name one recording, or give --all.")
    if slug is not None and (cluster or jobs):
        raise click.UsageError("--jobs and --cluster go with --all.")


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
