"""Brings what was read of a transcript into the folder of its recording: lines, new speakers, and notes.

What is there already is read first. A line whose words are the same keeps its identifier and what a person wrote about
it; a transcript that is replaced is kept in ``history``, so that nothing is lost, and the identifiers in it are never
given to other words.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from player.archive.machine import is_heard, machine_made, reviewed
from player.archive.toml.editing import EditError, with_tables
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import written
from player.errors import ArchiveError, Fault, reason
from player.files import content
from player.history.entries import IMPORT
from player.history.recording import record as record_change
from player.history.versions import history, read
from player.intake import notes_toml
from player.intake.transcripts.headers import as_heard, by_machine, header_of, of_lapsed, still_reviewed
from player.intake.transcripts.identifiers import identified
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.made import Maker, clean
from player.intake.transcripts.names import spoken
from player.intake.transcripts.own_names import visible, with_shown_names
from player.intake.transcripts.pointed_at import refuse_lost
from player.intake.transcripts.reading_back import read_back
from player.intake.transcripts.replacing import (
    ANNOTATIONS,
    TRANSCRIPT,
    compared,
    counted,
    may_be_named,
    published,
    silent,
    with_own,
)
from player.intake.transcripts.said_of_record import of_record
from player.intake.transcripts.same_lines import matched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from player.archive.machine import MachineMade, Review
    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript
    from player.intake.transaction import Change
    from player.intake.transcripts.imported import Imported, ImportedLine, ImportedNote
    from player.intake.transcripts.names import Speakers


_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class Brought:
    """What a transcript makes of the files of a recording.

    ``record_text`` and ``annotations_text`` are those of recording.toml and annotations.toml afterwards, the second
    None where nothing changes in it. Where the file has notes only, there are no ``lines``, and ``transcript`` is
    empty.
    """

    lines: tuple[Line, ...]
    transcript: bytes
    record_text: str
    annotations_text: str | None
    new_speakers: tuple[str, ...]
    new_notes: int
    remarks: tuple[Remark, ...]
    #: What these files have now; None for those that are not there.
    before: bytes | None = None
    record_before: bytes | None = None
    annotations_before: bytes | None = None
    #: What wrote the words, where a machine did; and who has reviewed them.
    machine: MachineMade | None = None
    review: Review | None = None

    @property
    def unchecked(self) -> int:
        """How many lines are a machine's that nobody has heard."""
        if self.machine is None or self.review is not None:
            return 0
        return sum(not is_heard(line.comments) for line in self.lines)


