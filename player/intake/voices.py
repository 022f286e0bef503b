"""Names the voices of a transcript: who speaks in which lines, in the transcript, its translations and the record.

A voice that is called ``Speaker 1`` has been told from others by a machine. Any other name is one that a person gave:
only a person changes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from player.archive.recording import TRANSCRIPT
from player.archive.toml.editing import EditError, edited_tables, with_tables, without_tables
from player.archive.transcript import Cue
from player.archive.translation_names import translation_files
from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.reading import parse
from player.archive.webvtt.voices import with_voices
from player.errors import ArchiveError, Fault, WriteError, reason, shown
from player.files import content
from player.history.entries import VOICES
from player.history.recording import record as record_change
from player.intake.transaction import transaction
from player.intake.transcripts.reading_back import read_back

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.people import Person
    from player.archive.recording import Record, Recording, Speaker
    from player.archive.transcript import Line, Transcript
    from player.archive.webvtt.voices import Names

_UNNAMED: Final = re.compile(r"(?:speaker|spk)[ _-]?(?:[0-9]{1,4}|[a-z])", re.IGNORECASE)
_LONGEST_NAME: Final = 200
_UNIDENTIFIED: Final = "unidentified"
_PERSON: Final = "person"
_MARK: Final = "\ufeff"


@dataclass
class Voice:
    """A voice of a transcript, and the lines in which it speaks; ``name`` is None where none is named."""

    name: str | None
    lines: list[Line] = field(default_factory=list)

    @property
    def is_named(self) -> bool:
        """Tell whether a person has said who it is."""
        return not is_unnamed(self.name)

    @property
    def length(self) -> int:
        """How long its timed lines take together, in milliseconds."""
        return sum(line.span.duration for line in self.lines if isinstance(line, Cue) and line.has_length)

    def to_hear(self, count: int) -> list[Line]:
        """Give a few of its lines by which it is best recognised: the longest, in their order."""
        places = range(len(self.lines))
        longest = sorted(places, key=lambda place: (-_duration(self.lines[place]), place))[:count]
        return [self.lines[place] for place in sorted(longest)]


@dataclass(frozen=True)
class Who:
    """The name that a voice is given, the person of people.toml who has it, and who says so."""

    name: str
    person: Person | None = None
    identified_by: str | None = None

    @classmethod
    def called(cls, name: str, people: Mapping[str, Person], identified_by: str | None = None) -> Who:
        """Find who is called so; nobody, where several are."""
        own = [each for each in people.values() if each.name == name]
        found = own or [each for each in people.values() if name in each.also]
        return cls(name, found[0] if len(found) == 1 else None, identified_by)

    @property
    def _said(self) -> dict[str, str | None]:
        """What the table of a speaker says of who that is."""
        if self.person is not None:
            # As readers are to see it, and as the index finds the person in it.
            return {
                "kind": _PERSON,
                "person": f"{self.person.name}, {self.person.role}",
                "identified_by": self.identified_by,
            }
        kind = _UNIDENTIFIED if self.identified_by is None or is_unnamed(self.name) else _PERSON
        return {"kind": kind, "identified_by": self.identified_by}

    def table(self) -> dict[str, str | None]:
        """Give the table of a speaker who is new."""
        return {"name": self.name, **self._said}

    def keys(self, there: Speaker) -> dict[str, str]:
        """Give the keys that change in the table of a speaker: what a person has written there stays."""
        given = {"name": self.name} if there.name != self.name else {}
        if given and self.person is not None:
            given |= {key: value for key, value in self._said.items() if value is not None}
        elif there.kind == _UNIDENTIFIED:
            taken = {"identified_by"} if there.identified_by else set()
            taken |= {"person"} if there.person else set()
            given |= {key: value for key, value in self._said.items() if value is not None and key not in taken}
            if given.get("kind") == _UNIDENTIFIED:
                del given["kind"]
        return given


@dataclass(frozen=True)
class Renamed:
    """The files of a ``record`` in which voices are named otherwise, each with what it held and what it is to hold."""

    record: Record
    files: tuple[tuple[Path, bytes, bytes], ...]

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing changes."""
        return not self.files

    def write(self, archive: Archive) -> None:
        """Write all of them, or none.

        :raise PlayerError: where one cannot be written, or was changed meanwhile.
        """
        with transaction(archive.root) as change:
            for path, before, after in self.files:
                change.replace(path, before, after)
                if path.name == TRANSCRIPT:
                    record_change(change, self.record, before, after, None, VOICES, begins=False, follows=False)


def is_unnamed(name: str | None) -> bool:
    """Tell whether a voice has no name that a person gave it: none, or one such as ``Speaker 1`` or SPEAKER_01."""
    return name is None or _UNNAMED.fullmatch(name) is not None


