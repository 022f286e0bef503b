"""Gives lines of a WebVTT file other times, and an untimed line its first; what else is in the file stays as it is."""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import ALIGNED, DOUBTS
from player.archive.machine import WORD_CONFIDENCE
from player.archive.transcript import Cue
from player.archive.webvtt.blocks import normal, scan
from player.archive.webvtt.comments import APPROXIMATE, is_untimed, untimed
from player.archive.webvtt.reading import parse
from player.errors import ArchiveError, Fault
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.transcript import Line, Transcript
    from player.archive.webvtt.blocks import Block

_OF_WORDS: Final = (WORD_CONFIDENCE, DOUBTS)
# A line with its end.
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END: Final = re.compile(rb"\r\n|\r|\n")
# A tag, closed or not, or what stands between tags; and each sign of that, a character reference being one.
_TOKEN: Final = re.compile(r"<([^>]*)>?|[^<]+")
_SIGN: Final = re.compile(r"&#?\w{1,32};?|.", re.DOTALL)


def with_times(path: Path, before: bytes, cues: Mapping[str, Cue]) -> bytes:
    """Give the bytes of the transcript at ``path`` in which some lines, by their identifiers, are these cues.

    Of a cue its times, its words' times and its mark ``NOTE aligned:`` are written, and ``NOTE approximate`` goes. A
    cue that is known by its number alone gets that as its identifier, so that it keeps it where a line before it is a
    cue now.

    :raise ArchiveError: where the file would be read back as something else.
    """
    old = parse(path, _text(before))
    lines = {line.line: line for line in old.lines}
    after = _Writer(before, lines, cues, renews=True).written()
    if parse(path, _text(after)).header != old.header:
        # Only what is to go says that a machine wrote the words.
        after = _Writer(before, lines, cues, renews=False).written()
    _read_back(path, old, after, cues)
    return after


class _Writer:
    """Writes a file anew, block by block from its end, so that the numbers of the lines above stay."""

    def __init__(self, before: bytes, lines: Mapping[int, Line], cues: Mapping[str, Cue], *, renews: bool) -> None:
        self._lines = [match[0] for match in _LINE.finditer(before)]
        found = _END.search(before)
        self._eol = found[0] if found else b"\n"
        self._blocks = scan(normal(_text(before))).blocks
        self._at = lines
        self._cues = cues
        self._renews = renews
        # Where an untimed line becomes a cue, the numbers of those below it change.
        self._names = any(line.id in cues and not isinstance(line, Cue) for line in lines.values())

    def written(self) -> bytes:
        """Give the file."""
        above: list[Block] = []
        groups: list[tuple[list[Block], Block, Line]] = []
        for block in self._blocks:
            line = self._at.get(block.line if block.timing is None else block.timing_line)
            if line is not None:
                groups.append((above, block, line))
                above = []
            elif block.kind == "comment":
                above.append(block)
            else:
                above = []
        for comments, block, line in reversed(groups):
            cue = self._cues.get(line.id)
            if cue is not None:
                self._write(block, line, cue)
                for comment in reversed(comments):
                    self._drop_mark(comment)
                    self._renew(comment, comments, cue)
            elif self._names and isinstance(line, Cue) and block.identifier != line.id:
                self._name(block, line.id)
        return b"".join(self._lines)

    def _write(self, block: Block, line: Line, cue: Cue) -> None:
        payload, settings = block.payload, ""
        if is_untimed(block):
            payload = untimed(block)[2]
        elif block.timing is not None:
            settings = block.timing.settings
        marks = [f"NOTE {comment}" for comment in cue.comments if comment.startswith(ALIGNED)]
        own = [f"{vtt(cue.start)} --> {vtt(cue.end)}{settings}", *_stamped(payload, cue).split("\n")]
        written = [each for mark in marks for each in (mark, "")]
        written += [line.id, *own]
        if not block.apart:
            written.insert(0, "")
        first = block.line - 1
        self._lines[first : first + len(block.lines)] = [each.encode() + self._eol for each in written]

    def _name(self, block: Block, name: str) -> None:
        """Write the identifier of a cue above its times, in place of one that names nothing."""
        first = block.line - 1
        written = [b""] if not block.apart else []
        self._lines[first : first + (block.arrow or 0)] = [each + self._eol for each in (*written, name.encode())]

    def _drop_mark(self, block: Block) -> None:
        """Take out a comment that says how the line was timed before, and the empty line below it."""
        says = _says(block)
        if says == APPROXIMATE or (says.startswith(ALIGNED) and "\n" not in says):
            self._take_out(block)

    def _take_out(self, block: Block) -> None:
        after = block.line - 1 + len(block.lines)
        after += after < len(self._lines) and not self._lines[after].strip(b"\r\n")
        del self._lines[block.line - 1 : after]

    def _renew(self, comment: Block, comments: Sequence[Block], cue: Cue) -> None:
        """Take out what a machine said of words that are others now (``line_marks.without_stale``)."""
        says = _says(comment)
        keyword = next((each for each in _OF_WORDS if says.startswith(each)), None)
        if (
            not self._renews
            or keyword is None
            or "\n" in says
            or sum(_says(each).startswith(keyword) for each in comments) > 1
        ):
            return
        now = next((each for each in cue.comments if each.startswith(keyword)), None)
        if now is None:
            self._take_out(comment)
        elif now != says:
            first = comment.line - 1
            self._lines[first : first + len(comment.lines)] = [f"NOTE {now}".encode() + self._eol]


