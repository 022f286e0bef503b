"""Refuses clips of what is closed, and gives the recording that others are cut from: as visitors see it.

A clip is made to be handed on. So no clip runs into a closed passage, of sound or words, unless it is for the archive's
own use: that one says what is closed in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.gate.declared import DRAFT
from player.archive.gate.shown import Audience
from player.audio import probe, silence
from player.clips.cut import sound_file
from player.clips.provenance import in_words
from player.errors import ClipError
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Record, Recording
    from player.timecode import Span


@value
class _Closure:
    """What is closed in a clip: in a few words, why, as visitors are told, and said in a sentence about ``what``.

    ``what`` is the recording or its sound; None where it is a passage.
    """

    label: str
    reason: str | None = None
    what: str | None = None
    state: str = "closed"

    @property
    def says(self) -> str:
        if self.state == DRAFT:
            return "is not published yet"
        return f"{_VERBS.get(self.state, 'is')} {self.label}"


# A recording is withdrawn once and for all, and what is heard on request can be heard.
_VERBS: Final = {"on request": "can be heard", "withdrawn": "was"}


class ClosedError(ClipError):
    """What a clip is to be cut of is closed, as its ``label`` says; ``reason`` is what visitors are told.

    ``slug`` and ``title`` are those of the recording.
    """

    status = 403

    def __init__(self, recording: Record, spans: Sequence[Span], closure: _Closure) -> None:
        self.label = closure.label
        self.reason = closure.reason
        self.slug = recording.slug
        self.title = recording.title
        what = f"{in_words(spans)} runs into what" if closure.what is None else closure.what
        remedy = "" if closure.what else "choose what is open, or, "
        if closure.state == DRAFT:
            remedy = f"publish it first, with player publish {recording.slug}, or, "
        super().__init__(
            f"{recording.slug}: {what} {closure.says}, and clips are made to be handed on; "
            f"{remedy}for the archive's own use, cut it with player clip --include-closed",
            visitors=f"No clip can be cut of this passage: {closure.what or 'something in it'} {closure.says}.",
        )


def closed_in(recording: Record, spans: Sequence[Span]) -> tuple[str, ...]:
    """Give the labels of what is closed in passages of a recording, each once; none where all of it is open.

    :raise ClipError: where the archive does not hold its sound.
    :raise AudioError: where it has to be known how long the sound is, and that cannot be read.
    """
    return tuple(dict.fromkeys(each.label for each in _closures(recording, spans)))


def refuse_closed(recording: Record, spans: Sequence[Span]) -> None:
    """Refuse to cut passages of which anything is closed.

    :raise ClosedError: where something is.
    :raise PlayerError: as ``closed_in`` does.
    """
    for closure in _closures(recording, spans):
        raise ClosedError(recording, spans, closure)


class HandedOn:
    """Gives the recordings of an archive that clips are cut from, as whoever gets the clips may see them.

    Where ``include_closed`` is set, what is closed is cut too, of the recording as its owners see it.
    """

    def __init__(self, archive: Archive, *, include_closed: bool = False) -> None:
        self._archive = archive
        self._visitors = archive.seen_by(Audience.VISITORS)
        self._include_closed = include_closed

    def recording(self, whole: Recording, spans: Sequence[Span]) -> Recording:
        """Give the recording to cut these passages from; ``whole`` is the same one, as its owners see it.

        :raise ClosedError: where something in them is closed, and is not to be included.
        :raise PlayerError: as ``closed_in`` does.
        """
        if self._include_closed and closed_in(whole, spans):
            return whole
        refuse_closed(whole, spans)
        return whole if whole.shown.is_everything else self._visitors.recording(whole.slug)


def _closures(recording: Record, spans: Sequence[Span]) -> Iterator[_Closure]:
    shown = recording.shown
    if shown.withdrawal is not None:
        yield _Closure("withdrawn", shown.withdrawal.reason, "the recording", "withdrawn")
    for what, part in (("the recording", shown.record), ("its sound", shown.sound)):
        if part is not None:
            yield _Closure(part.label, part.reason, what, part.state)
    for passage in shown.passages:
        if any(passage.span.overlaps(span) for span in spans):
            yield _Closure(passage.label, passage.reason)
    if not shown.silenced:
        return
    # Where a passage is not in the sound, or was timed to another, nobody knows what in this one is closed.
    held = sound_file(recording)
    is_known = silence.is_right(held, shown.timed_to)
    far = silence.past_end(shown.silenced, probe.probe(held).duration) if is_known else shown.silenced[0]
    if far is not None:
        past = (_Closure(each.label, each.reason) for each in shown.passages if each.span.overlaps(far))
        yield next(past, _Closure("closed"))
