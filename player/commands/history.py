"""``player history``: what a transcript was before each change, and who made it; goes back, and takes words out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from player.commands.advised import with_archive
from player.commands.expunging import expunge
from player.commands.options import archive_option, open_archive
from player.commands.output import marked_if_unchecked, print_columns, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.history.versions import History, Version
    from player.history.whereabouts import LineChange


@click.command(short_help="Say who changed a transcript, and go back.")
@click.argument("slug")
@click.option("--line", "name", metavar="ID", help="Only what became of one line: its identifier, also a former one.")
@click.option("--to", metavar="VERSION", help="Go back to a version: its number, or a day as 2026-11-29.")
@click.option(
    "--expunge",
    "words",
    multiple=True,
    metavar="WORDS",
    help="Take these words out of the transcript and of every version of it; may be given more than once.",
)
@click.option("--by", metavar="NAME", help="Who does that, as the history is to say.")
@click.option("--dry-run", is_flag=True, help="Say what --to or --expunge would change, and change nothing.")
@click.option("--yes", is_flag=True, help="With --expunge: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the history as JSON.")
@archive_option
def history(
    slug: str,
    name: str | None,
    to: str | None,
    words: tuple[str, ...],
    by: str | None,
    root: Path,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Say who changed the transcript of a recording, when and how; with --line, what became of one line.

    The history is the folder history beside the transcript. It begins when the program first changes a transcript that
    is there. What a text editor changes is noted before the next change by the program.

    With --to, the transcript becomes what it was in an earlier version, byte by byte. That is a change like any other:
    nothing in between is lost.

    With --expunge, words are taken out for good, such as a name that is to be removed on request: out of the
    transcript, every version of it, its translations, working copies and suggestions, the index, and the clips that a
    server keeps. In place of each word stands [removed]. Only words of people go: what is grammar of a file stays, and
    so does who made a version; both are told. The history keeps who did so, and when. Other files in which the words
    stand are listed, and stay as they are.

    \b
    Example:
      player history harbour-office --archive my-archive
      player history harbour-office --line c7 --archive my-archive
      player history harbour-office --to 2026-11-29 --by "Ines Keeper" --archive my-archive
    """
    _refuse_misused(name, to, words, by, dry_run=dry_run, yes=yes, as_json=as_json)
    archive = open_archive(root)
    record = archive.record(slug)
    _refuse_barred(archive, record)
    if words:
        expunge(archive, record, [" ".join(each.split()) for each in words], by, dry_run=dry_run, yes=yes)
    elif to is not None:
        _go_back(archive, record, to, by, dry_run=dry_run)
    elif name is not None:
        _tell_line(record, name, as_json=as_json)
    else:
        _tell(record, as_json=as_json)


def _refuse_misused(
    name: str | None,
    to: str | None,
    words: Sequence[str],
    by: str | None,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from player.intake import reviewing

    given = [flag for flag, value in (("--line", name), ("--to", to), ("--expunge", words)) if value]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} does not go with {given[1]}.")
    writes = bool(to or words)
    if (by is not None or dry_run) and not writes:
        raise click.UsageError(f"{'--by' if by is not None else '--dry-run'} needs --to or --expunge.")
    if yes and not words:
        raise click.UsageError("--yes needs --expunge.")
    if as_json and writes:
        raise click.UsageError("--json does not go with --to or --expunge.")
    if by is not None and (wrong := reviewing.wrong_name(by)) is not None:
        raise click.BadParameter(f"it {wrong}", param_hint="--by")
    for each in words:
        try:
            each.encode()
        except UnicodeEncodeError:
            wrong = "it is not text in the encoding of this terminal; write it in UTF-8"
            raise click.BadParameter(wrong, param_hint="--expunge") from None
        if not any(map(str.isalnum, each)):
            raise click.BadParameter("it has no letter in it", param_hint="--expunge")


def _refuse_barred(archive: Archive, record: Record) -> None:
    from player.archive.own_files import OwnFiles
    from player.archive.recording import HISTORY, TRANSCRIPT

    files = [record.folder / each for each in (TRANSCRIPT, HISTORY)]
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred(files)


def _tell(record: Record, *, as_json: bool) -> None:
    """List the versions; exit with 1 where part of the history cannot be read."""
    from player.archive.recording import TRANSCRIPT
    from player.errors import shown
    from player.history.versions import current, versions
    from player.history.versions import history as read

    there, found = read(record), versions(record)
    if as_json:
        print_json({"recording": record.slug, "versions": [_described(there, each) for each in found]})
    elif found:
        heads = ("version", "when (UTC)", "who", "how", "lines")
        print_columns([heads, *(_row(there, each) for each in found)])
        if current(record) is None:
            click.echo("the transcript has been changed since, outside the program")
    elif not there.faults:
        click.echo(
            f"{shown(record.folder / TRANSCRIPT)}: it has no history; the first change by the program begins one"
        )
    for fault in there.faults:
        click.echo(str(fault), err=True)
    if there.faults:
        sys.exit(1)


