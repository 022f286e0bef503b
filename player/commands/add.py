"""``player add``: makes a recording of a sound and whatever text there is."""

from __future__ import annotations

import contextlib
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from player.commands import advised
from player.commands.advised import with_archive
from player.commands.import_ import transcript_options, without_times
from player.commands.options import FILE, archive_option, open_archive, warn_of_shipped
from player.commands.steps import steps

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.machine import MachineMade, Review
    from player.folding import Folded
    from player.intake.adding import Added, Found, Wanted
    from player.intake.transcripts.names import Speakers

_HOST: Final = "127.0.0.1"
# What player serve listens on unless it is told otherwise, and where else it may be told to.
_PORTS: Final = range(8000, 8016)
# What is said of one recording.
_OF_ONE: Final = ("title", "date", "slug", "to", "transcript")
_DATES: Final = """\
When was it made? 1971-06-02, or less if you know less: 1971-06, 1971. About 1971: 1971~. Within some years: 1968/1971.
Where nobody knows, write: unknown"""


@click.command(short_help="Make a recording of a sound and its transcript.")
@click.argument("sounds", nargs=-1, metavar="SOUND...")
@click.option("--transcript", "transcripts", type=FILE, multiple=True, help="Its words, in any format that is known.")
@click.option("--title", help="What it is called.")
@click.option("--date", help="When it was made: 1971-06-02, 1971-06, 1971, 1971~ (about), 1968/1971, or unknown.")
@click.option("--slug", help="Its name in addresses and commands; by default made from the title.")
@click.option("--language", metavar="TAG", help="The language of its words, such as en, es or pt-BR.")
@click.option("--series", help="The series that it belongs to.")
@click.option("--tag", "tags", multiple=True, help="A word by which lists can be narrowed; may be given again.")
@click.option("--part-title", "part_titles", multiple=True, help="With several sounds, what each part is called.")
@click.option("--like", metavar="SLUG", help="Take over the speakers, sources and language of this recording.")
@click.option(
    "--to", metavar="SLUG", help="Give the sound to this record, which has none yet, and change nothing else."
)
@click.option("--from-csv", "table", type=FILE, help="Add all recordings of a table, a row each.")
@click.option("--move", is_flag=True, help="Remove the original, once the copy was read back from the disk.")
@click.option("--publish", "publishes", is_flag=True, help="Let visitors see it at once; by default it is a draft.")
@click.option("--yes", is_flag=True, help="Ask nothing: take title and date from the tags and the name of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and add nothing.")
@transcript_options
@archive_option
def add(
    sounds: tuple[str, ...],
    transcripts: tuple[Path, ...],
    table: Path | None,
    tags: tuple[str, ...],
    part_titles: tuple[str, ...],
    format_name: str | None,
    speakers: Speakers | None,
    machine: MachineMade | None,
    checked_by: Review | None,
    root: Path,
    *,
    move: bool,
    publishes: bool,
    yes: bool,
    dry_run: bool,
    keep_ids: bool,
    **given: Any,
) -> None:
    """Add a recording to the archive: a sound, and its transcript if there is one.

    The sound is copied into media as it is. Its record, transcripts/SLUG/recording.toml, says what was given here and
    what the tags of the sound say; on a terminal you are asked for what is missing. The transcript is converted, and
    bound to the sound; where browsers do not play that exactly, a copy for them is made. Then it is checked. It is a
    draft until you publish it. If anything goes wrong, nothing was added.

    SOUND is a file, or an https address. Several are one recording, in that order.

    \b
    Example:
      player add harbour-office.mp3 --transcript harbour-office.srt --archive my-archive
      player add side-a.wav side-b.wav --title "The ferry" --date 1971 --archive my-archive
      player add tape.wav --to 1963-11-05-attwood
      player add --from-csv interviews.csv --archive my-archive
    """
    from player.commands.adding_many import add_table
    from player.intake.adding import Wanted, add, looked_at
    from player.intake.addresses import is_address
    from player.intake.reviewing import refuse_withheld
    from player.intake.transcripts.names import Speakers

    said = {**given, "transcript": str(transcripts[0]) if transcripts else None}
    _refuse_misuse(sounds, table, said, publishes=publishes)
    archive = open_archive(root)
    if given["to"] is None:
        warn_of_shipped(root)
    if checked_by is not None:
        refuse_withheld(archive, checked_by.name)
    wanted = Wanted(
        sound=tuple(each if is_address(each) else FILE.convert(each, None, None) for each in sounds),
        transcript=transcripts,
        transcript_format=format_name,
        keep_ids=keep_ids,
        machine=machine,
        checked=checked_by,
        tags=tags,
        part_titles=part_titles,
        publish=publishes or None,
        move=move,
        **given,
    )
    if table is not None:
        defaults = replace(wanted, speakers=speakers or Speakers())
        add_table(archive, table, defaults, checked, guesses=yes, dry_run=dry_run)
        return
    with steps() as tell:
        found = looked_at(wanted, tell)
    click.echo("\n".join(f"{sound.name}: {sound.described}" for sound in found.sounds))
    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    wanted = _completed(wanted, found, speakers, asks=asks, guesses=yes)
    with steps() as tell:
        added = add(archive, wanted, tell, found=found, dry_run=dry_run)
    for remark in added.remarks:
        click.echo(with_archive(remark))
    if dry_run:
        click.echo(f"it would be {wanted.to or added.slug}; nothing was added")
        return
    _tell_added(archive, added, is_new=wanted.to is None)


