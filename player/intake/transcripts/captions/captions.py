"""Makes lines of captions that stand below their times, as SRT and SBV have them: no comments, no escapes.

webvtt-py 0.6 reads both formats too, and is not asked: it needs SRT's numbers, takes ``,5`` for 5 milliseconds, drops a
caption that starts before 0, and alone takes as long as an import may.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.transcript import Turn
from player.archive.webvtt.faults import Fractions
from player.archive.webvtt.payload import read_payload
from player.errors import ArchiveError, Fault
from player.intake.transcripts.captions.moments import both, fractioned, is_whole
from player.intake.transcripts.captions.rolling import unrolled
from player.intake.transcripts.decoding import lines_at
from player.intake.transcripts.imported import Deed, ImportedLine, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from player.intake.transcripts.captions.moments import Parts
    from player.intake.transcripts.told import Told

#: The most lines of a file of captions: at four a caption, and one every three seconds, those of eight days.
MOST_LINES: Final = 1_000_000
#: The most characters of a caption: a transcript of an hour and a half below one time.
LONGEST_CAPTION: Final = 100_000

#: SubRip's tags, and those of HTML that players take as well; other words in angle brackets are words.
MARKUP: Final = re.compile(
    r"</?(?:[biuscp]|br|font|em|strong|span|div|small|big|ruby|r[bpt])(?:[ \t.][^<>\n]*)?/?>", re.IGNORECASE
)
_BREAK: Final = re.compile(r"<br ?/?>|\[br\]", re.IGNORECASE)
# SubStation's: {\an8} is where on the screen.
_OVERRIDE: Final = re.compile(r"\{\\[^{}\n]*\}")
_VOICE: Final = re.compile(r"<v[. ]")
_ESCAPE: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")
# What may stand behind the times: where on the screen, as in X1:201 X2:516, or WebVTT's settings.
_PLACE: Final = re.compile(r"(?:[\t ]+(?:[XYxy][12]|align|line|position|region|size|vertical):[^\s:]+)+[\t ]*(?=\n|$)")
# Numbers have no more digits; Python refuses to read those of thousands.
_LONGEST_NUMBER: Final = 9
# People say "No. No.": fewer words than these may well stand in two captions.
_FEW_WORDS: Final = 3


def refuse_endless(path: Path, text: str) -> None:
    """Refuse a text of more lines than any captions have, before each of them takes memory.

    :raise ArchiveError: where it has more.
    """
    if text.count("\n") > MOST_LINES:
        what = f"the file has more than {MOST_LINES:,} lines"
        raise ArchiveError([Fault(path, None, what, "check that it is a transcript, or split it")])


def refuse_long(path: Path, said: str, line: int) -> None:
    """Refuse a caption that is longer than any, on ``line`` of the file: what is in it takes memory too.

    :raise ArchiveError: where it is.
    """
    if len(said) > LONGEST_CAPTION:
        what = f"a caption has more than {LONGEST_CAPTION:,} characters"
        raise ArchiveError([Fault(path, line, what, "check that it is a transcript; a caption is a sentence or two")])


def lines_below(
    path: Path, text: str, timing: re.Pattern[str], told: Told, *, are_numbered: bool = False
) -> list[ImportedLine]:
    """Read the captions of a text: what stands between a line of two times, which ``timing`` finds, and the next.

    Where ``are_numbered``, the line above the times may be the number of the caption.

    :raise ArchiveError: where there are none.
    """
    refuse_endless(path, text)
    captions = _Captions(path, text, timing, told)
    captions.are_numbered = are_numbered
    return list(captions.lines())


class Finished(NamedTuple):
    """The lines of captions as they are imported, what is to be told of them and the file, and whether they rolled."""

    lines: tuple[ImportedLine, ...]
    remarks: tuple[Remark, ...]
    are_rolling: bool


def finished(path: Path, lines: Sequence[ImportedLine], told: Told) -> Finished:
    """Take out of captions what is said again because they roll, and those without words.

    :raise ArchiveError: where nothing is left.
    """
    kept, remarks = unrolled(lines)
    for line in lines:
        if not line.text:
            told.add(Deed.LEFT_OUT, "caption without words", "captions without words", line.origin or 0)
    if not kept:
        what = "there is not one word in it"
        raise ArchiveError([Fault(path, None, what, "check that this is a transcript with times")])
    # Of those that roll, it is known what was said twice.
    for above, line in pairwise(() if remarks else kept):
        if line.text == above.text and len(line.text.split()) >= _FEW_WORDS:
            said = "says what the one above it says: remove one of them, if it was said once"
            told.add(Deed.READ, f"line that {said}", f"lines each of which {said}", line.origin or 0)
    return Finished(tuple(kept), (*told.remarks(), *remarks), are_rolling=bool(remarks))


def in_lines(text: str) -> str:
    """Give what is said without empty lines, and without space at the ends of the others."""
    if "\n" not in text:
        return text.strip()
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))


def timed(times: tuple[int, int] | None, told: Told, line: int) -> tuple[int | None, int | None]:
    """Give the start and end of a caption, in milliseconds from 0; neither where it has none that a sound could have.

    Where it ends no later than it starts, there is no end.
    """
    if times is None or times[1] < 0:
        what = "whose times cannot be read, or lie where no sound is, kept without times"
        told.add(Deed.MENDED, f"caption {what}", f"captions {what}", line)
        return None, None
    start, end = times
    if start < 0:
        what = "before 0:00, moved there"
        told.add(Deed.MENDED, f"caption that started {what}", f"captions that started {what}", line)
        start = 0
    return start, end if end > start else None


def tell_fractions(fractions: Fractions, lines: Iterable[int], told: Told, *, is_shown: bool) -> None:
    """Tell how the times were read whose fractions do not all have three digits, on ``lines`` of the file."""
    read = fractions.readings("60")[0]
    doubt = "" if is_shown else "; the file does not show whether it is, so compare a line with the sound"
    what = f"whose fractions of a second do not all have three digits: .60 is read as {read} milliseconds{doubt}"
    for line in lines:
        told.add(Deed.MENDED, f"caption {what}", f"captions {what}", line)


class _Captions:
    """Walks the captions of one text."""

    def __init__(self, path: Path, text: str, timing: re.Pattern[str], told: Told) -> None:
        self._path = path
        self._text = text
        self._told = told
        self.are_numbered = False
        #: The number of the caption that is being read.
        self._number = 0
        #: Where each line of times begins and ends in the text, and the times; None for those of ``_odd``.
        self._spots: list[tuple[int, int, tuple[int, int] | None]] = []
        #: The parts of the times whose fractions do not all have three digits, by their place among the others.
        self._odd: dict[int, Parts] = {}
        for match in timing.finditer(text):
            parts = match.groups("")
            is_odd = bool(parts[3]) and not is_whole(parts)
            if is_odd:
                self._odd[len(self._spots)] = parts
            self._spots.append((*match.span(), None if is_odd else both(parts, Fractions.DECIMAL)))

    def lines(self) -> Iterator[ImportedLine]:
        """Give each caption as a line, those without words as well.

        :raise ArchiveError: where there are none.
        """
        text, spots = self._text, self._spots
        if not spots:
            what = "there are no captions in it: no line has two times"
            raise ArchiveError([Fault(self._path, None, what, "check that this is a transcript with times")])
        fractions = self._fractions()
        self._above(text[: spots[0][0]])
        line, before = 1, 0
        for index, (begin, stop, times) in enumerate(spots):
            line += text.count("\n", before, begin)
            before = begin
            is_last = index + 1 == len(spots)
            body = text[stop:] if is_last else text[stop : spots[index + 1][0]]
            refuse_long(self._path, body, line)
            said = self._said(body, line, is_last=is_last)
            turns: tuple[Turn, ...] = ()
            if "<" in said or "{" in said or "&" in said or "[" in said:
                said, turns = self._without_tags(said, line)
            odd = self._odd.get(index)
            start, end = timed(times if odd is None else both(odd, fractions), self._told, line)
            yield ImportedLine(said, turns, start, end, origin=line)

    def _fractions(self) -> Fractions:
        if not self._odd:
            return Fractions.DECIMAL
        text = self._text
        timings = list(self._odd.values())
        fractions, is_shown = fractioned((text[begin:stop] for begin, stop, _ in self._spots), timings)
        lines = lines_at(text, [self._spots[index][0] for index in self._odd])
        tell_fractions(fractions, lines, self._told, is_shown=is_shown)
        return fractions

    def _above(self, head: str) -> None:
        """Tell what stands above the first times, and is not their number."""
        above = head.rstrip().split("\n")
        if self.are_numbered and _is_number(above[-1]):
            self._number = int(above.pop())
        for number, each in enumerate(above, 1):
            if each.strip():
                self._told.add(Deed.LEFT_OUT, "line above the first times", "lines above the first times", number)

    def _said(self, body: str, line: int, *, is_last: bool) -> str:
        """Give what is said in the text between two lines of times."""
        chunk = body.rstrip()
        if self.are_numbered and not is_last:
            chunk = self._without_number(chunk, len(body) - len(chunk) == 1, line)
        if not chunk.startswith("\n"):
            place = _PLACE.match(chunk)
            if place is not None:
                self._told.add(Deed.LEFT_OUT, "place on the screen", "places on the screen", line)
                chunk = chunk[place.end() :]
        chunk = chunk.strip()
        if "\n" not in chunk:
            return chunk
        if "\n\n" in chunk:
            self._told.add(Deed.MENDED, "caption with an empty line in it", "captions with empty lines in them", line)
        return in_lines(chunk)

    def _without_number(self, chunk: str, is_above: bool, line: int) -> str:
        """Take the number of the next caption off what stands above its times, directly where ``is_above``."""
        said, _, last = chunk.rpartition("\n")
        if not _is_number(last) or not (is_above or int(last) == self._number + 1):
            return chunk
        self._number = int(last)
        if said and said[-1] != "\n" and said.strip():
            what = "without an empty line below"
            self._told.add(Deed.MENDED, f"caption {what}", f"captions {what}", line)
        return said.rstrip()

    def _without_tags(self, said: str, line: int) -> tuple[str, tuple[Turn, ...]]:
        """Take out what says how words look, and not what they are; keep who says them, where a tag does."""
        if _VOICE.search(said):
            said, turns, _ = read_payload(_OVERRIDE.sub("", said), 0, 1, lambda *_: None)
            turns = turns if any(each.speaker is not None for each in turns) else ()
            self._told.add(Deed.READ, "caption with the voice that speaks", "captions with the voice that speaks", line)
            return in_lines(said), tuple(Turn(each.speaker, in_lines(each.text)) for each in turns)
        said = _BREAK.sub("\n", said)
        bare = MARKUP.sub("", _OVERRIDE.sub("", said))
        if bare != said:
            kept = ", of which the words are kept"
            self._told.add(Deed.LEFT_OUT, f"tags in {{}} caption{kept}", f"tags in {{}} captions{kept}", line)
        if "&" in bare and _ESCAPE.search(bare):
            self._told.add(
                Deed.MENDED, "caption with escapes such as &amp;", "captions with escapes such as &amp;", line
            )
            bare = _ESCAPE.sub(_sign, bare)
        return in_lines(bare), ()


def _sign(match: re.Match[str]) -> str:
    sign = html.unescape(match[0])
    return sign if sign.isprintable() or sign in "\u00a0\u200e\u200f" else " "


def _is_number(line: str) -> bool:
    digits = line.strip()
    return digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER
