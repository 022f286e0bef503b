"""Writes the words of an utterance in TEI, and what is said of single ones: that they are doubtful, or read otherwise.

https://tei-c.org/release/doc/tei-p5-doc/en/html/TC.html: doubtful words are ``unclear``; with how else they are read
they are the ``lem`` of an ``app``, each other reading is a ``rdg``, and ``wit`` behind it says whose that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.doubts import Doubt
    from player.publish.transcripts.exported_lines import ExportedLine

#: Why words are unclear that only a machine doubts.
OF_MACHINE: Final = "machine"


def put_words(element: ET.Element, line: ExportedLine) -> None:
    """Put what a voice says into an element."""
    words = line.text.split()
    marked, beside = _apart(line.doubts)
    at = 0
    while at < len(words):
        if at:
            _say(element, " ")
        doubt = marked.get(at)
        last = doubt.last if doubt is not None else at
        text = " ".join(words[at : last + 1])
        if doubt is not None:
            _put_doubted(element, text, doubt)
        elif at in line.unsure:
            ET.SubElement(element, "unclear", {"reason": OF_MACHINE}).text = text
        else:
            _say(element, text)
        for other in beside:
            if at <= other.last <= last:
                ET.SubElement(element, "note").text = _told(other, words)
        at = last + 1
    for sign in _signs(line):
        _say(element, f" {sign}")


def _apart(doubts: Sequence[Doubt]) -> tuple[dict[int, Doubt], list[Doubt]]:
    """Part doubts, which may share words as elements may not, into those that stand apart, by where, and the others."""
    marked: dict[int, Doubt] = {}
    beside: list[Doubt] = []
    reached = -1
    for doubt in doubts:
        if doubt.first > reached:
            marked[doubt.first] = doubt
            reached = doubt.last
        else:
            beside.append(doubt)
    return marked, beside


def _put_doubted(element: ET.Element, text: str, doubt: Doubt) -> None:
    place = element
    if doubt.readings:
        found = ET.SubElement(element, "app")
        place = ET.SubElement(found, "lem")
        for reading in doubt.readings:
            ET.SubElement(found, "rdg").text = in_one_line(reading.text)
            if reading.by:
                ET.SubElement(found, "wit").text = in_one_line(reading.by)
    if doubt.is_doubtful:
        place = ET.SubElement(place, "unclear")
    _say(place, text)


def _told(doubt: Doubt, words: Sequence[str]) -> str:
    """Say in words what no element says, as another begins or ends within it."""
    said = ["is doubtful"] if doubt.is_doubtful else []
    for reading in doubt.readings:
        by = f" ({in_one_line(reading.by)})" if reading.by else ""
        said.append(f"is read as “{in_one_line(reading.text)}”{by}")
    return f"“{' '.join(words[doubt.first : doubt.last + 1])}” {', '.join(said)}"


def _signs(line: ExportedLine) -> Iterator[str]:
    if line.is_untranslated:
        yield "[not translated]"
    if line.older is not None:
        yield "[older than what was said]"


def _say(element: ET.Element, text: str) -> None:
    """Put text behind all that is in an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
