"""Lets through what an audience may see: records and recordings as they are shown to it, and no others."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.gate.deciding import shown, whole
from player.archive.gate.earlier import redacted_earlier, unclosed
from player.archive.gate.names import WITHHELD, Private, points_at, voices
from player.archive.gate.redact import redacted, redacted_record
from player.archive.gate.reviewers import names_private
from player.archive.gate.shown import EVERYTHING, Audience
from player.archive.recording import Recording
from player.errors import HiddenError, WithdrawnError, quoted
from player.values import value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from player.archive.gate.clock import Clock
    from player.archive.gate.earlier import Leads
    from player.archive.gate.shown import Shown
    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript

# How many recordings stay in memory of which something was taken away, beside the whole ones.
_KEPT: Final = 4
# How many decisions stay in memory: each of a few hundred bytes, and of its closed passages.
_DECISIONS: Final = 256
# How many names an error lists of those that there are.
_LISTED: Final = 20


@value
class _Decision:
    """What was decided of a record on a day: those private people whom it has, and what of it is shown.

    It ``hides`` what a machine wrote.
    """

    of: weakref.ref[Record]
    day: dt.date
    private: Private
    hides: bool
    there: Private
    shown: Shown


def not_there(slug: str) -> str:
    """Say that there is no recording of a name: the same of one that may not be known of."""
    return f"no recording is called {quoted(slug)}"


def listed(names: Sequence[str]) -> str:
    """List the names that there are, for the keeper of the archive; of many, the first."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED]) or 'none'}{more}"


