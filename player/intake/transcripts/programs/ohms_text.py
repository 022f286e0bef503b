"""Makes lines of the transcript of OHMS XML up to version 5: paragraphs, and marks of where each minute is over.

``sync`` is ``1:|13(3)|19(14)``: the minutes from mark to mark, then for each mark the line of the text and the word of
it. The time of a mark is its position. So of each line no more is known than between which minutes it begins; where, is
reckoned from the words between the marks, and every time is marked as rough.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.cleaning import name_of
from player.intake.transcripts.imported import Deed
from player.intake.transcripts.name_forms import any_head, is_nobody
from player.intake.transcripts.programs.ohms_index import plain
from player.intake.transcripts.programs.seconds import number
from player.intake.transcripts.programs.words import Word, groups, line_of
from player.timecode import LONGEST, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.intake.transcripts.imported import ImportedLine
    from player.intake.transcripts.told import Told

_MARK: Final = re.compile(r"([0-9]{1,9})\(([0-9]{1,9})\)")
_FOOTNOTES: Final = re.compile(r"\[\[footnotes\]\](.*?)(?:\[\[/footnotes\]\]|\Z)", re.DOTALL)
_NOTE: Final = re.compile(r"\[\[note\]\](.*?)(?=\[\[/note\]\]|\[\[note\]\]|\Z)", re.DOTALL)
_LINK: Final = re.compile(r"\[\[link\]\](.*?)\[\[/link\]\]", re.DOTALL)
_REFERENCE: Final = re.compile(r"\[\[footnote\]\]\s*([0-9]{1,5})\s*\[\[/footnote\]\]")
#: Times that OHMS's viewer takes out of the text.
_STAMP: Final = re.compile(r"\{[0-9:]{1,12}\}")
#: OHMS's viewer takes capitals and a colon at the head of a paragraph for who speaks.
_SPEAKER: Final = re.compile(r"\s*([^\W\d_][\w.'’ -]{0,60}?):(?=\s|$)")  # an apostrophe
_NOT_SPEAKERS: Final = frozenset({"NOTE", "NB", "N.B.", "TRANSCRIPT", "TAPE", "SIDE", "DATE", "PLACE", "TIME", "END"})
_TAPE: Final = re.compile(r"\b(?:TAPE|SIDE|PART|FILE|SESSION)\b")
#: So often a name stands at the head of lines, where never at that of a paragraph, that it is who speaks.
_FEWEST: Final = 3
#: Where a sentence ends, so that the line after it may be somebody else's.
_SENTENCE: Final = re.compile(r"[.?!…:;\])\"”’–—-]\Z")
#: The longest step from one mark to the next, in minutes.
_STEP: Final = 60


@dataclass(frozen=True)
class _Piece:
    """A word of the text: its number among all of them, and the line of the text on which it stands."""

    text: str
    number: int
    line: int


def lines_of_text(  # what the record has
    text: str, sync: str, people: Sequence[str], length: int | None, first_line: int, told: Told
) -> Iterator[ImportedLine]:
    """Make lines: paragraphs, divided as words without lines are, with rough times where there are marks.

    :param people: interviewee and interviewer, as the record names them.
    :param first_line: the line of the file on which the text begins.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    footnotes = _footnotes(text)
    text = _FOOTNOTES.sub(lambda match: "\n" * match[0].count("\n"), text)
    rows = [_STAMP.sub(" ", row).split() for row in text.split("\n")]
    clock = _Clock(rows, sync, length, told)
    blocks = list(_paragraphs(rows))
    speakers = _speakers(blocks, people)
    paragraphs = [paragraph for block in blocks for paragraph in _turns(block)]
    voice: str | None = None
    went_on = 0
    for paragraph in paragraphs:
        name, skipped = _head(paragraph, speakers)
        is_aside = paragraph[0].text.startswith("[") and paragraph[-1].text.endswith("]")
        if name is None and not is_aside and _may_be_head(paragraph):
            told.add(
                Deed.READ,
                "paragraph that begins with another name or a heading, without a voice",
                "paragraphs that begin with another name or a heading, without a voice",
                first_line + paragraph[0].line,
            )
            voice = None
        elif name is None and not is_aside and voice is not None:
            went_on += 1
        voice = name or (None if is_aside else voice)
        yield from _lines(paragraph[skipped:], voice, clock, footnotes, first_line, told)
    told.read(
        "paragraph without a name as said by whoever spoke before",
        "paragraphs without a name as said by whoever spoke before",
        count=went_on,
    )
    told.left_out("footnote to which nothing refers", "footnotes to which nothing refers", count=len(footnotes))


