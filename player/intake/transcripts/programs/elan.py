"""Reads ELAN's annotation documents (.eaf, formats 2 and 3): tiers of annotations between time slots.

A tier that stands alone has what somebody says; its ``PARTICIPANT`` says who, or else its name does. A tier below
another divides or explains it; of these, only words with times of their own are taken. A slot may have no time: then it
is somewhere between the slots before and after it, on its tier or else in the document, and is placed evenly there.
https://www.mpi.nl/tools/elan/EAFv3.0.xsd

pympi-ling 1.71 gives such slots no time at all, needs the attribute that names a schema, and takes frames for
milliseconds; so the document is read here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from player.errors import ArchiveError, Fault, quoted
from player.intake.transcripts.cleaning import clean, name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.programs.elan_slots import Annotation, Order, Slots, placed, times_of
from player.intake.transcripts.programs.tiers import (
    Mark,
    Tier,
    are_words_of,
    comments_in,
    contained,
    is_only_words,
    voice_of,
)
from player.intake.transcripts.programs.words import Word, line_of, lines_of
from player.intake.transcripts.told import Told
from player.intake.transcripts.xml_trees import begins_with, children, local, root_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

    #: A line, with the slot at which it begins; empty where it was joined of several.
    _Line: TypeAlias = tuple[ImportedLine, str]

NAME: Final = "elan"
SUFFIXES: Final = (".eaf",)

_REMEDY: Final = "open it in ELAN, and save it again"
#: What numbers an annotation, and is not said: ``rec_012``, ``3.14``.
_NUMBERED: Final = re.compile(r"[\w.-]{0,40}[0-9][\w.-]{0,10}")
_NEARLY_ALL: Final = 0.9
#: The most tiers: no conversation has as many.
_TIERS: Final = 500


class _Tier(NamedTuple):
    name: str
    speaker: str | None
    parent: str
    language: str
    annotations: list[Annotation]
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
    times = times_of(root, told)
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


def _tier(element: Any, told: Told) -> _Tier:
    annotations: list[Annotation] = []
    dependent: dict[str, list[str]] = {}
    for holder in children(element, "ANNOTATION"):
        for each in holder:
            text = clean("".join("".join(value.itertext()) for value in children(each, "ANNOTATION_VALUE")))
            if not text:
                told.left_out("annotation without words", "annotations without words", line=each.sourceline)
            if local(each) == "ALIGNABLE_ANNOTATION":
                first, last = (each.get(f"TIME_SLOT_REF{index}") or "" for index in (1, 2))
                annotations.append(Annotation(each.get("ANNOTATION_ID") or "", text, first, last, each.sourceline))
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
    found: list[list[_Line]] = []
    taken: set[str] = set()
    alone = [tier for tier in tiers if tier.parent not in names]
    explaining = comments_in({tier.name: [each.line for each in tier.annotations if each.text] for tier in alone}, told)
    alone = [tier for tier in alone if tier.name not in explaining]
    order = Order([tier.annotations for tier in alone], times)
    for tier in alone:
        slots = placed(tier.annotations, times, order, told)
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
    return _in_order(found, order)


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


def _of_tier(tier: _Tier, slots: Sequence[Slots], words: Tier | None, told: Told) -> list[_Line]:
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
        spoken_words = [Word(mark.text, mark.start, mark.end, speaker=speaker) for mark in alone.marks]
        return [(line, "") for line in lines_of(spoken_words, told)]
    found: list[_Line] = []
    for each, slot, own in zip(tier.annotations, slots, held, strict=True):
        given = [] if slot.is_placed else [Word(mark.text, mark.start, mark.end) for mark in own]
        line = line_of(given, told, text=each.text, start=slot.start, end=slot.end, speaker=speaker, origin=each.line)
        if line is not None:
            found.append((replace(line, is_approximate=slot.is_placed and line.start is not None), each.first))
    rough, lost = sum(line.is_approximate for line, _ in found), sum(line.start is None for line, _ in found)
    told.mended(
        "line placed between its neighbours, roughly", "lines placed between their neighbours, roughly", count=rough
    )
    told.mended(
        "line without a time on either side, untimed", "lines without a time on either side, untimed", count=lost
    )
    return found


def _words(tier: _Tier, slots: Sequence[Slots], below: Sequence[_Tier], times: Mapping[str, int | None]) -> Tier | None:
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


def _above(tier: _Tier, parents: Mapping[str, str]) -> list[str]:
    """Give the names of the tiers above one; ``parents`` are those of all tiers."""
    found: list[str] = []
    parent = tier.parent
    while parent in parents and parent not in found:
        found.append(parent)
        parent = parents[parent]
    return found


def _in_order(tiers: Sequence[Sequence[_Line]], order: Order) -> list[ImportedLine]:
    """Put the lines of tiers in the order of their starts; one without a start follows what is surely before it."""
    keyed: list[tuple[tuple[int, int], ImportedLine]] = []
    for lines in tiers:
        last = -1
        for line, slot in lines:
            last = last if line.start is None else line.start
            keyed.append((order.after(slot, last) if line.start is None else (last, -1), line))
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
