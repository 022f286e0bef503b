"""Says what a clip has of each part of a recording that was joined from several sounds; finds a passage by its part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.parts import stretches
from player.archive.recording import Record
from player.audio.probe import probe
from player.clips.cut import sound_file
from player.errors import ClipError, NotFoundError, quoted
from player.timecode import Span, display
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.clips.cut import Recorded


@value
class OfPart:
    """What a clip has of one part: which it is, its file, and the passage in that.

    ``start`` and ``end`` are in milliseconds from the beginning of the part; ``passage`` says the same.
    """

    part: int
    title: str
    media: str
    media_sha256: str
    start: int
    end: int
    passage: str


def of_parts(recording: Record, spans: Sequence[Span]) -> tuple[OfPart, ...]:
    """Give what passages have of each part, in order; none where the recording has no parts."""
    return tuple(
        OfPart(
            each.number,
            each.part.title,
            each.part.media,
            each.part.sha256,
            each.span.start,
            each.span.end,
            str(each.span),
        )
        for span in spans
        for each in stretches(recording.part, span)
    )


def placed(recording: Recorded, spans: Sequence[Span]) -> str:
    """Write passages as one text, and where they are in the parts of the recording, if it has any.

    ``48:12 to 48:20 (Side B, 2:00 to 2:08)``.
    """
    text = "; ".join(map(str, spans))
    if not isinstance(recording, Record) or not recording.part:
        return text
    return f"{text} ({'; '.join(each.text for span in spans for each in stretches(recording.part, span))})"


def span_in_part(recording: Record, name: str, span: Span | None) -> Span:
    """Give the passage that is ``span`` on the clock of a part, or all of the part; ``name`` is its number or title.

    :raise NotFoundError: where there is no such part.
    :raise ClipError: where the recording has no parts, or the passage ends after the part.
    :raise AudioError: where it has to be known how long the sound is, and that cannot be read.
    """
    parts = recording.part
    if not parts:
        raise ClipError(f"{recording.slug} is one sound, without parts; leave --part out")
    found = [
        number
        for number, part in enumerate(parts, 1)
        if name == str(number) or name.casefold() == part.title.casefold()
    ]
    if not found:
        known = ", ".join(f"{number} ({part.title})" for number, part in enumerate(parts, 1))
        raise NotFoundError(f"{recording.slug} has no part {quoted(name)}; its parts are: {known}")
    number = found[0]
    begin = parts[number - 1].start
    end = parts[number].start if number < len(parts) else probe(sound_file(recording)).duration
    if span is None:
        return Span(begin, end)
    if span.end > end - begin:
        raise ClipError(
            f"{parts[number - 1].title} ends at {display(end - begin)}, and {display(span.end)} is later; "
            "choose a passage before that, or leave --part out and count from the beginning of the whole"
        )
    return Span(begin + span.start, begin + span.end)