def _row(there: History, version: Version) -> tuple[str, ...]:
    from player.errors import printable

    entry = there.entries.get(version.number)
    when = "" if version.date is None else f"{version.date:%Y-%m-%d %H:%M}"
    what = [(len(each), word) for each, word in _lines(entry)] if entry else []
    return (
        str(version.number),
        when,
        printable(version.by or ""),
        printable(version.how) + (f", takes back {', '.join(map(str, entry.back))}" if entry and entry.back else ""),
        ", ".join(f"{count} {word}" for count, word in what if count),
    )


def _lines(entry: Any) -> list[tuple[Sequence[str], str]]:
    return [(entry.changed, "changed"), (entry.new, "new"), (entry.gone, "gone")]


def _described(there: History, version: Version) -> dict[str, Any]:
    entry = there.entries.get(version.number)
    lines = {word: list(each) for each, word in _lines(entry)} if entry else {}
    moved = {"moved": {name: list(to) for name, to in entry.moved.items()}} if entry else {}
    date = None if version.date is None else f"{version.date:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "version": version.number,
        "date": date,
        "by": version.by,
        "how": version.how,
        "sha256": there.digest(version.number),
        **lines,
        **moved,
        **({"takes_back": list(entry.back)} if entry and entry.back else {}),
    }


def _tell_line(record: Record, name: str, *, as_json: bool) -> None:
    """Say where the words of a line are now, and what became of it, the latest first."""
    from player.archive.recording import TRANSCRIPT
    from player.errors import NotFoundError, printable, quoted, shown
    from player.history.whereabouts import line_history, where

    to = where(record, name)
    if to is None:
        path = shown(record.folder / TRANSCRIPT)
        raise NotFoundError(f"{path}: no version of it has a line {quoted(name)}; look for its words: player search")
    found = line_history(record, name)
    if as_json:
        print_json(
            {"recording": record.slug, "line": name, "now": list(to), "changes": [_change(each) for each in found]}
        )
        return
    if to == (name,):
        click.echo(f"{name} is in the transcript")
    else:
        click.echo(f"{name} is now {', '.join(to)}" if to else f"the words of {name} are gone")
    if not found:
        click.echo("nothing in the history has changed it")
    for each in found:
        who = f", {printable(each.by)}" if each.by else ""
        click.echo(f"version {each.number}, {each.date:%Y-%m-%d %H:%M} UTC{who}, {printable(each.how)}")
        if each.credit:
            click.echo(f"  suggested by {printable(', '.join(each.credit))}")
        for line in _told(each):
            click.echo(f"  {printable(line)}")


def _told(change: LineChange) -> Iterator[str]:
    from player.history.telling import what

    for sign, line in (("-", change.before), ("+", change.after)):
        if line is not None:
            words = " ".join(line.text.split())
            yield f"{sign} {line.id}: {words}{marked_if_unchecked(is_unchecked=line.is_unchecked)}"
    yield from what(change.before, change.after)


def _change(change: LineChange) -> dict[str, Any]:
    from player.archive.machine import LABEL
    from player.history.telling import what, words

    is_unchecked = any(line is not None and line.is_unchecked for line in (change.before, change.after))
    return {
        "version": change.number,
        "date": f"{change.date:%Y-%m-%dT%H:%M:%SZ}",
        "by": change.by,
        "how": change.how,
        "credit": list(change.credit),
        "words": [list(each) for each in words(change.before, change.after)],
        "what": what(change.before, change.after),
        "unchecked": LABEL if is_unchecked else None,
    }


def _go_back(archive: Archive, record: Record, to: str, by: str | None, *, dry_run: bool) -> None:
    from player.archive.recording import TRANSCRIPT
    from player.errors import NotFoundError, quoted, shown
    from player.history.going_back import go_back, planned
    from player.history.versions import named
    from player.intake.transaction import transaction

    path = shown(record.folder / TRANSCRIPT)
    version = named(record, to.strip())
    if version is None:
        raise NotFoundError(f"{path}: it has no version {quoted(to)}; player history {record.slug} lists them")
    if dry_run:
        back, number = planned(record, version.number), None
    else:
        with transaction(archive.root) as change:
            back, number = go_back(change, record, version.number, by.strip() if by else None)
    if back.after == back.before:
        click.echo(f"{path}: it is as it was in version {version.number}; nothing in it changes")
        return
    counts = (back.changes.changed, "changed"), (back.changes.new, "new"), (back.changes.gone, "gone")
    lines = ", ".join(f"{len(each)} {word}" for each, word in counts if each) or "none changed"
    if dry_run:
        click.echo(f"{path}: it would be what it was in version {version.number}; lines: {lines}\nnothing is written")
        return
    click.echo(
        f"{path}: it is what it was in version {version.number}, and that is version {number} now; lines: {lines}"
    )
    click.echo(with_archive("what no longer fits it, such as speakers of the record, is named by: player check"))
