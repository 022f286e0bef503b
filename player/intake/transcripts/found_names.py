"""Counts the names at the heads of lines, and judges which of them are who speaks, by the pattern of the whole file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.name_forms import CHANGE, any_head, is_full_name, is_nobody, is_titled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.intake.transcripts.imported import ImportedLine

# How often a name has to stand there; fewer are a colon in what is said.
_FEWEST: Final = 3
# Most lines, of which a name is at the head; and nearly all.
_MOST: Final = 0.5
_NEARLY_ALL: Final = 0.9
# Where not every line has one: those of the names that come again are so many of all that look like one.
_MOST_HEADS: Final = 0.8


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


@dataclass
class Tally:
    """How many of the rows of lines a name is at the head of, and of how many lines; ``headed`` have a name each."""

    counted: Counter[str] = field(default_factory=Counter)
    first: dict[str, ImportedLine] = field(default_factory=dict)
    behind_signs: set[str] = field(default_factory=set)
    total: int = 0
    headed: int = 0


def heads(lines: Sequence[ImportedLine]) -> tuple[Found, ...]:
    """Find the names at the heads of lines that no voice is known of, in the order in which they first stand there.

    Of what may be a name and is not sure, there is what stands there at least twice, or looks like a person's name;
    where others are sure, all that may be one.
    """
    return found_in(tally_of(lines))


def merged(each_file: Iterable[Sequence[Found]]) -> tuple[Found, ...]:
    """Give what was found in several files, each name once, and as sure as in that in which it is."""
    found: dict[str, Found] = {}
    for one in (one for its in each_file for one in its):
        there = found.get(one.name)
        found[one.name] = (
            one
            if there is None
            else replace(there, count=there.count + one.count, is_speaker=there.is_speaker or one.is_speaker)
        )
    return tuple(found.values())


def tally_of(lines: Sequence[ImportedLine]) -> Tally:
    """Count what is at the heads of lines that no voice is known of."""
    tally = Tally()
    for line in lines:
        if not is_open(line):
            continue
        tally.total += 1
        for number, text in enumerate(line.text.split("\n") if "\n" in line.text else (line.text,)):
            if (found := any_head(text)) is not None:
                tally.counted[found.name] += 1
                tally.first.setdefault(found.name, line)
                if not is_nobody(found.name):
                    tally.headed += not number
                    if found.sign.startswith(CHANGE):
                        tally.behind_signs.add(found.name)
    return tally


def found_in(tally: Tally) -> tuple[Found, ...]:
    """Give what may be a name of what was counted."""
    sure = _sure(tally)
    lists_all = bool(sure - {CHANGE}) or (tally.headed > 1 and tally.headed >= _NEARLY_ALL * tally.total)
    return tuple(
        Found(name, count, tally.first[name].origin, tally.first[name].text, is_speaker=name in sure)
        for name, count in tally.counted.items()
        if name in sure or count > 1 or is_full_name(name) or (lists_all and _may_be_one(name))
    )


def is_open(line: ImportedLine) -> bool:
    """Tell whether somebody says a line, and it is not known who."""
    text = line.text.strip()
    if line.turns and any(turn.speaker is not None for turn in line.turns):
        return False
    if text[:1] in {"♪", "*"}:
        return text[-1:] not in {"♪", "*"}
    end = {"[": "]", "(": ")"}.get(text[:1])
    # "(sobbing) Anna: I left (late)" is not one in brackets.
    return end is None or text.find(end) < len(text.rstrip(end)) or not text.endswith(end)


def _sure(tally: Tally) -> frozenset[str]:
    """Tell which names are speakers, by how often each stands at the head of a line."""
    counted, behind_signs = tally.counted, tally.behind_signs
    names = {name: count for name, count in counted.items() if name != CHANGE and not is_nobody(name)}
    again = {name: count for name, count in names.items() if count > 1}
    sure: set[str] = set()
    have_all = 1 < tally.total == tally.headed
    if have_all and tally.total <= _FEWEST:
        sure = set(names)
    elif _has_pattern(names, again, tally.total):
        are_capitals = all(name.isupper() for name in again)
        are_titled = all(is_titled(name.split()) for name in again)
        # Where each line has a name, and others are of one word too, so may be one that is there but once.
        are_short = have_all and any(len(name.split()) == 1 for name in again)
        alike = (name for name in names if name.isupper() == are_capitals and is_titled(name.split()) >= are_titled)
        sure = {*again, *(name for name in alike if is_full_name(name) or are_short)}
    # Nobody begins lines so by chance.
    if sum(counted[name] for name in {*behind_signs, CHANGE}) > 1 or (counted[CHANGE] and sure):
        sure |= behind_signs | {CHANGE}
    return frozenset(sure & counted.keys())


def _may_be_one(name: str) -> bool:
    return name != CHANGE and not is_nobody(name)


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
