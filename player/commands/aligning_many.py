"""``player align --all``: places the lines of many recordings, here or elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from player.commands.listening_many import Put, each_heard
from player.commands.output import counted, ended, refuse
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path

    from player.align.aligning import Heard
    from player.align.engines import Ready
    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.commands.listening_many import Where


@value
class Placing:
    """Lines to be placed in a recording of the archive at ``root``, by an engine; its progress shown here, or not."""

    root: Path
    slug: str
    engine: str
    model: Path | None
    processes: int
    again: bool
    is_followed: bool


def align_all(archive: Archive, engine: str, model: Path | None, where: Where, *, again: bool, dry_run: bool) -> None:
    """Place the lines of every recording that has such, and say what came of each. Exits with 1 where one could not be.

    :raise PlayerError: where the engine is not here, or those who are to do it are not fit.
    """
    from player.align.aligning import Aligning, Wanted
    from player.align.extras import MissingError
    from player.commands.align_told import report
    from player.errors import PlayerError

    tasks: list[Placing] = []
    sought: dict[str, tuple[Record, Ready]] = {}
    timed = refused = 0
    for slug in archive.slugs():
        try:
            record, ready = _sought(archive, slug, engine, model, again=again)
        except MissingError:
            raise
        except PlayerError as error:
            refuse(slug, error)
            refused += 1
            continue
        if ready is None:
            timed += record is not None
        elif record is not None:
            sought[slug] = record, ready
            folder = None if ready.folder is None else ready.folder.absolute()
            tasks.append(Placing(archive.root, slug, engine, folder, where.processes, again, where.is_alone))

    def put(task: Placing, heard: Heard) -> Put:
        record, ready = sought[task.slug]
        aligned = heard.aligned
        if not dry_run:
            aligned = Aligning(archive, record, ready, Wanted(again=again)).put(heard)
        told = tuple((line, False) for line in report(record, aligned, dry_run=dry_run))
        return Put(told, is_done=not aligned.is_vain)

    models = {task.model for task in tasks if task.model is not None}
    done, failed = each_heard(archive, where, heard_of, tasks, put, packages=[engine], models=models, is_dry=dry_run)
    verb = "would be done" if dry_run else "done"
    ended(f"{counted(done, 'transcript')} {verb}", [(timed, "timed already"), (refused + failed, "not done")])
    if refused or failed:
        sys.exit(1)


def heard_of(asked: Placing) -> Heard:
    """Listen to a recording, in any process, and give where its lines were placed; nothing is written.

    :raise PlayerError: where that cannot be done; what was done until then stays kept for the next time.
    """
    from player.align import engines
    from player.align.aligning import Aligning, Wanted
    from player.archive.archive import Archive
    from player.commands.piecework import decoding, shown

    archive = Archive(asked.root)
    record = archive.record(asked.slug)
    ready = engines.ready(asked.engine, record.language, asked.model)
    wanted = Wanted(again=asked.again, processes=asked.processes)
    if not asked.is_followed:
        return Aligning(archive, record, ready, wanted).heard()
    with shown() as tell:
        return Aligning(archive, record, ready, wanted, tell, decoding(tell)).heard()


def _sought(
    archive: Archive, slug: str, engine: str, model: Path | None, *, again: bool
) -> tuple[Record | None, Ready | None]:
    """Give a recording that has a sound and a transcript, and what can place its lines, where some are to be placed.

    :raise PlayerError: where the transcript cannot be read, or the engine cannot place lines of its language.
    """
    from player.align import engines
    from player.align.settling import is_wanted
    from player.archive.own_files import OwnFiles
    from player.archive.webvtt.reading import read_transcript
    from player.intake.transcripts.replacing import TRANSCRIPT

    record = archive.record(slug)
    path = record.folder / TRANSCRIPT
    if record.media is None and not record.media_faults:
        return None, None
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred([path])
    if not path.exists():
        return None, None
    if not any(is_wanted(line, again=again) for line in read_transcript(path).lines):
        return record, None
    return record, engines.ready(engine, record.language, model)