def _refuse_misuse(
    sounds: Sequence[str], table: Path | None, given: Mapping[str, str | None], *, publishes: bool
) -> None:
    if (table is None) == (not sounds):
        raise click.UsageError("Name a sound, or a table with --from-csv.")
    of_one = [f"--{name}" for name in _OF_ONE if table is not None and given[name]]
    if of_one:
        raise click.UsageError(f"{of_one[0]} does not go with --from-csv: in a table it is a column.")
    if given["to"] is not None:
        others = [name for name in ("title", "date", "slug", "language", "series", "like") if given[name] is not None]
        if others or publishes:
            flag = others[0] if others else "publish"
            raise click.UsageError(f"--{flag} does not go with --to: what the record says, and who sees it, stays.")


def _completed(wanted: Wanted, found: Found, speakers: Speakers | None, *, asks: bool, guesses: bool) -> Wanted:
    """Ask for what is missing, or take it from the name of the file where that may be guessed."""
    from player.commands.import_ import asked
    from player.intake.adding import taken
    from player.intake.transcripts.names import Speakers

    title, date = wanted.title, wanted.date
    if wanted.to is None:
        first = found.sounds[0]
        if asks and title is None:
            title = click.prompt("What is it called?", default=found.title or found.named)
        if asks and date is None:
            date = _asked_date(found.date or first.date)
        if guesses:
            title, date = title or found.title or found.named, date or found.date or first.date
        if not asks:
            for told in taken(wanted, found, title or found.title, date or found.date):
                click.echo(told)
    if speakers is None and asks and found.transcripts:
        speakers = asked(*found.transcripts)
    part_titles = wanted.part_titles
    if asks and not part_titles:
        called = zip(found.sounds, found.part_titles, strict=False)
        part_titles = tuple(click.prompt(f"What is {sound.name} called?", default=each) for sound, each in called)
    return replace(wanted, title=title, date=date, speakers=speakers or Speakers(), part_titles=part_titles)


def _asked_date(default: str | None) -> str:
    from player.archive import dates
    from player.intake.adding import UNKNOWN

    click.echo(_DATES)
    while True:
        said = str(click.prompt("Date", default=default)).strip()
        if said == UNKNOWN or dates.is_date(said):
            return said
        click.echo(f"{said}: this is not in one of these forms")


def _tell_added(archive: Archive, added: Added, *, is_new: bool) -> None:
    """Say what was added, what a check finds wrong with it, and where it can be seen."""
    from player.archive.gate.declared import DRAFT
    from player.errors import shown
    from player.intake.publishing import is_machine_draft

    record = archive.record(added.slug)
    what = "is added" if is_new else "has its sound now"
    click.echo(f"{added.slug} {what}: {shown(record.path)}, {shown(record.media or archive.media)}")
    found, is_faulty = checked(archive, [added.slug])
    click.echo("\n".join(found) if found else "player check finds nothing wrong with it")
    transcript = archive.recording(added.slug).transcript
    if transcript is not None and (told := without_times(added.slug, transcript.lines)):
        click.echo(told)
    state = record.shown.record
    is_draft = state is not None and state.state == DRAFT
    port = _port()
    other = "" if port == _PORTS[0] else f" --port {port}"
    click.echo(f"to see it: player serve{' --drafts' if is_draft else ''}{other}{advised.option()}")
    if other:
        click.echo(f"  (port {_PORTS[0]} is taken; if a player that shows this archive has it, its address will do)")
    if is_draft:
        click.echo("  open the address that this prints, and then:")
    click.echo(f"  http://{_HOST}:{port}/recordings/{added.slug}")
    if is_draft:
        publish = with_archive(f"to publish it: player publish {added.slug}")
        click.echo(f"it is a draft, which visitors do not see; {publish}")
    elif state is not None:
        click.echo(f"visitors do not see it: {state.label}")
    elif is_machine_draft(record) and record.shown.transcript is not None:
        publish = with_archive(f"to publish them: player publish {added.slug}")
        click.echo(f"visitors do not see its words, which a machine wrote; {publish}")
    if is_faulty:
        sys.exit(1)


def _port() -> int:
    """Give the port that a server could listen on now; the first where none can be found."""
    for port in _PORTS:
        with contextlib.suppress(OSError), socket.socket() as tried:
            # As a server does: what was served a moment ago does not hold its port.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((_HOST, port))
            return port
    return _PORTS[0]


def checked(archive: Archive, slugs: Collection[str]) -> tuple[list[str], bool]:
    """Check recordings that were added; give what is found of them, a line each, and whether any of it is a fault."""
    from player.commands.check import lines_of, outcome

    found = outcome(archive, every=True)
    records = [archive.record(slug) for slug in slugs]
    own = {path for record in records for path in (record.folder, record.media)}
    copies = {f"{slug}.{suffix}" for slug in slugs for suffix in ("m4a", "flac", "json")}

    def is_theirs(path: Path) -> bool:
        return path in own or not own.isdisjoint(path.parents) or (path.parent.name == "access" and path.name in copies)

    faults, advice = ([each for each in of if is_theirs(each.fault.path)] for of in (found.faults, found.advice))
    # Each of a table has the same to say of its own.
    return [*lines_of(_folded(faults), _folded(advice), f"player check --all{advised.option()}")], bool(faults)


def _folded(found: Sequence[Folded]) -> list[Folded]:
    from player.folding import fold, fold_files

    return fold_files(fold([each.fault for each in found]))
