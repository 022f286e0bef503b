"""``player reviewed``: says who has heard what a machine wrote, and what nobody has."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted, print_columns, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.transcript import Line, Transcript
    from player.intake.reviewing import Reviewed

# So many ranges of lines are named in a sentence; --json has all.
_FEW = 12
# And so many lines are listed without --all.
_LISTED = 20


@click.command(short_help="Say who has heard what a machine wrote.")
@click.argument("slug", required=False)
@click.option("--by", "name", metavar="NAME", help="Who has heard it.")
@click.option("--lines", metavar="IDS", help="Only these lines: c3..c20,c25. Without it, the whole transcript.")
@click.option("--date", "day", metavar="DATE", help="When that was, as 2026-11-29; today if left out.")
@click.option("--undo", is_flag=True, help="Take it back: with --by what this person said, else what anybody said.")
@click.option("--all", "is_whole", is_flag=True, help=f"List every line that nobody has heard, not {_LISTED} of them.")
@click.option("--json", "as_json", is_flag=True, help="Print what nobody has heard as JSON.")
@archive_option
def reviewed(
    slug: str | None,
    name: str | None,
    lines: str | None,
    day: str | None,
    root: Path,
    *,
    undo: bool,
    is_whole: bool,
    as_json: bool,
) -> None:
    """Say that somebody has heard lines of a transcript that a machine wrote, and that they are right.

    With --lines, each of these lines is marked as heard. Without it, the whole is declared reviewed, whether each of
    its lines is marked or not; it then is a transcript like any other. How many lines nobody has marked is said each
    time. Nothing else in the file changes. Without --by, nothing is written: the lines that nobody has heard are
    listed, with their identifiers and times, and without SLUG the transcripts that wait for a review.

    \b
    Example:
      player reviewed --archive my-archive
      player reviewed harbour-office --archive my-archive
      player reviewed harbour-office --by "Ines Keeper" --lines c3..c20,c25 --archive my-archive
      player reviewed harbour-office --by "Ines Keeper" --archive my-archive
    """
    from player.intake import reviewing

    if name is not None and (wrong := reviewing.wrong_name(name)) is not None:
        raise click.BadParameter(f"it {wrong}", param_hint="--by")
    writes = name is not None or undo
    if is_whole and (writes or slug is None or as_json):
        raise click.UsageError("--all goes with SLUG alone: it lists lines; --json has all anyway.")
    _refuse_misused(slug, lines, day, writes=writes, undo=undo)
    archive = open_archive(root)
    if slug is None:
        _list(archive, as_json=as_json)
        return
    done = None
    if writes:
        done = _write(archive, slug, name, lines, _day(day), undo=undo)
    recording = archive.recording(slug)
    transcript = _of_machine(recording)
    if as_json:
        print_json(_described(recording, transcript))
        return
    if done is not None:
        click.echo(_told(done, name, lines, undo=undo))
    click.echo(with_archive("\n".join(_state(recording, transcript, says_all=done is None))))
    click.echo("".join(_unheard(recording, transcript, is_whole=is_whole) if done is None else ()), nl=False)


def _unheard(recording: Recording, transcript: Transcript, *, is_whole: bool) -> Iterator[str]:
    """List the lines that nobody has heard, by which --lines names them."""
    from player.archive.line_marks import heard
    from player.commands.naming_voices import cited

    found = [line for line in transcript.lines if not heard(line)]
    listed = found if is_whole else found[:_LISTED]
    # What they are is said above, of all of them.
    yield from (f"{each}\n" for each in cited(recording, listed, ["  "] * len(listed), is_unchecked=False))
    if len(found) > _LISTED and not is_whole:
        yield f"  and {counted(len(found) - _LISTED, 'other line')}; all of them: --all\n"


def _refuse_misused(slug: str | None, lines: str | None, day: str | None, *, writes: bool, undo: bool) -> None:
    given = [flag for flag, value in (("--lines", lines), ("--date", day)) if value is not None]
    if given and not writes:
        raise click.UsageError(f"{given[0]} needs --by.")
    if undo and day is not None:
        raise click.UsageError("--date does not go with --undo.")
    if writes and slug is None:
        raise click.UsageError("Name the recording.")


def _day(text: str | None) -> str:
    import datetime as dt

    from player.intake import reviewing

    if text is None:
        return dt.datetime.now().astimezone().date().isoformat()
    if (day := reviewing.day_of(text)) is None:
        raise click.BadParameter("it is no day that has begun; write it as 2026-11-29", param_hint="--date")
    return day


def _write(archive: Archive, slug: str, name: str | None, lines: str | None, day: str, *, undo: bool) -> Reviewed:
    """Write what was said; refuse, as misuse, lines that are not there."""
    from player.archive.machine import Review
    from player.archive.own_files import OwnFiles
    from player.archive.recording import TRANSCRIPT
    from player.errors import WriteError, shown
    from player.intake import reviewing

    record = archive.record(slug)
    path = record.folder / TRANSCRIPT
    if name is not None and not undo:
        reviewing.refuse_withheld(archive, name.strip(), record.speaker)
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred([path])
    try:
        if undo:
            return reviewing.take_back(archive, record, lines, name.strip() if name else None)
        by = Review(day, (name or "").strip())
        return reviewing.declare(archive, record, by) if lines is None else reviewing.mark(archive, record, lines, by)
    except reviewing.NoSuchLinesError as error:
        raise WriteError(f"{shown(path)}: {error}") from None


def _of_machine(recording: Recording) -> Transcript:
    """Give the transcript of a recording.

    :raise PlayerError: where it has none, it cannot be read, or no machine wrote it.
    """
    from player.archive.recording import TRANSCRIPT
    from player.errors import ArchiveError, Fault, WriteError, shown
    from player.intake.reviewing import NO_MACHINE, REMEDY

    if recording.unread.transcript:
        raise ArchiveError(recording.unread.transcript)
    if recording.transcript is None:
        raise WriteError(
            f"{shown(recording.folder / TRANSCRIPT)}: there is no transcript; put one there, and try again"
        )
    if recording.transcript.machine is None:
        raise ArchiveError([Fault(recording.transcript.path, 1, NO_MACHINE, REMEDY)])
    return recording.transcript


def _told(done: Reviewed, name: str | None, lines: str | None, *, undo: bool) -> str:
    """Say what was written."""
    from player.errors import printable, shown

    path, who = shown(done.after.path), printable(name or "")
    if not done.is_changed:
        if undo:
            return f"{path}: nothing to take back"
        return f"{path}: {who} has said so already; nothing in it changes"
    if undo:
        what = (
            "the review is taken back" if lines is None else f"{counted(done.lines, 'line')} no longer marked as heard"
        )
    elif lines is None:
        before = done.before.review
        instead = f", in place of {printable(before.name)} on {before.date}" if before else ""
        what = f"reviewed by {who}{instead}"
    else:
        what = f"{counted(done.lines, 'line')} heard by {who}"
    return f"{path}: {what}"


def _state(recording: Recording, transcript: Transcript, *, says_all: bool) -> Iterator[str]:
    """Say what nobody has heard, and what stands on the page now."""
    from player.archive.line_marks import heard
    from player.archive.machine import LABEL, UNKNOWN
    from player.errors import printable
    from player.intake.reviewing import ranges

    machine, review = transcript.machine, transcript.review
    unheard = list(ranges(transcript.lines, lambda line: not heard(line)))
    count = sum(not heard(line) for line in transcript.lines)
    is_known = machine is not None and machine.program != UNKNOWN
    by = printable(machine.readable) if machine is not None and is_known else "a machine that is not known"
    yield f"{counted(len(transcript.lines), 'line')} written by {by}"
    if count:
        few = unheard if says_all else unheard[:_FEW]
        more = f" and {counted(len(unheard) - len(few), 'other run')} of lines" if len(few) < len(unheard) else ""
        of_them = f"{count} of them"
        so = f"nobody has marked {of_them} as heard" if review else f"nobody has heard {of_them}"
        yield f"{so}: {', '.join(few)}{more}"
    else:
        yield "somebody has heard each of them"
    if review is not None:
        yield f'reviewed on {review.date} by {printable(review.name)}: its words no longer carry "{LABEL}"'
    elif transcript.unchecked:
        yield f'the page says "{LABEL}", and so does whatever has words of these lines'
    else:
        yield f"to declare it reviewed: player reviewed {recording.slug} --by NAME"
    if recording.shown.transcript is not None:
        open_it = (
            "" if recording.shown.transcript.state != "draft" else f"; to publish it: player publish {recording.slug}"
        )
        yield f"visitors do not see the transcript: {recording.shown.transcript.label}{open_it}"


def _list(archive: Archive, *, as_json: bool) -> None:
    """List the transcripts that wait for a review."""
    from player.errors import PlayerError

    found, refusals = [], []
    for slug in archive.slugs():
        try:
            recording = archive.recording(slug)
        except PlayerError as refusal:
            refusals.append(str(refusal))
            continue
        refusals += [str(fault) for fault in recording.unread.transcript]
        if recording.transcript is not None and recording.transcript.is_draft:
            found.append((recording, recording.transcript))
    if as_json:
        print_json([_described(*each) for each in found])
    elif found:
        heads = ("recording", "lines", "heard by nobody", "written by", "visitors")
        print_columns([heads, *(_row(*each) for each in found)])
    elif not refusals:
        click.echo("no transcript waits for a review")
    for message in refusals:
        click.echo(message, err=True)
    if refusals:
        sys.exit(1)


def _row(recording: Recording, transcript: Transcript) -> tuple[str, ...]:
    from player.errors import printable

    withheld = recording.shown.transcript or recording.shown.record
    machine = printable(transcript.machine.readable) if transcript.machine else ""
    seen = "see it, labelled" if withheld is None else withheld.label
    return recording.slug, str(len(transcript.lines)), str(transcript.unchecked), machine, seen


def _described(recording: Recording, transcript: Transcript) -> dict[str, Any]:
    from player.archive.line_marks import heard
    from player.intake.reviewing import ranges

    def is_unheard(line: Line) -> bool:
        return not heard(line)

    machine, review = transcript.machine, transcript.review
    withheld = recording.shown.transcript or recording.shown.record
    return {
        "recording": recording.slug,
        "program": machine.program if machine else None,
        "model": machine.model if machine else None,
        "date": machine.date if machine else None,
        "reviewed": None if review is None else {"date": review.date, "by": review.name},
        "lines": len(transcript.lines),
        "unchecked": transcript.unchecked,
        "unheard": list(ranges(transcript.lines, is_unheard)),
        "access": "open" if withheld is None else withheld.label,
    }
