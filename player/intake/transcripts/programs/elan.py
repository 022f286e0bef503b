"""Reads ELAN's annotation documents (.eaf, formats 2 and 3): tiers of annotations between time slots.

A tier that stands alone has what somebody says; its ``PARTICIPANT`` says who, or else its name does. A tier below
another divides or explains it; of these, only words with times of their own are taken. A slot may have no time: then it
is somewhere between the slots before and after it, and is placed evenly there.
https://www.mpi.nl/tools/elan/EAFv3.0.xsd

pympi-ling 1.71 gives such slots no time at all, needs the attribute that names a schema, and takes frames for
milliseconds; so the document is read here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.errors import ArchiveError, Fault, quoted
from player.intake.transcripts.cleaning import clean, name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.programs.seconds import number
from player.intake.transcripts.programs.tiers import Mark, Tier, are_words_of, contained, is_only_words, voice_of
from player.intake.transcripts.programs.words import Word, line_of, lines_of
from player.intake.transcripts.told import Told
from player.intake.transcripts.xml_trees import begins_with, children, local, root_of
from player.timecode import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

NAME: Final = "elan"
SUFFIXES: Final = (".eaf",)

#: How many milliseconds a unit of time is (TIME_UNITS of HEADER).
_UNITS: Final = {"milliseconds": 1.0, "PAL-frames": 40.0, "NTSC-frames": 1001 / 30}
_REMEDY: Final = "open it in ELAN, and save it again"
#: What numbers an annotation, and is not said: ``rec_012``, ``3.14``.
_NUMBERED: Final = re.compile(r"[\w.-]{0,40}[0-9][\w.-]{0,10}")
_NEARLY_ALL: Final = 0.9
#: The most tiers: no conversation has as many.
_TIERS: Final = 500


class _Slots(NamedTuple):
    """When an annotation begins and ends, in milliseconds, and whether one of them was placed between others."""

    start: int | None
    end: int | None
    is_placed: bool


class _Annotation(NamedTuple):
    id: str
    text: str
    first: str
    last: str
    line: int | None


class _Tier(NamedTuple):
    name: str
    speaker: str | None
    parent: str
    language: str
    annotations: list[_Annotation]
    #: The texts of annotations without slots, by the annotation on which each hangs.
    dependent: dict[str, list[str]]


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the document says what it is
    """Tell whether a file seems to be ELAN's."""
    return begins_with(content, "ANNOTATION_DOCUMENT")


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    root = root_of(path, content)
    if local(root) != "ANNOTATION_DOCUMENT":
        raise ArchiveError([Fault(path, None, f"this is no document of ELAN's ({quoted(local(root))})", _REMEDY)])
    told = Told()
    times = _times(root, told)
    elements = children(root, "TIER")
    if len(elements) > _TIERS:
        raise ArchiveError([Fault(path, elements[_TIERS].sourceline, f"it has more than {_TIERS} tiers", _REMEDY)])
    tiers = [_tier(element, told) for element in elements]
    lines = _lines(tiers, times, told)
    if not lines:
        raise ArchiveError([Fault(path, None, "no words were found in it; its tiers have no annotations", _REMEDY)])
    version = name_of(root.get("FORMAT") or root.get("VERSION") or "")
    return Imported(
        f"ELAN {version}" if version else "ELAN", tuple(lines), told.remarks(), language=_language(root, tiers)
    )


def _times(root: Any, told: Told) -> dict[str, int | None]:
    """Give the time of each slot, in milliseconds from the beginning of the sound; None where it has none."""
    header = next(iter(children(root, "HEADER")), None)
    unit = _UNITS.get("milliseconds" if header is None else header.get("TIME_UNITS") or "milliseconds")
    if unit is None:
        told.mended("unknown unit of time, taken for milliseconds", "unknown units of time")
        unit = 1.0
    elif unit != 1:
        told.read("document that counts frames, now milliseconds", "documents that count frames")
    origin = _origin(header, told)
    found: dict[str, int | None] = {}
    for order in children(root, "TIME_ORDER"):
        for slot in children(order, "TIME_SLOT"):
            given = slot.get("TIME_VALUE")
            value = number(given)
            is_time = value is not None and abs(value * unit) <= LONGEST
            if given is not None and not is_time:
                told.mended("time that is none", "times that are none", line=slot.sourceline)
            found[slot.get("TIME_SLOT_ID") or ""] = (
                round(value * unit) + origin if value is not None and is_time else None
            )
    return found


