"""Makes the lines of a transcript of those that a reader found: whole times, clean words, and nothing that is lost.

What a file may say and WebVTT cannot hold is mended here, once for all formats, and told.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import ALIGNED, DOUBTS, doubted, still_sure
from player.archive.machine import HEARD, review
from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.comments import APPROXIMATE, PAGE, PARAGRAPH, UNTIMED
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.own_names import visible
from player.timecode import LONGEST, MINUTE, SECOND, display

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Line
    from player.intake.transcripts.imported import ImportedLine

# White space that no line of a text can hold, and what is no character at all or ends a line for some programs.
_SPACE: Final = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]")
_UNCLEAN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("\r\n?")
# An empty line, or white space around the end of one.
_LOOSE_END: Final = re.compile(r"[^\S\n]\n|\n\s")
# What a comment says that means something in a transcript, where the file's own comment does not mean that.
_MEANT: Final = re.compile(rf"\s*(?:sources?\s*:|{PAGE}|(?:{PARAGRAPH}|{APPROXIMATE})\s*\Z|{UNTIMED}\b)", re.IGNORECASE)
# People speak so slowly at most; a line of which nothing else is known lasts no longer.
_A_WORD: Final = 400  # milliseconds
_LONGEST_NAME: Final = 200
_SHARE: Final = re.compile(r"0(?:\.[0-9]{1,6})?|1(?:\.0{1,6})?")

_MINUTES: Final = "lines with marks of minutes, as rough times"
_UNEVEN_WORDS: Final = "a line’s times of words, not one for each", "lines with times of words, not one for each"
_STRAY_WORDS: Final = (
    "times of words outside their line, or that run backwards, in a line",
    "lines with times of words outside them, or that run backwards",
)


class Maker:
    """Makes lines, and collects what is to be told of them. ``length`` is that of the sound, where it is known."""

    def __init__(self, length: int | None) -> None:
        self._length = length
        self._told: dict[tuple[Deed, str, str], list[int | None]] = defaultdict(list)

    def lines(self, found: Sequence[ImportedLine], ids: Sequence[str]) -> list[Line]:
        """Make lines with these identifiers, in the order in which a transcript has them."""
        starts = [self._start(line) if line.start is not None else None for line in found]
        found = self._judged(found, starts)
        ends = self._ends(found, starts)
        page: str | None = None
        order: list[tuple[int, Line]] = []
        latest = -1
        for line, name, start, end in zip(found, ids, starts, ends, strict=True):
            if line.page is not None:
                page = _page(line.page) or page
            if start is not None:
                latest = start
            made = self._line(line, name, start, abs(end), page)
            order.append((latest, replace(made, is_approximate=True) if end < 0 and isinstance(made, Cue) else made))
        order.sort(key=lambda each: each[0])
        return list(_on_pages(line for _, line in order))

    def remarks(self) -> Iterator[Remark]:
        """Say what was mended, and what to look at."""
        for (deed, one, many), lines in self._told.items():
            where = tuple(line for line in lines if line is not None)
            yield Remark(deed, one if len(lines) == 1 else f"{len(lines)} {many}", where)

    def _tell(self, deed: Deed, one: str, many: str, line: ImportedLine) -> None:
        self._told[deed, one, many].append(line.origin)

    def _start(self, line: ImportedLine) -> int | None:
        start = line.start
        if start is not None and 0 <= start <= LONGEST:
            return start
        one, many = "1 line with a time that no recording has", "lines with times that no recording has"
        self._tell(Deed.MENDED, f"{one}, which is untimed now", f"{many}, which are untimed now", line)
        return None

    def _judged(self, found: Sequence[ImportedLine], starts: Sequence[int | None]) -> Sequence[ImportedLine]:
        """Mark lines as roughly timed where all begin with a minute, and none has a length: marks of minutes."""
        timed = [(line, start) for line, start in zip(found, starts, strict=True) if start is not None]
        are_marks = len(timed) > 1 and all(
            start % MINUTE == 0 and (line.end is None or line.end <= start) for line, start in timed
        )
        if not are_marks or all(line.is_approximate for line, _ in timed):
            return found
        for line, _ in timed:
            self._tell(Deed.READ, "1 line with the mark of a minute, as a rough time", _MINUTES, line)
        return [replace(line, is_approximate=line.start is not None) for line in found]

    def _ends(self, found: Sequence[ImportedLine], starts: Sequence[int | None]) -> list[int]:
        """Give when each line ends, and tell of times that do not fit each other, or the sound.

        An end that is no more than a guess is given as its negative.
        """
        length = LONGEST if self._length is None else self._length
        sound = display(length)
        following: dict[int, int | None] = {}
        after: int | None = None
        for each in sorted({start for start in starts if start is not None}, reverse=True):
            following[each] = after
            after = each
        ends = [0] * len(found)
        before, until = 0, 0
        for number, (line, start) in enumerate(zip(found, starts, strict=True)):
            if start is None:
                continue
            end, is_guess = line.end, False
            if end is None or not start < end <= LONGEST:
                end, is_guess = self._missing_end(line, start, following[start])
            elif end > length > start:
                so = f"after the sound ({sound})"
                self._tell(Deed.MENDED, f"1 line that ended {so}", f"lines that ended {so}", line)
            end = length if end > length > start else end
            if start >= length:
                so = f"after the end of the sound ({sound})"
                self._tell(Deed.READ, f"1 line that begins {so}", f"lines that begin {so}", line)
            if start < before:
                so = "out of order"
                self._tell(Deed.MENDED, f"1 line {so}", f"lines {so}", line)
            elif start < until:
                what = "begins before the one above it ends", "begin before the one above them ends"
                self._tell(Deed.READ, f"1 line that {what[0]}", f"lines that {what[1]}", line)
            before, until = start, end
            ends[number] = -end if is_guess else end
        return ends

    def _missing_end(self, line: ImportedLine, start: int, following: int | None) -> tuple[int, bool]:
        """Give an end to a line that has none, or one before its start, and whether that is no more than a guess.

        It is where the next begins, or the sound ends; of the last of a longer sound nobody knows.
        """
        what = "without an end" if line.end is None else "that did not end after the beginning"
        if following is not None:
            self._tell(Deed.MENDED, f"1 line {what}, ended by the next", f"lines {what}, ended by the next", line)
            return following, False
        lasts = lasting(line.text)
        if self._length is not None and start < self._length <= start + lasts:
            self._tell(Deed.MENDED, f"1 line {what}, ended with the sound", f"lines {what}, ended with the sound", line)
            return self._length, False
        so = f"{what}, as long as its words may last and roughly timed"
        self._tell(Deed.MENDED, f"1 line {so}", f"lines {so}", line)
        return start + lasts, True

    def _line(self, line: ImportedLine, name: str, start: int | None, end: int, page: str | None) -> Line:
        text = line.text
        if _UNCLEAN.search(text) or ("\n" in text and _LOOSE_END.search(text)):
            text = clean(text)
        text = text.strip()
        turns = line.turns
        if turns:
            (first, *others), speaker = turns, turns[0].speaker
            if others or first.text != text or speaker is None or voice(speaker) != speaker:
                turns = _turns(text, turns)
        has_comments = line.comments or line.confidence is not None or line.word_confidences
        comments = tuple(_comments(line)) if has_comments else ()
        if start is None:
            return UntimedLine(name, text, turns, line.citations, 0, line.opens_paragraph, page, comments)
        words = self._words(line, start, end) if line.words else ()
        return Cue(
            *(name, start, end, text, turns, words, line.citations, 0, line.opens_paragraph),
            is_approximate=line.is_approximate,
            page=page,
            comments=comments,
        )

    def _words(self, line: ImportedLine, start: int, end: int) -> tuple[int | None, ...]:
        """Give the times of words, without those that no time within a line can be."""
        if len(line.words) != len(line.text.split()):
            self._tell(Deed.LEFT_OUT, *_UNEVEN_WORDS, line)
            return ()
        times = [time for time in line.words if time is not None]
        # Most are so, and are as they should be.
        if line.words[0] == 0 and 0 < times[-1] < end - start and times == sorted(times):
            return line.words
        words: list[int | None] = []
        latest = 0
        for time in line.words:
            is_right = time is not None and latest <= time < end - start
            words.append(time if is_right else None)
            latest = time if time is not None and is_right else latest
        lost = sum(time is not None for time in line.words) - sum(time is not None for time in words)
        if lost:
            self._tell(Deed.LEFT_OUT, *_STRAY_WORDS, line)
        is_timed = any(time is not None and (time or number) for number, time in enumerate(words))
        return (words[0] or 0, *words[1:]) if is_timed else ()


def lasting(text: str) -> int:
    """Give how long a line may last at most of which only the words are known, in milliseconds."""
    return max(SECOND, _A_WORD * len(text.split()))


def clean(text: str) -> str:
    """Give a text that a line can hold, with as many words: without controls, half characters and empty lines."""
    spaced = _SPACE.sub(" ", _LINE_ENDS.sub("\n", text))
    plain = _NO_TEXT.sub("", spaced)
    if len(plain.split()) != len(text.split()):
        plain = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", spaced)
    return "\n".join(filter(None, map(str.strip, plain.split("\n"))))


@lru_cache(maxsize=1024)
def voice(name: str) -> str | None:
    """Give the name of a voice in the form in which a transcript has it; None where nothing is left."""
    return " ".join(clean(visible(name)).split())[:_LONGEST_NAME].strip() or None


def _turns(text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Give who says what of a text so that all of it is said by somebody or nobody, each turn once."""
    if not any(turn.speaker is not None for turn in turns):
        return ()
    runs: list[tuple[str | None, int, int]] = []
    place = 0
    for turn in turns:
        words = clean(turn.text).strip()
        at = text.find(words, place)
        if not words or at < 0:
            continue
        runs += [(None, place, at), (None if turn.speaker is None else voice(turn.speaker), at, at + len(words))]
        place = at + len(words)
    runs.append((None, place, len(text)))
    joined: list[tuple[str | None, int, int]] = []
    for speaker, start, end in runs:
        if not text[start:end].strip():
            continue
        if joined and joined[-1][0] == speaker:
            joined[-1] = (speaker, joined[-1][1], end)
        else:
            joined.append((speaker, start, end))
    found = tuple(Turn(speaker, text[start:end].strip()) for speaker, start, end in joined)
    return found if any(turn.speaker is not None for turn in found) else ()


