"""Says what is to be added to an archive, and looks at it: the sounds, and what was read of their transcripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from player.errors import AddError, unreadable
from player.intake import parts
from player.intake.sounds import look
from player.intake.transcripts import formats
from player.intake.transcripts.names import Speakers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from player.archive.machine import MachineMade, Review
    from player.archive.toml.editing import Value
    from player.intake.sounds import Sound
    from player.intake.transcripts.imported import Imported

    #: Is told from time to time what is being done, as ``Copying tape.wav``, and how much of it is, from 0 to 1.
    Progress = Callable[[str, float], object]

#: What is given for a date that is not known. The record then says that it was made before it was added.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Wanted:
    """What is to be added: sounds and their transcript, and what is known of them.

    Where there are several sounds, they are one recording, in that order. A sound is a file, or an https address. What
    is None is taken from the sound's tags and the transcript.
    """

    sound: tuple[Path | str, ...]
    #: One for the recording, or one for each of several sounds.
    transcript: tuple[Path, ...] = ()
    #: What ``--format`` names; None where the transcript shows it.
    transcript_format: str | None = None
    #: Which names at the heads of lines are voices.
    speakers: Speakers = field(default_factory=Speakers)
    #: Whether identifiers of people, and those of lines, are kept as the transcript has them.
    keep_ids: bool = False
    #: What wrote its words and who has reviewed them, as far as whoever adds it knows; None where only the file says.
    machine: MachineMade | None = None
    checked: Review | None = None
    title: str | None = None
    #: EDTF, or ``UNKNOWN``.
    date: str | None = None
    slug: str | None = None
    #: A BCP 47 tag.
    language: str | None = None
    series: str | None = None
    tags: tuple[str, ...] = ()
    #: The titles of several sounds; where there are none, their tags and names give them.
    part_titles: tuple[str, ...] = ()
    #: Other keys at the top of recording.toml, such as ``place``, in the form of their file.
    also: Mapping[str, Value] = field(default_factory=dict)
    #: The recording whose speakers and sources are taken over.
    like: str | None = None
    #: The record that is filled, which has no sound yet; then what the record says stays as it is.
    to: str | None = None
    #: Whether visitors see it; None where ``added`` in archive.toml decides.
    publish: bool | None = None
    #: Whether the originals of the sounds are removed, once the copy was read back.
    move: bool = False


@dataclass(frozen=True)
class Added:
    """What was added, or would be: the recording's slug, and what is to be told of it, a sentence each."""

    slug: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What is to be added, as it was looked at: its sounds, and what was read of its transcripts."""

    sounds: tuple[Sound, ...]
    transcripts: tuple[Imported, ...]

    @property
    def title(self) -> str | None:
        """The title in the tags of the sound, or in its transcript."""
        several = len(self.sounds) > 1  # the tags of each are those of a part
        return (None if several else self.sounds[0].tags.title) or self._told("title")

    @property
    def named(self) -> str | None:
        """The title that the name of the sound suggests; of several, what their names begin with."""
        several = parts.shared_title([sound.name for sound in self.sounds]) if len(self.sounds) > 1 else None
        return several or self.sounds[0].title

    @property
    def part_titles(self) -> tuple[str, ...]:
        """What the parts would be called, by the tags of the sounds or their names; none where there is one sound."""
        names, tagged = [sound.name for sound in self.sounds], [sound.tags.title for sound in self.sounds]
        return tuple(parts.titles(names, tagged)) if len(names) > 1 else ()

    @property
    def date(self) -> str | None:
        """The date in the tags of the sound, or in its transcript."""
        return next(filter(None, (sound.tags.date for sound in self.sounds)), None) or self._told("date")

    @property
    def language(self) -> str | None:
        """The language in the transcript, or in the tags of the sound."""
        return self._told("language") or next(filter(None, (each.tags.language for each in self.sounds)), None)

    def whence(self, name: str, value: str) -> str:
        """Say where the ``title`` or the ``date`` is from that was taken where none was given."""
        several = len(self.sounds) > 1
        tagged = [getattr(each.tags, name) for each in self.sounds]
        if value in tagged and not (several and name == "title"):
            return "the tags of the sound"
        if value == self._told(name):
            return "the transcript"
        return "the names of the files" if several else "the name of the file"

    def _told(self, name: str) -> Any:
        return next(filter(None, (getattr(each, name) for each in self.transcripts)), None)


def looked_at(wanted: Wanted, progress: Progress | None = None) -> Found:
    """Look at what is to be added; what is at an address is fetched.

    :raise PlayerError: where a sound is none, a transcript cannot be read, or they do not go together.
    """
    if not wanted.sound:
        raise AddError("there is nothing to add: name a sound")
    if len(wanted.transcript) not in {0, 1, len(wanted.sound)}:
        raise AddError(
            f"{len(wanted.transcript)} transcripts do not go with {len(wanted.sound)} sounds; "
            "give one for all of them, or one for each"
        )
    if wanted.part_titles and len(wanted.sound) == 1:
        raise AddError("one sound has no parts to be named; leave out --part-title")
    if len(wanted.part_titles) not in {0, len(wanted.sound)}:
        raise AddError(
            f"{len(wanted.part_titles)} titles do not go with {len(wanted.sound)} sounds; "
            "give --part-title once for each"
        )
    sounds = tuple(look(each, progress or (lambda *_: None)) for each in wanted.sound)
    if len(sounds) > 1:
        parts.refuse_unlike([sound.path for sound in sounds])
        parts.refuse_twice([sound.path for sound in sounds], [sound.name for sound in sounds])
    return Found(sounds, tuple(_read(path, wanted.transcript_format) for path in wanted.transcript))


def taken(wanted: Wanted, found: Found, title: str | None, date: str | None) -> list[str]:
    """Say which of title and date nobody gave, and where those are from that it has."""
    return [
        f"its {name} is taken from {found.whence(name, value)}: {value}"
        for name, given, value in (("title", wanted.title, title), ("date", wanted.date, date))
        if given is None and value is not None
    ]


def _read(path: Path, format_name: str | None) -> Imported:
    """Read a transcript.

    :raise PlayerError: where it is not there, or cannot be read.
    """
    try:
        return formats.read(path, format_name)
    except OSError as error:
        raise AddError(unreadable(path, error)) from None
