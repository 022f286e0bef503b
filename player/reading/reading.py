"""Makes a reading of a script: synthetic voices speak its lines into one sound, with a transcript in step with it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from player.archive.transcript import Cue, Turn
from player.archive.translation import in_step
from player.archive.translation_names import translation_files
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import write_transcript
from player.audio.decode.samples import Samples
from player.audio.formats import FORMATS
from player.clips.write import encode
from player.errors import ArchiveError, ReadingError, reason, shown
from player.files import new_file
from player.reading.spoken import RATE, speak
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.script import Script
    from player.reading.spoken import SpokenLine

#: What the title tag of the sound begins with, so that a file that has lost its page says what it is.
LABEL: Final = "Synthetic reading, not the tape."

# Constant bitrate, since browsers seek by it. The encoder's delay, 1105 samples, stands in its header; a player that
# ignores it is 25 ms late at this rate, and would be 69 ms late at 16 kHz.
_MP3: Final = replace(FORMATS[".mp3"], options=(*FORMATS[".mp3"].options, "-ar", "44100", "-write_xing", "1"))
_BITRATE: Final = 64
_LAST_SILENCE: Final = 500


class Progress(Protocol):
    """A function that is called with how many of the lines have been spoken."""

    def __call__(self, done: int, total: int) -> None:
        """Note that ``done`` lines of ``total`` are spoken."""


@dataclass(frozen=True)
class Reading:
    """What was made: the sound, its transcript, the cues in it, and how long it is in milliseconds."""

    media: Path
    transcript: Path
    cues: tuple[Cue, ...]
    duration: int


def build_reading(
    recording_folder: Path,
    media_folder: Path,
    *,
    title: str,
    slug: str,
    language: str,
    script: Script,
    force: bool,
    responsible_party: str = "unknown",
    progress: Progress | None = None,
) -> Reading:
    """Have voices speak ``script``: write ``<media_folder>/<slug>.mp3`` and ``<recording_folder>/transcript.vtt``.

    Each line becomes one cue, as long as its sound. Built again, sound and times are the same. Existing files are
    replaced only with ``force``. Existing translations get the new times. ``responsible_party`` is a
    country code and a name, ``US, Some Library``.

    :raise ReadingError: where flite is missing, or cannot speak the language or a sign; where a line runs past the
        moment at which the next must start; where a file is there already, or cannot be written.
    :raise ArchiveError: where WebVTT cannot hold a line.
    :raise AudioError: where ffmpeg is missing or fails.
    """
    media, transcript = media_folder / f"{slug}.mp3", recording_folder / "transcript.vtt"
    if not force:
        _refuse_existing(media, transcript)
    if language.lower().split("-")[0] != "en":
        raise ReadingError(
            f'flite\'s voices speak only English, not "{language}"; correct the language, or record it yourself'
        )
    title = " ".join(title.split())
    spoken_lines = []
    for done, line in enumerate(script.lines, 1):
        spoken_lines.append(speak(script, line))
        if progress is not None:
            progress(done, len(script.lines))
    cues = _cues(script, spoken_lines)
    translations = _translations_in_step(recording_folder, cues)
    header = _header(title, slug, script, responsible_party, _creation_date(cues, transcript))
    try:
        media_folder.mkdir(exist_ok=True)
        with new_file(media, force=force) as beside:
            encode(_joined(cues, spoken_lines), beside, _MP3, title=f"{LABEL} {title}", bitrate=_BITRATE)
            digest = hashlib.sha256(beside.read_bytes()).hexdigest()
            # Within the block: where WebVTT cannot hold a line, the sound is not put in place either.
            write_transcript(transcript, cues, (*header, ("Local Usage Element", f"[Media SHA-256] {digest}")))
            for path, text in translations.items():
                with new_file(path, force=True) as other:
                    other.write_bytes(text.encode())
    except OSError as error:
        if isinstance(error, FileExistsError) and media.exists():
            raise ReadingError(_there_already(media)) from None
        places = f"{shown(media_folder)} and {shown(recording_folder)}"
        raise ReadingError(
            f"the reading cannot be written to {places} ({reason(error)}); check the permissions and the free space"
        ) from None
    return Reading(media, transcript, cues, cues[-1].end + _LAST_SILENCE)


def _refuse_existing(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise ReadingError(_there_already(path))


def _there_already(path: Path) -> str:
    return f"{shown(path)} already exists; use --force to replace it"


def _cues(script: Script, lines: Sequence[SpokenLine]) -> tuple[Cue, ...]:
    """Lay the lines out in time."""
    cues: list[Cue] = []
    position = 0
    for line, spoken in zip(script.lines, lines, strict=True):
        if line.at is not None and line.at < position:
            what = f"it should start at {display(line.at)}, but the line before it ends at {display(position)}"
            fault = line.refusal(what, "shorten what comes before it, or lower the stretch of the voice")
            raise ReadingError(str(fault))
        start = position + line.pause if line.at is None else line.at
        position = start + spoken.duration
        cues.append(
            Cue(
                id=line.id,
                start=start,
                end=position,
                text=line.text,
                turns=(Turn(line.voice, line.text),),
                words=spoken.starts,
                citations=line.citations,
                line=0,
                opens_paragraph=line.opens_paragraph,
            )
        )
    return tuple(cues)


def _translations_in_step(folder: Path, cues: Sequence[Cue]) -> dict[Path, str]:
    """Give the text of each translation with the times of ``cues``; one that cannot be read is left as it is."""
    texts = {}
    for path in translation_files(folder).values():
        with contextlib.suppress(ArchiveError):
            texts[path] = in_step(path, cues)
    return texts


def _joined(cues: Sequence[Cue], lines: Sequence[SpokenLine]) -> Samples:
    """Join the lines, each at its cue's start, with silence between them and after the last."""
    parts: list[bytes] = []
    position = 0
    for cue, spoken in zip(cues, lines, strict=True):
        parts += [_silence(cue.start - position), spoken.sound.raw_data]
        position = cue.end
    return Samples(b"".join([*parts, _silence(_LAST_SILENCE)]), rate=RATE, channels=1, width=2)