class _Clock:
    """Tells roughly when a word is said, by the marks before and after it."""

    def __init__(self, rows: Sequence[Sequence[str]], sync: str, length: int | None, told: Told) -> None:
        firsts = [0]
        for row in rows:
            firsts.append(firsts[-1] + len(row))
        self._words: list[int] = []
        self._times: list[int] = []
        step, _, given = sync.partition(":")
        minutes = number(step.strip() or None)
        if minutes is None or not 0 < minutes <= _STEP:
            told.mended(
                "line of marks that cannot be read", "lines of marks that cannot be read", count=int(bool(sync.strip()))
            )
            return
        marks = given.split("|")
        for place, mark in enumerate(marks[1:] if not marks[0].strip() else marks, 1):
            match = _MARK.fullmatch(mark.strip())
            time = round(place * minutes * MINUTE)
            if match is None or time > LONGEST:
                told.left_out(
                    "mark without a line and a word", "marks without a line and a word", count=int(bool(mark.strip()))
                )
                continue
            line, word = int(match[1]), int(match[2])
            if not 1 <= line <= len(rows):
                told.left_out("mark on a line that is not there", "marks on lines that are not there")
                continue
            at = firsts[line - 1] + min(max(word - 1, 0), len(rows[line - 1]))
            if self._words and at < self._words[-1]:
                told.left_out("mark before the one before it", "marks before the ones before them")
                continue
            self._words.append(at)
            self._times.append(time)
        if self._words:
            told.read(
                "mark of a time, from which all times are reckoned",
                "marks of times, from which all times are reckoned",
                count=len(self._words),
            )
            self._end(firsts[-1], round(minutes * MINUTE), length)

    def _end(self, words: int, step: int, length: int | None) -> None:
        """Add where the text begins and, as far as that is known, ends."""
        if self._words[0] > 0:
            self._words.insert(0, 0)
            self._times.insert(0, 0)
        if words > self._words[-1]:
            rest = words - self._words[-1]
            rate = self._times[-1] / max(self._words[-1], 1)
            end = self._times[-1] + min(step, round(rest * rate) or step)
            self._words.append(words)
            self._times.append(min(end, length) if length is not None and length > self._times[-1] else end)

    def time(self, word: int) -> int | None:
        """Give the time of a word in milliseconds; None where there are no marks."""
        after = bisect_right(self._words, word)
        if not self._words or after == 0:
            return None
        if after == len(self._words):
            return self._times[-1]
        first, last = self._words[after - 1], self._words[after]
        share = (word - first) / (last - first)
        return round(self._times[after - 1] + share * (self._times[after] - self._times[after - 1]))


def _footnotes(text: str) -> dict[str, str]:
    """Give the footnotes by their numbers."""
    found: dict[str, str] = {}
    for block in _FOOTNOTES.finditer(text):
        for note in _NOTE.finditer(block[1]):
            said = plain(_LINK.sub(r" \1 ", note[1]))
            found[str(len(found) + 1)] = said
    return found


def _paragraphs(rows: Sequence[Sequence[str]]) -> Iterator[list[_Piece]]:
    """Divide the text at its empty lines."""
    count = 0
    paragraph: list[_Piece] = []
    for line, row in enumerate(rows):
        if not row and paragraph:
            yield paragraph
            paragraph = []
        paragraph += [_Piece(text, count + place, line) for place, text in enumerate(row)]
        count += len(row)
    if paragraph:
        yield paragraph