class Gate:
    """What of one archive an ``audience`` may see, by the day that ``clock`` gives.

    Who is ``invited`` is so to one recording. ``hides_drafts`` tells whether a machine's words that nobody has reviewed
    are not for visitors.
    """

    def __init__(
        self, audience: Audience, clock: Clock, hides_drafts: Callable[[], bool], invited: str | None = None
    ) -> None:
        self.audience = audience
        self._invited = invited
        self._clock = clock
        self._hides_drafts = hides_drafts
        #: The recordings of which something was taken away, with what decided that; the latest comes last.
        self._before: OrderedDict[str, tuple[Recording, Shown, Private, Recording]] = OrderedDict()
        #: The decisions about records that could be decided otherwise, by slug and how much of them there was.
        self._decisions: OrderedDict[tuple[str, type[Record]], _Decision] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Tell whether the audience sees everything."""
        return self.audience is Audience.OWNERS

    def record(self, record: Record, complete: Record, private: Private) -> Record:
        """Give a record as it is shown; ``complete`` has its lines and notes where what is shown may depend on them.

        :raise HiddenError: where the audience may not know that there is such a recording.
        """
        there, found = self._decided(complete, private)
        if self.is_open or not (there or found.withholds):
            return record if found == record.shown else replace(record, shown=found)
        _refuse_hidden(record, found)
        return redacted_record(record, found, there)

    def refuse_hidden(self, record: Record) -> None:
        """Refuse a recording of which the audience may not know that there is one.

        :raise HiddenError: where that is so.
        """
        if not self.is_open:
            _refuse_hidden(record, whole(record, self._clock.day(), self._asking(record)))

    def recording(self, recording: Recording, private: Private) -> Recording:
        """Give a recording as it is shown, made once for as long as neither it nor what is shown changes.

        :raise HiddenError: where the audience may not know that there is such a recording.
        """
        there, found = self._decided(recording, private)
        if self.is_open or not (there or found.withholds):
            return recording if found == recording.shown else replace(recording, shown=found)
        _refuse_hidden(recording, found)
        with self._lock:
            kept = self._before.get(recording.slug)
        if kept is None or kept[0] is not recording or kept[1:3] != (found, there):
            kept = (recording, found, there, redacted(recording, found, there))
        with self._lock:
            self._before[recording.slug] = kept
            self._before.move_to_end(recording.slug)
            while len(self._before) > _KEPT:
                self._before.popitem(last=False)
        return kept[3]

    def earlier(self, recording: Recording, transcript: Transcript, leads: Leads, private: Private) -> Recording:
        """Give a recording with an earlier version of its transcript, as it is shown today.

        ``recording`` is whole; ``leads`` gives the lines of today to which identifiers of that version lead.

        :raise HiddenError: where the audience may not know that there is such a recording.
        """
        _, found = self._decided(recording, private)
        if self.is_open:
            return replace(unclosed(recording, transcript), shown=found)
        _refuse_hidden(recording, found)
        if transcript.is_draft and found.transcript is None and self._hides_drafts():
            lines = _lines_of(recording)
            as_draft = shown(recording, lines, self._clock.day(), self._asking(recording), hides_draft=True)
            found = replace(found, transcript=as_draft.transcript)
        return redacted_earlier(recording, transcript, leads, found, private)

    def name_shown(self, record: Record, name: str, private: Private) -> str:
        """Give the name of somebody who has worked on a recording, or what stands for it where it is not shown."""
        if self.is_open:
            return name
        called = voices(record, private)
        is_private = private.is_everybody or private.named_in(name) is not None
        return WITHHELD if is_private or any(each in name for each in called) else name

    def _asking(self, record: Record) -> Audience:
        """Give the audience that asks for a recording: who is invited to one is a visitor to all others."""
        is_other = self.audience is Audience.INVITED and record.slug != self._invited
        return Audience.VISITORS if is_other else self.audience

    def _decided(self, record: Record, private: Private) -> tuple[Private, Shown]:
        """Give those private people whom the recording has, and what of it is shown: decided once for a day."""
        is_called = any(speaker.display_name for speaker in record.speaker)
        hides = record.has_machine_draft and self._hides_drafts()
        if not (private or is_called or hides or record.access or record.closed or record.withdrawal):
            return private, EVERYTHING
        day = self._clock.day()
        key = (record.slug, type(record))
        with self._lock:
            kept = self._decisions.get(key)
        if kept is None or kept.of() is not record or (kept.day, kept.private, kept.hides) != (day, private, hides):
            there, found = self._decide(record, private, day, hides=hides)
            kept = _Decision(weakref.ref(record), day, private, hides, there, found)
        with self._lock:
            self._decisions[key] = kept
            self._decisions.move_to_end(key)
            while len(self._decisions) > _DECISIONS:
                self._decisions.popitem(last=False)
        return kept.there, kept.shown

    def _decide(self, record: Record, private: Private, day: dt.date, *, hides: bool) -> tuple[Private, Shown]:
        called = voices(record, private)
        transcript = record.transcript if isinstance(record, Recording) else None
        is_heard_by = transcript is not None and names_private(transcript, called, private)
        there = private if private and (called or is_heard_by or points_at(record, private)) else Private()
        lines = _lines_of(record) if isinstance(record, Recording) else ()
        found = shown(record, lines, day, self._asking(record), hides_draft=hides)
        if found.silenced and isinstance(record, Recording) and record.transcript:
            found = replace(found, timed_to=record.transcript.media_sha256)
        if called or is_heard_by:
            found = replace(found, replaces_names=True, renamed=len(called))
        return there, replace(found, leaves_people_out=True) if there else found


def _lines_of(recording: Recording) -> Sequence[Line] | None:
    """Give the lines of a recording; None where there are some, and it is not known which."""
    if recording.transcript is not None:
        return recording.transcript.lines
    return None if recording.unread.transcript else ()


def _refuse_hidden(record: Record, found: Shown) -> None:
    """Refuse a recording that the audience may not know of.

    :raise WithdrawnError: where it was withdrawn.
    :raise HiddenError: where it is withheld.
    """
    if found.withdrawal is not None:
        raise WithdrawnError(found.withdrawal.date, found.withdrawal.reason)
    if found.record is not None:
        raise HiddenError(not_there(record.slug))
