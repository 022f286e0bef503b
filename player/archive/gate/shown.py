"""Says what of a recording may be shown: a :class:`Shown` comes with every record, and whoever shows any of it asks."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.gate.spans import Ordered
from player.values import value

if TYPE_CHECKING:
    from player.archive.gate.declared import Withdrawal
    from player.timecode import Span


#: What the identifier begins with of a line that stands in place of closed ones; the moment of its start follows.
CLOSED_LINE: Final = "closed-"


class Audience(Enum):
    """Who is to see an archive."""

    #: Anybody.
    VISITORS = "visitors"
    #: Those who prepare it, in a browser: they see drafts, but nothing that is closed.
    EDITORS = "editors"
    #: Somebody who has the link to one recording: they see what is a draft of it, or on request, and nothing that is
    #: closed. To all other recordings they are a visitor.
    INVITED = "invited"
    #: Those who have its files, at the command: they see all of it.
    OWNERS = "owners"


@value
class Withheld:
    """Why something is not shown: its ``state``, its last day (EDTF), and the reason that visitors are told.

    It ``is_due`` where that day has passed, and somebody has to open it.
    """

    state: str
    until: str | None = None
    reason: str | None = None
    is_due: bool = False

    @property
    def label(self) -> str:
        """Say it in a few words: ``closed until 2041``, ``on request``, ``draft``."""
        if self.is_due:
            return f"{self.state} until it is reviewed"
        return f"{self.state} until {dates.readable(self.until)}" if self.until else self.state


@value
class ClosedPassage:
    """A passage that is closed now; where its words are, one line with its ``id`` and label stands for its lines.

    ``span`` is what was closed, ``line`` the place of that line, which takes in all lines that the passage touches.
    """

    id: str
    span: Span
    line: Span
    sound: bool
    words: bool
    withheld: Withheld

    @property
    def label(self) -> str:
        """Say it in a few words: ``closed until 2041``."""
        return self.withheld.label

    @property
    def reason(self) -> str | None:
        """Why, as visitors are told."""
        return self.withheld.reason

    @property
    def until(self) -> str | None:
        """The last day of it; None where it has no end."""
        return self.withheld.until


@value
class Shown:
    """What of a recording may be shown on a day. Of each part: why it is withheld, or None where it is not."""

    withdrawal: Withdrawal | None = None
    record: Withheld | None = None
    sound: Withheld | None = None
    transcript: Withheld | None = None
    notes: Withheld | None = None
    #: What is closed of what is shown, in order of time.
    passages: tuple[ClosedPassage, ...] = ()
    #: Where the sound is silent, none touching another, in order of time.
    silenced: tuple[Span, ...] = ()
    #: The SHA-256 of the sound for which these times are right, where the transcript is bound to one: in another sound,
    #: nobody knows where they are.
    timed_to: str | None = None
    #: Whether names of speakers or people are replaced.
    replaces_names: bool = False
    #: How many of its voices are called by another name.
    renamed: int = 0
    #: Whether it is shown without what points at people whose names are not shown.
    leaves_people_out: bool = False
    #: Whether it may be another on another day.
    is_dated: bool = False
    #: The parts that are shown, to editors, though they are drafts: ``record``, ``sound``, ``transcript``, ``notes``.
    drafts: tuple[str, ...] = ()

    @property
    def withholds(self) -> bool:
        """Tell whether anything is withheld of it, or closed, or called by another name."""
        parts = (self.withdrawal, self.record, self.sound, self.transcript, self.notes)
        return bool(self.passages) or self.replaces_names or any(part is not None for part in parts)

    @property
    def is_everything(self) -> bool:
        """Tell whether all of it is shown, as it is."""
        return not self.withholds

    @property
    def is_listed(self) -> bool:
        """Tell whether it may be known that there is such a recording."""
        return self.withdrawal is None and self.record is None

    @property
    def sends_held(self) -> bool:
        """Tell whether the file that is held may be sent as it is."""
        return self.is_listed and self.sound is None and not self.silenced

    @property
    def redacts_words(self) -> bool:
        """Tell whether the transcript that is shown differs from the file."""
        return self.replaces_names or self.transcript is not None or any(each.words for each in self.passages)

    def crosses(self, span: Span) -> ClosedPassage | None:
        """Give a closed passage that a span of the recording runs into, of sound or words; None where it is clear."""
        number = self._places.first(span)
        return None if number is None else self.passages[number]

    @cached_property
    def _places(self) -> Ordered:
        return Ordered(each.span for each in self.passages)


EVERYTHING: Final = Shown()
