"""Lists everything that is wrong with an archive.

Durations and digests need the sound to be read, which is above this package; the caller brings them as functions.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from player.archive import media_names
from player.archive.statements import (
    of_about,
    of_chronology,
    of_dossier,
    of_people,
    of_recording,
    of_script,
    of_sources,
)
from player.archive.translation import stray_files
from player.checks.declarations import declaration_faults
from player.checks.ignored import stray_faults
from player.checks.links import citation_faults, link_faults, self_faults, uncited_faults
from player.checks.quotations import quotation_faults
from player.checks.readings import reading_faults
from player.checks.register import Register
from player.errors import ArchiveError, AudioError, Fault
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.statements import Statement
    from player.archive.transcript import Transcript
    from player.checks.links import Site


def check(
    archive: Archive,
    duration: Callable[[Path], int],
    digest: Callable[[Path], str],
    site: Site,
    texts: Mapping[str, str] | None = None,
) -> list[Fault]:
    """List every fault of the archive, in order of file and line.

    ``duration`` gives the length of a media file in milliseconds and ``digest`` its SHA-256, in hexadecimal; either
    may raise ``AudioError``. ``site`` says what the pages show that texts link to. ``texts`` are full texts of sources,
    by id, against which quotations are held.
    """
    faults = list(stray_faults(archive))
    unread: list[Fault] = []
    register = Register.of(archive)
    statements: list[Statement] = []
    sources: Mapping[str, Source] = {}
    with _collected_in(unread):
        sources = archive.sources
    for source in sources.values():
        faults.extend(declaration_faults(source, register))
    for slug in archive.slugs():
        with _collected_in(unread):
            recording = archive.recording(slug)
            unread.extend(recording.unread.faults)
            faults.extend(_recording_faults(recording))
            for table in (recording, *recording.annotations):
                faults.extend(declaration_faults(table, register))
            faults.extend(_transcript_faults(recording))
            faults.extend(_translation_faults(recording))
            faults.extend(_media_faults(recording, duration, digest))
            faults.extend(self_faults(recording))
            if recording.is_reading and register.sources is not None:
                faults.extend(reading_faults(recording, sources))
            statements.extend(of_recording(recording))
        with _collected_in(unread):
            script = archive.script(slug)
            if script is not None:
                faults.extend(declaration_faults(script, register))
                statements.extend(of_script(slug, script))
    statements.extend(_context(archive, register, faults, unread))
    with _collected_in(unread):
        for statement in of_about(archive.about):  # it quotes nobody, and cites nothing
            faults.extend(link_faults(statement, sources, register, site))
        _ = archive.logo
    if register.sources is not None:
        path = archive.transcripts / "sources.toml"
        for statement in statements:
            faults.extend(citation_faults(statement, register))
            faults.extend(link_faults(statement, sources, register, site))
        remarks = of_sources(sources.values())
        faults.extend(quotation_faults([*statements, *remarks], sources, path, texts or {}))
        # What cannot be read may cite what nothing else does.
        faults.extend(uncited_faults(statements, sources, path) if not (unread or archive.strays()) else ())
    return sorted({*faults, *unread}, key=lambda fault: (fault.path, fault.line or 0, fault.what))


def _context(archive: Archive, register: Register, faults: list[Fault], unread: list[Fault]) -> Iterator[Statement]:
    """Check people, chronology and dossiers, and give what they say."""
    with _collected_in(unread):
        people = archive.people.values()
        for person in people:
            faults.extend(declaration_faults(person, register))
        yield from of_people(people)
    with _collected_in(unread):
        faults.extend(declaration_faults(archive.chronology, register))
        yield from of_chronology(archive.chronology)
    for slug in register.dossiers:
        with _collected_in(unread):
            dossier = archive.dossier(slug)
            faults.extend(declaration_faults(dossier, register))
            yield from of_dossier(dossier)


@contextmanager
def _collected_in(faults: list[Fault]) -> Iterator[None]:
    """Collect what a file is refused for, and go on."""
    try:
        yield
    except ArchiveError as error:
        faults.extend(error.faults)


def _recording_faults(recording: Recording) -> Iterator[Fault]:
    """Give what is wrong with the record by itself."""
    path = recording.path
    if recording.media is None and recording.status == "held" and not recording.unread.media:
        yield Fault(path, 1, "the record names no media", 'write media = "…", or status = "not held"')
    if recording.media is not None and recording.status == "not held":
        what = 'the record names media, but says "not held"'
        yield recording.fault("status", what, "remove the line with status")
    if recording.media is not None and not recording.media.is_file():
        if recording.media.is_dir():
            what = f"{recording.media.name} in media/ is a folder, not a file"
        else:
            what = f"there is no file {recording.media.name} in media/"
        yield recording.fault("media", what, "put it there, or name the file that is there")
    yield from media_names.faults(recording)
    if recording.surrogate_for == recording.slug:
        what = "the record stands in for itself"
        yield recording.fault("surrogate_for", what, "name another record, or remove the line")
    elif recording.is_reading and recording.surrogate_for is None:
        yield Fault(path, 1, "a reading does not say what it stands in for", 'write surrogate_for = "…"')


def _transcript_faults(recording: Recording) -> Iterator[Fault]:
    """Give what is wrong with the transcript by itself, and the voices that the record does not know."""
    if recording.transcript is None:
        return
    yield from recording.transcript.faults
    names = {speaker.name for speaker in recording.speaker}
    for cue in recording.transcript.cues:
        for turn in cue.turns:
            if names and turn.speaker is not None and turn.speaker not in names:
                what = f'the voice "{turn.speaker}" is not among the record\'s speakers'
                yield Fault(recording.transcript.path, cue.line, what, "add a [[speaker]], or correct the name")


def _translation_faults(recording: Recording) -> Iterator[Fault]:
    """Give what in the translations does not fit the transcript, and the files that are named nearly like one."""
    for translation in recording.translations:
        yield from translation.faults
    for path in stray_files(recording.folder):
        remedy = "name it after its language, as in transcript.es.vtt or transcript.pt-BR.vtt, or remove it"
        yield Fault(path, None, "this file is not read as a translation", remedy)


def _media_faults(
    recording: Recording, duration: Callable[[Path], int], digest: Callable[[Path], str]
) -> Iterator[Fault]:
    """Give what in the texts does not fit the sound."""
    if recording.media is None or not recording.media.is_file():
        return
    try:
        length = duration(recording.media)
    except AudioError as error:
        what, _, remedy = str(error).partition("; ")
        yield recording.fault("media", what, remedy or "name a file that can be played")
        return
    if recording.substance >= length:
        what = f"substance ({display(recording.substance)}) lies past the end of the sound ({display(length)})"
        yield recording.fault("substance", what, "give a time within it")
    for annotation in recording.timed:
        if annotation.span is not None and annotation.span.end > length:
            what = f'annotation "{annotation.id}" lies past the end of the recording ({display(length)})'
            yield annotation.fault(None, what, "give it a time within the recording")
    if recording.transcript is not None:
        yield from _timing_faults(recording.transcript, length, recording.media, digest)


def _timing_faults(transcript: Transcript, length: int, media: Path, digest: Callable[[Path], str]) -> Iterator[Fault]:
    for cue in transcript.cues:
        if cue.end > length:
            what = f"cue {cue.id} ends ({display(cue.end)}) past the end of the audio ({display(length)})"
            yield Fault(transcript.path, cue.line, what, "correct its times, or name the sound that it was timed to")
    if transcript.media_sha256 not in {None, digest(media)}:
        what = f"the transcript was timed to a different file from {media.name} (their SHA-256 differ)"
        yield Fault(transcript.path, 1, what, "bring that file back, or time the transcript again")
