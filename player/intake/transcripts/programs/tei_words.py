"""Reads what stands in an utterance of TEI: its words, sounds in brackets, doubtful words, moments and notes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Final

from player.archive.doubt_marks import Mark, written
from player.intake.transcripts.cleaning import clean, without_controls
from player.intake.transcripts.xml_trees import children, local, text_of
from player.publish.transcripts.tei_words import OF_MACHINE

if TYPE_CHECKING:
    from player.intake.transcripts.programs.tei_times import Moments
    from player.intake.transcripts.told import Told

#: What is heard beside words, or done, and stands in brackets: what it is called where it has no description.
SOUNDS: Final = {
    "incident": "incident",
    "vocal": "sound",
    "kinesic": "gesture",
    "writing": "writing",
    "pause": "pause",
    "gap": "gap",
}
# Of two forms of the same words the one that was said, or else is written first.
_SAID: Final = ("sic", "orig", "abbr", "unclear")
_OTHER_FORM: Final = ("other form of the same words", "other forms of the same words")
#: What says something of words, and is none.
BESIDE: Final = frozenset(
    {"spanGrp", "span", "interp", "interpGrp", "fs", "linkGrp", "link", "index", "certainty", "respons"}
)
_OF_THEIR_OWN: Final = frozenset({"seg", "s", "p", "ab", "l", "lb", "lg", "cb", "u", "sp", "cell"})
_CLOSING: Final = frozenset(",.;:?!…)]}»”’")
_WORD: Final = re.compile(r"\S+")
_BRACKETS: Final = "()[]{} \t\n"


class Words:
    """What one voice says, gathered from an element and all that is in it."""

    def __init__(self, moments: Moments, told: Told, *, is_own: bool = False) -> None:
        self._is_own = is_own
        self._moments = moments
        self._told = told
        self._parts: list[str] = []
        self._length = 0
        self._after_word = False
        #: Words that are doubtful, or read otherwise: where they begin and end, how else, and who reads them so.
        self._unclear: list[tuple[int, int, str | None, str | None]] = []
        self._at: list[tuple[int, int]] = []
        #: Notes to what is said, as comments.
        self.notes: list[str] = []
        #: The page on which it ends, where one begins in it.
        self.page: str | None = None

    @property
    def text(self) -> str:
        """The words in one line."""
        return clean("".join(self._parts))

    def add(self, element: Any) -> None:
        """Take in what stands in an element."""
        self._put(element.text)
        for child in element:
            self._child(child)
            self._put(child.tail)

    def doubts(self) -> list[str]:
        """Give the comments on words that are not clear, or are read otherwise as well."""
        whole = "".join(self._parts)
        words, places = self.text.split(), [found.span() for found in _WORD.finditer(whole)]
        starts, ends = [start for start, _ in places], [end for _, end in places]
        marks = []
        for begin, end, other, by in self._unclear:
            # Of a word of which a part is meant, all: a mark is of words.
            first, last = bisect_right(ends, begin), bisect_left(starts, end) - 1
            if begin < end and first <= last < len(words):
                text = other and f"{_letters(whole[starts[first] : begin])}{other}{_letters(whole[end : ends[last]])}"
                marks.append(written(Mark(first, last, " ".join(words[first : last + 1]), text, by)))
        return list(dict.fromkeys(marks))

    def times(self) -> list[tuple[int, int]]:
        """Give moments, each with the number of the word before which it stands: all of them, where it is the end."""
        starts = self._starts() if self._at else []
        return [(bisect_left(starts, place), moment) for place, moment in self._at]

    def _starts(self) -> list[int]:
        """Give where each word begins."""
        return [found.start() for found in _WORD.finditer("".join(self._parts))]

    def _put(self, text: str | None) -> None:
        if text:
            kept = without_controls(text)
            self._parts.append(kept)
            self._length += len(kept)
            self._after_word = self._after_word and not text.strip()

    def _apart(self) -> None:
        if self._parts and not self._parts[-1][-1:].isspace():
            self._parts.append(" ")
            self._length += 1

    def _close_up(self) -> None:
        """Take away the white space at the end."""
        while self._parts:
            last = self._parts.pop()
            kept = last.rstrip()
            self._length -= len(last) - len(kept)
            if kept:
                self._parts.append(kept)
                return

    def _child(self, element: Any) -> None:
        name = local(element)
        if (moment := self._moments.at(element, "synch")) is not None:
            self._at.append((self._length, moment))
        if name in SOUNDS:
            self._apart()
            self._put(f"[{sound(element)}] ")
        elif name == "note":
            if text := clean("".join(element.itertext())):
                self.notes.append(f"note: {text}")
        elif name == "pb":
            self.page = clean(element.get("n") or "") or self.page
        elif name in {"choice", "app"}:
            (self._choice if name == "choice" else self._apparatus)(element)
        elif name in BESIDE:
            self._told.left_out("remark on words", "remarks on words", line=element.sourceline)
        elif name in {"del", "shift"}:
            one, several = {
                "del": ("deletion", "deletions"),
                "shift": ("change of the voice", "changes of the voice"),
            }[name]
            self._told.left_out(one, several, line=element.sourceline)
        elif name in {"w", "pc"}:
            self._word(element, is_word=name == "w")
        else:
            self._part(element, name)

    def _part(self, element: Any, name: str) -> None:
        if name in _OF_THEIR_OWN:
            self._apart()
        if name == "supplied":
            self._put("[")
        begin = self._length
        self.add(element)
        if name == "unclear" and self._is_doubt(element):
            self._unclear.append((begin, self._length, None, None))
        if name == "supplied":
            self._put("]")
        if name in _OF_THEIR_OWN:
            self._apart()

    def _choice(self, element: Any) -> None:
        several = [child for child in element if isinstance(child.tag, str)]
        ranked = sorted(several, key=lambda child: _SAID.index(local(child)) if local(child) in _SAID else len(_SAID))
        if ranked:
            self._part(ranked[0], local(ranked[0]))
            self._told.left_out(*_OTHER_FORM, line=element.sourceline, count=len(ranked) - 1)

    def _apparatus(self, element: Any) -> None:
        """Take in how words are read, and how else, and by whom."""
        forms = [child for child in element if local(child) in {"lem", "rdg"}]
        first = next((each for each in forms if local(each) == "lem"), forms[0] if forms else None)
        begin = self._length
        if first is not None:
            self._part(first, local(first))
        others = [each for each in forms if each is not first]
        for each in others:
            text = clean("".join(each.itertext()))
            if text and self._length > begin:
                self._unclear.append((begin, self._length, text, _reader_of(each)))
            else:
                self._told.left_out(*_OTHER_FORM, line=element.sourceline)
        groups = [child for child in element if local(child) == "rdgGrp"]
        self._told.left_out(*_OTHER_FORM, line=element.sourceline, count=len(groups))

    def _is_doubt(self, element: Any) -> bool:
        """Tell whether words are unclear to a person; what a machine doubted in our own export is told."""
        if not self._is_own or element.get("reason") != OF_MACHINE:
            return True
        what = "of which the machine was not sure"
        self._told.left_out(f"mark of a word {what}", f"marks of words {what}", line=element.sourceline)
        return False

    def _word(self, element: Any, *, is_word: bool) -> None:
        """Take in a word, or a punctuation mark, as corpora mark each of them."""
        mark = "" if is_word else "".join(element.itertext()).strip()
        if element.get("join") in {"left", "both"} or (mark and mark[0] in _CLOSING):
            self._close_up()
        elif self._after_word:
            self._apart()
        self.add(element)
        self._after_word = element.get("join") not in {"right", "both"}


def _letters(part: str) -> str:
    """Give what stands beside a part of a word, where it is more than stops and quotation marks."""
    return part if any(map(str.isalnum, part)) else ""


def _reader_of(reading: Any) -> str | None:
    """Give who reads so, by what stands behind a reading, or by the names that it has; None where that is nobody."""
    behind = reading.getnext()
    named = (reading.get("wit") or reading.get("resp") or "").replace("#", " ")
    said = "".join(behind.itertext()) if behind is not None and local(behind) == "wit" else named
    by = clean(said)
    return by if by and "-->" not in by else None


def sound(element: Any) -> str:
    """Say in a word or two what is heard: its description, its kind, or what such a thing is called."""
    name = local(element)
    kind = clean(element.get("reason") or element.get("type") or "").strip(_BRACKETS)
    if name == "pause":
        return f"{kind} pause" if kind else name
    said = text_of(element, "desc") or (element.text or "" if not children(element, "desc") else "")
    said = clean(said).strip(_BRACKETS) or kind
    return said.replace("[", "(").replace("]", ")") or SOUNDS[name]
