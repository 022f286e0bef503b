"""Reads ``transcript.<tag>.vtt``: the transcript's lines in another language, at the transcript's times.

It has the transcript's identifiers and times, and a header that says its language and who or what translated it::

    Language: spa
    Local Usage Element: [Translated by] the tape-player project, with automated tools
    Local Usage Element: [Reviewed by] ...             where a translator has read it
    Local Usage Element: [Notice] ...                  the same to its readers, in their language
    Local Usage Element: [Transcript words SHA-256]    which words were translated, so that later ones are noticed

A line that is untimed in the transcript is so here. What does not match its transcript is a fault in
``Translation.faults``, and is not among its ``lines``. One whose words in the transcript were changed since has
``NOTE older: 2026-11-29`` above it, and is shown with that said (``older_translations``).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from player.archive import languages
from player.archive.line_marks import older
from player.archive.transcript import Cue
from player.archive.webvtt.header import local_usage
from player.archive.webvtt.reading import LARGEST, read_transcript
from player.errors import ArchiveError, Fault, quoted
from player.files import read_text
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.transcript import Line, Transcript

WORDS_DIGEST: Final = "Transcript words SHA-256"

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_TIMES = re.compile(r"^[\t\f ]*[0-9:.]+[\t\f ]*-->[\t\f ]*[0-9:.]+")
_DIGEST_ITEM = re.compile(rf"(\[{re.escape(WORDS_DIGEST)}\])[^;]*", re.IGNORECASE)
# Of many lines, the first few say which.
_NAMED = 5


@dataclass(frozen=True)
class Translation:
    """A transcript in another language. ``lines`` are those that match the transcript's, in its order."""

    path: Path
    language: str
    lines: tuple[Line, ...] = ()
    translated_by: str | None = None
    reviewed_by: str | None = None
    notice: str | None = None
    faults: tuple[Fault, ...] = ()

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Those of its lines that are timed."""
        return tuple(line for line in self.lines if isinstance(line, Cue))

    @cached_property
    def older(self) -> dict[str, str]:
        """Those of its lines whose words in the transcript were changed since, by identifier, and the day of that."""
        return {line.id: day for line in self.lines if line.comments and (day := older(line)) is not None}

    @property
    def name(self) -> str:
        """What the language is called in English."""
        return languages.language(self.language).name

    @property
    def own_name(self) -> str | None:
        """What the language calls itself, if that is known."""
        return languages.language(self.language).own_name


def read_translations(
    files: Mapping[str, Path],
    transcript: Transcript | None,
    spoken: str,
    barred: Mapping[Path, Fault],
    *,
    is_unread: bool,
) -> Iterator[Translation]:
    """Read translations, by the tags of their languages, but for those in ``barred``.

    Of a transcript that ``is_unread``, none can be read.
    """
    for tag, path in files.items():
        if path in barred:
            yield Translation(path, tag, faults=(barred[path],))
        elif is_unread:
            fault = Fault(
                path, None, "the transcript that this translates cannot be read", "correct the transcript first"
            )
            yield Translation(path, tag, faults=(fault,))
        else:
            yield read_translation(path, tag, transcript, spoken)


def read_translation(path: Path, tag: str, transcript: Transcript | None, spoken: str) -> Translation:
    """Read a translation into the language ``tag`` of a transcript in the language ``spoken``.

    It is never refused whole: a file that cannot be read has faults and no lines.
    """
    if transcript is None:
        fault = Fault(path, None, "there is no transcript for this to translate", "put transcript.vtt beside it")
        return Translation(path, tag, faults=(fault,))
    try:
        found = read_transcript(path)
    except ArchiveError as error:
        return Translation(path, tag, faults=error.faults)
    translated_by = local_usage(found.header, "Translated by")
    whole = [Fault(path, 1, what, remedy) for what, remedy in _header_faults(found, tag, transcript, spoken)]
    theirs = {line.id: line for line in transcript.lines}
    faults: list[Fault] = []
    matching: dict[str, Line] = {}
    for line in found.lines:
        wrong = list(_line_faults(line, theirs.get(line.id)))
        faults += [Fault(path, line.line, what, remedy) for what, remedy in wrong]
        if not wrong:
            matching[line.id] = line
    there = {line.id for line in found.lines}
    missing = [line.id for line in transcript.lines if line.id not in there]
    if missing:
        faults.append(Fault(path, 1, _untranslated(missing), "translate what is missing"))
    return Translation(
        path,
        tag,
        # What has no translator, or was made from other words, is shown beside none.
        () if whole else tuple(matching[line.id] for line in transcript.lines if line.id in matching),
        translated_by,
        local_usage(found.header, "Reviewed by"),
        local_usage(found.header, "Notice"),
        tuple(sorted({*whole, *found.faults, *faults}, key=lambda fault: (fault.line or 0, fault.what))),
    )


def words_digest(lines: Sequence[Line]) -> str:
    """Give the SHA-256 of the words of a transcript with the names of their lines, whatever their times."""
    named = "".join(f"{line.id}\t{' '.join(line.text.split())}\n" for line in lines)
    return hashlib.sha256(named.encode()).hexdigest()


def with_words_digest(header: Sequence[tuple[str, str]], lines: Sequence[Line]) -> tuple[tuple[str, str], ...]:
    """Give the lines of a header for a translation of ``lines``; the digest of other words would tell what they are."""
    digest = words_digest(lines)
    return tuple((name, _DIGEST_ITEM.sub(lambda match: f"{match[1]} {digest}", value)) for name, value in header)


def in_step(path: Path, cues: Sequence[Cue]) -> str:
    """Give the text of a translation with the times of ``cues``, whose identifiers it has; nothing else is changed.

    :raise ArchiveError: where the file cannot be read as WebVTT.
    """
    times = {cue.id: f"{vtt(cue.start)} --> {vtt(cue.end)}" for cue in cues}
    parts = _LINE_END.split(read_text(path, LARGEST))
    for cue in read_transcript(path).cues:
        if cue.id in times:
            at = 2 * (cue.line - 1)  # between two lines stands what ends the first
            parts[at] = _TIMES.sub(times[cue.id], parts[at])
    return "".join(parts)


def _header_faults(found: Transcript, tag: str, transcript: Transcript, spoken: str) -> Iterator[tuple[str, str]]:
    """Give what keeps all of a translation from being shown."""
    if tag == spoken:
        yield f'the transcript itself is in "{tag}"', "name the file after the language of the translation"
    if local_usage(found.header, "Translated by") is None:
        remedy = "write in its header: Local Usage Element: [Translated by] …"
        yield "the translation does not say who or what translated it", remedy
    code = next((value for name, value in found.header if name == "Language"), None)
    if code is None:
        yield "the header does not name the language", f"write Language: {tag}"
    elif languages.language(tag).is_known and not languages.is_same(code, tag):
        yield f'the header gives the language as {quoted(code)}, the name of the file as "{tag}"', "correct one of them"
    digest = local_usage(found.header, WORDS_DIGEST)
    now = words_digest(transcript.lines)
    if digest is not None and digest.lower() != now:
        what = "the transcript's words have changed since they were translated"
        yield what, f"translate what has changed, and write in its header: [{WORDS_DIGEST}] {now}"
    if found.media_sha256 not in {None, transcript.media_sha256}:
        yield "the translation is bound to a different sound from its transcript", "remove the line with Media SHA-256"


def _line_faults(line: Line, theirs: Line | None) -> Iterator[tuple[str, str]]:
    """Give what keeps one line of a translation from being shown beside the transcript's, ``theirs``."""
    if theirs is None:
        what = f"the transcript has no line {quoted(line.id)}"
        yield what, "give it the identifier of the line that it translates, or remove it"
        return
    if not isinstance(theirs, Cue):
        if isinstance(line, Cue):
            yield f"line {line.id} is untimed in the transcript", f"write NOTE untimed {line.id} above its words"
    elif not isinstance(line, Cue) or (line.start, line.end) != (theirs.start, theirs.end):
        times = f"{vtt(theirs.start)} --> {vtt(theirs.end)}"
        yield f"line {line.id} has different times in the transcript", f"write {times}"
    voices = [turn.speaker for turn in line.turns]
    if any(voices) and voices != [turn.speaker for turn in theirs.turns]:
        yield f"line {line.id} has a different voice in the transcript", "name the same voice, or none"
    if not line.text.strip():
        yield f"line {line.id} has no words", "translate it, or remove it"


def _untranslated(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED]) + ("" if len(names) <= _NAMED else ", …")
    lines = "1 line of the transcript is" if len(names) == 1 else f"{len(names)} lines of the transcript are"
    return f"{lines} not translated: {shown}"
