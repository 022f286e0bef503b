"""``player search``: finds words in the whole archive, prints where they are, and cuts the passages where asked to."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

import click

from player.commands.options import FILE, archive_option, open_archive, sources_to_cite
from player.commands.output import counted, marked_if_unchecked, marked_unless_open, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.transcript import Line
    from player.index.cards import Card
    from player.index.everything import Everything
    from player.search.phrases import Found

    # A line that was found, its recording, and whether visitors may read it.
    _Line = tuple[Card, Found, str]


class _Words(click.Command):
    """A command that says how words are written which look like options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            remedy = "to search for words that begin with a hyphen, write -- before them: player search -- -5"
            raise click.UsageError(f"{error.format_message().rstrip('.')}; {remedy}", ctx) from None


@click.command("search", cls=_Words, short_help="Find words in everything that the archive holds.")
@click.argument("words", nargs=-1, required=True)
@click.option("--most", type=click.IntRange(1), metavar="N", help="Give only the first N lines.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, with times in milliseconds.")
@click.option("--csv", "table", type=FILE, help="Write what visitors may read of it, with citations, as a table.")
@click.option("--clips", "folder", type=FILE, help="Cut the lines that were found into MP3 files in this folder.")
@archive_option
def search(
    words: tuple[str, ...], *, most: int | None, as_json: bool, table: Path | None, folder: Path | None, root: Path
) -> None:
    """Find WORDS in the lines of all recordings, the notes on them, people, sources, the chronology and dossiers.

    Words in quotation marks are found only as whole words, and so are one or two letters. Marks, accents and capitals
    make no difference. The recordings that answer best come first. If nothing is found, the exit code is 1.

    What visitors may not see is found too, and marked with why: [draft], [closed until 2041], [withdrawn]. It is in no
    table, for that is to be handed on.

    \b
    Example:
      player search Castro
      player search '"invitation to Havana"' --json
      player search Havana --most 5 --clips found
      player search Havana --csv havana.csv
    """
    from player.index.everything import Everything
    from player.index.index import Index

    index = Index.of(open_archive(root))
    index.look(_show)
    if table is not None:
        from player.commands.found_table import write

        write(index, " ".join(words), table, most)
        return
    found = Everything.find(index, " ".join(words), _show)
    lines = islice(found.lines(), most)
    if folder is not None:
        failed = _cut(found.owners, lines, folder, as_json=as_json)
    else:
        failed = False
        if as_json:
            _print_as_json(found, lines)
        else:
            _print(found, lines)
    for fault in found.unread:
        click.echo(f"{fault} (player check says why)", err=True)
    if found.is_empty:
        click.echo("nothing was found", err=True)
    if failed or found.is_empty:
        sys.exit(1)


def _print(found: Everything, lines: Iterable[_Line]) -> None:
    for card, found_line, access in lines:
        line = found_line.line
        speaker = f"{line.speaker}: " if line.speaker else ""
        said = f"{speaker}{_said(found_line)}{marked_unless_open(access)}"
        said += marked_if_unchecked(is_unchecked=found_line.is_unchecked)
        click.echo(f"{card.slug}  {line.id}  {_place(line)}  {said}")
    for card in found.records():
        click.echo(f"{card.slug}  {card.title}{marked_unless_open(card.access)}")
    for note in found.notes():
        click.echo(f"{note['recording']}  note-{note['note']}  {note['title']}{marked_unless_open(note['access'])}")
    for other in found.others():
        click.echo(f"{other['kind']}  {other['id']}  {other['name']}{marked_unless_open(other['access'])}")
    told = counted(found.recordings, "recording")
    if found.passages:
        told = f"{counted(found.passages, 'passage')} in {told}"
    click.echo(f"{told}, {found.noted} in notes" if found.noted else told, err=True)


def _print_as_json(found: Everything, lines: Iterable[_Line]) -> None:
    from player.archive.machine import LABEL
    from player.archive.transcript import Cue
    from player.index.access import OPEN

    said = [
        {
            "recording": card.slug,
            "title": card.title,
            "line": line.line.id,
            "start": line.line.start if isinstance(line.line, Cue) else None,
            "end": line.span.end if line.span else None,
            "is_approximate": isinstance(line.line, Cue) and line.line.is_approximate,
            "page": line.line.page,
            "speaker": line.line.speaker,
            "text": _said(line),
            "access": access,
            "unchecked": LABEL if line.is_unchecked else None,
            "hits": [
                {
                    "text": hit.text,
                    "start": hit.span.start if hit.span else None,
                    "end": hit.span.end if hit.span else None,
                    "line": hit.first,
                }
                for hit in line.hits
            ],
        }
        for card, line, access in lines
    ]
    print_json(
        {
            "passages": found.passages,
            "recordings": found.recordings,
            "lines": said,
            "records": [
                {"recording": card.slug, "title": card.title, "access": card.access or OPEN} for card in found.records()
            ],
            "notes": list(found.notes()),
            "others": list(found.others()),
        }
    )


def _cut(archive: Archive, lines: Iterable[_Line], folder: Path, *, as_json: bool) -> bool:
    """Cut lines into files, say which, and tell whether some could not be cut."""
    from player.clips.clip import make
    from player.clips.closed import HandedOn
    from player.clips.cut import Cut
    from player.clips.provenance import clip_name
    from player.errors import ClipError, PlayerError, reason, shown

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClipError(f"{shown(folder)}: the folder cannot be made ({reason(error)}); name another") from None
    sources, handed_on = sources_to_cite(archive), HandedOn(archive)
    made = []
    failed = False
    try:
        for card, line, _ in lines:
            if line.span is None:
                click.echo(f"{card.slug} {line.line.id}: it is not timed yet, so no clip can be cut of it", err=True)
                failed = True
                continue
            span = line.span
            try:
                # As whoever gets the clip may see it.
                recording = handed_on.recording(archive.recording(card.slug), [span])
                done = make(recording, Cut((span,), ".mp3"), folder / clip_name(recording, span), sources)
            except PlayerError as refusal:
                click.echo(f"{card.slug} {line.line.id}: {refusal}", err=True)
                failed = True
                continue
            made.append(done.as_json())
            if not as_json:
                click.echo(str(done))
    finally:
        # If the command is stopped, those made before it are there.
        if as_json:
            print_json(made)
    return failed


def _place(line: Line) -> str:
    """Say when a line begins, or else on which page; a hyphen where neither is known."""
    from player.archive.transcript import Cue
    from player.publish.citation import pages_cited
    from player.timecode import display

    if isinstance(line, Cue):
        return f"~{display(line.start)}" if line.is_approximate else display(line.start)
    return pages_cited(line.page) or "-"


def _said(line: Found) -> str:
    return " / ".join(" ".join(text for text, _ in pieces) for pieces in line.lines)


def _show(done: int, there: int) -> None:
    """Say on a terminal how far the reading has come."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {there:,} read", err=True, nl=done == there)
