"""``player publish``: opens what is a draft."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted, warn_of_clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.gate.shown import Shown
    from player.archive.recording import Recording


@click.command(short_help="Open what is a draft.")
@click.argument("slug")
@click.option(
    "--reviewed",
    "is_reviewed",
    is_flag=True,
    help="Open also what is closed until it is reviewed, and whose day has passed.",
)
@archive_option
def publish(slug: str, root: Path, *, is_reviewed: bool) -> None:
    """Publish a recording: whatever is "draft" in the [access] of its recording.toml becomes "open".

    So does a transcript that a machine wrote and nobody has reviewed, unless the archive shows such drafts anyway. What
    it is goes with its words until somebody has reviewed it: see player reviewed.

    With --reviewed, what was closed until a day that has passed, and waits for a review, is opened too: there, opens =
    "by itself" is written. Where its sound can be heard from now on, published = TODAY is written too, by which the
    feed is dated, unless the record has a date. Nothing else in the file changes. What stays closed is listed.

    The recording has to be without faults: player check is run before.

    \b
    Example:
      player publish harbour-office --archive my-archive
    """
    from player.archive.about import hides_drafts
    from player.archive.gate.listing import closures
    from player.checks.fed import feed_advice
    from player.commands.check import outcome
    from player.errors import ArchiveError, shown
    from player.intake import publishing

    archive = open_archive(root)
    before = archive.recording(slug)
    if before.withdrawal is not None:
        remedy = "remove [withdrawal] by hand if it is to be shown again"
        raise ArchiveError([before.withdrawal.fault(None, f"{slug} is withdrawn", remedy)])
    day = archive.day()
    hides = hides_drafts(lambda: archive.about)
    wanted = publishing.changes(before, day, is_reviewed=is_reviewed, hides_drafts=hides)
    warn_of_clock(archive)
    if not wanted and before.shown.is_everything:
        click.echo(f"{slug} is open already: {shown(before.path)}")
        for each in _of_machine(before):
            click.echo(with_archive(each))
        return
    if not wanted:
        click.echo(f"{shown(before.path)}: {_nothing(before, day, is_reviewed=is_reviewed)}", err=True)
        sys.exit(1)
    own = {before.folder, before.media}
    found = [each.fault for each in outcome(archive, every=True).faults]
    faults = [fault for fault in found if fault.path in own or before.folder in fault.path.parents]
    if faults:
        count = counted(len(faults), "fault")
        click.echo("\n".join([*map(str, faults), f"{slug} is not published: correct the {count} first"]), err=True)
        sys.exit(1)
    dated = publishing.dated(before, wanted, day)
    publishing.publish(before, wanted, dated)
    after = archive.recording(slug)
    click.echo(f"{slug} is published: {shown(after.path)}")
    opened = list(_opened(before.shown, after)) or ["see no more of it than before"]
    click.echo("\n".join([*(f"  visitors can {each}" for each in opened), *map(with_archive, _of_machine(after))]))
    if dated is not None:
        click.echo(f'  its record says since when: published = "{dated}"')
    for advice in feed_advice(archive, after, after.media) if after.media is not None else ():
        click.echo(f"  {advice.what}; {with_archive(advice.remedy)}")
    for closure in closures(archive, [slug]):
        click.echo(f"  {closure.label}, as before: {closure.subject}")


def _of_machine(recording: Recording) -> Iterator[str]:
    """Say of words that a machine wrote and visitors can read what goes with them, and for how long."""
    from player.archive.line_marks import of_its_lines
    from player.archive.machine import LABEL

    transcript = recording.transcript
    if transcript is None or not transcript.unchecked or recording.shown.transcript is not None:
        return
    count = of_its_lines(transcript.unchecked, len(transcript.lines))
    yield f'  a machine wrote its words, and nobody has heard {count}: "{LABEL}" stands wherever these go'
    yield f"  until somebody has: player reviewed {recording.slug} --by NAME"


def _nothing(record: Recording, day: dt.date, *, is_reviewed: bool) -> str:
    """Say that there is nothing to be published, and what to do."""
    from player.intake import publishing

    if is_reviewed:
        return "nothing in it is a draft, and nothing that is closed waits for a review"
    if publishing.changes(record, day, is_reviewed=True):
        return (
            "nothing in it is a draft; what is closed there waits for a review: after that, publish it with --reviewed"
        )
    return 'nothing in it is a draft; what is closed has another word than "draft" in [access]'


def _opened(before: Shown, after: Recording) -> Iterator[str]:
    """Say what visitors can see and hear of a recording now that they could not before."""
    from player.timecode import display

    now = after.shown
    if before.record is not None and now.record is None:
        yield "see that there is this recording"
    if before.sound is not None and now.sound is None and after.media is not None:
        yield "hear its sound"
    if before.transcript is not None and now.transcript is None and after.transcript is not None:
        yield f"read its transcript ({counted(len(after.transcript.lines), 'line')})"
    if before.notes is not None and now.notes is None and after.annotations:
        yield f"read {counted(len(after.annotations), 'note')} on it"
    closed = {passage.span for passage in now.passages}
    for passage in before.passages:
        if passage.span not in closed:
            how = "hear and read" if passage.sound and passage.words else "hear" if passage.sound else "read"
            yield f"{how} {display(passage.span.start)} to {display(passage.span.end)}"
