"""A folder of ``transcripts/`` into a recording: what it is, what was said, and what a listener should know."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from player.archive import keys
from player.archive.annotations import Annotation, read_annotations
from player.archive.toml_tables import read_table
from player.archive.transcript import Transcript, read_transcript
from player.archive.translation import Translation, read_translation, translation_files
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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
class Recording:
    """All that the archive has of one recording.

    ``media`` is the path of its sound, which may be missing; None where the record names none.
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
        original=original.build(Original) if original else None,
        holding=holding.build(Holding) if holding else None,
        **parts,
    )


def read_recording(folder: Path, media_folder: Path) -> Recording:
    """Read a recording's record, transcript, translations and annotations; the last three may be absent.

    What is wrong with a translation is told by it, and takes nothing from the recording.

    :raise ArchiveError: naming every fault that keeps the files from being read.
    """
    faults: list[Fault] = []

    def attempt(read: Callable[[], _Read]) -> _Read | None:
        try:
            return read()
        except ArchiveError as error:
            faults.extend(error.faults)
            return None

    record = attempt(lambda: read_record(folder, media_folder))
    path = folder / "transcript.vtt"
    transcript = attempt(lambda: read_transcript(path)) if os.path.lexists(path) else None
    annotations = None
    if transcript is not None or not os.path.lexists(path):
        cues = transcript.cues if transcript else ()
        annotations = attempt(lambda: read_annotations(folder / "annotations.toml", cues))
    if record is None or faults:
        raise ArchiveError([*faults, *(transcript.faults if transcript else ())])
    translations = tuple(
        read_translation(file, tag, transcript, record.language) for tag, file in translation_files(folder).items()
    )
    return replace(record, transcript=transcript, translations=translations, annotations=annotations or ())
