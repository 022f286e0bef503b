"""Reads a folder of ``transcripts/``: the record of what a recording is, and what lies beside it.

A :class:`Record` is what recording.toml says. A :class:`Recording` is that record with the transcript, translations
and annotations, as far as each can be read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from player.archive.annotations import Annotation, read_annotations
from player.archive.gate.declared import Access, Closed, Withdrawal, faults_of
from player.archive.gate.shown import EVERYTHING, Shown
from player.archive.labels import Label
from player.archive.machine import is_draft
from player.archive.own_files import OwnFiles
from player.archive.parts import Part
from player.archive.parts import faults_of as faults_of_parts
from player.archive.references import CERTAINTIES, SLUG, Citation
from player.archive.toml.declared import Table, declared, key, table, tables
from player.archive.toml.tables import read_file
from player.archive.translation_names import translation_files
from player.archive.webvtt.head import head_of
from player.errors import ArchiveError, Fault, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from player.archive.transcript import Transcript
    from player.archive.translation import Translation

_Read = TypeVar("_Read")

#: In the folder of a recording: what was said.
TRANSCRIPT: Final = "transcript.vtt"
#: The folder, in that of a recording, of transcripts that were replaced.
HISTORY: Final = "history"
#: The folder, in that of a recording, of what was changed at the desk and is not written yet.
WORKING: Final = "working"
#: The folder, in that of a recording, of what listeners suggest.
SUGGESTIONS: Final = "suggestions"


@declared
class Original(Table):
    """The thing itself, as distinct from our file: what it is, and where."""

    description: str = key("text", "what it is")
    recorded_by: str | None = key("text", "who made it, and with what", default=None, said=False)
    repository: str | None = key("text", "who keeps it", default=None, said=False)
    collection: str | None = key("text", "the collection it is in", default=None, said=False)
    identifier: str | None = key("text", "its number there", default=None, said=False)
    extent: str | None = key("text", "how long it is", default=None, said=False)
    certainty: str | None = key("choice", "how sure this is", choices=CERTAINTIES, default=None)
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources", default=())


@declared
class Holding(Table):
    """The file that we hold."""

    obtained_from: str = key("text", "who or what it came from", said=False)
    obtained: str | None = key("date", "when", default=None)
    generation: str | None = key("text", "how far it is from the original", default=None, said=False)
    sha256: str | None = key("digest", "the digest of the file as it came", default=None)


@declared
class Speaker(Table):
    """A voice that the transcript names."""

    name: str = key("text", "as in the transcript's `<v name>`", said=False)
    display_name: str | None = key(
        "text", "what the voice is called wherever it is shown, where its name may not be", default=None, said=False
    )
    kind: str = key("choice", "what it is", choices=("person", "synthetic voice", "unidentified"))
    person: str | None = key("text", "who it is", default=None)
    identified_by: str | None = key("text", "who says so, or what made the voice", default=None)
    certainty: str | None = key("choice", "how sure this is", choices=CERTAINTIES, default=None)
    role: str | None = key(
        "text", "the speaker's part: narrator, interviewer, interpreter and so on", default=None, said=False
    )


@declared
class Subject(Table):
    """What the recording is about, as a list of authorised headings has it."""

    label: str = key("text", "the heading", said=False)
    address: str | None = key("address", "the address that stands for it there", default=None)


@declared
class Publication(Table):
    """Where the recording was published."""

    title: str = key("text", "where")
    publisher: str | None = key("text", "by whom", default=None)
    date: str | None = key("date", "when", default=None)
    address: str | None = key("address", "the page, where one is known", default=None)
    note: str | None = key("text", "what else a reader should know", default=None)
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources", default=())


@declared
class Rights(Table):
    """The terms under which one thing may be used."""

    object: str = key(
        "choice",
        "what the terms apply to",
        choices=("recording", "audio", "script", "transcript", "annotations", "translation"),
    )
    uri: str = key("address", "a RightsStatements.org or Creative Commons URI")
    basis: str = key("text", "why these terms are thought to hold")
    certainty: str = key("choice", "how sure that is", choices=CERTAINTIES)
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources", default=())


@declared
class Unknown(Table):
    """What was looked for and not found."""

    what: str = key("text", "what was sought")
    sought: str = key("text", "where")
    when: str = key("date", "the day of the search")


@declared
class Record(Table):
    """What a recording is, where it comes from, and under what terms it may be used."""

    slug: str
    folder: Path
    title: str = key("text", "what it is called")
    date: str = key("date", "when it was made")
    place: str | None = key("text", "where it was made", default=None, said=False)
    kind: str = key(
        "choice",
        "a recording, or a reading: voices giving a script (`recording` if left out)",
        choices=("recording", "reading"),
        default="recording",
    )
    status: str = key(
        "choice",
        "whether the archive has the sound (`held` if left out)",
        choices=("held", "not held"),
        default="held",
    )
    surrogate_for: str | None = key("recording", "the record that this one stands in for", default=None)
    language: str = key(
        "text", "the language of the words, as a BCP 47 tag; `en` if left out", default="en", said=False
    )
    summary: str | None = key("text", "one or two sentences for the head of the page", default=None)
    advice: str | None = key(
        "text", "what a listener should know before hearing it; nothing plays until the listener goes on", default=None
    )
    citations: tuple[Citation, ...] = key("sources", "what the title and summary rest on", name="sources", default=())
    published: str | None = key("date", "since when it can be heard in this archive, for its feed", default=None)
    identifier: str | None = key("text", "its accession number, ARK or DOI, for citations", default=None, said=False)
    series: str | None = key("text", "the series that it belongs to in this archive", default=None, said=False)
    tags: tuple[str, ...] = key("texts", "words by which lists can be narrowed", default=())
    formerly: tuple[str, ...] = key(
        "texts", "the slugs that it had before, whose addresses lead to it", default=(), said=False
    )
    media_name: str | None = key("sound", "the sound", name="media", default=None)
    substance: int = key("time", "where the part that matters begins", default=0)
    responsible_party: str | None = key(
        "text",
        "for a reading: who is responsible for its transcript; written into its header",
        default=None,
        said=False,
    )
    notice: str | None = key(
        "text", "for a reading: the text beside the play control, wherever it can be heard", default=None, said=False
    )
    provenance: str | None = key("text", "how the record came to be; shown on the page", default=None)
    label: tuple[Label, ...] = tables(Label, "label", default=())
    subject: tuple[Subject, ...] = tables(Subject, "subject", default=())
    original: Original | None = table(Original, default=None)
    holding: Holding | None = table(Holding, default=None)
    part: tuple[Part, ...] = tables(Part, "part", default=(), unique="media")
    speaker: tuple[Speaker, ...] = tables(Speaker, "speaker", default=())
    publication: tuple[Publication, ...] = tables(Publication, "publication", default=())
    rights: tuple[Rights, ...] = tables(Rights, "rights", default=())
    unknown: tuple[Unknown, ...] = tables(Unknown, "unknown", default=())
    access: tuple[Access, ...] = tables(Access, "access", default=(), may_be_single=True)
    closed: tuple[Closed, ...] = tables(Closed, "closed", default=())
    withdrawal: Withdrawal | None = table(Withdrawal, default=None)
    #: What of it visitors, or whom the archive was opened for, may see.
    shown: Shown = field(default=EVERYTHING)
    #: The sound, which may be missing; None where the record names none that may be read. The file's name may differ
    #: from ``media_name`` in form and capitals (``media_names``).
    media: Path | None = None
    #: Why its sound may not be read, where the record names one.
    media_faults: tuple[Fault, ...] = ()
    #: Whether the words of its transcript are a machine's draft, by the header of that file.
    has_machine_draft: bool = False

    @property
    def lies_elsewhere(self) -> bool:
        """Tell whether its record names the sound by an address."""
        return "://" in (self.media_name or "")

    @property
    def is_reading(self) -> bool:
        """Tell whether it is voices giving a script, and not the thing itself."""
        return self.kind == "reading"

    @property
    def begins(self) -> int:
        """Where playing begins, in milliseconds: a reading at its spoken preface, a recording at its substance."""
        return 0 if self.is_reading else self.substance


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


@declared
class Recording(Record):
    """All that the archive has of one recording: its record, what lies beside it, and what of that is ``unread``."""

    transcript: Transcript | None = None
    translations: tuple[Translation, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    unread: Unread = field(default=Unread())

    @property
    def timed(self) -> tuple[Annotation, ...]:
        """The annotations that belong to a passage, in order of time."""
        return tuple(annotation for annotation in self.annotations if annotation.span is not None)

    @property
    def numbered(self) -> tuple[Annotation, ...]:
        """The annotations that belong to a passage or a line, in the order in which pages number them."""
        return tuple(annotation for annotation in self.annotations if annotation.span or annotation.beside)

    @property
    def untimed(self) -> tuple[Annotation, ...]:
        """The annotations about the whole recording."""
        return tuple(annotation for annotation in self.annotations if not (annotation.span or annotation.beside))


def read_record(folder: Path, media_folder: Path) -> Record:
    """Read what the recording is, without transcript and annotations: recording.toml, and who wrote the transcript.

    Of a transcript to which a link leads out of the archive, nothing is read.

    :raise ArchiveError: naming every fault in it.
    """
    record = read_file(folder / "recording.toml", Record, _faults, slug=folder.name, folder=folder)
    transcript = folder / TRANSCRIPT
    own = OwnFiles((media_folder.parent, media_folder, folder.parent))
    header = None if own.barred([transcript]) else head_of(transcript)
    return replace(
        record,
        media=media_folder / record.media_name if record.media_name and not record.lies_elsewhere else None,
        has_machine_draft=header is not None and is_draft(header),
    )


def _faults(record: Record) -> Iterator[Fault]:
    yield from faults_of(record.access, record.closed)
    yield from faults_of_parts(record.part)
    for name in record.formerly:
        if SLUG.fullmatch(name) is None:
            what = f'"formerly" has {quoted(name)}, which no recording can be called'
            yield record.fault("formerly", what, "remove it: a slug has only letters, digits, hyphens and underscores")
        elif name == record.slug:
            yield record.fault("formerly", f'"formerly" has {quoted(name)}, which is its name now', "remove it there")


def read_recording(record: Record, barred: Mapping[Path, Fault]) -> Recording:
    """Read what lies beside a record: its transcript, translations and annotations, each of which may be absent.

    A fault in one of them takes nothing from the others: those of a translation stand in it, and those that keep a
    transcript or annotations from being read in ``Recording.unread``. A file in ``barred`` is not read.
    """
    path = record.folder / TRANSCRIPT
    transcript, of_transcript = _attempt(path, barred, _read_transcript)
    # Where there are lines that cannot be read, nobody knows which there are.
    lines = transcript.lines if transcript else None if of_transcript else ()
    annotations, of_annotations = _attempt(
        record.folder / "annotations.toml", barred, lambda notes: read_annotations(notes, lines)
    )
    own: dict[str, Any] = {each.name: getattr(record, each.name) for each in fields(record)}
    return Recording(
        **(own if transcript is None else {**own, "has_machine_draft": transcript.is_draft}),
        transcript=transcript,
        translations=tuple(_translations(record, transcript, barred, is_unread=bool(of_transcript))),
        annotations=annotations or (),
        unread=Unread(record.media_faults, of_transcript, of_annotations),
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


def _read_transcript(path: Path) -> Transcript:
    from player.archive.webvtt.reading import read_transcript  # noqa: PLC0415  # 4 ms, where there is one

    return read_transcript(path)


def _translations(
    record: Record, transcript: Transcript | None, barred: Mapping[Path, Fault], *, is_unread: bool
) -> Iterator[Translation]:
    if files := translation_files(record.folder):
        from player.archive.translation import read_translations  # noqa: PLC0415  # 3 ms, as above

        yield from read_translations(files, transcript, record.language, barred, is_unread=is_unread)
