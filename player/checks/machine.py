"""Checks what a transcript says of the machine that wrote or placed its lines, and advises on what nobody has heard."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import ALIGNED, CONFIDENCE, aligned, confidence, of_its_lines, word_confidences
from player.archive.machine import HEARD, LABEL, REVIEWED, WORD_CONFIDENCE, review
from player.archive.statements import of_record_and_annotations
from player.archive.webvtt.blocks import normal
from player.archive.webvtt.header import USAGE
from player.checks.examined import CITED
from player.checks.quotations import folded, quotations, stands_in
from player.errors import Advice, Fault, quoted, shown
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from player.archive.recording import Recording
    from player.archive.transcript import Line, Transcript
    from player.checks.examined import Pointing

_LABEL: Final = f"[{REVIEWED}]"
_SHARE: Final = "from 0 to 1"
_NO_REVIEW: Final = "does not say when and by whom, on a day that has begun"


def mark_faults(transcript: Transcript) -> Iterator[Fault]:
    """Give the marks that say nothing for how they are written: these are read as if they were not there.

    And those of a recogniser on words that are nobody's, as far as the header says.
    """
    if transcript.machine is None:
        yield from _unsaid_faults(transcript)
    for value in _items(transcript, _LABEL):
        if review(value) is None:
            what = f"{quoted(f'{_LABEL} {value}'.strip())} in the header {_NO_REVIEW}, and is not read"
            yield Fault(
                transcript.path, _line_of(transcript, value), what, f"write it as {USAGE}: {_LABEL} 2026-11-29, Name"
            )
    for line in transcript.lines:
        for comment in line.comments:
            for keyword, says, wrong, example in _MARKS:
                if comment.startswith(keyword) and not says(line, comment):
                    what = f"line {line.id}: {quoted(comment)} {wrong}, and is not read"
                    yield Fault(transcript.path, line.line, what, f"write it as NOTE {keyword} {example}, or remove it")


def machine_advice(recording: Recording) -> Iterator[Advice]:
    """Say of a machine's words how many lines nobody has heard, and which of them notes quote."""
    transcript = recording.transcript
    if transcript is None:
        return
    if not transcript.is_draft:
        return
    count = of_its_lines(transcript.unchecked, len(transcript.lines))
    what = f'a machine wrote the words, and nobody has heard {count}: "{LABEL}" stands wherever these go'
    remedy = f"hear them, and say so: player reviewed {recording.slug} --by NAME"
    if not transcript.unchecked:
        what = "a machine wrote the words; somebody has heard each line, and nobody says that the whole is reviewed"
        remedy = f"say so: player reviewed {recording.slug} --by NAME"
    yield Advice(transcript.path, 1, what, remedy)
    yield from _quoting_advice(recording, [line for line in transcript.lines if line.is_unchecked])


def pointing_advice(pointings: Iterable[Pointing], unchecked: Mapping[str, Collection[str]]) -> Iterator[Advice]:
    """Give what points at lines that a machine wrote and nobody has heard; ``unchecked`` are these, by recording."""
    for how, target, path, line, _ in pointings:
        if how != CITED and target.kind == "moment" and target.part in unchecked.get(target.to, ()):
            what = f"this rests on the line {target.part} of {target.to}, which a machine wrote and nobody has heard"
            yield Advice(path, line, what, _heard(target.to, target.part or ""))


def _unsaid_faults(transcript: Transcript) -> Iterator[Fault]:
    """Say of words of which a recogniser says how sure it is that the header does not say that it wrote them.

    Where it says so of the first line, they count as its, and reading has told so.
    """
    marks = (CONFIDENCE, WORD_CONFIDENCE)
    sure = next((line for line in transcript.lines if any(each.startswith(marks) for each in line.comments)), None)
    if sure is not None:
        path = transcript.path
        what = "a recogniser says how sure it is of these words, and the header does not say that a machine wrote them"
        command = f"player import {path.parent.name} {shlex.quote(shown(path))} --force"
        remedy = f"bring it in again, with --checked-by if people have checked it: {command}"
        yield Fault(path, sure.line, what, remedy)


def _quoting_advice(recording: Recording, lines: list[Line]) -> Iterator[Advice]:
    """Give the notes that quote words of lines that nobody has heard."""
    said = [(line.id, folded(line.text)) for line in lines]
    for statement in of_record_and_annotations(recording):
        words = [each for text in statement.texts if "“" in text for each in quotations(text)]
        for each in dict.fromkeys((*words, *filter(None, [statement.quotation]))):
            name = next((name for name, text in said if stands_in(each, text)), None)
            if name is not None:
                what = f"“{each}” is quoted from the line {name}, which a machine wrote and nobody has heard"
                yield Advice(statement.path, statement.line, f"{what}: {LABEL}", _heard(recording.slug, name))


def _heard(slug: str, line: str) -> str:
    return f"hear it, and say so: player reviewed {slug} --by NAME --lines {line}"


def _items(transcript: Transcript, label: str) -> Iterator[str]:
    for name, value in transcript.header:
        for item in value.split(";") if name == USAGE else ():
            if item.strip().lower().startswith(label.lower()):
                yield item.strip()[len(label) :].strip()


def _line_of(transcript: Transcript, value: str) -> int:
    """Find the line of a file on which its header says something; the first, where that cannot be found."""
    with suppress(OSError):
        for number, line in enumerate(normal(content(transcript.path).decode("utf-8", "replace")).split("\n"), 1):
            if _LABEL.lower() in line.lower() and value in line:
                return number
    return 1


def _is_heard(_: Line, comment: str) -> bool:
    return review(comment.removeprefix(HEARD)) is not None


#: What each mark begins with, whether one says anything, what is wrong where it does not, and an example.
_MARKS: Final[tuple[tuple[str, Callable[[Line, str], bool], str, str], ...]] = (
    (ALIGNED, lambda line, _: aligned(line) is not None, f"says no confidence {_SHARE}", "0.93"),
    (CONFIDENCE, lambda line, _: confidence(line) is not None, f"says no confidence {_SHARE}", "0.93"),
    (
        WORD_CONFIDENCE,
        # Where there are other words now than those that the numbers are of, these are not read, and nothing is wrong.
        lambda line, _: bool(word_confidences(line)),
        f"does not have a number {_SHARE}, or a hyphen, for each word",
        "0.98 - 0.87",
    ),
    (HEARD, _is_heard, _NO_REVIEW, "2026-11-29, Name"),
)