def _comments(line: ImportedLine) -> Iterator[str]:
    doubts = None
    for comment in line.comments:
        if comment.startswith(DOUBTS) and line.word_confidences:
            doubts = comment.removeprefix(DOUBTS)
            continue
        text = clean(comment).replace(ARROW, "\N{RIGHTWARDS ARROW}").strip()
        if text:
            is_meant = any(map(_MEANT.match, text.split("\n"))) or _is_no_mark(text)
            yield f"the file says: {' '.join(text.split())}" if is_meant else text
    if line.confidence is not None:
        yield f"confidence: {_share(line.confidence)}"
    sure = tuple(each if _is_share(each) else None for each in line.word_confidences)
    sure = still_sure(line.text, sure, doubts)
    if any(map(_is_share, sure)):
        yield f"word confidence: {' '.join(map(_share, sure))}"
        if words := doubted(clean(line.text), sure).replace(ARROW, "\N{RIGHTWARDS ARROW}"):
            yield f"{DOUBTS} {words}"


def _is_no_mark(text: str) -> bool:
    """Tell whether a comment of a file begins as a mark of this program does, and is none."""
    if text.startswith(HEARD):
        return review(text.removeprefix(HEARD)) is None
    return text.startswith(ALIGNED) and _SHARE.fullmatch(text.removeprefix(ALIGNED).strip()) is None


def _is_share(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _share(value: float | None) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value is not None and math.isfinite(value) else "-"


def _page(name: str) -> str | None:
    return " ".join(clean(name).replace(ARROW, " ").split()) or None


def _on_pages(lines: Iterable[Line]) -> Iterator[Line]:
    """Give lines of which none is on no page after one that is on some: those that were put in order may be."""
    page: str | None = None
    for line in lines:
        page = line.page or page
        yield line if line.page == page else replace(line, page=page)
