"""Says of a recording what lists show of it: a card, which the index keeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Literal

from player.archive.transcript import Cue
from player.archive.unspoken import is_unspoken
from player.audio import cache, probe
from player.audio.decode.stream import plain_wav
from player.elsewhere import way_of
from player.errors import AudioError
from player.index import access

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Recording

#: Whether there is a sound, whether there is a transcript, and whether the one was timed to the other. ``with
#: transcript`` is both of them, where the digest that tells has yet to be made; ``not timed`` where no line has a time,
#: ``timed in part`` where some have none, ``timed roughly`` where the times of some are approximate.
#: Where the one or the other is withheld, or both are, it is ``sound closed``, ``words closed`` or ``closed``.
State = Literal[
    "in step",
    "with transcript",
    "out of step",
    "not timed",
    "timed in part",
    "timed roughly",
    "sound only",
    "text only",
    "sound missing",
    "not held",
    "unreadable",
    "sound closed",
    "words closed",
    "closed",
]

_FOLLOWED: Final = frozenset[State]({"in step", "timed in part", "timed roughly"})
#: The states of what can be played.
HEARD: Final = _FOLLOWED | {*("with transcript", "out of step", "not timed", "sound only", "words closed")}

# Sounds up to so many bytes are measured at once; longer ones by the process that keeps the index, after all else.
_SHORT: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Card:
    """What lists show of a recording; ``length`` is in milliseconds, None where it is not known."""

    slug: str
    title: str
    date: str | None = None
    place: str | None = None
    kind: str = "recording"
    status: str = "held"
    language: str = "en"
    summary: str | None = None
    notice: str | None = None
    surrogate_for: str | None = None
    series: str | None = None
    #: Since when it can be heard in the archive.
    published: str | None = None
    tags: tuple[str, ...] = ()
    identifier: str | None = None
    #: What a listener should know before hearing it.
    advice: str | None = None
    #: The names of its Local Contexts Labels and Notices.
    labels: tuple[str, ...] = ()
    #: The names in its transcript.
    speakers: tuple[str, ...] = ()
    #: Who the speakers are, as the record says it, and the ids of the people whom its notes are about.
    voices: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    length: int | None = None
    state: State = "not held"
    lines: int = 0
    substance: int = 0
    #: How many of its lines are a machine's that nobody has heard or reviewed; None where no machine wrote them.
    unchecked: int | None = None
    #: What of it is withheld, in a few words: ``closed until 2041``, ``closed in part``; None where nothing is.
    access: str | None = None

    @property
    def is_reading(self) -> bool:
        """Tell whether it is voices giving a script, and not the thing itself."""
        return self.kind == "reading"

    @property
    def has_sound(self) -> bool:
        """Tell whether it can be played."""
        return self.state in HEARD

    @property
    def is_followed(self) -> bool:
        """Tell whether lines can be played by their times, as far as these are known."""
        return self.state in _FOLLOWED

    @property
    def begins(self) -> int:
        """Where playing begins, in milliseconds: a reading at its spoken preface, a recording at its substance."""
        return 0 if self.is_reading else self.substance


def card_of(recording: Recording, *, is_patient: bool) -> tuple[Card, bool]:
    """Make the card of a recording, and tell whether its length or state has yet to be found.

    Long sounds are read for it only where it ``is_patient``.
    """
    length, state, is_pending = _sound(recording, is_patient=is_patient)
    speakers = tuple(speaker.name for speaker in recording.speaker)
    voices = [speaker.person or speaker.name for speaker in recording.speaker if speaker.kind == "person"]
    people = [name for annotation in recording.annotations for name in annotation.people]
    transcript = recording.transcript
    lines = transcript.lines if transcript else ()
    said = {key.filled for key in recording.keys}
    shown = [each.name for each in fields(Card) if each.name in said]
    found: dict[str, Any] = {
        **{name: getattr(recording, name) for name in shown},
        "slug": recording.slug,
        "labels": tuple(label.name for label in recording.label),
        "speakers": speakers,
        "voices": tuple(dict.fromkeys(voices)),
        "people": tuple(dict.fromkeys(people)),
        "length": length,
        "state": state,
        "lines": len(lines),
        "unchecked": transcript.unchecked if transcript and transcript.machine else None,
        "access": access.of_recording(recording.shown),
    }
    return Card(**found), is_pending


def written(card: Card) -> str:
    """Write a card as JSON."""
    usual = {each.name: each.default for each in fields(Card)}
    return json.dumps({name: value for name, value in asdict(card).items() if value != usual[name]}, ensure_ascii=False)


def read(text: str) -> Card:
    """Read what ``written`` wrote."""
    found: dict[str, Any] = json.loads(text)
    held: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in found.items()}
    return Card(**held)


def _sound(recording: Recording, *, is_patient: bool) -> tuple[int | None, State, bool]:
    has_text = bool(recording.transcript and recording.transcript.lines)
    media = recording.media
    if recording.shown.sound is not None:
        return None, "sound closed" if has_text else "closed", False
    if media is None:
        is_missing = bool(recording.unread.media)
        return None, "sound missing" if is_missing else "text only" if has_text else "not held", False
    if not is_patient and way_of(media) is not None:
        return None, "with transcript" if has_text else _textless(recording), True  # to ask for it takes time
    try:
        size = media.stat().st_size if media.is_file() else None
    except OSError:
        size = None
    if size is None:
        return None, "sound missing", False
    is_at_hand = is_patient or size <= _SHORT
    try:
        length = _length(media, is_at_hand=is_at_hand)
        state, is_known = _state(recording, media, is_at_hand=is_at_hand) if has_text else (_textless(recording), True)
    except AudioError:
        return None, "unreadable", False
    return length, state, (length is None or not is_known) and not is_patient


def _textless(recording: Recording) -> State:
    return "sound only" if recording.shown.transcript is None else "words closed"


def _length(media: Path, *, is_at_hand: bool) -> int | None:
    if (wav := plain_wav(media)) is not None:
        return wav.length * 1000 // wav.rate
    if not is_at_hand:
        return None
    sound = probe.counted(media)
    return probe.stated(media) if sound is None else sound.duration


def _state(recording: Recording, media: Path, *, is_at_hand: bool) -> tuple[State, bool]:
    transcript = recording.transcript
    if transcript is None or not transcript.cues:
        return "not timed", True
    bound = transcript.media_sha256
    digest = bound and (cache.digest(media) if is_at_hand else cache.kept_digest(media))
    if bound and digest is None:
        return "with transcript", False
    if digest != bound:
        return "out of step", True
    if any(not isinstance(line, Cue) and not is_unspoken(line.text) for line in transcript.lines):
        return "timed in part", True
    return "timed roughly" if any(cue.is_approximate for cue in transcript.cues) else "in step", True