def _origin(header: Any, told: Told) -> int:
    """Give where in the sound the times begin, in milliseconds: TIME_ORIGIN, where one sound alone is named."""
    sounds = [] if header is None else children(header, "MEDIA_DESCRIPTOR")
    given = [number(sound.get("TIME_ORIGIN")) or 0 for sound in sounds]
    if not any(given):
        return 0
    if len(given) > 1 or abs(given[0]) > LONGEST:
        told.left_out("offset of a sound, for several are named", "offsets of sounds, for several are named")
        return 0
    told.read("offset of the sound, added to all times", "offsets of the sound")
    return round(given[0])


def _tier(element: Any, told: Told) -> _Tier:
    annotations: list[_Annotation] = []
    dependent: dict[str, list[str]] = {}
    for holder in children(element, "ANNOTATION"):
        for each in holder:
            text = clean("".join("".join(value.itertext()) for value in children(each, "ANNOTATION_VALUE")))
            if not text:
                told.left_out("annotation without words", "annotations without words", line=each.sourceline)
            if local(each) == "ALIGNABLE_ANNOTATION":
                first, last = (each.get(f"TIME_SLOT_REF{index}") or "" for index in (1, 2))
                annotations.append(_Annotation(each.get("ANNOTATION_ID") or "", text, first, last, each.sourceline))
            elif text:
                dependent.setdefault(each.get("ANNOTATION_REF") or "", []).append(text)
    return _Tier(
        name_of(element.get("TIER_ID") or "") or "",
        name_of(element.get("PARTICIPANT") or ""),
        element.get("PARENT_REF") or "",
        element.get("LANG_REF") or "",
        annotations,
        dependent,
    )


def _lines(tiers: Sequence[_Tier], times: Mapping[str, int | None], told: Told) -> list[ImportedLine]:
    """Make lines of the tiers that stand alone; tell which of the others were taken, and which not."""
    names = {tier.name: tier.parent for tier in tiers}
    below: dict[str, list[_Tier]] = {}
    for tier in tiers:
        for above in _above(tier, names):
            below.setdefault(above, []).append(tier)
    found: list[list[ImportedLine]] = []
    taken: set[str] = set()
    for tier in tiers:
        if tier.parent in names:
            continue
        slots = _placed(tier, times, told)
        said = _said(tier, below.get(tier.name, []))
        if said is not tier:
            taken.add(said.name)
            told.read(f"tier whose words stand on another, {quoted(said.name)}", "tiers whose words stand on others")
            tier = said._replace(name=tier.name)  # noqa: PLW2901  # the same tier, with its words
        words = _words(tier, slots, below.get(tier.name, []), times)
        if words is not None:
            taken.add(words.name)
            told.read(f"tier as the times of words, {quoted(words.name)}", "tiers as the times of words")
        found.append(_of_tier(tier, slots, words, told))
    for child in tiers:
        if child.parent in names and child.name not in taken:
            told.left_out(
                f"annotation that divides or explains others, on the tier {quoted(child.name)}",
                f"annotations that divide or explain others, on the tier {quoted(child.name)}",
                count=sum(1 for each in child.annotations if each.text) + sum(map(len, child.dependent.values())),
            )
    return _in_order(found)


def _said(tier: _Tier, below: Sequence[_Tier]) -> _Tier:
    """Give a tier that numbers its annotations the words, and the name, of the tier below it that has them.

    Toolbox and FLEx have it so: ``ref`` is on top, with times, and ``tx`` hangs on it.
    """
    texts = [each.text for each in tier.annotations if each.text]
    if not texts or sum(_NUMBERED.fullmatch(text) is not None for text in texts) < _NEARLY_ALL * len(texts):
        return tier
    for child in (child for child in below if child.parent == tier.name):
        own = [each._replace(text=" ".join(child.dependent.get(each.id, ()))) for each in tier.annotations]
        if 2 * sum(" " in each.text for each in own) > len(own):
            return tier._replace(name=child.name, annotations=own)
    return tier


