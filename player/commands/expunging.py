"""What ``player history --expunge`` does: words are taken out for good, and it is said where they may still be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.derived import forgotten
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.history.expunging import Expunging
    from player.history.removed_words import Phrases


def expunge(
    archive: Archive, record: Record, words: Sequence[str], by: str | None, *, dry_run: bool, yes: bool
) -> None:
    """Take words out of a transcript and all that is kept of it, after asking; say where they may still be."""
    from player.desk.bases import fingerprint
    from player.desk.kept_steps import KeptSteps
    from player.errors import WriteError, shown
    from player.history.expunging import planned
    from player.history.removed_words import Phrases
    from player.intake.transaction import transaction

    phrases, who = Phrases(words), by.strip() if by else None
    plan = planned(record, phrases, who, fingerprint)
    quotes = " and ".join(f'"{each}"' for each in words)
    stays = ["stays:", *(f"  {each}" for each in _staying(plan))]
    if plan.is_nothing:
        elsewhere = list(_elsewhere(archive, record, phrases))
        more = f"\n{_listed(elsewhere)}" if elsewhere else ""
        more += "\n" + "\n".join(stays) if stays[1:] else ""
        raise WriteError(
            f"{shown(record.folder)}: {quotes} is nowhere in the transcript, nor in what is kept of it{more}"
        )
    click.echo(f"{quotes}: {counted(plan.count, 'place')} in the transcript as it is")
    click.echo(
        f"in {plan.versions} of {counted(plan.all_versions, 'version')} that the history keeps"
        if plan.all_versions
        else "it has no history"
    )
    click.echo("\n".join(["to be changed:", *(f"  {shown(path)}" for path, _, _ in plan.files)]))
    if stays[1:]:
        click.echo("\n".join(stays))
    if dry_run:
        click.echo("nothing is written")
        return
    if not yes and not click.confirm("Take these words out for good?", err=True):
        click.echo("nothing is written", err=True)
        sys.exit(1)
    with KeptSteps(record.folder, "").locked(), transaction(archive.root) as change:
        # What came while the question stood there is reached too.
        planned(record, phrases, who, fingerprint).write(change)
    click.echo(f"{quotes} is taken out; the history says who did so, and when")
    is_clean = _forget(archive, record)
    click.echo("\n".join(["not reached:", *(f"  {each}" for each in _out_of_reach(archive, record, phrases))]))
    if not is_clean:
        sys.exit(1)


def _forget(archive: Archive, record: Record) -> bool:
    """Remove what was derived from the words: their part of the index, clips that a server keeps."""
    from player.web.serving import kept_clips

    return forgotten(archive, record.slug, kept_clips.all_of(record.folder))


def _elsewhere(archive: Archive, record: Record, phrases: Phrases) -> Iterator[str]:
    """Name the places in other files of the archive at which the words stand: these stay."""
    from player.archive.own_files import own_files
    from player.archive.recording import TRANSCRIPT
    from player.errors import shown
    from player.files import content

    own = sorted(record.folder.glob("*.*"))
    others = sorted((*archive.transcripts.glob("*.*"), *archive.transcripts.glob("*/*.*")))
    for path in own_files(archive.transcripts).among(dict.fromkeys((*own, *others))):
        if path.suffix not in {".toml", ".vtt"} or path == record.folder / TRANSCRIPT:
            continue
        try:
            data = content(path)
        except OSError:
            continue  # player check says so
        lines = phrases.lines_in_toml(data) if path.suffix == ".toml" else phrases.lines_in_file(data)
        yield from (f"{shown(path)}:{line}" for line in lines)


def _staying(plan: Expunging) -> Iterator[str]:
    """Name the places at which the words stay, and why."""
    from player.errors import shown

    for path, lines in plan.grammar:
        where = ", ".join(map(str, lines))
        yield f"{shown(path)}:{where}: there it is grammar of the file, and no word of a person"
    if plan.made:
        numbers = ", ".join(map(str, plan.made))
        yield f"version {numbers} of the history: it is the name of who made it, which the history keeps"
    for path in plan.copies:
        yield f"{shown(path)}: it is the name of whose working copy this is; it goes when they write to the archive"


def _listed(places: Sequence[str]) -> str:
    return "\n".join(["it stands in:", *(f"  {each}" for each in places)])


def _out_of_reach(archive: Archive, record: Record, phrases: Phrases) -> Iterator[str]:
    """Say where the words may still be, and what to do about it."""
    for place in _elsewhere(archive, record, phrases):
        yield f"{place}, where the words stand too; change it by hand"
    yield "the sound, in which they may be heard: see player closed, and docs/closed.md"
    yield f"caches of proxies in front of a server: purge what begins with /recordings/{record.slug}"
    yield "clips that were made with the words, and what visitors have downloaded"
    yield "backups, and other copies of the archive, such as those under version control"
    yield "what search engines and web archives have copied: ask them to remove it"
