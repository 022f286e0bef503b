"""``player search``: finds words in the whole archive, prints where they are, and cuts the passages where asked to."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from player.commands.options import FILE, archive_option, open_archive, sources_to_cite
from player.commands.output import counted, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.index.cards import Card
    from player.index.index import Index
    from player.index.searching import Hits, Search
    from player.search.phrases import Found

# Recordings whose cards are read at once.
_TOGETHER = 50
# More lines of one recording than there ever are.
_ALL = 10**9


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
@click.option("--clips", "folder", type=FILE, help="Cut the lines that were found into MP3 files in this folder.")
@archive_option
def search(words: tuple[str, ...], *, most: int | None, as_json: bool, folder: Path | None, root: Path) -> None:
    """Find WORDS in the lines of all recordings, the notes on them, people, sources, the chronology and dossiers.

    Words in quotation marks are found only as whole words, and so are one or two letters. Marks, accents and capitals
    make no difference. The recordings that answer best come first. If nothing is found, the exit code is 1.

    \b
    Example:
      player search Castro
      player search '"invitation to Havana"' --json
      player search Havana --most 5 --clips found
    """
    from player.index.index import Index
    from player.index.searching import Search

    archive = open_archive(root)
    index = Index.of(archive)
    index.look(_show)
    searching = Search(index)
    found = _Found(index, searching, searching.find(" ".join(words)))
    lines = islice(found.lines(), most)
    if folder is not None:
        failed = _cut(archive, lines, folder, as_json=as_json)
    else:
        failed = False
        if as_json:
            _print_as_json(found, lines)
        else:
            _print(found, lines)
    if found.is_empty:
        click.echo("nothing was found", err=True)
    if failed or found.is_empty:
        sys.exit(1)


@dataclass(frozen=True)
class _Found:
    """What was found, recording by recording, those first that answer best."""

    index: Index
    searching: Search
    hits: Hits

    @property
    def is_empty(self) -> bool:
        return not (self.hits.recordings or self.hits.noted or self.hits.things)

    @property
    def passages(self) -> int:
        return sum(self.hits.passages.values())

    def cards(self, numbers: Iterable[int]) -> Iterator[tuple[int, Card]]:
        from player.index.lists import numbered_cards

        rest = iter(self.searching.by_rank(self.hits, set(numbers)))
        while some := list(islice(rest, _TOGETHER)):
            yield from numbered_cards(self.index, some)

    def lines(self) -> Iterator[tuple[Card, Found]]:
        for number, card in self.cards(self.hits.passages):
            for line in self.searching.lines(self.hits, number, _ALL):
                yield card, line

    def records(self) -> Iterator[Card]:
        """Give the recordings of which only the record says the words."""
        for _, card in self.cards(self.hits.recordings - self.hits.passages.keys()):
            yield card

    def notes(self) -> Iterator[dict[str, Any]]:
        for number, card in self.cards(self.hits.noted):
            for note in self.searching.notes(self.hits, number):
                yield {
                    "recording": card.slug,
                    "note": note["id"],
                    "kind": note["kind"],
                    "title": note["title"],
                    "start": note["at"],
                }

    def others(self) -> Iterator[dict[str, Any]]:
        for kind, numbers in self.hits.things.items():
            for number in numbers:
                row = self.index.database.row("SELECT id, name FROM thing WHERE number = ?", number)
                if row is not None:
                    yield {"kind": kind, "id": row["id"], "name": row["name"]}


def _print(found: _Found, lines: Iterable[tuple[Card, Found]]) -> None:
    from player.timecode import display

    for card, line in lines:
        speaker = f"{line.cue.speaker}: " if line.cue.speaker else ""
        click.echo(f"{card.slug}  {line.cue.id}  {display(line.cue.start)}  {speaker}{_said(line)}")
    for card in found.records():
        click.echo(f"{card.slug}  {card.title}")
    for note in found.notes():
        click.echo(f"{note['recording']}  note-{note['note']}  {note['title']}")
    for other in found.others():
        click.echo(f"{other['kind']}  {other['id']}  {other['name']}")
    told = counted(len(found.hits.recordings), "recording")
    if found.passages:
        told = f"{counted(found.passages, 'passage')} in {told}"
    noted = sum(found.hits.noted.values())
    click.echo(f"{told}, {noted} in notes" if noted else told, err=True)


def _print_as_json(found: _Found, lines: Iterable[tuple[Card, Found]]) -> None:
    said = [
        {
            "recording": card.slug,
            "title": card.title,
            "line": line.cue.id,
            "start": line.cue.start,
            "end": line.end,
            "speaker": line.cue.speaker,
            "text": _said(line),
            "hits": [
                {"text": hit.text, "start": hit.span.start, "end": hit.span.end, "line": hit.first} for hit in line.hits
            ],
        }
        for card, line in lines
    ]
    print_json(
        {
            "passages": found.passages,
            "recordings": len(found.hits.recordings),
            "lines": said,
            "records": [{"recording": card.slug, "title": card.title} for card in found.records()],
            "notes": list(found.notes()),
            "others": list(found.others()),
        }
    )


def _cut(archive: Archive, lines: Iterable[tuple[Card, Found]], folder: Path, *, as_json: bool) -> bool:
    """Cut lines into files, say which, and tell whether some could not be cut."""
    from player.clips.clip import make
    from player.clips.closed import HandedOn
    from player.clips.cut import Cut
    from player.clips.provenance import clip_name
    from player.errors import ClipError, PlayerError, reason, shown
    from player.timecode import Span

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClipError(f"{shown(folder)}: the folder cannot be made ({reason(error)}); name another") from None
    sources, handed_on = sources_to_cite(archive), HandedOn(archive)
    made = []
    failed = False
    try:
        for card, line in lines:
            span = Span(line.cue.start, line.end)
            try:
                # As whoever gets the clip may see it.
                recording = handed_on.recording(archive.recording(card.slug), [span])
                done = make(recording, Cut((span,), ".mp3"), folder / clip_name(recording, span), sources)
            except PlayerError as refusal:
                click.echo(f"{card.slug} {line.cue.id}: {refusal}", err=True)
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


def _said(line: Found) -> str:
    return " / ".join(" ".join(text for text, _ in pieces) for pieces in line.lines)


def _show(done: int, there: int) -> None:
    """Say on a terminal how far the reading has come."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {there:,} read", err=True, nl=done == there)
