"""Writes a line into its place in a WebVTT file: what of it is as it was keeps its bytes, the rest is written anew."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import without_stale
from player.archive.transcript import Cue
from player.archive.webvtt.comments import APPROXIMATE, PAGE, PARAGRAPH, UNTIMED, About, untimed
from player.archive.webvtt.parts import Part, Remark, rows_of
from player.archive.webvtt.payload import Payload, read_payload
from player.archive.webvtt.rewording import written_payloads
from player.archive.webvtt.writing import as_read
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from player.archive.transcript import Line

_TIME: Final = r"(?:[0-9]+:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_TIMES: Final = re.compile(rf"([\t\f ]*){_TIME}([\t\f ]*-->[\t\f ]*){_TIME}")


class PartWriter:
    """Writes the parts of one file; comments of lines that are gone are taken for the lines that have them now."""

    def __init__(self, eol: bytes, gone: Iterable[Part]) -> None:
        self._eol = eol
        self._gone: dict[About, list[Remark]] = {}
        for part in gone:
            for remark in part.remarks:
                self._gone.setdefault(remark.about, []).append(remark)

    def changed(self, part: Part, line: Line) -> Part:
        """Write a line that is there already, and may be as it is.

        :raise ValueError: where its words cannot be written.
        """
        old, block = part.line, part.block
        if old is None or block is None:
            raise ValueError("it is no line")  # never so: only lines are changed
        is_named = not isinstance(old, Cue) or block.identifier == old.id
        is_same = line is old or as_read(replace(line, line=old.line)) == old
        if is_same and is_named:
            return part
        if is_same:
            return Part(part.remarks, self._content(part, line, None), block, line, part.place)
        remarks = self._remarks(line, part.remarks)
        raw = untimed(block)[2] if block.timing is None else block.payload
        payload, start, end = _payload(line)
        read, wrong = _read(raw, start, end)
        # Times of words that the line has left behind are read as none, and are wrong all the same.
        is_kept = read == payload and (not wrong or wrong <= _read(raw, *_payload(old)[1:])[1])
        if not is_kept:
            (raw,) = written_payloads([raw], [(payload, start, end)])
        if isinstance(line, Cue) != isinstance(old, Cue):
            return Part(remarks, self._lines([*_head(line, ""), *raw.split("\n"), ""]), block, line)
        return Part(remarks, self._content(part, line, None if is_kept else raw), block, line, part.place)

    def fresh(self, lines: Sequence[Line], sources: Sequence[Part]) -> list[Part]:
        """Write lines that stand in place of others, which they take their words and comments from.

        :raise ValueError: where their words cannot be written.
        """
        there = [remark for part in sources for remark in part.remarks]
        blocks = [part.block for part in sources if part.block is not None]
        old = [untimed(block)[2] if block.timing is None else block.payload for block in blocks]
        settings = next((block.timing.settings for block in blocks if block.timing is not None), "")
        raws = written_payloads(old, [_payload(line) for line in lines])
        found = []
        for line, raw in zip(lines, raws, strict=True):
            remarks = self._remarks(line, there)
            kept = {id(each) for each in remarks}
            there = [each for each in there if id(each) not in kept and not (each.turns_page or each.says_nothing)]
            content = self._lines([*_head(line, settings), *raw.split("\n"), ""])
            found.append(Part(remarks, content, line=line))
        return found

    def page(self, name: str) -> Remark:
        """Write that a page of the document begins."""
        return self._remark(f"{PAGE} {name}", About(page=name))

    def _content(self, part: Part, line: Line, raw: str | None) -> bytes:
        """Write what has changed of a line below its comments."""
        block = part.block
        rows = rows_of(part.content)
        if block is None:
            return part.content
        own, gap = rows[: len(block.lines)], rows[len(block.lines) :]
        last_end = own[-1][len(own[-1].rstrip(b"\r\n")) :]
        if isinstance(line, Cue):
            at = block.arrow or 0
            names = own[:at]
            if block.identifier != line.id:
                names = [*([] if block.apart else [self._eol]), line.id.encode() + self._eol]
            words = own[at + 1 :]
            times = own[at]
            if block.timing is None or (block.timing.start, block.timing.end) != (line.start, line.end):
                written = rf"\g<1>{vtt(line.start)}\g<2>{vtt(line.end)}"
                ends = times[len(times.rstrip(b"\r\n")) :]
                times = _TIMES.sub(written, block.lines[at], count=1).encode() + ends
            head = [*names, times]
        else:
            at = untimed(block)[1] - block.line
            head, words = own[:at], own[at:]
        if raw is not None:
            if not head[-1].endswith((b"\r", b"\n")):
                head[-1] += self._eol
            words = [self._lines(raw.split("\n")) + last_end]
        return b"".join([*head, *words, *gap])

    def _remarks(self, line: Line, there: list[Remark]) -> list[Remark]:
        """Give the comments of a line: those that are there and still true, and those that are not there yet."""
        line = as_read(line)
        found = [each for each in there if not (each.about.opens_paragraph and not line.opens_paragraph)]
        is_rough = isinstance(line, Cue) and line.is_approximate
        is_exact = isinstance(line, Cue) and not line.is_approximate
        found = [each for each in found if not (each.about.is_approximate and is_exact)]
        as_it_is = tuple(text for each in found for text in each.about.comments)
        if without_stale(replace(line, comments=as_it_is)).comments != line.comments:
            found = self._merged(found, lambda about: about.comments, line.comments, self._comment)
        if tuple(source for each in found for source in each.about.citations) != line.citations:
            found = self._merged(found, lambda about: about.citations, line.citations, self._source)
        if line.opens_paragraph and not any(each.about.opens_paragraph for each in found):
            found.append(self._remark(PARAGRAPH, About(opens_paragraph=True)))
        if is_rough and not any(each.about.is_approximate for each in found):
            found.append(self._remark(APPROXIMATE, About(is_approximate=True)))
        return found

    def _merged(
        self,
        there: Sequence[Remark],
        said: Callable[[About], tuple[Hashable, ...]],
        wanted: Sequence[Hashable],
        write: Callable[..., Remark],
    ) -> list[Remark]:
        """Give comments of which those of one kind say what is wanted, in this order; others stay where they are."""
        ours = [each for each in there if len(said(each.about)) == 1]
        matcher = SequenceMatcher(None, [said(each.about)[0] for each in ours], wanted, autojunk=False)
        number = {
            id(ours[block.a + at]): block.b + at for block in matcher.get_matching_blocks() for at in range(block.size)
        }
        found: list[Remark] = []
        at = 0
        for each in there:
            if not said(each.about):
                found.append(each)
            elif (place := number.get(id(each))) is not None:
                found += (write(one) for one in wanted[at:place])
                found.append(each)
                at = place + 1
        return [*found, *(write(one) for one in wanted[at:])]

    def _comment(self, text: str) -> Remark:
        return self._remark(text, About(comments=(text,)))

    def _source(self, citation: Hashable) -> Remark:
        return self._remark(f"source: {citation}", About(citations=(citation,)))  # type: ignore[arg-type]  # of a line

    def _remark(self, text: str, about: About) -> Remark:
        """Give a comment of a line that is gone, or a new one."""
        if spare := self._gone.get(about):
            return spare.pop(0)
        return Remark(self._lines([*f"NOTE {text}".split("\n"), "", ""]), about)

    def _lines(self, lines: Sequence[str]) -> bytes:
        return self._eol.join(line.encode() for line in lines)


def _read(raw: str, start: int, end: int) -> tuple[Payload, int]:
    """Read a payload; give with it how much is wrong with it."""
    faults: list[object] = []
    return read_payload(raw, start, end, lambda *told: faults.append(told)), len(faults)


def _payload(line: Line) -> tuple[Payload, int, int]:
    line = as_read(line)
    start, end, words = (line.start, line.end, line.words) if isinstance(line, Cue) else (0, 0, ())
    return Payload(line.text, line.turns, words), start, end


def _head(line: Line, settings: str) -> list[str]:
    if isinstance(line, Cue):
        return [line.id, f"{vtt(line.start)} --> {vtt(line.end)}{settings}"]
    return [f"NOTE {UNTIMED} {line.id}"]
