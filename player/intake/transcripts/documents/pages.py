"""Takes from printed pages what belongs to the page and not to the words: numbers, running heads, numbers of lines.

What a page is called is what is printed on it; where nothing is, what the pages around it imply, or what the file says.
Words are taken off only where the same ones stand at the same edge of page after page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.errors import quoted
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from player.intake.transcripts.documents.paragraphs import PrintedLine

#: A page number alone on its line: "12", "- 12 -", "Page 12", "Page 12 of 30", "[p. 12]", "xii".
_NUMBER: Final = re.compile(
    r"[\[(]?\s{0,9}(?P<dash>[-\u2010-\u2015~*.|]{1,3})?\s{0,9}"
    r"(?P<word>(?:page:?|pg\.?|p\.|seite|s\.)\s{0,9})?"
    r"(?P<number>[0-9]{1,4}|(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))(?:\s{0,9}(?:of|/|von)\s{0,9}[0-9]{1,4})?\s{0,9}[-\u2010-\u2015~*.|]{0,3}"
    r"\s{0,9}[\])]?",
    re.IGNORECASE,
)
#: One that says so by itself, even where there is no other: "- 12 -", "Page 12".
_FRAMED: Final = re.compile(r"[-\u2010-\u2015] {0,3}[0-9]{1,4} {0,3}[-\u2010-\u2015]|page [0-9]{1,4}", re.IGNORECASE)
#: So many words has a page at least, on average, where bare numbers alone divide a text; else somebody counts aloud.
_WORDS: Final = 40
_DIGITS: Final = re.compile(r"[0-9]{1,4}")
_LINE_NUMBER: Final = re.compile(r"([0-9]{1,2})(?:\s{1,12}(?=\S)|$)")
#: So many lines at each edge of a page may be its running head, its number, and what else is printed there.
_EDGE: Final = 4
_LONGEST_HEAD: Final = 120
#: On so many pages the same words are a running head, and on so many of the pages, or of every other one.
_FEWEST, _SHARE = 3, 0.6
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
#: So many lines of a page count up from 1 where the lines are numbered.
_NUMBERED, _NUMBERED_SHARE = 8, 0.7


@dataclass(frozen=True)
class Printed:
    """A page: its lines, and what the file calls it, where it does."""

    lines: tuple[PrintedLine, ...]
    label: str | None = None


def unnumbered(pages: Sequence[Printed]) -> tuple[list[Printed], list[Remark]]:
    """Take the numbers off the lines of pages that number them, as those of courts do."""
    chains = [_numbered(page.lines) for page in pages]
    numbered = sum(map(bool, chains))
    if not numbered or numbered < len(pages) / 2:
        return list(pages), []
    made = []
    for page, chain in zip(pages, chains, strict=True):
        lines: list[PrintedLine] = []
        gap = False
        for index, line in enumerate(page.lines):
            match = _LINE_NUMBER.match(line.text) if index in chain else None
            rest = line.text[match.end() :] if match else line.text
            indent = line.indent + len(line.text) - len(rest)
            lines.append(replace(line, text=rest, indent=indent, gap=gap if match else line.gap or gap))
            gap = not rest
        made.append(replace(page, lines=tuple(lines)))
    return made, [Remark(Deed.LEFT_OUT, f"the numbers of the lines on {_counted(numbered, 'page')}")]


def _numbered(lines: Sequence[PrintedLine]) -> frozenset[int]:
    """Give the places of lines that are numbered from 1, where nearly all are."""
    chain: list[int] = []
    for index, line in enumerate(lines):
        match = _LINE_NUMBER.match(line.text)
        if match and int(match[1]) == len(chain) + 1:
            chain.append(index)
    written = sum(bool(line.text) for line in lines)
    return frozenset(chain if len(chain) >= max(_NUMBERED, _NUMBERED_SHARE * written) else ())


def cleaned(pages: Sequence[Printed], is_spoken: Callable[[str], bool]) -> tuple[list[PrintedLine], list[Remark]]:
    """Give the lines of the words, each with what its page is called, and tell of what was taken off.

    ``is_spoken`` tells of a line that it is somebody's words, whatever else speaks against it.
    """
    texts = [list(page.lines) for page in pages]
    labels = _Labels(len(texts))
    running: dict[str, list[PrintedLine]] = {}
    for at_foot in (False, True):
        for _ in range(_EDGE):
            edges = _edges(texts, is_spoken, at_foot=at_foot)
            after = {index: _is_apart(texts[index], at_foot=at_foot) for index in edges}
            taken = labels.found(edges) or _repeated(edges, after, labels)
            if not taken:
                break
            for index in taken:
                line = texts[index].pop(-1 if at_foot else 0)
                if not _NUMBER.fullmatch(line.text.strip()):
                    running.setdefault(_likeness(line.text), []).append(line)
    remarks = labels.told()
    for lines in running.values():
        where = tuple(line.line for line in lines if line.line is not None)
        what = f"a running head or foot, {quoted(' '.join(lines[0].text.split()))}, on {_counted(len(lines), 'page')}"
        remarks.append(Remark(Deed.LEFT_OUT, what, where))
    named = labels.names([page.label for page in pages])
    lines = [
        line if name is None else replace(line, page=name)
        for text, name in zip(texts, named, strict=True)
        for line in text
    ]
    return lines, remarks


def divided(lines: Sequence[PrintedLine]) -> list[Printed]:
    """Divide a text without page breaks where page numbers stand in it on lines of their own; one page where none do.

    Where it cannot be seen whether they stand at the head or the foot of their pages, the head is taken.
    """
    marks = _marks(lines)
    if not marks:
        return [Printed(tuple(lines))]
    first = marks[0]
    has_before = any(line.text for line in lines[:first])
    has_after = any(line.text for line in lines[marks[-1] + 1 :])
    number = _value(lines[first].text)
    are_feet = has_before and (number == 1 or not has_after)
    cuts = [0, *(mark + 1 if are_feet else mark for mark in marks), len(lines)]
    parts = [tuple(lines[start:end]) for start, end in pairwise(cuts)]
    return [Printed(part) for part in parts if any(line.text for line in part)]


def _marks(lines: Sequence[PrintedLine]) -> list[int]:
    """Find the lines that are page numbers: they count up by one, and say what they are, or stand apart."""
    strong: list[tuple[int, int]] = []
    weak: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        match = _NUMBER.fullmatch(line.text) if line.text and len(line.text) <= _LONGEST_HEAD else None
        if match is None:
            continue
        value = _value(line.text)
        if match["word"] or match["dash"]:
            strong.append((index, value))
        elif match["number"].isdecimal() and (line.gap or index == 0):
            weak.append((index, value))
    chain = _chain(strong)
    if len(chain) > 1:
        return chain
    if len(strong) == 1 and lines[strong[0][0]].gap and _FRAMED.fullmatch(lines[strong[0][0]].text.strip()):
        return chain
    chain = _chain(weak)
    if len(chain) < _FEWEST:
        return []
    words = sum(len(line.text.split()) for line in lines[chain[0] + 1 : chain[-1]])
    return chain if words >= _WORDS * (len(chain) - 1) else []


def _chain(numbers: Sequence[tuple[int, int]]) -> list[int]:
    """Give the longest run of numbers of which each is one more than that before."""
    runs: list[tuple[int, int]] = []  # how long the run is that ends here, and which of them is before
    ends: dict[int, int] = {}
    for at, (_, value) in enumerate(numbers):
        before = ends.get(value - 1, -1)
        runs.append((runs[before][0] + 1 if before >= 0 else 1, before))
        ends[value] = at
    at = max(range(len(runs)), key=lambda each: runs[each][0], default=-1)
    chain: list[int] = []
    while at >= 0:
        chain.append(numbers[at][0])
        at = runs[at][1]
    return chain[::-1]


def _edges(
    texts: Iterable[list[PrintedLine]], is_spoken: Callable[[str], bool], *, at_foot: bool
) -> dict[int, PrintedLine]:
    """Give the outermost line of each page that may be no words."""
    found = {}
    for index, text in enumerate(texts):
        while text and not text[-1 if at_foot else 0].text:
            text.pop(-1 if at_foot else 0)
        if text:
            line = text[-1 if at_foot else 0]
            # What would leave a page without a line is no running head.
            is_beside = len(text) > 1 or _NUMBER.fullmatch(line.text)
            if is_beside and len(line.text) <= _LONGEST_HEAD and not is_spoken(line.text):
                found[index] = line
    return found


def _is_apart(text: Sequence[PrintedLine], *, at_foot: bool) -> bool:
    """Tell whether space stands between the outermost line of a page and the others."""
    if at_foot:
        return text[-1].gap
    return len(text) == 1 or not text[1].text or text[1].gap


def _repeated(edges: dict[int, PrintedLine], after: dict[int, bool], labels: _Labels) -> list[int]:
    """Give the pages whose outermost line stands there on most pages, or on most left or right ones.

    ``after`` tells of each page whether space sets that line off.
    """
    alike: dict[str, list[int]] = {}
    for index, line in edges.items():
        alike.setdefault(_likeness(line.text), []).append(index)
    taken: list[int] = []
    for likeness, indexes in alike.items():
        numbers = {index: value for index in indexes if (value := _last_number(edges[index].text)) is not None}
        steps = Counter(value - index for index, value in numbers.items()).most_common(1)
        counts_up = bool(steps) and steps[0][1] == len(indexes) and len(indexes) > 1
        is_side = len({index % 2 for index in indexes}) == 1
        is_usual = len(indexes) >= _SHARE * (labels.count / (2 if is_side else 1))
        is_apart = (
            len(indexes) > 1
            and len(likeness.split()) > 1
            and likeness[-1] not in ".?!…"
            and all(after[index] for index in indexes)
        )
        is_enough = len(indexes) >= _FEWEST or (is_apart and not is_side)
        if counts_up or (is_usual and is_enough and any(map(str.isalpha, likeness))):
            taken += indexes
            if counts_up:
                labels.take({index: str(value) for index, value in numbers.items()})
    return taken


def _last_number(text: str) -> int | None:
    """Give the last number of a line that is more than a number, as in a running head."""
    numbers = _DIGITS.findall(text)
    return int(numbers[-1]) if numbers else None


class _Labels:
    """What is printed on pages as their numbers."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._printed: dict[int, str] = {}

    def found(self, edges: dict[int, PrintedLine]) -> list[int]:
        """Find the pages whose outermost line is their number, in step with the others."""
        numbers = {
            index: match
            for index, line in edges.items()
            if index not in self._printed and (match := _NUMBER.fullmatch(line.text.strip()))
        }
        kinds: dict[tuple[bool, int], list[int]] = {}
        for index, match in numbers.items():
            is_roman = not match["number"].isdecimal()
            kinds.setdefault((is_roman, _value(edges[index].text) - index), []).append(index)
        taken = []
        for indexes in kinds.values():
            says_so = all(numbers[index]["word"] or numbers[index]["dash"] for index in indexes)
            if len(indexes) > 1 or says_so:
                taken += indexes
        self.take({index: numbers[index]["number"] for index in taken})
        return taken

    def take(self, found: dict[int, str]) -> None:
        """Keep numbers of pages that have none yet."""
        for index, number in found.items():
            self._printed.setdefault(index, number)

    def told(self) -> list[Remark]:
        count = len(self._printed)
        return [Remark(Deed.READ, f"{_counted(count, 'page number')}, kept with the lines")] if count else []

    def names(self, labels: Sequence[str | None]) -> list[str | None]:
        """Give what each page is called."""
        if not self._printed:
            return list(labels)
        arabic = {index: int(number) for index, number in self._printed.items() if number.isdecimal()}
        steps = Counter(number - index for index, number in arabic.items()).most_common(1)
        named: list[str | None] = []
        for index in range(self.count):
            implied = index + steps[0][0] if steps else 0
            # A page without a number, between others, has that which they leave for it.
            is_before = bool(arabic) and index < min(arabic) and any(number not in arabic for number in self._printed)
            named.append(self._printed.get(index) or (str(implied) if implied > 0 and not is_before else None))
        return named


def _likeness(text: str) -> str:
    return " ".join(_DIGITS.sub("#", text.casefold()).split())


def _value(text: str) -> int:
    """Give the value of a page number, arabic or roman; 0 where it is none."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return 0
    number = match["number"].lower()
    if number.isdecimal():
        return int(number)
    values = [_ROMAN[sign] for sign in number]
    return sum(-value if after > value else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
