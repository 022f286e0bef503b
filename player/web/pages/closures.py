"""Says in words what of a recording is not shown: which part or passage, until when, and why.

What may be shown is decided in ``player/archive/gate``, which has taken the rest away already. This only says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.gate.declared import DRAFT
from player.errors import PlayerError
from player.timecode import clock, display

if TYPE_CHECKING:
    from player.archive.gate.shown import ClosedPassage, Withheld
    from player.archive.recording import Record, Recording

# What each part is called in a sentence, its verb, and what can be done with it on request.
_PARTS: Final = {
    "sound": ("The sound", "is", "can be heard"),
    "transcript": ("The transcript", "is", "can be read"),
    "notes": ("The notes", "are", "can be read"),
}
_ON_REQUEST: Final = "on request"


@dataclass(frozen=True)
class Closure:
    """Something that is not shown.

    It ``says`` so in a sentence without its end: *The sound is closed until 2041*. A ``reason`` may be several.
    """

    says: str
    reason: str | None
    #: Whether it is only not published yet.
    is_draft: bool = False
    #: Of a passage: when it is, in milliseconds, and which line stands in its place, if one does.
    start: int | None = None
    times: str | None = None
    line: str | None = None

    @property
    def stop(self) -> str:
        """What ends the last sentence: a full stop, where the reason has no end of its own."""
        return "" if self.reason and self.reason.rstrip().endswith((".", "!", "?", "…")) else "."


@dataclass(frozen=True)
class Closures:
    """All that is not shown of a recording of which the rest is: parts and passages."""

    sound: Closure | None = None
    transcript: Closure | None = None
    notes: Closure | None = None
    passages: tuple[Closure, ...] = ()
    #: The passages in milliseconds, as scripts read them.
    spans: str = ""

    @property
    def parts(self) -> tuple[Closure, ...]:
        """The parts that are closed or on request, but not what is only not published yet."""
        return tuple(each for each in (self.sound, self.transcript, self.notes) if each and not each.is_draft)

    @property
    def are_listed(self) -> bool:
        """Tell whether there is something to list."""
        return bool(self.parts or self.passages)


class WithheldError(PlayerError):
    """A part of a recording is asked for that is not for everybody, though the recording is."""

    status = 403

    def __init__(self, record: Record, part: str, why: Withheld) -> None:
        """Refuse the sound, the transcript or the notes of a recording."""
        self.slug, self.title = record.slug, record.title
        self.label = "not published yet" if why.state == DRAFT else why.label
        self.reason = why.reason
        super().__init__(_says(part, why, f' of "{record.title}"'))


def closures(recording: Recording) -> Closures:
    """Say what is not shown of a recording."""
    shown = recording.shown
    if shown.is_everything:
        return Closures()
    has_lines = recording.transcript is not None
    return Closures(
        _part("sound", shown.sound),
        _part("transcript", shown.transcript),
        _part("notes", shown.notes),
        passages=tuple(_passage(each, has_lines=has_lines) for each in shown.passages),
        spans=" ".join(f"{each.span.start}-{each.span.end}" for each in shown.passages),
    )


def refuse_withheld_words(recording: Record) -> None:
    """Refuse to show the words of a recording, where its transcript is withheld.

    :raise WithheldError: where it is.
    """
    if recording.shown.transcript is not None:
        raise WithheldError(recording, "transcript", recording.shown.transcript)


def _part(part: str, why: Withheld | None) -> Closure | None:
    return Closure(_says(part, why), why.reason, is_draft=why.state == DRAFT) if why else None


def _says(part: str, why: Withheld, of: str = "") -> str:
    noun, verb, on_request = _PARTS[part]
    if why.state == DRAFT:
        return f"{noun}{of} {verb} not published yet"
    return f"{noun}{of} {on_request if why.state == _ON_REQUEST else verb} {why.label}"


def _passage(passage: ClosedPassage, *, has_lines: bool) -> Closure:
    what = "Sound and words" if passage.sound and passage.words else "Sound" if passage.sound else "Words"
    place = passage.line if passage.words else passage.span
    write = display if clock(place.start) == clock(place.end) else clock
    return Closure(
        f"{what} {passage.label}",
        passage.reason,
        start=place.start,
        times=f"{write(place.start)} to {write(place.end)}",
        line=passage.id if passage.words and has_lines else None,
    )
