"""``player align``: finds in the sound when the words of a transcript are said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from player.commands.import_ import transcript_options
from player.commands.options import FILE, TIME, archive_option, open_archive
from player.commands.where_done import cluster_option, jobs_option

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.machine import MachineMade, Review
    from player.intake.transcripts.names import Speakers

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
@click.argument("slug", required=False)
@click.argument("text", type=FILE, required=False)
@click.option("--all", "every", is_flag=True, help="Place the lines of every recording that has such.")
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
@jobs_option("How many processes listen, by default 2; with --all, one to each of so many recordings at a time.")
@cluster_option
@click.option(
    "--report",
    "table_file",
    type=FILE,
    metavar="FILE",
    help="Write a CSV table of all lines: times, how sure these are, why not.",
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
    slug: str | None,
    text: Path | None,
    start: int | None,
    end: int | None,
    engine: str,
    model_dir: Path | None,
    jobs: int | None,
    cluster: str | None,
    table_file: Path | None,
    format_name: str | None,
    speakers: Speakers | None,
    machine: MachineMade | None,
    checked_by: Review | None,
    root: Path,
    *,
    every: bool,
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
    that a machine placed its lines, and how sure it is of the times of each; listen before you rely on them. With
    --all, it is done for each recording that has a transcript with such lines.

    Long sounds take a while. Ended early, even by a signal, it goes on where it was when it is run again.

    \b
    Example:
      player align harbour-office --archive my-archive
      player align harbour-office interview.docx --speakers yes --archive my-archive
      player align harbour-office --from 2:10 --to 48:00
      player align --all --jobs 4 --archive my-archive
    """
    from player.align import engines
    from player.align.aligning import Aligning, Wanted
    from player.align.pieces import PROCESSES
    from player.commands.align_report import Report
    from player.commands.align_told import COLUMNS, report, rows, values
    from player.commands.aligning_many import align_all
    from player.commands.import_ import asked, read_file
    from player.commands.listening_many import Where
    from player.commands.piecework import decoding, shown
    from player.intake.transcripts import telling
    from player.intake.transcripts.names import Speakers

    _refuse_which(slug, cluster, (start, end, table_file), every=every, is_for_one=as_json or force)
    _refuse_mixed(
        (start, end), text, table_file, (keep_ids, speakers, format_name, machine, checked_by), is_forced=force
    )
    archive = open_archive(root)
    if slug is None:
        align_all(archive, engine, model_dir, Where(jobs, cluster), again=again, dry_run=dry_run)
        return
    record = archive.record(slug)
    table = None if table_file is None else Report(table_file, is_forced=force)
    if table is not None:
        table.refuse_unfit(archive, text)
    ready = engines.ready(engine, record.language, model_dir)
    imported = None if text is None else read_file(text, format_name)
    wanted = Wanted(
        again=again,
        start=start,
        end=end,
        processes=jobs or PROCESSES,
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

        print_json(values(slug, aligned))
    else:
        if text is not None and imported is not None and aligned.brought is not None and aligned.settled.cues:
            click.echo("\n".join(telling.told(text, imported, aligned.brought)))
        for each in report(record, aligned, text, dry_run=dry_run, is_report=table is not None):
            click.echo(each)
    if table is not None:
        table.write(COLUMNS, rows(aligned))
    if aligned.is_vain:
        sys.exit(1)


def _refuse_which(
    slug: str | None, cluster: str | None, of_one: tuple[Any, ...], *, every: bool, is_for_one: bool
) -> None:
    """Refuse a call that names neither a recording nor all, or both, or options that go with the other.

    :raise UsageError: where it is such.
    """
    if (slug is None) != every:
        raise click.UsageError("Name one recording, or give --all.")
    if slug is not None and cluster is not None:
        raise click.UsageError("--cluster goes with --all.")
    if slug is None and (is_for_one or any(each is not None for each in of_one)):
        raise click.UsageError("--from, --to, --report, --json and --force are for one recording, and not for --all.")


def _refuse_mixed(
    part: tuple[int | None, int | None],
    text: Path | None,
    table_file: Path | None,
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
    if text is None and table_file is None and is_forced:
        raise click.UsageError("--force goes with a TEXT, or with --report.")
