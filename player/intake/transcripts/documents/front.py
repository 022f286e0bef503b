"""Finds what stands before the words of a typescript: its title, its date, who was there; nobody says any of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.archive.own_headings import CITE_AS, SOURCES, TERMS
from player.intake.transcripts.documents.heads import CLOCK, Style, is_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.intake.transcripts.documents.paragraphs import Paragraph

#: More paragraphs than these do not stand before the words.
_MOST: Final = 60
_LONGEST: Final = 300
#: A title has no more words.
_WORDS: Final = 16
_KEYED: Final = re.compile(r"(?P<key>[^\W\d_][^:\n]{0,40}?)\s{0,3}:\s{0,9}(?P<value>.*)", re.DOTALL)
_FACTS: Final = frozenset(
    re.findall(
        r"\S+",
        "abstract accession audio collection copyright creator date description duration edited editor event file "
        "format host identifier interview interviewed interviewee interviewees interviewer interviewers keywords "
        "language length location media medium narrator narrators note notes number participant participants "
        "persons place present project publisher recorded recording repository rights series session speakers "
        "subject subjects summary tape time title topic topics transcribed transcriber transcript transcription",
    )
)
_ROLES: Final = frozenset({"interviewee", "interviewer", "narrator", "host", "participant", "present", "speaker"})
_BRACKETS: Final = frozenset("[(*♪")  # what is heard, or where a page begins
_QUOTES: Final = frozenset("\"'“‘«„")  # as a motto begins
_SENTENCE_END: Final = re.compile(r"[.?!…][\"'”’)]?$")
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ISO: Final = re.compile(r"\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b")
_DAY_FIRST: Final = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3,9})\.?,?\s+([0-9]{4})\b")
_MONTH_FIRST: Final = re.compile(r"\b([A-Za-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})\b")
# What Otter writes above its blocks: when the conversation was made there, how long it is; and, in capitals, two lists.
_OTTER: Final = re.compile(
    r"SUMMARY KEYWORDS\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4} "
    r"[0-9]{1,2}:[0-9]{2}\s?[AP]M\b"
)
#: The date is among so many paragraphs at the beginning.
_FIRST: Final = 4


@dataclass(frozen=True)
class Front:
    """What stands before the words. ``comments`` has all of it, ``date`` is EDTF."""

    comments: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    title: str | None = None
    date: str | None = None


def front_matter(paragraphs: Sequence[Paragraph], style: Style) -> tuple[Front, list[Paragraph]]:
    """Part what stands before the words from the words.

    It is short and no sentence, or a fact with its name, such as "Interviewer: …"; and it stands before a paragraph
    that is marked with a speaker or a time: where none is, all is words. Sentences stand before the words too, where
    the first paragraph that is marked names who speaks: nobody is named who could say them.
    """
    known = _of_export(paragraphs) or _of_otter(paragraphs, style)
    end = known
    seen_fact = False
    for paragraph in () if known else paragraphs[:_MOST]:
        text = paragraph.text.strip()
        fact = _fact(text, seen_fact=seen_fact)
        seen_fact = seen_fact or fact
        if not (paragraph.is_heading or fact or (_is_label(text) and not _is_marked(paragraph, style))):
            break
        end += 1
    labels = end
    end = known or _end_of_sentences(paragraphs, end, style)
    rest = paragraphs[end:]
    if not end or not any(_is_marked(each, style) for each in rest[:_MOST]):
        return Front(), list(paragraphs)
    front = paragraphs[:end]
    texts = [" ".join(paragraph.text.split()) for paragraph in front]
    lines = tuple(line for paragraph in front if (line := paragraph.pieces[0].line) is not None)
    comments = tuple(f"front matter: {text}" for text in texts)
    return Front(comments, lines, _title(texts[:labels]), _date(texts[:labels])), list(rest)


def _is_marked(paragraph: Paragraph, style: Style) -> bool:
    return paragraph.speaker is not None or paragraph.start is not None or style.head(paragraph.text) is not None


def _end_of_sentences(paragraphs: Sequence[Paragraph], begin: int, style: Style) -> int:
    """Give how many paragraphs stand before the first that names who speaks; ``begin`` where these may be words.

    What goes on in the middle of a sentence is the end of what somebody says, whose name is on another tape; so may be
    more than is said afterwards. What is in brackets is heard.
    """
    end: int | None = None
    for index, paragraph in enumerate(paragraphs[begin : begin + _MOST], begin):
        text = paragraph.text.strip()
        if _is_marked(paragraph, style):
            head = style.head(text)
            names = paragraph.speaker is not None or (head is not None and head.name is not None)
            end = index if end is None else end
            before, after = (
                sum(len(each.text.split()) for each in its) for its in (paragraphs[:end], paragraphs[end:])
            )
            return end if names and before <= after else begin
        if text[:1] in _BRACKETS:
            end = index if end is None else end
        elif end is not None or text[:1].islower() or not (text[:1].isalnum() or text[:1] in _QUOTES):
            return begin
    return begin


def without_sources(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], int]:
    """Give the paragraphs of a text without the list of sources that ``player export`` puts behind it, and their count.

    The heading counts, too.
    """
    found = [number for number, each in enumerate(paragraphs) if each.is_heading and each.text.strip() == SOURCES]
    end = found[-1] if found and _of_export(paragraphs) else len(paragraphs)
    return list(paragraphs[:end]), len(paragraphs) - end


def _of_export(paragraphs: Sequence[Paragraph]) -> int:
    """Count the paragraphs of a head that ``player export`` wrote: up to that which says how to cite the recording."""
    texts = [paragraph.text for paragraph in paragraphs[:_MOST]]
    pairs = enumerate(pairwise(texts), 2)
    return next((end for end, (one, other) in pairs if one.startswith(TERMS) and other.startswith(CITE_AS)), 0)


def _of_otter(paragraphs: Sequence[Paragraph], style: Style) -> int:
    """Count the paragraphs of a head that Otter wrote: all of them before the first block."""
    if not any(_OTTER.search(paragraph.text[:_LONGEST]) for paragraph in paragraphs[:_FIRST]):
        return 0
    blocks = (
        index
        for index, paragraph in enumerate(paragraphs[:_MOST])
        if _is_marked(paragraph, style) or CLOCK.fullmatch(paragraph.text.strip())
    )
    return next(blocks, 0)


def _fact(text: str, *, seen_fact: bool) -> bool:
    match = _KEYED.fullmatch(text[: _LONGEST + 1])
    if match is None or len(text) > _LONGEST:
        return False
    words = [word.rstrip("s.()") for word in match["key"].lower().split()]
    if not words or not ({words[0], words[-1]} & {word.rstrip("s") for word in _FACTS}):
        return False
    value = match["value"].strip()
    if set(words) & _ROLES:
        # "Interviewer: Jane Reed" is a fact, and "INTERVIEWER: Yes" begins the words.
        return (len(value.split()) > 1 or seen_fact) and is_name(value.rstrip(".").split(",")[0])
    return True


def _is_label(text: str) -> bool:
    return (
        len(text.split()) <= _WORDS
        and len(text) <= _LONGEST
        and text[:1].isalnum()
        and not text[0].islower()
        and not text.endswith((",", ";", "-", "–", "—"))
        and not _SENTENCE_END.search(text)
    )


def _title(texts: Sequence[str]) -> str | None:
    for text in texts:
        match = _KEYED.fullmatch(text)
        if match and match["key"].lower() == "title" and match["value"]:
            return match["value"][:_LONGEST]
    if not texts:
        return None
    first = texts[0]
    if _OTTER.match(first):
        return None
    return None if _KEYED.fullmatch(first) and _fact(first, seen_fact=True) else first


def _date(texts: Sequence[str]) -> str | None:
    """Give the one day that is named; None where none is, or more than one. Otter's is no day of the recording's."""
    days = {day for text in texts if not _OTTER.search(text) for day in _days(text)}
    return days.pop() if len(days) == 1 else None


def _days(text: str) -> list[str]:
    found = [(int(year), int(month), int(day)) for year, month, day in _ISO.findall(text)]
    named = [(year, name, day) for day, name, year in _DAY_FIRST.findall(text)]
    named += [(year, name, day) for name, day, year in _MONTH_FIRST.findall(text)]
    for year, name, day in named:
        month = [number for number, each in enumerate(_MONTHS, 1) if each.startswith(name.lower())]
        if len(month) == 1:
            found.append((int(year), month[0], int(day)))
    return [f"{year:04d}-{month:02d}-{day:02d}" for year, month, day in found if 1 <= month <= 12 and 1 <= day <= 31]  # noqa: PLR2004  # of a calendar
