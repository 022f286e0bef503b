"""Makes the draft of a transcript: words that were heard, put on time by an aligner, and said by voices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from player.align import refining, transcribing
from player.align.pieces import Progress
from player.archive.transcript import Turn
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.align.engines import Ready
    from player.align.pieces import Work
    from player.align.recognisers import Recogniser
    from player.align.transcribing import Draft
    from player.intake.transcripts.imported import ImportedLine


def drafted(
    work: Work, recogniser: Recogniser, language: str, aligner: Ready | None
) -> tuple[Draft, tuple[str, float] | None]:
    """Write down what is said, in the language that Whisper calls so (``en``); words are put on time by an ``aligner``.

    Beside it stands which language the sound seems to be in, and how sure that is; None where the model knows but one.
    """
    voiced = transcribing.find_voices(work)
    detected = transcribing.detected(work, voiced, recogniser) if recogniser.knows_languages else None
    draft = transcribing.transcribed(work, voiced, recogniser, language)
    lines = list(draft.lines)
    if aligner is not None and lines:
        lines = refining.refined(lines, work, aligner, language)
    return replace(draft, lines=tuple(_with_voices(lines, work))), detected


def _with_voices(lines: Sequence[ImportedLine], work: Work) -> Iterator[ImportedLine]:
    """Give lines with who says them, as far as they sound alike: Speaker 1, Speaker 2; a single voice is not named."""
    from player.align.voices import named_turns  # noqa: PLC0415  # numpy is an extra

    spans = [Span(line.start or 0, max(line.end or 0, (line.start or 0) + 1)) for line in lines]
    step = "Telling voices apart"
    numbers = named_turns(spans, work.samples.open(), lambda part: work.progress(Progress(step, 0, 0, 0, part, None)))
    is_one = len(set(numbers) - {None}) <= 1
    for line, number in zip(lines, numbers, strict=True):
        is_named = number is not None and not is_one
        yield replace(line, turns=(Turn(f"Speaker {number}", line.text),)) if is_named else line
