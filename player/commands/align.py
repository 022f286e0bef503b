"""``player align``: finds in the sound when the words of a transcript are said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from player.commands.advised import option as named_archive
from player.commands.advised import with_archive
from player.commands.import_ import transcript_options
from player.commands.options import FILE, TIME, archive_option, open_archive
from player.commands.output import marked_if_unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.align.aligning import Aligned
    from player.align.settling import Left
    from player.archive.machine import MachineMade, Review
    from player.intake.transcripts.names import Speakers

# So many lines that were not placed are each named; the table of --report has all.
_NAMED: Final = 20
_WORDS: Final = 6
_PASSAGES: Final = 5
_COLUMNS: Final = ("id", "page", "speaker", "words", "start", "end", "confidence", "why not", "unchecked")
_UNSPOKEN: Final = "it has no spoken words"
_CAUSES: Final = (
    "possible causes: noise over the voices; a text of another sound; another language than recording.toml says"
)
_ENGINE: Final = "soundswallower"


class _Engine(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """What finds words in a sound."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        from player.align.engines import ENGINES

        if value not in ENGINES:
            self.fail(f'"{value}" is no engine that is known; it is one of {", ".join(ENGINES)}', param, context)
        return str(value)


@click.command(short_help="Find when the words of a transcript are said.")
@click.argument("slug")
@click.argument("text", type=FILE, required=False)
@click.option("--again", is_flag=True, help="Place anew also what a machine placed before.")
@click.option("--from", "start", type=TIME, metavar="TIME", help="Where in the sound the words begin.")
@click.option("--to", "end", type=TIME, metavar="TIME", help="Where in the sound the words end.")
@click.option(
    "--engine",
    type=_Engine(),
    metavar="NAME",
    default=_ENGINE,
    show_default=True,
    help="What listens: soundswallower, or faster-whisper.",
)
@click.option("--model-dir", type=FILE, help="The folder with the model of an engine that brings none.")
@click.option(
    "--jobs", "processes", type=click.IntRange(1, 64), default=2, show_default=True, help="How many processes listen."
)
@click.option(
    "--report", type=FILE, metavar="FILE", help="Write a CSV table of all lines: times, how sure these are, why not."
)
@click.option("--dry-run", is_flag=True, help="Listen, print what would be placed, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--force",
    is_flag=True,
    help="Replace what is there: with TEXT, the transcript, which is kept in history; and the FILE of --report.",
)
@transcript_options
@archive_option
def align(
    slug: str,
    text: Path | None,
    start: int | None,
    end: int | None,
    engine: str,
    model_dir: Path | None,
    processes: int,
    report: Path | None,
    format_name: str | None,
    speakers: Speakers | None,
    machine: MachineMade | None,
    checked_by: Review | None,
    root: Path,
    *,
    again: bool,
    dry_run: bool,
    as_json: bool,
    force: bool,
    keep_ids: bool,
) -> None:
    """Find in the sound when each line of a transcript is said, and each of its words, and write these times.

    Lines without times and those with rough ones are placed. What a person has timed stays. A line that does not fit
    the sound stays as it was, and is listed: where its words are not those that are said, correct them in
    transcript.vtt, and do it again. With TEXT, that is first brought in as player import does. The transcript then says
    that a machine placed its lines, and how sure it is of the times of each; listen before you rely on them.

    Long sounds take a while. Ended early, even by a signal, it goes on where it was when it is run again.

    \b
    Example:
      player align harbour-office --archive my-archive
      player align harbour-office interview.docx --speakers yes --archive my-archive
      player align harbour-office --from 2:10 --to 48:00
    """
    from player.align import engines
    from player.align.aligning import Aligning, Wanted
    from player.archive.gate.declared import DRAFT
    from player.commands.align_report import Report
    from player.commands.import_ import asked, read_file
    from player.commands.piecework import decoding, shown
    from player.intake.transcripts import telling
    from player.intake.transcripts.names import Speakers

    _refuse_mixed((start, end), text, report, (keep_ids, speakers, format_name, machine, checked_by), is_forced=force)
    archive = open_archive(root)
    record = archive.record(slug)
    table = None if report is None else Report(report, is_forced=force)
    if table is not None:
        table.refuse_unfit(archive, text)
    ready = engines.ready(engine, record.language, model_dir)
    imported = None if text is None else read_file(text, format_name)
    wanted = Wanted(
        again=again,
        start=start,
        end=end,
        processes=processes,
        imported=imported,
        file=text,
        speakers=speakers or (Speakers() if imported is None else asked(imported)),
        keep_ids=keep_ids,
        force=force,
        machine=machine,
        checked=checked_by,
    )
    with shown() as tell:
        aligned = Aligning(archive, record, ready, wanted, tell, decoding(tell)).done(dry_run=dry_run)
    if as_json:
        from player.commands.output import print_json

        print_json(_values(slug, aligned))
    else:
        if text is not None and imported is not None and aligned.brought is not None and aligned.settled.cues:
            click.echo("\n".join(telling.told(text, imported, aligned.brought)))
        state = record.shown.record
        is_draft = state is not None and state.state == DRAFT
        for each in _told(slug, aligned, text, dry_run=dry_run, is_report=report is not None, is_draft=is_draft):
            click.echo(with_archive(each))
        if aligned.is_written and record.closed:
            told = f"passages of {slug} are closed; look which lines are within them now: player closed"
            click.echo(f"{told}{named_archive()}")
    if table is not None:
        table.write(_COLUMNS, _rows(aligned))
    if aligned.is_vain:
        sys.exit(1)


