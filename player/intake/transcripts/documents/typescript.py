"""Makes lines of the paragraphs of a typescript, whatever file it came in: who speaks, when, and on which page.

A paragraph is a line; one without a name goes on with the voice before it, one that is wholly in brackets or a heading
has none. Times that stand in the text begin a line; no other is given. Where a page ends within an untimed paragraph,
a new line begins, so that each is on the page that it names.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.machine import MachineMade
from player.archive.transcript import Turn
from player.errors import FEW, quoted
from player.intake.transcripts.documents import heads
from player.intake.transcripts.documents.front import front_matter, without_sources
from player.intake.transcripts.documents.marks import are_rough, has_frames, moment, rising
from player.intake.transcripts.documents.private_letters import of_private_letters
from player.intake.transcripts.documents.turns import PartReader
from player.intake.transcripts.imported import Deed, Imported, ImportedLine, Remark
from player.intake.transcripts.machines import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.intake.transcripts.documents.paragraphs import Paragraph
    from player.intake.transcripts.documents.turns import Part

_SENTENCE: Final = re.compile(r"(?<=[.?!…])[\"'”’)\]]{0,2}\s+(?=\S)")
# How captions say that somebody else speaks, within a text that was made of them.
_CHANGE: Final = re.compile(r"\s(?=>>\s)")
#: An untimed paragraph of more words is divided at the ends of sentences into lines of about so many.
_LONG: Final = 120
#: What services write below their transcripts. Otter's are written by a machine; people may have corrected them since,
#: which they do not say. Rev sells both.
_PRODUCERS: Final = (
    ("Otter", re.compile(r"(?:Transcribed by )?https?://otter\.ai/?", re.IGNORECASE)),
    ("Rev", re.compile(r"This transcript was exported on .{1,80}view latest version here\.?", re.IGNORECASE)),
)


def imported(
    name: str,
    paragraphs: Sequence[Paragraph],
    remarks: Sequence[Remark] = (),
    *,
    title: str | None = None,
    style: heads.Style | None = None,
) -> Imported:
    """Make of the paragraphs of a document, in a format called ``name``, what an archive can hold.

    ``style`` is given where the beginnings of its printed lines showed it already.
    """
    remarks = list(remarks)
    producer, body = _signed([part for paragraph in paragraphs for part in _at_changes(paragraph)], remarks)
    body, listed = without_sources(body)
    if listed:
        remarks.append(Remark(Deed.LEFT_OUT, f"the list of what the lines rest on, {listed} paragraphs"))
    if style is None:
        style = heads.style([paragraph.text for paragraph in body if not paragraph.is_heading])
    front, body = front_matter(body, style)
    reader = PartReader(style)
    parts = reader.read(body)
    times = _times(parts, remarks)
    divided: list[int] = []
    lines = _lines(parts, times, divided)
    if front.comments and lines:
        lines[0] = replace(lines[0], comments=(*front.comments, *lines[0].comments))
        count = len(front.comments)
        what = f"{count} paragraphs before the words, kept as comments"
        if count == 1:
            what = "a paragraph before the words, kept as a comment"
        remarks.append(Remark(Deed.READ, what, front.lines))
    remarks += [*_of_lines(lines, divided), *reader.remarks(), *_of_names(body, style), *of_private_letters(lines)]
    if producer == "Rev":
        remarks.append(Remark(Deed.READ, UNTOLD))
    return Imported(
        format=f"{name} by {producer}" if producer else name,
        machine=MachineMade(producer) if producer == "Otter" else None,
        lines=tuple(lines),
        remarks=tuple(remarks),
        title=front.title or title,
        date=front.date,
    )


def _at_changes(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Divide a paragraph where ``>>`` says that somebody else speaks."""
    if len(paragraph.pieces) > 1 or not _CHANGE.search(paragraph.text):
        yield paragraph
        return
    piece = paragraph.pieces[0]
    for number, text in enumerate(_CHANGE.split(piece.text)):
        comments = paragraph.comments if not number else ()
        if text.strip():
            yield replace(paragraph, pieces=(replace(piece, text=text),), comments=comments)


def _signed(paragraphs: Sequence[Paragraph], remarks: list[Remark]) -> tuple[str | None, list[Paragraph]]:
    """Take out what a service signs its transcripts with, and tell which it was."""
    found: str | None = None
    kept = []
    for paragraph in paragraphs:
        text = paragraph.text.strip()
        by = next((name for name, pattern in _PRODUCERS if len(text) < 200 and pattern.fullmatch(text)), None)  # noqa: PLR2004  # longer than any of them
        if by is None:
            kept.append(paragraph)
            continue
        found = by
        line = paragraph.pieces[0].line
        remarks.append(Remark(Deed.LEFT_OUT, f"what {by} signs with, {quoted(text)}", () if line is None else (line,)))
    return found, kept


