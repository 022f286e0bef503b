"""Reads TEI P5, transcriptions of speech: as editions and corpora write it, as ISO 24624 has it, and our own.

https://tei-c.org/release/doc/tei-p5-doc/en/html/TS.html: what somebody says is ``u``, or ``sp`` as in plays; in ISO
24624 an ``annotationBlock`` around it has its times. What stands beside what is said is told, and left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from player.archive.transcript import Turn
from player.errors import ArchiveError, Fault
from player.intake.transcripts.cleaning import clean, name_of
from player.intake.transcripts.imported import Imported, ImportedLine
from player.intake.transcripts.programs.tei_header import (
    ID,
    about_of,
    date_of,
    language_of,
    machine_of,
    names_of,
    notes_of,
    sources_of,
    title_of,
)
from player.intake.transcripts.programs.tei_lines import in_order, joined
from player.intake.transcripts.programs.tei_times import Moments, moments_of
from player.intake.transcripts.programs.tei_words import BESIDE, SOUNDS, Words, sound
from player.intake.transcripts.told import Told
from player.intake.transcripts.xml_trees import begins_with, children, local, root_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.references import Citation

NAME: Final = "tei"
SUFFIXES: Final = (".tei",)

_REMEDY: Final = "export it again from the program that made it, as a transcription of speech"
#: How our own export calls itself.
OWN: Final = "tape-player"
_OWN_LINE: Final = re.compile(r"line-(?P<id>[A-Za-z][\w-]*)(?:\.(?P<turn>[0-9]{1,6}))?", re.ASCII)
# The kind of notice that says that a machine wrote the words.
_OF_MACHINE: Final = "machine"
_SPEECH: Final = frozenset({"u", "sp"})
_SKIPPED: Final = frozenset({"timeline", "teiHeader", "listPerson", "particDesc", "standOff", "facsimile", "anchor"})
_SPOKEN: Final = frozenset({"p", "ab", "l", "lg", "seg", "u"})
_TIMED: Final = ("start", "begin")
_BESIDE_SPEECH: Final = ("passage beside what is said", "passages beside what is said")


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the document says what it is
    """Tell whether a file seems to be TEI."""
    return any(begins_with(content, name) for name in ("TEI", "teiCorpus"))


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    root = _document(path, root_of(path, content))
    texts = children(root, "text")
    if not any(local(each) in _SPEECH for text in texts for each in text.iter()):
        what = "it has no utterances (u or sp), so it is no transcription of speech"
        raise ArchiveError([Fault(path, texts[0].sourceline if texts else root.sourceline, what, _REMEDY)])
    head = next(iter(children(root, "teiHeader")), None)
    is_own = any(local(each) == "application" and each.get("ident") == OWN for each in root.iter())
    notes = notes_of(head)
    if is_own and any(kind == "translation" for kind, _ in notes):
        remedy = "export the recording without --language; a translation is brought in as transcript.<language>.vtt"
        raise ArchiveError([Fault(path, root.sourceline, "this is a translation, and not what was said", remedy)])
    reader = _Reader(moments_of(root, told), names_of(root), sources_of(root) if is_own else {}, told, is_own=is_own)
    try:
        for text in texts:
            reader.walk(text)
    except RecursionError:
        raise ArchiveError([Fault(path, texts[0].sourceline, "it is nested too deep", _REMEDY)]) from None
    lines = in_order(reader.lines)
    if not lines:
        raise ArchiveError([Fault(path, texts[0].sourceline, "nobody says anything in it", _REMEDY)])
    machine = next((machine_of(text) for kind, text in notes if is_own and kind == _OF_MACHINE), None)
    return Imported(
        "TEI of tape-player" if is_own else "TEI",
        tuple(lines),
        (*told.remarks(), *about_of(head)),
        language=language_of(texts[0], head),
        title=title_of(head),
        date=date_of(head),
        machine=machine,
        is_whole=False,
        notices=tuple(text for kind, text in notes if is_own and kind != _OF_MACHINE),
    )


def _document(path: Path, root: Any) -> Any:
    """Give the one document in a file."""
    if local(root) not in {"TEI", "TEI.2", "teiCorpus"}:
        raise ArchiveError([Fault(path, root.sourceline, "this is not TEI", _REMEDY)])
    if local(root) != "teiCorpus":
        return root
    documents = [each for each in root.iter() if local(each) in {"TEI", "TEI.2"}]
    if len(documents) != 1:
        what = f"it holds {len(documents)} documents"
        raise ArchiveError([Fault(path, root.sourceline, what, "bring in one document at a time, each from a file")])
    return documents[0]


@dataclass(frozen=True)
class _Said:
    """What an utterance has from what it stands in."""

    who: str | None
    start: int | None
    end: int | None


class _Reader:
    """Gathers the lines of a text, in the order of the document."""

    def __init__(
        self,
        moments: Moments,
        names: Mapping[str, str],
        sources: Mapping[str, Citation],
        told: Told,
        *,
        is_own: bool,
    ) -> None:
        self._moments = moments
        self._names = names
        self._sources = sources
        self._told = told
        self._is_own = is_own
        self._page: str | None = None
        self._opens = False
        self.lines: list[ImportedLine] = []

    def walk(self, element: Any) -> None:
        """Take in what is in an element that is no utterance."""
        self._tell_loose(element)
        for child in element:
            self._take(child)

    def _take(self, element: Any) -> None:
        name = local(element)
        if name in _SKIPPED or not name:
            return
        if name == "u":
            self._utterance(element, self._said(element))
        elif name == "sp":
            self._speech(element)
        elif name == "annotationBlock":
            self._block(element)
        elif name == "pb":
            self._page = clean(element.get("n") or "") or None
        elif name == "milestone":
            self._opens = element.get("unit") == "paragraph"
        elif name in SOUNDS:
            self._sound(element, name)
        elif any(local(each) in _SPEECH for each in element.iter()):
            self.walk(element)
        else:
            self._leave_out(element, name)

    def _tell_loose(self, element: Any) -> None:
        """Tell of words that stand in an element, and in nothing that somebody says."""
        loose = [element.text, *(child.tail for child in element)]
        if count := sum(bool((each or "").strip()) for each in loose):
            self._told.left_out(*_BESIDE_SPEECH, line=element.sourceline, count=count)

    def _leave_out(self, element: Any, name: str) -> None:
        kinds = {"note": ("note", "notes"), "head": ("heading", "headings")}
        if self._is_own and element.get("type") == "notes":
            count = len(children(element, "note"))
            what = "about the recording, which annotations.toml has"
            self._told.left_out(f"note {what}", f"notes {what}", count=count)
        elif "".join(element.itertext()).strip():
            one, several = kinds.get(name, _BESIDE_SPEECH)
            self._told.left_out(one, several, line=element.sourceline)

    def _sound(self, element: Any, name: str) -> None:
        """Take in what is heard between utterances; what is closed in our own export, and pauses, are left out."""
        if name == "gap" and element.get("reason") == "closed":
            what = "that stands in place of what is closed", "that stand in place of what is closed"
            self._told.left_out(f"line {what[0]}", f"lines {what[1]}", line=element.sourceline)
        elif name == "pause":
            self._told.left_out("pause between lines", "pauses between lines", line=element.sourceline)
        else:
            start, end = self._span(self._said(element))
            self._put(ImportedLine(f"[{sound(element)}]", (), start, end, origin=element.sourceline))

    def _said(self, element: Any, around: _Said | None = None) -> _Said:
        who = " ".join((element.get("who") or "").split())
        start = self._moments.at(element, *_TIMED)
        if start is None:
            start = self._moments.at(element, "synch")
        end = self._moments.at(element, "end")
        return _Said(
            self._voice(who) if who else around.who if around else None,
            around.start if start is None and around else start,
            around.end if end is None and around else end,
        )

    def _voice(self, who: str) -> str | None:
        names = (each.rpartition("#")[2] or each for each in who.split())
        return name_of(" and ".join(dict.fromkeys(self._names.get(name) or name for name in names)))

    def _speech(self, element: Any) -> None:
        said = self._said(element)
        speaker = name_of(text_of(element, "speaker").strip().rstrip(":"))
        said = replace(said, who=speaker or said.who)
        if sum(local(child) in _SPOKEN for child in element) > 1:
            # Which of them begins and ends when, nobody says.
            said = replace(said, start=None, end=None)
        self._tell_loose(element)
        for child in element:
            if local(child) == "speaker":
                continue
            if local(child) in _SPOKEN:
                self._utterance(child, self._said(child, said))
            else:
                self._take(child)

    def _block(self, element: Any) -> None:
        said = self._said(element)
        self._tell_loose(element)
        for child in element:
            if local(child) == "u":
                self._utterance(child, self._said(child, said))
            elif local(child) in BESIDE:
                what = "row of remarks on words", "rows of remarks on words"
                self._told.left_out(*what, line=child.sourceline)
            else:
                self._take(child)

    def _utterance(self, element: Any, said: _Said) -> None:
        parts = [child for child in element if local(child) in {"seg", "p", "ab"}]
        spans = [self._said(child) for child in parts]
        is_divided = len(parts) > 1 or (element.text or "").strip() == ""
        are_timed = any(each.start is not None for each in spans)
        if parts and is_divided and (are_timed or (said.start is None and len(parts) > 1)) and self._is_all(element):
            for child, own in zip(parts, spans, strict=True):
                only = len(parts) == 1
                start = said.start if own.start is None and only else own.start
                end = said.end if own.end is None and only else own.end
                self._line(child, _Said(own.who or said.who, start, end))
            return
        self._line(element, said)

    def _is_all(self, element: Any) -> bool:
        """Tell whether all words of an utterance are in its parts."""
        loose = [element.text, *(child.tail for child in element)]
        others = [child for child in element if local(child) not in {"seg", "p", "ab", "anchor"}]
        return not any((each or "").strip() for each in loose) and not others

    def _line(self, element: Any, said: _Said) -> None:
        words = Words(self._moments, self._told, is_own=self._is_own)
        words.add(element)
        text = words.text
        page, self._page = self._page, words.page or self._page
        if not text:
            self._told.left_out("utterance without words", "utterances without words", line=element.sourceline)
            return
        count = len(text.split())
        inside = words.times()
        start = said.start if said.start is not None else next((at for place, at in inside if place == 0), None)
        end = said.end if said.end is not None else next((at for place, at in reversed(inside) if place == count), None)
        start, end = self._span(replace(said, start=start, end=end))
        line = ImportedLine(
            text,
            (Turn(said.who, text),) if said.who else (),
            start,
            end,
            words=_timed(inside, start, end, count),
            page=page,
            comments=(*words.doubts(), *words.notes),
            origin=element.sourceline,
        )
        if self._is_own:
            line = self._as_own(element, line)
            if self._is_next_turn(element):
                self.lines[-1] = joined(self.lines[-1], line)
                return
        self._put(line)

    def _is_next_turn(self, element: Any) -> bool:
        """Tell whether an utterance of our own export is what another voice says in the same line."""
        found = _OWN_LINE.fullmatch(element.get(ID) or "")
        return bool(found and found["turn"] and self.lines and self.lines[-1].id == found["id"])

    def _span(self, said: _Said) -> tuple[int | None, int | None]:
        if said.start is not None and said.end is not None and said.end <= said.start:
            self._told.mended("end that is no later than its start", "ends that are no later than their starts")
            return said.start, None
        return said.start, said.end if said.start is not None else None

    def _as_own(self, element: Any, line: ImportedLine) -> ImportedLine:
        """Give a line with what only our own export says."""
        found = _OWN_LINE.fullmatch(element.get(ID) or "")
        named = (element.get("decls") or "").split()
        return replace(
            line,
            id=found["id"] if found and not found["turn"] else "",
            is_approximate=element.get("cert") == "low" and line.start is not None,
            citations=tuple(self._sources[each[1:]] for each in named if each[1:] in self._sources),
        )

    def _put(self, line: ImportedLine) -> None:
        line = replace(line, opens_paragraph=self._opens)
        self._opens = False
        self.lines.append(line)


def _timed(inside: Sequence[tuple[int, int]], start: int | None, end: int | None, count: int) -> tuple[int | None, ...]:
    """Give when words begin, in milliseconds after the line does; nothing where none but the first is timed."""
    if start is None:
        return ()
    found: list[int | None] = [None] * count
    last = start
    for place, at in inside:
        if 0 < place < count and last < at and (end is None or at < end):
            found[place] = at - start
            last = at
    if not any(each is not None for each in found):
        return ()
    return (0, *found[1:])