def _says(comment: Block) -> str:
    return "\n".join(comment.lines).removeprefix("NOTE").strip()


def _text(data: bytes) -> str:
    return data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")


def _stamped(payload: str, cue: Cue) -> str:
    """Write the times of words into the words of a cue, in place of those that are there; other tags stay."""
    parts: list[str] = []
    number = -1
    is_within = False
    for token in _TOKEN.finditer(payload):
        if token[1] is not None:
            if not "0" <= token[1][:1] <= "9":
                parts.append(token[0])
            continue
        for sign in _SIGN.findall(token[0]):
            is_space = html.unescape(sign).isspace()
            if not is_space and not is_within:
                number += 1
                parts.append(_stamp(cue, number))
            is_within = not is_space
            parts.append(sign)
    return "".join(parts)


def _stamp(cue: Cue, number: int) -> str:
    """Write when a word begins; nothing where that is not known, or goes without saying."""
    moment = cue.words[number] if number < len(cue.words) else None
    return "" if moment is None or not (moment or number) else f"<{vtt(cue.start + moment)}>"


def _read_back(path: Path, old: Transcript, after: bytes, cues: Mapping[str, Cue]) -> None:
    """Read what is to be written.

    :raise ArchiveError: where it is not what was meant.
    """
    new = parse(path, _text(after))
    wanted = sorted(_meant(old.lines, cues), key=lambda line: line.id)
    found = sorted((replace(line, line=0) for line in new.lines), key=lambda line: line.id)
    for line, again in zip(wanted, found, strict=False):
        if line != again:
            raise _unwritable(path, line.id)
    if len(wanted) != len(found) or new.header != old.header:
        raise _unwritable(path, "the header")


def _meant(lines: Sequence[Line], cues: Mapping[str, Cue]) -> Iterator[Line]:
    for line in lines:
        cue = cues.get(line.id)
        if cue is None:
            yield replace(line, line=0)
            continue
        others = tuple(each for each in cue.comments if not each.startswith(ALIGNED))
        marks = tuple(each for each in cue.comments if each.startswith(ALIGNED))
        words = cue.words
        is_timed = any(time is not None and (time or index) for index, time in enumerate(words))
        yield replace(cue, line=0, comments=(*others, *marks), words=(words[0] or 0, *words[1:]) if is_timed else ())


def _unwritable(path: Path, part: str) -> ArchiveError:
    what = f"the times of {part} cannot be written, for the file would be read as something else"
    remedy = "player check names what is wrong with it; correct that, and try again"
    return ArchiveError([Fault(path, None, what, remedy)])
