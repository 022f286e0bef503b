"""A whole archive into the list of everything that is wrong with it.

Durations and digests need the sound to be read, which is above this package; the caller brings them as functions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from player.archive.prose import is_page, links
from player.archive.reading_rules import reading_faults
from player.archive.translation import stray_files
from player.errors import ArchiveError, AudioError, Fault, NotFoundError
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.citations import Citation
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Transcript


def check(archive: Archive, duration: Callable[[Path], int], digest: Callable[[Path], str]) -> list[Fault]:
    """List every fault of the archive, in order of file and line.

    ``duration`` gives the length of a media file in milliseconds and ``digest`` its SHA-256, in hexadecimal; either
    may raise ``AudioError``.
    """
    faults: list[Fault] = []
    sources: dict[str, Source] | None = None
    try:
        sources = archive.sources
    except ArchiveError as error:
        faults.extend(error.faults)
    faults.extend(_stray_faults(archive))
    for slug in archive.slugs():
        try:
            recording = archive.recording(slug)
        except ArchiveError as error:
            faults.extend(error.faults)
            continue
        faults.extend(_recording_faults(archive, recording))
        faults.extend(_transcript_faults(recording))
        faults.extend(_translation_faults(recording))
        faults.extend(_media_faults(recording, duration, digest))
        if sources is not None:
            faults.extend(_citation_faults(recording, sources))
            faults.extend(_annotation_faults(recording, sources))
            if recording.is_reading:
                faults.extend(reading_faults(recording, sources))
    return sorted(set(faults), key=lambda fault: (fault.path, fault.line or 0, fault.what))


def _stray_faults(archive: Archive) -> Iterator[Fault]:
    """Give the folders that look like recordings and are none, so that nobody would ever see them."""
    for folder in archive.strays():
        if os.path.isfile(folder / "recording.toml"):  # noqa: PTH113  # is_file raises where the folder cannot be read
            remedy = "call it by letters, digits, hyphens and underscores only"
            yield Fault(folder, None, "no address can name this folder, so that its recording is not shown", remedy)
        else:
            what = 'this folder is no recording, for it holds no file "recording.toml" that can be read'
            yield Fault(folder, None, what, "write one, or take the folder out of transcripts")


def _recording_faults(archive: Archive, recording: Recording) -> Iterator[Fault]:
    """Give what is wrong with the record by itself and among its fellows."""
    path = recording.folder / "recording.toml"
    if recording.media is None and recording.status == "held":
        yield Fault(path, 1, "the record names no media", 'write media = "…", or status = "not held"')
    if recording.media is not None and recording.status == "not held":
        what = 'the record names media and says "not held"'
        yield Fault(path, recording.lines.get("status"), what, "take the line with status away")
    if recording.media is not None and not recording.media.is_file():
        what = f"there is no file {recording.media.name} in media/"
        yield Fault(path, recording.lines.get("media"), what, "put it there, or name the file that is there")
    if recording.surrogate_for is not None:
        line = recording.lines.get("surrogate_for")
        try:
            archive.recording(recording.surrogate_for)
        except NotFoundError:
            what = f'there is no record "{recording.surrogate_for}" for it to stand in for'
            yield Fault(path, line, what, "name one that exists")
        except ArchiveError:
            pass  # told at that record
    elif recording.is_reading:
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
                yield Fault(recording.transcript.path, cue.line, what, "add a [[speaker]], or mend the name")


def _translation_faults(recording: Recording) -> Iterator[Fault]:
    """Give what in the translations does not fit the transcript, and the files that are named nearly like one."""
    for translation in recording.translations:
        yield from translation.faults
    for path in stray_files(recording.folder):
        remedy = "name it by the tag of its language, as in transcript.es.vtt or transcript.pt-BR.vtt, or take it away"
        yield Fault(path, None, "this file is read as no translation", remedy)


def _media_faults(
    recording: Recording, duration: Callable[[Path], int], digest: Callable[[Path], str]
) -> Iterator[Fault]:
    """Give what in the texts does not fit the sound."""
    if recording.media is None or not recording.media.is_file():
        return
    path = recording.folder / "recording.toml"
    try:
        length = duration(recording.media)
    except AudioError as error:
        what, _, remedy = str(error).partition("; ")
        yield Fault(path, recording.lines.get("media"), what, remedy or "name a file that can be played")
        return
    if recording.substance >= length:
        what = f"substance ({display(recording.substance)}) lies past the end of the sound ({display(length)})"
        yield Fault(path, recording.lines.get("substance"), what, "give a time within it")
    for annotation in recording.timed:
        if annotation.span is not None and annotation.span.end > length:
            what = f'annotation "{annotation.id}" lies past the end of the recording ({display(length)})'
            notes = recording.folder / "annotations.toml"
            yield Fault(notes, annotation.line, what, "give it a time within the recording")
    if recording.transcript is not None:
        yield from _timing_faults(recording.transcript, length, recording.media, digest)


def _timing_faults(transcript: Transcript, length: int, media: Path, digest: Callable[[Path], str]) -> Iterator[Fault]:
    for cue in transcript.cues:
        if cue.end > length:
            what = f"cue {cue.id} ends ({display(cue.end)}) past the end of the audio ({display(length)})"
            yield Fault(transcript.path, cue.line, what, "mend its times, or name the sound it was timed to")
    if transcript.media_sha256 is None:
        what = "the transcript is not bound to its sound"
        remedy = f"write in its header: Local Usage Element: [Media SHA-256] {digest(media)}"
        yield Fault(transcript.path, 1, what, remedy)
    elif transcript.media_sha256 != digest(media):
        what = f"the transcript was timed to another file than {media.name} (their SHA-256 differ)"
        yield Fault(transcript.path, 1, what, "bring back the sound it was timed to, or time it anew")


def _cited(recording: Recording) -> Iterator[tuple[Path, int | None, tuple[Citation, ...]]]:
    """Give every list of citations of a recording, with its place."""
    path = recording.folder / "recording.toml"
    yield path, recording.lines.get("sources"), recording.citations
    if recording.original is not None:
        yield path, recording.lines.get("original"), recording.original.citations
    for publication in recording.publication:
        yield path, recording.lines.get("publication"), publication.citations
    for rights in recording.rights:
        yield path, recording.lines.get("rights"), rights.citations
    for annotation in recording.annotations:
        yield recording.folder / "annotations.toml", annotation.line, annotation.citations
    if recording.transcript is not None:
        for cue in recording.transcript.cues:
            yield recording.transcript.path, cue.line, cue.citations


def _citation_faults(recording: Recording, sources: dict[str, Source]) -> Iterator[Fault]:
    for path, line, citations in _cited(recording):
        for citation in citations:
            if citation.source not in sources:
                what = f'no source is called "{citation.source}"'
                yield Fault(path, line, what, "add it to sources.toml, or mend the id")


def _annotation_faults(recording: Recording, sources: dict[str, Source]) -> Iterator[Fault]:
    """Give the links that lead nowhere, or where they may not."""
    path = recording.folder / "annotations.toml"
    unlinkable = {source.address for source in sources.values() if not source.link and source.address}
    for annotation in recording.annotations:
        for address in links(annotation.body):
            if address in unlinkable:
                what = f'annotation "{annotation.id}" links to a copy that may not be linked'
                yield Fault(path, annotation.line, what, "cite the source instead")
            elif not is_page(address):
                what = f'annotation "{annotation.id}" links to "{address[:60]}"'
                yield Fault(path, annotation.line, what, "link to an http(s) page, or to a page of this site")
            elif address.startswith("/sources#source-") and address.removeprefix("/sources#source-") not in sources:
                what = f'annotation "{annotation.id}" links to a source that is not there'
                yield Fault(path, annotation.line, what, "mend the id after #source-")