def _refuse_mixed(
    part: tuple[int | None, int | None],
    text: Path | None,
    report: Path | None,
    of_text: tuple[Any, ...],
    *,
    is_forced: bool,
) -> None:
    """Refuse options that do not go together; those ``of_text`` say how a text is brought in.

    :raise UsageError: where there are such.
    """
    start, end = part
    if start is not None and end is not None and end <= start:
        raise click.UsageError("--to has to be after --from.")
    if text is None and any(of_text):
        raise click.UsageError("Options of how a text is brought in go with a TEXT.")
    if text is None and report is None and is_forced:
        raise click.UsageError("--force goes with a TEXT, or with --report.")


def _told(
    slug: str, aligned: Aligned, text: Path | None, *, dry_run: bool, is_report: bool, is_draft: bool
) -> Iterator[str]:
    """Say in a few lines what was placed, what was not, and what to do now."""
    from player.errors import shown
    from player.timecode import display

    settled = aligned.settled
    count = len(settled.cues) + len(settled.left)
    lines = f"{count} line{'' if count == 1 else 's'}"
    words = text if text is not None and dry_run else aligned.path
    if not settled.cues and not aligned.is_vain:
        yield f"{slug}: {_nothing_new(aligned)}"
        yield from _left(aligned, words, slug, is_report=is_report)
        return
    if not settled.cues:
        yield f"{slug}: none of {lines} was placed in {display(aligned.duration)} of sound; nothing is written"
        yield from _left(aligned, words, slug, is_report=is_report)
        yield _CAUSES
        return
    sure = list(settled.confidences.values())
    first, last = settled.cues[0], settled.cues[-1]
    what = f"{len(settled.cues)} of {lines} {'is' if len(settled.cues) == 1 else 'are'} placed"
    yield f"{slug}: {what}, from {display(first.start)} to {display(last.end)}"
    mean = sum(sure) / len(sure)
    yield f"confidence in the times, not in the words: {mean:.2f} in the mean, {min(sure):.2f} the least (1 is certain)"
    yield from _left(aligned, words, slug, is_report=is_report)
    if dry_run:
        yield "nothing is written; what was done is kept, so that without --dry-run it is done at once"
        return
    if not aligned.is_written:
        yield f"{shown(aligned.path)}: all of it is as it was already; nothing is written"
        return
    is_new = aligned.brought is not None and aligned.brought.before is None
    before = "" if is_new else "; what it was is kept in history"
    yield f"{shown(aligned.path)} is written, bound to the sound{before}"
    for path in aligned.translations:
        yield f"{shown(path)}: its lines have the new times too"
    for path in aligned.others:
        yield f"{shown(path)}: its lines do not match those before, and stay as they are; see: player check --all"
    drafts = " --drafts" if is_draft else ""
    yield f"to hear it: player serve{drafts}, and then http://127.0.0.1:8000/recordings/{slug}"