def _turns(block: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Divide a paragraph at its lines that have a name at their heads: some transcripts have no empty lines between."""
    rows = [list(row) for _, row in groupby(block, key=lambda piece: piece.line)]
    turn = rows[0]
    for before, row in pairwise(rows):
        if _label(row) is not None or (_SENTENCE.search(before[-1].text) and _may_be_head(row)):
            yield turn
            turn = []
        turn.extend(row)
    yield turn


def _speakers(blocks: Sequence[Sequence[_Piece]], people: Sequence[str]) -> frozenset[str]:
    """Give the names that are speakers, at the heads of paragraphs, or of lines in these.

    They come again, or are of the people.
    """
    counted: Counter[str] = Counter()
    heading: set[str] = set()
    for block in blocks:
        for at, (_, row) in enumerate(groupby(block, key=lambda piece: piece.line)):
            name = _label(list(row) if at else block)
            if name is not None:
                counted[name] += 1
                if not at:
                    heading.add(name)
    known = {part.strip(",.;").upper() for name in people for part in name.split() if len(part) > 2}  # noqa: PLR2004  # no initials
    return frozenset(
        name
        for name, count in counted.items()
        if count >= _FEWEST or (count > 1 and name in heading) or known & set(name.split())
    )


def _may_be_head(paragraph: Sequence[_Piece]) -> bool:
    """Tell whether what stands before a colon at the head of a paragraph may be who speaks."""
    found = any_head(" ".join(piece.text for piece in paragraph[:8]))
    return found is not None and (not is_nobody(found.name) or found.name.isupper())


def _label(paragraph: Sequence[_Piece]) -> str | None:
    """Give what stands in capitals before a colon at the head of a paragraph."""
    match = _SPEAKER.match(" ".join(piece.text for piece in paragraph[:8]))
    if match is None or match[1] != match[1].upper():
        return None
    name = name_of(match[1])
    is_name = name is not None and sum(map(str.isalpha, name)) > 1 and name not in _NOT_SPEAKERS
    return name if is_name and not _TAPE.search(name or "") else None


def _head(paragraph: Sequence[_Piece], speakers: frozenset[str]) -> tuple[str | None, int]:
    """Give who speaks a paragraph, by its head, and how many of its words say so."""
    name = _label(paragraph)
    if name is None or name not in speakers:
        return None, 0
    return name, next(count for count, piece in enumerate(paragraph, 1) if piece.text.endswith(":"))


def _lines(  # what was found before
    paragraph: Sequence[_Piece],
    voice: str | None,
    clock: _Clock,
    footnotes: dict[str, str],
    first_line: int,
    told: Told,
) -> Iterator[ImportedLine]:
    pieces: list[tuple[_Piece, list[str]]] = []
    words: list[Word] = []
    for piece in paragraph:
        is_marked = "[[" in piece.text or "<" in piece.text
        text = plain(_REFERENCE.sub(" ", piece.text)) if is_marked else piece.text
        numbers = _REFERENCE.findall(piece.text) if is_marked else []
        if text:
            pieces.append((piece, numbers))
            words.append(Word(text))
        elif pieces:
            pieces[-1][1].extend(numbers)
    at = 0
    for group in groups(words):
        own = pieces[at : at + len(group)]
        first, _ = own[0]
        start = clock.time(first.number)
        line = line_of(group, told, start=start, speaker=voice, origin=first_line + first.line)
        if line is None:
            continue
        cited = [number for _, numbers in own for number in numbers if number in footnotes]
        notes = tuple(f"footnote {number}: {footnotes.pop(number)}" for number in dict.fromkeys(cited))
        yield replace(line, is_approximate=start is not None, opens_paragraph=at == 0, comments=notes)
        at += len(group)