def prepared(
    record: Record,
    imported: Imported,
    *,
    speakers: Speakers,
    digest: str | None,
    length: int | None,
    keep_ids: bool = False,
    record_text: str | None = None,
    is_forced: bool = False,
    file: Path | None = None,
    machine: MachineMade | None = None,
    checked: Review | None = None,
) -> Brought:
    """Make of what was read the new files of a recording; nothing is written.

    ``digest`` and ``length`` (in milliseconds) are those of its sound, None where they are not known. ``record_text``
    is the text of recording.toml, where that is not written yet. With ``is_forced``, a transcript that names another
    sound is taken all the same. ``file`` is what was read, of which faults are told. ``machine`` is what is known of
    who wrote the words beside what the file says (``BY_HAND``: no machine), ``checked`` who has reviewed what a machine
    wrote.

    :raise ArchiveError: where a file that is there cannot be read or changed, or something that is there would point at
        a line that is gone.
    """
    path = record.folder / TRANSCRIPT
    before = _there(path)
    old = _read(path, is_forced=is_forced) if before is not None else None
    # Who wrote the words is known of one that was removed, too.
    known = old if before is not None else _last_version(record)
    imported, told_of_machine = by_machine(imported, known, file or path, machine, checked)
    lines, told_of_names = _spoken(imported, speakers)
    remarks = [*imported.remarks, *told_of_machine, *told_of_names]
    lines, told_of_names = with_shown_names(lines, keep_ids=keep_ids)
    remarks += told_of_names
    said = [line for line in lines if line.text.strip()]
    if len(said) < len(lines):
        remarks.append(Remark(Deed.LEFT_OUT, counted(len(lines) - len(said), "empty line")))
    if not said and not imported.notes:
        what = "there are no lines in it"
        raise ArchiveError([Fault(file or path, None, what, "name a file with the words of the recording")])
    made: list[Line] = []
    transcript = b""
    wrote: MachineMade | None = None
    review: Review | None = None
    if said:
        imported, lapsed = still_reviewed(imported, known, said, checked)
        is_by_machine = imported.machine is not None
        own = partial(with_own, is_by_machine=is_by_machine, is_whole=imported.is_whole)
        made, mended = _made(record, old, before, said, length, lapsed, own, keep_ids=keep_ids)
        header = header_of(imported, old, file or path, digest, keep_ids=keep_ids, is_forced=is_forced)
        wrote, review = machine_made(header), reviewed(header)
        transcript = written(file or path, made, header)
        remarks += [*mended, *of_lapsed(lapsed, made)]
    new = new_speakers(record, made)
    record_before = _there(record.path) if record_text is None else None
    annotations_before = _there(record.folder / ANNOTATIONS)
    notes = _new_notes(record, annotations_before, imported, length)
    late = sum(length is not None and note.start >= length for note in imported.notes)
    if late:
        noun = "1 note that begins" if late == 1 else f"{late} notes that begin"
        remarks.append(Remark(Deed.READ, f"{noun} after the end of the sound"))
    remarks += of_record(record, imported)
    text = with_speakers(record, record_text or _text(record.path, record_before or b""), new)
    read_back(record, text, notes[0] if notes else None, annotations_before, made or (old.lines if old else None))
    return Brought(
        tuple(made),
        transcript,
        text,
        notes[0] if notes else None,
        new,
        notes[1] if notes else 0,
        tuple(remarks),
        before,
        record_before,
        annotations_before,
        wrote,
        review,
    )


def _spoken(imported: Imported, speakers: Speakers) -> tuple[list[ImportedLine], list[Remark]]:
    """Give the lines with the voices that their heads name, each file's by its own pattern; and say what was done."""
    lines: list[ImportedLine] = []
    remarks: list[Remark] = []
    unknown = frozenset(speakers.names)
    for title, its in imported.each_file():
        heard = spoken(its, speakers)
        lines += heard.lines
        remarks += (replace(remark, what=f"{title}: {remark.what}") if title else remark for remark in heard.remarks)
        unknown &= heard.unknown
    remarks += (Remark(Deed.READ, f'nobody as "{name}", which is no head of a line and no voice') for name in unknown)
    return lines, remarks


def _made(
    record: Record,
    old: Transcript | None,
    before: bytes | None,
    said: Sequence[ImportedLine],
    length: int | None,
    lapsed: Review | None,
    with_there: Callable[[ImportedLine, Line | None], ImportedLine],
    *,
    keep_ids: bool,
) -> tuple[list[Line], list[Remark]]:
    """Make lines of those that were read, with what a person wrote of them before; and say what was done.

    ``lapsed`` is who has reviewed the transcript that is there, where not all of these words are the same.

    :raise ArchiveError: where something points at a line that would be gone.
    """
    same = matched(said, old.lines if old else ())
    there = {line.id for line in old.lines} if old else may_be_named(before or b"")
    used = there | published(record)
    ids = identified(said, same, used, keeps_ids=keep_ids)
    maker = Maker(length)
    own = (as_heard(with_there(line, known), known, lapsed) for line, known in zip(said, same, strict=True))
    made = maker.lines(list(own), ids)
    remarks = list(maker.remarks())
    if before is not None:
        refuse_lost(record, frozenset(there.difference(ids)) if old else None)
    if old is not None:
        remarks += [*compared(old, made), *silent(record, old, made)]
    return made, remarks