def wrong_name(name: str) -> str | None:
    """Say what is wrong with the name of a voice; None where nothing is."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "is not text in the encoding of this terminal; write it in UTF-8"
    if not name.strip():
        return "is empty"
    if not any(map(str.isalnum, name)):
        return "has no letter in it"
    if not name.isprintable() or ARROW in name:
        return f'has a line break, a control character or "{ARROW}" in it, which a transcript cannot hold'
    if len(name) > _LONGEST_NAME:
        return f"is longer than {_LONGEST_NAME} letters"
    return None


def voices(transcript: Transcript) -> list[Voice]:
    """Give the voices of a transcript in the order in which they are first heard, and last the lines that name none."""
    found: dict[str | None, Voice] = {}
    for line in transcript.lines:
        for name in voices_of(line):
            found.setdefault(name, Voice(name)).lines.append(line)
    return sorted(found.values(), key=lambda voice: voice.name is None)


def voices_of(line: Line) -> list[str | None]:
    """Give the voices that speak in a line; None where some of its words are no one's."""
    return list(dict.fromkeys(turn.speaker for turn in line.turns))


def renamed(recording: Recording, changes: Mapping[str, Names], who: Who, *, is_whole: bool = False) -> Renamed:
    """Make the files in which the voices of lines have other names: ``changes`` has the identifiers of these lines.

    Where it ``is_whole``, one voice has another name everywhere, so that all that is known of it is known of the name.

    :raise ArchiveError: where one of them cannot be read or changed.
    """
    files = []
    path = recording.folder / TRANSCRIPT
    before = _content(path)
    after = with_voices(path, before, changes)
    files.append((path, before, after))
    # A line of a translation names the same voice, or none.
    for each in translation_files(recording.folder).values():
        theirs: dict[str, Names] = {
            name: {old: new for old, new in names.items() if old is not None} for name, names in changes.items()
        }
        was = _content(each)
        files.append((each, was, with_voices(each, was, theirs)))
    lines = parse(path, after.decode("utf-8-sig", "replace")).lines
    was = _content(recording.path)
    former = {old for names in changes.values() for old in names if old is not None and (is_whole or is_unnamed(old))}
    text = _record_text(recording, was, [name for line in lines for name in voices_of(line)], former, who)
    read_back(recording, text.removeprefix(_MARK), None, None, lines)
    files.append((recording.path, was, text.encode()))
    return Renamed(recording, tuple(each for each in files if each[1] != each[2]))


def _record_text(
    record: Record, before: bytes, speaking: Iterable[str | None], former: Collection[str], who: Who
) -> str:
    """Give the text of a record in which the voices that are ``speaking`` now are speakers; ``former`` were renamed.

    The table of a voice that nobody has any more becomes that of the new name, where there is none; or it goes, if it
    says no more than that the voice is unidentified.
    """
    try:
        whole = before.decode("utf-8")
    except UnicodeDecodeError:
        raise ArchiveError([Fault(record.path, None, "this is not UTF-8", "save it as UTF-8")]) from None
    text = whole.removeprefix(_MARK)
    heard = dict.fromkeys(name for name in speaking if name is not None)
    tables = {speaker.name: number for number, speaker in enumerate(record.speaker)}
    gone = [number for name, number in tables.items() if name in former and name not in heard]
    own = tables.get(who.name)
    if own is None and gone:
        own = gone.pop(0)
        tables[who.name] = own
    changed = {} if own is None or who.name not in heard else who.keys(record.speaker[own])
    new = [
        who.table() if name == who.name else {"name": name, "kind": _UNIDENTIFIED}
        for name in heard
        if name not in tables
    ]
    try:
        if changed:
            text = edited_tables(text, {("speaker", own): changed} if own is not None else {})
        if bare := [number for number in gone if _is_bare(record.speaker[number])]:
            text = without_tables(text, "speaker", bare)
        if new:
            text = with_tables(text, "speaker", new)
    except EditError:
        what = "the speakers are written in a way that cannot be changed here"
        raise ArchiveError([Fault(record.path, None, what, "write each [[speaker]] as a table of its own")]) from None
    return whole[: len(whole) - len(whole.removeprefix(_MARK))] + text


def _is_bare(speaker: Speaker) -> bool:
    more: Iterable[Any] = (
        speaker.display_name,
        speaker.person,
        speaker.identified_by,
        speaker.certainty,
        speaker.role,
    )
    return speaker.kind == _UNIDENTIFIED and not any(more)


def _duration(line: Line) -> int:
    return line.span.duration if isinstance(line, Cue) and line.has_length else 0


def _content(path: Path) -> bytes:
    """Read a file that is to be changed.

    :raise PlayerError: where it cannot be read.
    """
    try:
        return content(path)
    except FileNotFoundError:
        raise WriteError(f"{shown(path)}: there is no such file; put it there, and try again") from None
    except OSError as error:
        what = f"this cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that you may read it")]) from None
