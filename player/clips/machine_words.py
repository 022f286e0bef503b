"""Says of a clip what of its words and times a machine made, and whether anybody has checked that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from player.archive.line_marks import aligned, is_aligned
from player.archive.machine import ALIGNED, LABEL, REVIEWED, TRANSCRIBED
from player.archive.transcript import excerpt
from player.archive.webvtt.header import USAGE
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.recording import Recording
    from player.archive.transcript import Cue
    from player.timecode import Span


@value
class MachineWords:
    """What a machine wrote of a clip's words, of so many ``lines``; the ``label`` stands where any is ``unchecked``.

    What is not known of the machine is None; ``reviewed`` says when somebody has reviewed all of its words, and who.
    """

    label: str | None
    program: str
    model: str | None
    date: str | None
    reviewed: str | None
    lines: int
    unchecked: int


def unchecked_in(recording: Recording, spans: Sequence[Span]) -> str | None:
    """Give the label of the words heard in passages, where a machine wrote them and nobody has heard them all."""
    lines = recording.transcript.cues if recording.transcript is not None else ()
    is_so = any(line.is_unchecked for span in spans for line in excerpt(lines, span))
    return LABEL if is_so else None


def machine_words(recording: Recording, heard: Sequence[Cue]) -> MachineWords | None:
    """Say which machine wrote the words of the lines that are heard in a clip; None where none did."""
    transcript = recording.transcript
    if not heard or transcript is None or (machine := transcript.machine) is None:
        return None
    unchecked = sum(cue.is_unchecked for cue in heard)
    return MachineWords(
        label=LABEL if unchecked else None,
        program=machine.program,
        model=machine.model,
        date=machine.date,
        reviewed=None if transcript.review is None else str(transcript.review),
        lines=len(heard),
        unchecked=unchecked,
    )


def is_heard_since(then: object, now: object) -> bool:
    """Tell whether all that differs in what is said of a clip's words is that people have checked more of them since.

    ``then`` and ``now`` are ``MachineWords`` as a sidecar has them. A clip that says that more was checked than was is
    not what it claims to be.
    """
    if not isinstance(then, dict) or not isinstance(now, dict) or then.keys() != now.keys():
        return False
    lines, left = then["lines"], then["unchecked"]
    if type(left) is not int or any(then[name] != now[name] for name in ("program", "model", "date", "lines")):
        return False
    is_true = now["unchecked"] <= left <= lines and then["label"] == (LABEL if left else None)
    return is_true and then["reviewed"] in {None, now["reviewed"]}


def placed_by_machine(heard: Sequence[Cue]) -> str | None:
    """Say that a machine placed lines, with the least of what it said of how sure it is."""
    placed = [cue for cue in heard if is_aligned(cue)]
    if not placed:
        return None
    sure = [aligned(cue) for cue in placed]
    known = [each for each in sure if each is not None]
    return f"timed by a machine, confidence {min(known):.2f}" if known else "timed by a machine"


def without_label(citation: object) -> object:
    """Give the citation of a clip without the label of its words."""
    return citation.replace(f" {LABEL}.", "", 1) if isinstance(citation, str) else citation


def labelled(lines: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """Give the lines of a clip with the label above the first, where whoever opens the file as a text reads it."""
    if not any(line.is_unchecked for line in lines):
        return lines
    return (replace(lines[0], comments=(LABEL, *lines[0].comments)), *lines[1:])


def items(recording: Recording, *, is_by_machine: bool, is_placed: bool) -> Iterator[tuple[str, str]]:
    """Give the lines of a clip's header that say what a machine wrote or placed, and who has reviewed it."""
    transcript = recording.transcript
    if transcript is None:
        return
    said = {
        TRANSCRIBED: transcript.machine if is_by_machine else None,
        REVIEWED: transcript.review if is_by_machine else None,
        ALIGNED: transcript.aligner if is_placed else None,
    }
    yield from ((USAGE, f"[{item}] {value}") for item, value in said.items() if value is not None)
