"""Says of the sound that a recording gets what its transcript has to know, and brings the transcript to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.archive.recording import read_record
from player.errors import ArchiveError, Fault
from player.files import temporary_folder
from player.intake.transcripts import bringing, telling
from player.intake.transcripts.together import together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.toml.editing import Value
    from player.intake.transcripts.imported import Imported
    from player.intake.wanted import Found, Wanted


@dataclass
class Held:
    """The sound that plays, while it is beside its place: its digest and length, where known, and its parts."""

    beside: Path
    target: Path
    sha256: str | None
    duration: int | None
    starts: tuple[int, ...] = (0,)
    parts: Sequence[Mapping[str, Value | bool | int]] = ()


def brought(
    archive: Archive, wanted: Wanted, found: Found, record: Record, held: Held, text: str
) -> tuple[bringing.Brought, list[str]]:
    """Bring the transcripts that were read to the sound; give what they make of the files, and what is told of it.

    ``text`` is that of recording.toml, without the speakers that only the transcripts name.

    :raise ArchiveError: where what is there cannot be read or changed, or a name in it can be no speaker's.
    """
    read = found.transcripts
    imported: Imported = (
        read[0] if len(read) == 1 else together(read, held.starts, [str(each["title"]) for each in held.parts])
    )
    made = bringing.prepared(
        record,
        imported,
        speakers=wanted.speakers,
        digest=held.sha256,
        length=held.duration,
        keep_ids=wanted.keep_ids,
        record_text=text,
        file=wanted.transcript[0],
        machine=wanted.machine,
        checked=wanted.checked,
    )
    if made.record_text != text:
        # Names that come from a file may hold what a record may not: that is found out before anything is written.
        with temporary_folder("to read it back from") as folder:
            (folder / "recording.toml").write_text(made.record_text, encoding="utf-8")
            read_written(folder, archive, record.slug)
    return made, list(telling.told(wanted.transcript[0], imported, made))


def read_written(folder: Path, archive: Archive, slug: str) -> Record:
    """Read back the record of a new recording, from the ``folder`` in which it was written.

    :raise ArchiveError: where it is wrong, of the file that it would be.
    """
    try:
        return replace(read_record(folder, archive.media), slug=slug)
    except ArchiveError as error:
        place = archive.transcripts / slug / "recording.toml"
        raise ArchiveError([Fault(place, None, each.what, each.remedy) for each in error.faults]) from None