def _times(parts: Sequence[Part], remarks: list[Remark]) -> dict[int, tuple[int, int | None]]:
    """Give the times of parts in milliseconds, start and end, and tell of those that are none."""
    written = {index: found for index, part in enumerate(parts) if part.time and (found := moment(part.time))}
    written |= {index: (part.start, None) for index, part in enumerate(parts) if part.start is not None}
    starts = [(index, written[index][0]) for index in sorted(written)]
    kept = {starts[place][0] for place in rising([start for _, start in starts])}
    wrong = [parts[index] for index, _ in starts if index not in kept]
    unread = [part for index, part in enumerate(parts) if part.time and index not in written]
    idle = [part for index, part in enumerate(parts) if part.time and index in kept and not part.text]
    remarks += _of_times(wrong, "that runs backwards", "that run backwards")
    remarks += _of_times(unread, "that is none of a recording", "that are none of a recording")
    remarks += _of_times(idle, "with no words after it", "with no words after them")
    frames = sum(has_frames(parts[index].time or "") for index in kept)
    if frames:
        what = "the frames of a time" if frames == 1 else f"the frames of {frames} times"
        remarks.append(Remark(Deed.LEFT_OUT, f"{what}, which {'is' if frames == 1 else 'are'} kept to the second"))
    return {index: written[index] for index in kept}


def _of_times(parts: Sequence[Part], one: str, several: str) -> list[Remark]:
    if not parts:
        return []
    named = ", ".join(str(part.time) for part in parts[:FEW] if part.time) + (", …" if len(parts) > FEW else "")
    lines = tuple(part.line for part in parts if part.line is not None)
    what = f"a time {one} ({named})" if len(parts) == 1 else f"{len(parts)} times {several} ({named})"
    return [Remark(Deed.LEFT_OUT, what, lines)]


def _lines(parts: Sequence[Part], times: dict[int, tuple[int, int | None]], divided: list[int]) -> list[ImportedLine]:
    """Make lines of the parts that have words."""
    rough = are_rough([times[index][0] for index in sorted(times)])
    spoken = [(index, part) for index, part in enumerate(parts) if part.text]
    lines: list[ImportedLine] = []
    for index, part in spoken:
        start, end = times.get(index, (None, None))
        texts = [part.text] if start is not None else _divided(part.text)
        if len(texts) > 1:
            divided.append(len(texts))
        for number, text in enumerate(texts):
            lines.append(
                ImportedLine(
                    text=text,
                    turns=(Turn(part.speaker, text),) if part.speaker else (),
                    start=start,
                    end=end,
                    is_approximate=start is not None and rough,
                    page=part.page,
                    comments=part.comments if not number else (),
                    opens_paragraph=part.opens and not number and bool(lines),
                    origin=part.line,
                )
            )
    return lines


def _divided(text: str) -> list[str]:
    """Divide a long paragraph at the ends of sentences."""
    found: list[str] = []
    begins = 0
    for match in _SENTENCE.finditer(text):
        if text.count(" ", begins, match.end()) >= _LONG:
            found.append(text[begins : match.end()].rstrip())
            begins = match.end()
    return [*found, text[begins:]]


def _of_lines(lines: Sequence[ImportedLine], divided: Sequence[int]) -> Iterator[Remark]:
    timed = sum(line.start is not None for line in lines)
    if timed:
        rough = sum(line.is_approximate for line in lines)
        yield Remark(Deed.READ, f"{_counted(timed)} with a time" + (f", {rough} of them approximate" if rough else ""))
    if divided:
        what = "a long paragraph" if len(divided) == 1 else f"{len(divided)} long paragraphs"
        yield Remark(Deed.READ, f"{what}, divided at the ends of sentences into {_counted(sum(divided))}")


def _of_names(body: Sequence[Paragraph], style: heads.Style) -> Iterator[Remark]:
    """Tell what looks like a name where others are marked by the same sign."""
    if not style.marks_speakers:
        return
    once: dict[str, list[int | None]] = {}
    for paragraph in body:
        if (head := style.head(paragraph.pieces[0].text)) is not None and head.name:
            once.setdefault(head.name, []).append(paragraph.pieces[0].line)
    for name, lines in once.items():
        if len(lines) == 1 and len(once) > 1 and not style.has_questions:
            where = tuple(line for line in lines if line is not None)
            yield Remark(Deed.READ, f"{quoted(name + ':')} before a paragraph once, as who speaks", where)
    texts = [paragraph.text for paragraph in body if not paragraph.is_heading]
    for name, count in heads.lookalikes(texts, style).most_common(FEW):
        before = "a paragraph" if count == 1 else f"{count} paragraphs"
        yield Remark(Deed.READ, f"{quoted(name + ':')} before {before}, as words and not as a name")


def _counted(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"
