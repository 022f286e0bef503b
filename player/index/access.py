"""Says in a few words what of a recording may not be seen: in lists, and to its owners at the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.gate.shown import Shown
    from player.timecode import Span

#: What is said where nothing is withheld.
OPEN: Final = "open"
#: What is said of a person whose name is not shown.
PRIVATE: Final = "private"
#: What is said where some of it may not be seen.
IN_PART: Final = "closed in part"
_WITHDRAWN: Final = "withdrawn"


def of_recording(shown: Shown) -> str | None:
    """Say what is withheld of a recording: ``closed until 2041``, ``sound on request``; None where nothing is."""
    if (whole := _whole(shown)) is not None:
        return whole
    if shown.sound is not None and shown.transcript is not None and shown.sound.label == shown.transcript.label:
        return shown.sound.label
    parts = {"sound": shown.sound, "transcript": shown.transcript, "notes": shown.notes}
    named = [f"{part} {withheld.label}" for part, withheld in parts.items() if withheld is not None]
    if not named and shown.passages:
        named.append(IN_PART)
    # Only those who prepare it are shown drafts.
    if shown.drafts:
        named.append(_drafts(shown.drafts))
    return ", ".join(named) or None


def _drafts(drafts: Sequence[str]) -> str:
    if "record" in drafts:
        return "draft"
    parts = " and ".join("words" if each == "transcript" else each for each in drafts)
    return f"{parts} {'is a draft' if parts == 'sound' else 'are drafts' if len(drafts) > 1 else 'are a draft'}"


def of_line(shown: Shown, span: Span | None) -> str:
    """Say whether the words of a passage may be read: ``open``, or why not; None for one that is not timed."""
    if (whole := _whole(shown)) is not None:
        return whole
    if shown.transcript is not None:
        return shown.transcript.label
    return (_anywhere(shown) if span is None else _of_passage(shown, span)) or OPEN


def of_note(shown: Shown, span: Span | None, *, is_adrift: bool = False) -> str:
    """Say the same of a note, by its passage; None for one about the whole recording.

    One that ``is_adrift`` belongs to a line, and nobody knows where that is.
    """
    if (whole := _whole(shown)) is not None:
        return whole
    if shown.notes is not None:
        return shown.notes.label
    if is_adrift and shown.transcript is not None:
        return shown.transcript.label
    closed = _anywhere(shown) if is_adrift else None
    return closed or (_of_passage(shown, span) if span else None) or OPEN


def _whole(shown: Shown) -> str | None:
    if shown.withdrawal is not None:
        return _WITHDRAWN
    return None if shown.record is None else shown.record.label


def _anywhere(shown: Shown) -> str | None:
    """Say why words are closed, wherever they are: of what has no time, nobody knows whether it is among them."""
    return next((each.label for each in shown.passages if each.words), None)


def _of_passage(shown: Shown, span: Span) -> str | None:
    closed = (each for each in shown.passages if each.words and each.line.overlaps(span))
    return next((each.label for each in closed), None)