def put(change: Change, record: Record, brought: Brought, how: str = IMPORT) -> None:
    """Have the files of a recording that is there changed so; its history keeps a transcript that is replaced.

    :raise OSError: where something cannot be written.
    """
    path, notes = record.folder / TRANSCRIPT, record.folder / ANNOTATIONS
    texts = [
        (record.path, brought.record_before, brought.record_text.encode()),
        (path, brought.before, brought.transcript),
        (notes, brought.annotations_before, (brought.annotations_text or "").encode()),
    ]
    if brought.before is not None and brought.transcript not in {b"", brought.before}:
        # Translations stay as they are, and what names a line that would be gone was refused.
        record_change(change, record, brought.before, brought.transcript, None, how, follows=False)
    for target, before, after in texts:
        if not after or before == after:
            continue
        if before is None:
            change.write(target, after)
        else:
            change.replace(target, before, after)


def _there(path: Path) -> bytes | None:
    """Give what is in a file; None where there is none.

    :raise ArchiveError: where it cannot be read.
    """
    if not os.path.lexists(path):
        return None
    try:
        return content(path)
    except OSError as error:
        what = f"this cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that it is a file and that you may read it")]) from None


def _read(path: Path, *, is_forced: bool) -> Transcript | None:
    """Read the transcript that is there; None where it cannot be, and is to be replaced all the same.

    :raise ArchiveError: where it cannot be read.
    """
    try:
        return read_transcript(path)
    except ArchiveError:
        if is_forced:
            return None
        raise


def _last_version(record: Record) -> Transcript | None:
    """Give the last version of a transcript that is gone, as far as its history has one."""
    there = history(record)
    try:
        return read(record.folder / TRANSCRIPT, there.content(there.last)) if there.last >= 0 else None
    except ArchiveError:
        return None  # player check says so


def new_speakers(record: Record, made: Sequence[Line]) -> tuple[str, ...]:
    """Give the voices of lines that the record does not know yet."""
    known = {speaker.name for speaker in record.speaker}
    named = dict.fromkeys(turn.speaker for line in made for turn in line.turns)
    return tuple(name for name in named if name is not None and name not in known)


def with_speakers(record: Record, whole: str, new: Sequence[str]) -> str:
    """Give the text of the record with voices that it does not know yet; who they are, a person has to say."""
    mark = _MARK if whole.startswith(_MARK) else ""
    tables = [{"name": name, "kind": "unidentified"} for name in new]
    try:
        return mark + with_tables(whole.removeprefix(_MARK), "speaker", tables) if tables else whole
    except EditError:
        raise _unchangeable(record.path) from None


def _new_notes(record: Record, before: bytes | None, imported: Imported, length: int | None) -> tuple[str, int] | None:
    """Give the text of the notes with those that came with the transcript, and how many are new; None where none is."""
    if not imported.notes:
        return None
    path = record.folder / ANNOTATIONS
    text = _text(path, before or b"")
    mark = _MARK if text.startswith(_MARK) else ""
    plain = text.removeprefix(_MARK)
    said = [_within(note, length) for note in imported.notes]
    try:
        # Brought in again, they are the same: the words that they become are compared, not those they were.
        there = {_gist(table) for table in notes_toml.tables(plain)}
        new = [
            note for note in said if _gist(notes_toml.tables(notes_toml.appended("", [note], length))[0]) not in there
        ]
        return (mark + notes_toml.appended(plain, new, length), len(new)) if new else None
    except EditError:
        raise _unchangeable(path) from None


def _within(note: ImportedNote, length: int | None) -> ImportedNote:
    """Give a note that ends with the sound, where it would end after it, and without what no file can hold."""
    title, body, *words = (visible(clean(text)) for text in (note.title, note.body, *note.keywords))
    is_over = length is not None and note.end is not None and note.start < length < note.end
    return replace(note, title=title, body=body, keywords=tuple(words), end=length if is_over else note.end)


def _gist(table: dict[str, object]) -> tuple[object, ...]:
    return tuple(table.get(name) for name in ("title", "body", "start"))


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ArchiveError([Fault(path, None, "this is not UTF-8", "save it as UTF-8")]) from None


def _unchangeable(path: Path) -> ArchiveError:
    what = "this is written in a way that cannot be changed here"
    return ArchiveError([Fault(path, None, what, "write each [[speaker]] or [[annotation]] as a table of its own")])
