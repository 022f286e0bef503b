"""A folder of ``transcripts/`` into a recording: what it is, what was said, and what a listener should know."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from player.archive import keys
from player.archive.annotations import Annotation, read_annotations
from player.archive.toml.tables import read_table
from player.archive.transcript import Transcript, read_transcript
from player.archive.translation import Translation, read_translation, translation_files
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from player.archive.citations import Citation

Citations = tuple["Citation", ...]
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Original:
    """What and where the thing itself is."""

    description: str
    recorded_by: str | None = None
    repository: str | None = None
    collection: str | None = None
    identifier: str | None = None
    extent: str | None = None
    certainty: str | None = None
    citations: Citations = ()


@dataclass(frozen=True)
class Holding:
    """The file that the archive holds."""

    obtained_from: str
    obtained: str | None = None
    generation: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Speaker:
    """A voice that the transcript names."""

    name: str
    kind: str
    person: str | None = None
    identified_by: str | None = None
    certainty: str | None = None


@dataclass(frozen=True)
class Publication:
    """Where the recording was published."""

    title: str
    publisher: str | None = None
    date: str | None = None
    address: str | None = None
    note: str | None = None
    citations: Citations = ()


@dataclass(frozen=True)
class Rights:
    """Under what terms one object stands."""

    object: str
    uri: str
    basis: str
    certainty: str
    citations: Citations = ()


@dataclass(frozen=True)
class Unknown:
    """What was looked for and not found."""

    what: str
    sought: str
    when: str


@dataclass(frozen=True)
class Unread:
    """What of a recording is there and cannot be read, and why: the faults of each file; none where it can."""

    media: tuple[Fault, ...] = ()
    transcript: tuple[Fault, ...] = ()
    annotations: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of all of them."""
        return (*self.media, *self.transcript, *self.annotations)


@dataclass(frozen=True)
class Recording:
    """All that the archive has of one recording, and what keeps the rest from being read: ``unread``.

    ``media`` is the path of its sound, which may be missing; None where the record names none that may be read. The
    file's name may differ from the one that the record writes, ``media_name``, in form and capitals (``media_names``).
    ``lines`` gives the line of each key of recording.toml.
    """

    slug: str
    folder: Path
    title: str
    date: str
    place: str | None = None
    kind: str = "recording"
    status: str = "held"
    surrogate_for: str | None = None
    language: str = "en"
    summary: str | None = None
    citations: Citations = ()
    media: Path | None = None
    media_name: str | None = None
    substance: int = 0
    responsible_party: str | None = None
    notice: str | None = None
    provenance: str | None = None
    original: Original | None = None
    holding: Holding | None = None
    speaker: tuple[Speaker, ...] = ()
    publication: tuple[Publication, ...] = ()
    rights: tuple[Rights, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    transcript: Transcript | None = None
    translations: tuple[Translation, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    unread: Unread = Unread()
    lines: Mapping[str, int | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_reading(self) -> bool:
        """Tell whether it is voices giving a script, and not the thing itself."""
        return self.kind == "reading"

    @property
    def begins(self) -> int:
        """Where playing begins, in milliseconds: a reading at its spoken preface, a recording at its substance."""
        return 0 if self.is_reading else self.substance

    @property
    def timed(self) -> tuple[Annotation, ...]:
        """The annotations that belong to a passage, in order of time."""
        return tuple(annotation for annotation in self.annotations if annotation.span is not None)

    @property
    def untimed(self) -> tuple[Annotation, ...]:
        """The annotations about the whole recording."""
        return tuple(annotation for annotation in self.annotations if annotation.span is None)


_PARTS = {
    "speaker": Speaker,
    "publication": Publication,
    "rights": Rights,
    "unknown": Unknown,
}


def read_record(folder: Path, media_folder: Path) -> Recording:
    """Read ``recording.toml`` alone: what the recording is, without transcript and annotations.

    :raise ArchiveError: naming every fault in it.
    """
    table = read_table(folder / "recording.toml", keys.RECORDING)
    parts: dict[str, Any] = {
        name: tuple(entry.build(part) for entry in table.get(name, ())) for name, part in _PARTS.items()
    }
    original, holding = table.get("original"), table.get("holding")
    return table.build(
        Recording,
        slug=folder.name,
        folder=folder,
        lines=table.lines,
        media=media_folder / table.get("media") if table.get("media") else None,
        media_name=table.get("media"),
        original=original.build(Original) if original else None,
        holding=holding.build(Holding) if holding else None,
        **parts,
    )


def read_recording(record: Recording, barred: Mapping[Path, Fault]) -> Recording:
    """Read what lies beside a record: its transcript, translations and annotations, each of which may be absent.

    What is wrong with one of them takes nothing from the others: the faults of a translation are told by it, and those
    that keep a transcript or annotations from being read in ``Recording.unread``. A file in ``barred`` is not read.
    """
    path = record.folder / "transcript.vtt"
    transcript, of_transcript = _attempt(path, barred, read_transcript)
    # Where there are lines that cannot be read, nobody knows which there are.
    cues = transcript.cues if transcript else None if of_transcript else ()
    annotations, of_annotations = _attempt(
        record.folder / "annotations.toml", barred, lambda notes: read_annotations(notes, cues)
    )
    return replace(
        record,
        transcript=transcript,
        translations=tuple(_translations(record, transcript, barred, is_unread=bool(of_transcript))),
        annotations=annotations or (),
        unread=replace(record.unread, transcript=of_transcript, annotations=of_annotations),
    )


def _attempt(
    path: Path, barred: Mapping[Path, Fault], read: Callable[[Path], _Read]
) -> tuple[_Read | None, tuple[Fault, ...]]:
    """Read a file that may be absent, or give what keeps it from being read."""
    if path in barred:
        return None, (barred[path],)
    if not os.path.lexists(path):
        return None, ()
    try:
        return read(path), ()
    except ArchiveError as error:
        return None, error.faults


def _translations(
    record: Recording, transcript: Transcript | None, barred: Mapping[Path, Fault], *, is_unread: bool
) -> Iterator[Translation]:
    for tag, path in translation_files(record.folder).items():
        if path in barred:
            yield Translation(path, tag, faults=(barred[path],))
        elif is_unread:
            fault = Fault(path, None, "the transcript that this translates cannot be read", "mend the transcript first")
            yield Translation(path, tag, faults=(fault,))
        else:
            yield read_translation(path, tag, transcript, record.language)