def _silence(duration: int) -> bytes:
    return bytes(duration * RATE // SECOND * 2)


def _header(title: str, slug: str, script: Script, responsible_party: str, date: str) -> tuple[tuple[str, str], ...]:
    """Give the header of the transcript, but for its binding to the sound.

    Elements, order and words are those of FADGI, Guidelines for Embedding Metadata in WebVTT Files 1.0 (2024). Its
    vocabulary has no type "transcript" for WebVTT; languages are ISO 639-3; a media identifier names its kind.
    """
    voices = " and ".join(dict.fromkeys(voice.flite for voice in script.voices.values()))
    return (
        ("Type", "caption"),
        ("Language", "eng"),
        ("Responsible Party", responsible_party),
        ("Media Identifier", f"{slug}, local"),
        ("Originating File", f"{slug}.mp3"),
        ("File Creator", "tape-player"),
        ("File Creation Date", date),
        ("Title", title),
        (
            "Origin History",
            f"Made with the sound from {script.path.name} by flite, voices {voices}; its times are theirs",
        ),
    )


def _creation_date(cues: tuple[Cue, ...], transcript: Path) -> str:
    """Give the day on which these cues were first written: where the transcript has them already, the one it gives.

    Otherwise today, in UTC, or the day of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org) where that is set.
    """
    try:
        before = read_transcript(transcript)
    except ArchiveError:
        before = None
    if before is not None and [_lasting(cue) for cue in before.cues] == [_lasting(cue) for cue in cues]:
        for name, value in before.header:
            if name == "File Creation Date":
                return value
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isascii() and epoch.isdecimal() else datetime.now(UTC)
    return moment.date().isoformat()


def _lasting(cue: Cue) -> tuple[object, ...]:
    """Give what of a cue its file keeps."""
    return cue.id, cue.start, cue.end, cue.text, cue.turns, cue.words, cue.citations, cue.opens_paragraph