def _nothing_new(aligned: Aligned) -> str:
    """Say that a transcript has as many times as it can have."""
    from player.archive.line_marks import is_aligned

    timed = f"{aligned.timed} {'line is' if aligned.timed == 1 else 'lines are'} timed already"
    if aligned.settled.left:
        return f"nothing new could be placed; {timed}"
    again = "; --again places anew what a machine placed" if any(map(is_aligned, aligned.lines)) else ""
    return f"nothing is left to place; {timed}{again}"


def _left(aligned: Aligned, words: Path, slug: str, *, is_report: bool) -> Iterator[str]:
    """Say which lines were not placed, and what has none; ``words`` is the file in which they may be corrected."""
    from player.errors import shown
    from player.timecode import clock

    left, unspoken = aligned.settled.left, len(aligned.unspoken)
    if left:
        yield f"not placed, and left as {'it was' if len(left) == 1 else 'they were'}: {len(left)}"
    for each in left[:_NAMED]:
        yield f"  {_named(each)}: {each.why}"
    if len(left) > _NAMED:
        rest = "" if is_report else " (--report FILE lists all)"
        yield f"  and {len(left) - _NAMED} more{rest}"
    if unspoken:
        yield f"{unspoken} {'line has' if unspoken == 1 else 'lines have'} no spoken words to look for"
    if aligned.unwritten:
        spans = [f"{clock(span.start)} to {clock(span.end)}" for span in aligned.unwritten]
        more = f" ({len(spans) - _PASSAGES} more)" if len(spans) > _PASSAGES else ""
        yield f"speech, or a sound like it, that no line has: {', '.join(spans[:_PASSAGES])}{more}"
    if left and not aligned.is_vain:
        then = f", and then: player align {slug}" if words == aligned.path else ""
        yield f"where their words are not those that are said, correct them in {shown(words)}{then}"


def _named(left: Left) -> str:
    from player.errors import printable

    words = left.line.text.split()
    page = f", page {printable(left.line.page)}" if left.line.page else ""
    more = " …" if len(words) > _WORDS else ""
    begins = printable(" ".join(words[:_WORDS]))
    said = f'{left.line.id}{page} "{begins}{more}"'
    return f"{said}{marked_if_unchecked(is_unchecked=left.line.is_unchecked)}"


def _rows(aligned: Aligned) -> Iterator[dict[str, Any]]:
    """Give what was done with each line that was to be placed."""
    from player.archive.machine import LABEL
    from player.timecode import vtt

    cues = {cue.id: cue for cue in aligned.settled.cues}
    why = {each.line.id: each.why for each in aligned.settled.left}
    why |= {line.id: _UNSPOKEN for line in aligned.unspoken}
    for line in aligned.lines:
        if line.id not in cues and line.id not in why:
            continue
        cue = cues.get(line.id)
        times = (None, None) if cue is None else (vtt(cue.start), vtt(cue.end))
        sure = aligned.settled.confidences.get(line.id)
        words = " ".join(line.text.split())
        unchecked = LABEL if line.is_unchecked else None
        values = (line.id, line.page, line.speaker, words, *times, sure, why.get(line.id), unchecked)
        yield dict(zip(_COLUMNS, values, strict=True))


def _values(slug: str, aligned: Aligned) -> dict[str, Any]:
    from player.errors import shown
    from player.timecode import vtt

    return {
        "recording": slug,
        "transcript": shown(aligned.path),
        "written": aligned.is_written,
        "placed": len(aligned.settled.cues),
        "left": len(aligned.settled.left),
        "unspoken": len(aligned.unspoken),
        "unwritten": [[vtt(span.start), vtt(span.end)] for span in aligned.unwritten],
        "lines": list(_rows(aligned)),
        "translations": [shown(path) for path in aligned.translations],
    }
