"""Checks a recording by its own files: its record, transcript, translations, notes and sound.

Lengths and digests need the sound to be read, which is above this package; the caller brings them (``Sounds``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive import media_names
from player.archive.translation_names import stray_files
from player.errors import Advice, AudioError, Fault
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.recording import Record, Recording
    from player.archive.transcript import Transcript
    from player.audio.joining import Comparison
    from player.timecode import Span

# Containers round their lengths, and some count what encoders add; what a torn download lacks is more.
_ROUNDED: Final = 2 * SECOND
_ADD_SPEAKER: Final = "add a [[speaker]], or correct the name"
# Added as a speaker, the misspelt name of somebody whose name is withheld would be shown.
_CORRECT_FIRST: Final = (
    "correct the name in the transcript, or add a [[speaker]] if it is another voice, "
    "with a display_name if that name may not be shown either"
)


class Sounds(NamedTuple):
    """What is asked of sounds; each may raise ``AudioError``.

    ``duration`` gives the length of a media file in milliseconds, ``digest`` its SHA-256, in hexadecimal, and
    ``advice`` what listeners would not expect of it, given the archive's folder of sounds, the name of the recording,
    the file, and where its copies are silent. ``compared`` compares a sound with the parts that it was joined from, and
    ``missing`` tells how much more of it its head states than there is, in milliseconds.
    """

    duration: Callable[[Path], int]
    digest: Callable[[Path], str]
    advice: Callable[[Path, str, Path, Sequence[Span]], Iterable[Advice]]
    compared: Callable[[Path, Sequence[Path]], Comparison]
    missing: Callable[[Path], int]


def record_faults(recording: Recording, alike: Iterable[Path]) -> Iterator[Fault]:
    """Give what is wrong with the record by itself; ``alike`` are the files in ``media`` named nearly as its sound."""
    path = recording.path
    if recording.media is None and recording.status == "held" and not recording.unread.media:
        remedy = 'write media = "…", or status = "not held"'
        yield Fault(path, 1, "the record names no media", remedy if not recording.part else join_remedy(recording))
    if recording.media is not None and recording.status == "not held":
        what = 'the record names media, but says "not held"'
        yield recording.fault("status", what, "remove the line with status")
    if recording.media is not None and not recording.media.is_file():
        if recording.media.is_dir():
            what = f"{recording.media.name} in media/ is a folder, not a file"
        else:
            what = f"there is no file {recording.media.name} in media/"
        remedy = join_remedy(recording) if recording.part else "put it there, or name the file that is there"
        yield recording.fault("media", what, remedy)
    yield from media_names.faults(recording, alike)
    if recording.surrogate_for == recording.slug:
        what = "the record stands in for itself"
        yield recording.fault("surrogate_for", what, "name another record, or remove the line")
    elif recording.is_reading and recording.surrogate_for is None:
        yield Fault(path, 1, "a reading does not say what it stands in for", 'write surrogate_for = "…"')


def join_remedy(recording: Record) -> str:
    """Say how to make the sound of a recording from its parts."""
    name = "" if recording.media_name else f'write media = "{recording.slug}.flac", and '
    return f"{name}join it from its parts: player join {recording.slug}"


def transcript_faults(recording: Recording) -> Iterator[Fault]:
    """Give what is wrong with the transcript by itself, and the voices that the record does not know."""
    transcript = recording.transcript
    if transcript is None:
        return
    yield from transcript.faults
    names = {speaker.name for speaker in recording.speaker}
    voices = {turn.speaker for line in transcript.lines for turn in line.turns}
    if not names or voices <= {*names, None}:
        return
    remedy = _CORRECT_FIRST if recording.shown.replaces_names else _ADD_SPEAKER
    for line in transcript.lines:
        for turn in line.turns:
            if turn.speaker is not None and turn.speaker not in names:
                what = f'the voice "{turn.speaker}" is not among the record\'s speakers'
                yield Fault(transcript.path, line.line, what, remedy)


def translation_faults(recording: Recording) -> Iterator[Fault]:
    """Give what in the translations does not fit the transcript, and the files that are named nearly like one."""
    for translation in recording.translations:
        yield from translation.faults
    for path in stray_files(recording.folder):
        remedy = "name it after its language, as in transcript.es.vtt or transcript.pt-BR.vtt, or remove it"
        yield Fault(path, None, "this file is not read as a translation", remedy)


def sound_faults(recording: Recording, sounds: Sounds) -> Iterator[Fault]:
    """Give what in the texts does not fit the sound.

    :raise AudioError: where the sound cannot be read; ``unplayable`` says so.
    """
    length = sounds.duration(recording.media) if recording.media is not None else 0
    if recording.media is None:
        return
    if not length:
        what = "the sound is shorter than a millisecond, in which nothing can be heard"
        yield recording.fault("media", what, "name a file that can be played")
    elif recording.substance >= length:
        what = f"substance ({display(recording.substance)}) lies past the end of the sound ({display(length)})"
        yield recording.fault("substance", what, "give a time within it")
    for annotation in recording.timed:
        if annotation.span is not None and annotation.span.end > length:
            what = f'annotation "{annotation.id}" lies past the end of the recording ({display(length)})'
            yield annotation.fault(None, what, "give it a time within the recording")
    if recording.transcript is not None:
        yield from _timing_faults(recording.transcript, length, recording.media, sounds.digest)


def cut_short_advice(recording: Recording, sounds: Sounds) -> Iterator[Advice]:
    """Say where a sound ends long before its own head says, as one does whose download broke off.

    :raise AudioError: where it cannot be read.
    """
    if recording.media is None or (missing := sounds.missing(recording.media)) <= _ROUNDED:
        return
    length = sounds.duration(recording.media)
    what = f"the file says that it is {display(length + missing)} long, and its sound ends at {display(length)}"
    yield Advice(recording.media, None, what, "if it was cut short, as a broken download is, get it anew")


def unplayable(recording: Recording, error: AudioError) -> Fault:
    """Say that the sound of a recording cannot be read."""
    what, _, remedy = str(error).partition("; ")
    return recording.fault("media", what, remedy or "name a file that can be played")


def _timing_faults(transcript: Transcript, length: int, media: Path, digest: Callable[[Path], str]) -> Iterator[Fault]:
    for cue in transcript.cues:
        if cue.end > length:
            what = f"cue {cue.id} ends ({display(cue.end)}) past the end of the audio ({display(length)})"
            yield Fault(transcript.path, cue.line, what, "correct its times, or name the sound that it was timed to")
    if transcript.media_sha256 not in {None, digest(media)}:
        what = f"the transcript was timed to a different file from {media.name} (their SHA-256 differ)"
        yield Fault(transcript.path, 1, what, "bring that file back, or time the transcript again")
