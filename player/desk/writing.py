"""Writes a working copy to the archive: the transcript, its history, and what follows them, as one change or none.

What is written is the net of all steps. The file of the working copy goes with the same change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive.line_pointers import pointers_after
from player.archive.older_translations import translations_after
from player.archive.transcript import in_turn
from player.archive.webvtt.changing import Splice, with_lines, with_names
from player.desk.exchanges import difference
from player.desk.pending_notes import FILE, with_notes
from player.desk.progress import Step
from player.desk.refusals import NO_ROOM, BusyError, DeskError, DeskFullError, ElsewhereError, is_full
from player.desk.suggesting import credits_of, files_of
from player.errors import WriteError
from player.files import content
from player.history.entries import DESK
from player.history.moving import Moves
from player.history.recording import record as recorded
from player.history.trail import Trail
from player.history.translated_words import translated_words
from player.intake.transaction import transaction
from player.intake.transcripts.bringing import new_speakers, with_speakers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.archive.webvtt.reading import Readings
    from player.desk.exchanges import Exchange
    from player.desk.progress import Progress
    from player.intake.transaction import Change


@dataclass(frozen=True)
class Written:
    """What was written: the number of the version, None where none was made, and how many lines and notes it was."""

    version: int | None
    count: int


def name_lines(archive: Archive, record: Record, readings: Readings, sha256: str, person: str) -> bytes:
    """Write the present identifier of every line into the file, so that it stays with its line; give what it has then.

    :raise ArchiveError: where the file would be read back as something else.
    :raise ElsewhereError: where the file is another than the one of this digest.
    :raise DeskError: where it cannot be written.
    """
    before = _content_of(readings.path, sha256)
    after = with_names(readings.path, before, readings)
    if after != before:
        with _changing(archive) as change:
            change.replace(readings.path, before, after)
            recorded(change, record, before, after, person, DESK, {}, readings=readings)
    return after


def write(
    archive: Archive, record: Record, readings: Readings, working: Path, progress: Progress, person: str
) -> Written:
    """Write what a person has changed in a transcript; ``working`` is the file of the working copy.

    ``readings`` has then what the file is afterwards.

    :raise ArchiveError: where a file has changed meanwhile, or would be read back as something else.
    :raise ElsewhereError: where the transcript is another than the one that this stands on.
    :raise DeskError: where it cannot be written.
    """
    path = readings.path
    before = _content_of(path, progress.base.sha256)
    readings.knows(before, progress.base.lines)
    # Steps that were taken back may have left lines where their times do not belong any more.
    lines = in_turn(progress.lines)
    exchanges = difference(progress.base.lines, lines)
    count = progress.unwritten
    after = with_lines(path, before, splices(exchanges), readings) if exchanges else before
    backs = [Step(step.turned) for step in progress.backs]
    to = moved((*backs, *progress.done), progress.lines)
    others = _others(record, before, after, to, readings)
    if progress.notes:
        path_of_notes = record.folder / FILE
        own = others.get(path_of_notes, _content_or_none(path_of_notes))
        others[path_of_notes] = with_notes(path_of_notes, own, progress.notes, lambda name: _now(name, to))
    path_of_record, own_record = record.folder / "recording.toml", archive.record(record.slug)
    named = {turn.speaker for line in progress.base.lines for turn in line.turns}
    if new := [name for name in new_speakers(own_record, progress.lines) if name not in named]:
        # As player import does: who they are, a person has to say.
        text = others.get(path_of_record, content(path_of_record)).decode()
        others[path_of_record] = with_speakers(own_record, text, new).encode()
    version = None
    with _changing(archive) as change:
        if after != before:
            credit = credits_of(progress, to)
            # What else was done beside is to be undone first: then it counts as a version of its own.
            back = [step.version for step in progress.backs if step.version is not None and not progress.done]
            how = (change, record, before, after, person, DESK, to)
            version = recorded(*how, follows=False, credit=credit, back=back, readings=readings)
            change.replace(path, before, after)
        for place, made in others.items():
            held = _content_or_none(place)
            if held is None:
                change.write(place, made)
            else:
                change.replace(place, held, made)
        for place in files_of(record.folder, progress):
            if os.path.lexists(place):
                change.remove(place)
        change.remove(working)
    return Written(version, count)


def _content_of(path: Path, sha256: str) -> bytes:
    """Read a transcript that is to be what it was when it was looked at; else what was changed has to come in first."""
    before = content(path)
    if hashlib.sha256(before).hexdigest() != sha256:
        raise ElsewhereError(frozenset(), of_a_line=False)
    return before


def _others(
    record: Record, before: bytes, after: bytes, to: Mapping[str, tuple[str, ...]], readings: Readings
) -> dict[Path, bytes]:
    """Give the other files that follow a transcript: its translations, and what names lines that are gone."""
    if after == before:
        return {}
    day = dt.datetime.now(dt.UTC).date()
    return {
        **translations_after(record.folder, before, after, to, day, translated_words(record), readings),
        **pointers_after(record, before, after, to, readings),
    }


def _now(name: str, to: Mapping[str, Sequence[str]]) -> str:
    """Give what a note that was made at a line names now.

    :raise DeskError: where the line is gone.
    """
    names = to.get(name, (name,))
    if not names:
        raise DeskError("A note stands at a line that is gone", "Take back the note, or that the line was removed")
    return names[0] if len(names) == 1 else f"{names[0]}..{names[-1]}"


def _content_or_none(path: Path) -> bytes | None:
    return content(path) if os.path.lexists(path) else None


def splices(exchanges: Iterable[Exchange]) -> list[Splice]:
    """Give exchanges as what changes a file."""
    return [Splice(each.after, tuple(line.id for line in each.old), each.new) for each in exchanges]


def moved(steps: Iterable[Step], present: Sequence[Line]) -> dict[str, tuple[str, ...]]:
    """Say where the words of the lines went that steps took away: to lines that are ``present``, or to none."""
    trail = Trail()
    names: dict[str, None] = {}
    for each in (exchange for step in steps for exchange in step.exchanges):
        old, new = {line.id: line.text for line in each.old}, {line.id: line.text for line in each.new}
        gone = [name for name in old if name not in new]
        come = tuple(name for name in new if name not in old)
        trail.follow(gone, come, Moves(dict.fromkeys(gone, come), {}), {**new, **old})
        names |= dict.fromkeys(gone)
    words = {line.id: line.text for line in present}
    return {name: trail.today(name, words) for name in names if name not in words}


@contextmanager
def _changing(archive: Archive) -> Iterator[Change]:
    """Change files of the archive as one.

    :raise DeskFullError: where there is no room.
    :raise BusyError: where another command changes it.
    :raise WriteError: where it cannot be written otherwise.
    """
    try:
        with transaction(archive.root) as change:
            yield change
    except WriteError as error:
        if is_full(error.__context__):
            raise DeskFullError(*NO_ROOM) from None
        if error.__context__ is not None and isinstance(error.__context__, BlockingIOError):
            raise BusyError("Another command is changing this archive", "Try again when it is done") from None
        raise