def _of_tier(tier: _Tier, slots: Sequence[_Slots], words: Tier | None, told: Told) -> list[ImportedLine]:
    speaker = tier.speaker or voice_of(tier.name)
    marks = [Mark(each.start or 0, each.end or 0, "") for each in slots]
    held: list[list[Mark]] = [[] for _ in slots]
    spoken = (
        Mark(mark.start, mark.end, each.text) for mark, each in zip(marks, tier.annotations, strict=True) if each.text
    )
    alone = Tier(tier.name, sorted(spoken, key=lambda mark: mark.start))
    if words is not None:
        order = sorted(range(len(marks)), key=lambda place: marks[place].start)
        for place, own in zip(order, contained(words.marks, [marks[place] for place in order]), strict=True):
            held[place] = own
    elif is_only_words(alone) and not any(each.is_placed or each.start is None for each in slots):
        told.read(
            f"tier of single words, joined into lines, {quoted(tier.name)}", "tiers of single words, joined into lines"
        )
        return list(lines_of([Word(mark.text, mark.start, mark.end, speaker=speaker) for mark in alone.marks], told))
    found: list[ImportedLine] = []
    for each, slot, own in zip(tier.annotations, slots, held, strict=True):
        given = [] if slot.is_placed else [Word(mark.text, mark.start, mark.end) for mark in own]
        line = line_of(given, told, text=each.text, start=slot.start, end=slot.end, speaker=speaker, origin=each.line)
        if line is not None:
            found.append(replace(line, is_approximate=slot.is_placed and line.start is not None))
    placed, lost = sum(line.is_approximate for line in found), sum(line.start is None for line in found)
    told.mended(
        "line placed between its neighbours, roughly", "lines placed between their neighbours, roughly", count=placed
    )
    told.mended(
        "line without a time on either side, untimed", "lines without a time on either side, untimed", count=lost
    )
    return found


def _words(
    tier: _Tier, slots: Sequence[_Slots], below: Sequence[_Tier], times: Mapping[str, int | None]
) -> Tier | None:
    """Find the tier below another that has its words, with times of their own."""
    lines = sorted(
        (
            Mark(slot.start, slot.end, each.text)
            for each, slot in zip(tier.annotations, slots, strict=True)
            if slot.start is not None and slot.end is not None
        ),
        key=lambda mark: mark.start,
    )
    for child in below:
        given = ((times.get(each.first), times.get(each.last), each) for each in child.annotations if each.text)
        marks = [
            Mark(start, end, each.text, each.line)
            for start, end, each in given
            if start is not None and end is not None
        ]
        marks.sort(key=lambda mark: mark.start)
        if marks and are_words_of(marks, lines):
            return Tier(child.name, marks)
    return None


def _placed(tier: _Tier, times: Mapping[str, int | None], told: Told) -> list[_Slots]:
    """Give each annotation its times; slots without one are spread evenly between those that have one."""
    chain = [slot for each in tier.annotations for slot in (each.first, each.last)]
    chain = [slot for place, slot in enumerate(chain) if place == 0 or chain[place - 1] != slot]
    known = {slot: time for slot in chain if (time := times.get(slot)) is not None}
    missing = sum(slot not in times for slot in chain)
    told.mended("slot that is not there, as one without a time", "slots that are not there", count=missing)
    guessed: dict[str, int] = {}
    begins: tuple[int, int] | None = None
    for place, slot in enumerate(chain):
        time = known.get(slot)
        if time is None:
            continue
        if begins is not None and begins[0] < place - 1 and begins[1] < time:
            step = (time - begins[1]) / (place - begins[0])
            for between in range(begins[0] + 1, place):
                guessed[chain[between]] = round(begins[1] + step * (between - begins[0]))
        begins = place, time
    return [
        _Slots(
            known.get(each.first, guessed.get(each.first)),
            known.get(each.last, guessed.get(each.last)),
            is_placed=any(slot not in known and slot in guessed for slot in (each.first, each.last)),
        )
        for each in tier.annotations
    ]


def _above(tier: _Tier, parents: Mapping[str, str]) -> list[str]:
    """Give the names of the tiers above one; ``parents`` are those of all tiers."""
    found: list[str] = []
    parent = tier.parent
    while parent in parents and parent not in found:
        found.append(parent)
        parent = parents[parent]
    return found


def _in_order(tiers: Sequence[Sequence[ImportedLine]]) -> list[ImportedLine]:
    """Put the lines of tiers in the order of their starts; one without a start follows the last one on its tier."""
    keyed: list[tuple[int, ImportedLine]] = []
    for lines in tiers:
        last = -1
        for line in lines:
            last = last if line.start is None else line.start
            keyed.append((last, line))
    return [line for _, line in sorted(keyed, key=lambda each: each[0])]


def _language(root: Any, tiers: Sequence[_Tier]) -> str | None:
    """Give the language of most annotations, where their tiers say which it is."""
    named = {each.get("LANG_ID"): each for each in children(root, "LANGUAGE")}
    counted: Counter[str] = Counter()
    for tier in tiers:
        if tier.language and not tier.parent:
            counted[tier.language] += len(tier.annotations)
    for code, _ in counted.most_common(1):
        found = named.get(code)
        return tag_of(code) or tag_of("" if found is None else found.get("LANG_LABEL"))
    return None
