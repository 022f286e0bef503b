"""Divides a transcript into the documents of a book, names each line in them, and says when each of them sounds.

Nothing of the sound is passed over: each line sounds until the next that is timed begins, as the page of a recording
follows it, and what is heard before the first line goes with the heading.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from player.publish.transcripts.exported_lines import by_turn
from player.publish.transcripts.paragraphs import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.publish.transcripts.exported_lines import ExportedLine
    from player.publish.transcripts.paragraphs import Paragraph

#: The place that is shown while nothing has been said yet.
BEGINNING: Final = "beginning"
#: All that a document has.
WHOLE: Final = "words"
# Readers lay out a document as a whole: one of 20,000 lines takes small ones minutes.
_MOST: Final = 400


@dataclass(frozen=True)
class Said:
    """What one voice says of a line, its ``name`` in its document, and when it begins, where that is known."""

    name: str
    line: ExportedLine
    start: int | None


@dataclass(frozen=True)
class Clip:
    """A passage of the sound, in milliseconds, and the name of what is shown to be said in it."""

    name: str
    start: int
    end: int


@dataclass
class Leaf:
    """A document of a book: its name, without what it ends in, and its paragraphs with what is said in each."""

    name: str
    blocks: list[tuple[Paragraph, tuple[Said, ...]]] = field(default_factory=list)
    clips: tuple[Clip, ...] = ()

    @property
    def said(self) -> Iterator[Said]:
        """All that is said in it."""
        return (each for _, together in self.blocks for each in together)

    @property
    def start(self) -> int | None:
        """When the first of it begins of which that is known."""
        return next((each.start for each in self.said if each.start is not None), None)


def leaves(lines: Sequence[ExportedLine], length: int | None) -> list[Leaf]:
    """Give the documents; without the ``length`` of a sound nothing in them sounds."""
    found = [Leaf("words-001")]
    count = 0
    for paragraph, said in _blocks(lines):
        if count and count + len(said) > _MOST:
            found.append(Leaf(f"words-{len(found) + 1:03d}"))
            count = 0
        found[-1].blocks.append((paragraph, said))
        count += len(said)
    if length:
        _let_sound(found, length)
    return found


def _blocks(lines: Sequence[ExportedLine]) -> Iterator[tuple[Paragraph, tuple[Said, ...]]]:
    starts = {line.id: list(_starts(line)) for line in lines}
    seen: Counter[str] = Counter()
    for paragraph in (piece for each in paragraphs(lines) for piece in _pieces(each)):
        said = []
        for line in paragraph.lines:
            seen[line.id] += 1
            number = seen[line.id]
            name = f"cue-{line.id}" if number == 1 else f"cue-{line.id}.{number}"
            said.append(Said(name, line, starts[line.id][number - 1]))
        yield paragraph, tuple(said)


def _pieces(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Divide a paragraph that is longer than a document may be: of who speaks for hours without a pause."""
    first, *others = range(0, len(paragraph.lines), _MOST)
    yield replace(paragraph, lines=paragraph.lines[first : first + _MOST])
    for begin in others:
        lines = paragraph.lines[begin : begin + _MOST]
        start, roughly = lines[0].start, lines[0].is_approximate
        yield replace(paragraph, voice=None, lines=lines, start=start, is_approximate=roughly, page=None, parts=())


def _starts(line: ExportedLine) -> Iterator[int | None]:
    """Say when each voice of a line begins: the first with it, others with their first word, where that is timed."""
    begin = 0
    for turn in by_turn(line):
        time = line.words[begin] if 0 < begin < len(line.words) else None
        moment = None if time is None or line.start is None else line.start + time
        yield moment if begin else line.start
        begin += len(turn.text.split())


def _let_sound(found: Sequence[Leaf], length: int) -> None:
    """Say what sounds in each document, one after the other, until the sound ends.

    Of lines that begin at once, the last is shown, and none that stands before one that it follows in the sound.
    """
    begun = [(found[0], BEGINNING, 0)]
    for leaf in found:
        for each in leaf.said:
            if each.start is None or each.start >= length or each.start < begun[-1][2]:
                continue
            if each.start == begun[-1][2]:
                begun.pop()
            begun.append((leaf, each.name, each.start))
    ends = [start for _, _, start in begun[1:]] + [length]
    for leaf in found:
        leaf.clips = tuple(
            Clip(name, start, end) for (of, name, start), end in zip(begun, ends, strict=True) if of is leaf
        )
