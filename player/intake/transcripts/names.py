"""Finds who speaks where a transcript says so in its words only: ``Tom: …``, ``NAME: …`` or ``>>`` at a line's head.

A colon is no proof: "Note: the ferry is late" has one too. So a head is taken for a name only where the file has the
pattern of one that names its speakers: the same few names at the heads of most lines, or of most turns. Everything else
that looks like a name is found as well, and is for a person to decide.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from player.archive.transcript import Turn
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.name_forms import CHANGE, Head, any_head, is_full_name, is_nobody, is_titled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.intake.transcripts.imported import ImportedLine

_Value = TypeVar("_Value")

# How often a name has to stand there; fewer are a colon in what is said.
_FEWEST: Final = 3
# Most lines, of which a name is at the head; and nearly all.
_MOST: Final = 0.5
_NEARLY_ALL: Final = 0.9
# Where not every line has one: those of the names that come again are so many of all that look like one.
_MOST_HEADS: Final = 0.8
# With a name at the head of so many lines, it is not only written where the speaker changes.
_EACH: Final = 0.8


@dataclass(frozen=True)
class Found:
    """A name at the heads of ``count`` lines, with the first of these, and its number in the file where it has one.

    ``is_speaker`` says whether the pattern of the file says that this is who speaks.
    """

    name: str
    count: int
    line: int | None
    example: str
    is_speaker: bool


@dataclass(frozen=True)
class Speakers:
    """Which names become voices: those that are sure, or not; and by name, as what (None: it stays in the words).

    A name may also be that of a voice which the format itself marks; it is then renamed.
    """

    takes_found: bool = False
    names: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def parse(cls, text: str) -> Speakers:
        """Read ``yes``, ``none``, ``JOHN=John Reed,Q=Interviewer`` or both: ``yes,JOHN=John Reed``.

        :raise ValueError: where it is none of these; its text says why.
        """
        word, _, rest = text.partition(",")
        takes = {"yes": True, "none": False}.get(word.strip().lower())
        pairs = text if takes is None else rest
        names: dict[str, str | None] = {}
        # A voice may be called "Reed, John": a comma divides only where another name and its sign follow.
        for pair in re.split(r",(?=[^,=]*=)", pairs) if pairs.strip() else ():
            name, equals, voice = (part.strip() for part in pair.partition("="))
            if not (name and equals):
                raise ValueError(f'"{pair.strip()}" is neither yes, none, nor NAME=VOICE')
            names[name] = voice or None
        if takes is None and not names:
            raise ValueError("it is empty; write yes, none, or NAME=VOICE")
        return cls(bool(takes), names)

    def taken(self, found: Sequence[Found]) -> dict[str, str | None]:
        """Give the names that are taken from the heads of lines, each with its voice; None for an unnamed one."""
        sure = {each.name: None if each.name == CHANGE else each.name for each in found if each.is_speaker}
        named = {name: voice for name, voice in self.names.items() if voice is not None}
        taken = {**(sure if self.takes_found else {}), **named}
        return {name: voice for name, voice in taken.items() if name not in self.names or name in named}


@dataclass(frozen=True)
class Spoken:
    """Lines with the voices that say them, and what was done for that."""

    lines: tuple[ImportedLine, ...]
    remarks: tuple[Remark, ...] = ()


def heads(lines: Sequence[ImportedLine]) -> tuple[Found, ...]:
    """Find the names at the heads of lines that no voice is known of, in the order in which they first stand there.

    Of what may be a name and is not sure, there is what stands there at least twice, or looks like a person's name.
    """
    counted: Counter[str] = Counter()
    first: dict[str, ImportedLine] = {}
    behind_signs: set[str] = set()
    total = 0
    for line in lines:
        if not _is_open(line):
            continue
        total += 1
        for text in line.text.split("\n") if "\n" in line.text else (line.text,):
            if (found := any_head(text)) is not None:
                counted[found.name] += 1
                first.setdefault(found.name, line)
                if found.sign.startswith(CHANGE) and not is_nobody(found.name):
                    behind_signs.add(found.name)
    sure = _sure(counted, behind_signs, total)
    return tuple(
        Found(name, count, first[name].origin, first[name].text, is_speaker=name in sure)
        for name, count in counted.items()
        if name in sure or count > 1 or is_full_name(name)
    )


def spoken(lines: Sequence[ImportedLine], speakers: Speakers, found: Sequence[Found] | None = None) -> Spoken:
    """Give lines with the voices that their heads name. ``found`` is what ``heads`` found in them.

    Where a name stands only where the speaker changes, the lines below are the same speaker's, until the next; but not
    those wholly in brackets, which nobody says.
    """
    found = heads(lines) if found is None else found
    taken = speakers.taken(found)
    renamed = {name: voice for name, voice in speakers.names.items() if voice is not None}
    if renamed:
        lines = [_renamed(line, renamed) for line in lines]
    if not taken:
        return Spoken(tuple(lines), tuple(_left(found, taken, speakers)))
    total = sum(map(_is_open, lines))
    named = sum(each.count for each in found if each.name in taken)
    goes_on = named < _EACH * total
    others = frozenset(each.name for each in found if each.name not in taken)
    given: list[ImportedLine] = []
    voice: str | None = None
    is_due = False
    went_on = 0
    for line in lines:
        if not _is_open(line):
            given.append(line)
            voice, is_due = (None, False) if line.turns else (voice, is_due)
            continue
        new, after, has_head = _divided(line, taken, others, voice if goes_on or is_due else None)
        went_on += not has_head and voice is not None and goes_on
        # A name alone is that of the next line.
        is_due = not new.text
        voice = after if has_head or goes_on or is_due else None
        if new.text:
            given.append(new)
    remarks = [Remark(Deed.READ, f"{named} heads of lines as who speaks")]
    if went_on:
        remarks.append(Remark(Deed.READ, f"{went_on} lines without a name as said by whoever spoke before"))
    return Spoken(tuple(given), (*remarks, *_left(found, taken, speakers)))


def _left(found: Sequence[Found], taken: Mapping[str, str | None], speakers: Speakers) -> Iterator[Remark]:
    """Say which names stay in the words, but for those of which that was said."""
    for each in found:
        if each.name not in taken and each.name not in speakers.names:
            times = "once" if each.count == 1 else f"{each.count} times"
            where = () if each.line is None else (each.line,)
            how = "yes" if each.is_speaker else f'"{each.name}=…"'
            what = f"“{each.name}”, {times} at the head of a line, as words (--speakers {how} if that is who speaks)"
            yield Remark(Deed.READ, what, where)


def _is_open(line: ImportedLine) -> bool:
    """Tell whether somebody says a line, and it is not known who."""
    text = line.text.strip()
    if line.turns and any(turn.speaker is not None for turn in line.turns):
        return False
    return not (text[:1] in {"[", "(", "♪", "*"} and text[-1:] in {"]", ")", "♪", "*"})


def _sure(counted: Counter[str], behind_signs: set[str], total: int) -> frozenset[str]:
    """Tell which names are speakers, by how often each stands at the head of one of ``total`` lines."""
    names = {name: count for name, count in counted.items() if name != CHANGE and not is_nobody(name)}
    again = {name: count for name, count in names.items() if count > 1}
    sure: set[str] = set()
    if _has_pattern(names, again, total):
        are_capitals = all(name.isupper() for name in again)
        alike = (name for name in names if name not in again)
        sure = {*again, *(name for name in alike if is_full_name(name) and name.isupper() == are_capitals)}
    # Nobody begins lines so by chance.
    if sum(counted[name] for name in {*behind_signs, CHANGE}) > 1 or (counted[CHANGE] and sure):
        sure |= behind_signs | {CHANGE}
    return frozenset(sure & counted.keys())


def _has_pattern(names: Mapping[str, int], again: Mapping[str, int], total: int) -> bool:
    """Tell whether a file names its speakers: by those that come ``again`` of all ``names``."""
    headed, recurring = sum(names.values()), sum(again.values())
    if total < _FEWEST or not again:
        return False
    if (recurring >= _FEWEST and recurring >= _MOST * total) or headed >= _NEARLY_ALL * total:
        return True
    # Only where the speaker changes.
    turns = [name for name, count in again.items() if count >= _FEWEST and is_titled(name.split())]
    return len(turns) > 1 and sum(again[name] for name in turns) >= _MOST_HEADS * headed


def _renamed(line: ImportedLine, voices: Mapping[str, str]) -> ImportedLine:
    if not any(turn.speaker in voices for turn in line.turns):
        return line
    turns = tuple(Turn(voices.get(turn.speaker or "", turn.speaker), turn.text) for turn in line.turns)
    return replace(line, turns=turns)


def _divided(
    line: ImportedLine, taken: Mapping[str, str | None], others: frozenset[str], voice: str | None
) -> tuple[ImportedLine, str | None, bool]:
    """Give a line without the names in it, in turns, who speaks at its end, and whether it has a head.

    ``voice`` is who speaks at its beginning where it has none. What ``others`` are called stays in the words, which are
    nobody's then.
    """
    turns: list[tuple[str | None, list[str]]] = [(voice, [])]
    removed: list[int] = []
    place = 0
    opens = line.opens_paragraph
    has_head = False
    for number, text in enumerate(line.text.split("\n")):
        found = _taken_head(text, taken, may_be_sign=not number)
        rest = text if found is None else found.rest
        if found is not None:
            has_head = True
            opens = opens or found.name == CHANGE
            turns.append((taken[found.name], []))
        elif others and (other := any_head(text)) is not None and other.name in others:
            has_head = True
            turns.append((None, []))
        count = len(text.split())
        removed += range(place, place + count - len(rest.split()))
        place += count
        turns[-1][1].append(rest)
    said = [(who, "\n".join(texts).strip()) for who, texts in turns]
    said = [(who, text) for who, text in said if text]
    gone = frozenset(removed)
    return (
        replace(
            line,
            text="\n".join(text for _, text in said),
            turns=_joined(said),
            words=_without(line.words, gone),
            word_confidences=_without(line.word_confidences, gone),
            opens_paragraph=opens,
        ),
        turns[-1][0],
        has_head,
    )


def _taken_head(text: str, taken: Mapping[str, str | None], *, may_be_sign: bool) -> Head | None:
    """Give what is at the head of a line where that is taken as who speaks."""
    found = any_head(text)
    if found is None or found.name in taken:
        return found if found is None or may_be_sign or found.name != CHANGE else None
    is_sign = may_be_sign and found.sign.startswith(CHANGE) and CHANGE in taken
    return Head(CHANGE, found.unnamed) if is_sign else None


def _joined(said: Sequence[tuple[str | None, str]]) -> tuple[Turn, ...]:
    """Give turns, those of one voice one after the other as one; none where no voice is named."""
    turns: list[Turn] = []
    for who, text in said:
        if turns and turns[-1].speaker == who:
            turns[-1] = Turn(who, f"{turns[-1].text}\n{text}")
        else:
            turns.append(Turn(who, text))
    return tuple(turns) if any(turn.speaker is not None for turn in turns) else ()


def _without(values: Sequence[_Value], gone: frozenset[int]) -> tuple[_Value, ...]:
    if not values:
        return ()
    kept = tuple(value for place, value in enumerate(values) if place not in gone)
    return kept if any(value is not None for value in kept) else ()
