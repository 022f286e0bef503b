"""Reads a WebVTT file into a transcript, as a browser's own ``<track>`` reads it.

What that drops or mends is a fault in ``Transcript.faults``. ``head`` reads what stands above the first line,
``comments`` what comments say.
"""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from player.archive.line_marks import without_stale
from player.archive.machine import is_draft, is_heard
from player.archive.references import IDENTIFIER
from player.archive.transcript import Cue, Transcript, UntimedLine, in_turn
from player.archive.webvtt.blocks import is_signed, normal, scan
from player.archive.webvtt.comments import Comments, is_untimed, untimed, untimed_names
from player.archive.webvtt.faults import Fractions, are_settings, block_faults, fractions_of, timing_faults
from player.archive.webvtt.head import read_head
from player.archive.webvtt.payload import read_payload
from player.errors import ArchiveError, Fault, quoted
from player.files import read_decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.archive.webvtt.blocks import Block

#: The most bytes in a file: the transcript of a year would fit; beyond it a file is something else.
LARGEST = 64_000_000


def read_transcript(path: Path) -> Transcript:
    """Read a transcript. Bytes that are not UTF-8 are read as U+FFFD, and are faults.

    :raise ArchiveError: where the file cannot be read, is over 64 MB, is UTF-16, or does not begin with WEBVTT.
    """
    text, undecoded = read_decoded(path, LARGEST)
    found = parse(path, text)
    return replace(found, faults=_in_order((*undecoded, *found.faults))) if undecoded else found


def parse(path: Path, text: str) -> Transcript:
    """Read the text of the transcript at ``path``.

    :raise ArchiveError: where it does not begin with WEBVTT.
    """
    plain = normal(text)
    if not is_signed(plain):
        what = "the file does not begin with WEBVTT"
        raise ArchiveError([Fault(path, 1, what, "make that its first line, and leave the next one empty")])
    reader = _Reader(path)
    if "\0" in text:
        reader.nuls(text)
    found = scan(plain)
    header = read_head(text, reader.report)
    reader.is_draft = is_draft(header.pairs)
    lines = reader.lines(found.blocks)
    faults = _in_order(reader.faults)
    return Transcript(path, tuple(_with_ends(in_turn(lines))), header.pairs, header.media_sha256, faults)


class Readings:
    """Reads versions of the transcript at ``path``, each once, for as long as whoever changes it passes this on.

    To read 20,000 lines takes half a second, and what a file is before and after a change is asked for in many places.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._transcripts: dict[bytes, Transcript] = {}
        self._lines: dict[bytes, Sequence[Line]] = {}

    def knows(self, data: bytes, lines: Sequence[Line]) -> None:
        """Take lines for those of a version, where it is known that they are, but for their places in the file."""
        self._lines[data] = lines

    def transcript(self, data: bytes) -> Transcript:
        """Read a version.

        :raise ArchiveError: where it does not begin with WEBVTT.
        """
        if data not in self._transcripts:
            text = data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
            self._transcripts[data] = parse(self.path, text)
        return self._transcripts[data]

    def lines(self, data: bytes) -> Sequence[Line]:
        """Give the lines of a version, which may lack their places in the file.

        :raise ArchiveError: where it does not begin with WEBVTT.
        """
        return self._lines[data] if data in self._lines else self.transcript(data).lines


def _with_ends(lines: list[Line]) -> list[Line]:
    """Give lines in their order, those cues that have no length with the start of the next."""
    latest: int | None = None
    following: int | None = None
    for index in reversed(range(len(lines))):
        line = lines[index]
        if not isinstance(line, Cue):
            continue
        if latest is not None and latest > line.start:
            following = latest
        latest = line.start
        if line.end <= line.start:
            lines[index] = replace(line, until=following)
    return lines


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


class _Reader:
    """Walks the parts of one file, collecting faults."""

    def __init__(self, path: Path) -> None:
        self.faults: list[Fault] = []
        #: Whether what nobody has heard is unchecked.
        self.is_draft = False
        self._path = path
        self._comments = Comments(self.report)
        self._untimed: dict[str, int] = {}

    def report(self, line: int, what: str, remedy: str) -> None:
        self.faults.append(Fault(self._path, line, what, remedy))

    def nuls(self, text: str) -> None:
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            if "\0" in line:
                self.report(number, "a NUL character is read as U+FFFD", "remove it, or write what it stands for")

    def lines(self, blocks: Sequence[Block]) -> list[Line]:
        self._untimed = untimed_names(blocks)
        names = iter(self._names([block for block in blocks if block.timing is not None]))
        fractions = Fractions.UNCLEAR
        if any(block.kind == "lost" for block in blocks):  # only these are told with what they may mean
            fractions = fractions_of(block.lines[block.arrow] for block in blocks if block.arrow is not None)
        lines: list[Line] = []
        before = 0
        for block in blocks:
            for finding in block_faults(block, fractions):
                self.report(*finding)
            if is_untimed(block):
                if (line := self._untimed_line(block)) is not None:
                    lines.append(line)
            elif block.kind == "comment":
                self._comments.add(block)
            elif block.timing is not None:
                for finding in timing_faults(block.timing_line, block.timing, before):
                    self.report(*finding)
                before = block.timing.start
                lines.append(self._cue(block, next(names)))
            elif block.kind == "lost":
                self._comments.drop()
            else:
                self._comments.end()
        self._comments.end()
        return lines

    def _names(self, blocks: Sequence[Block]) -> list[str]:
        """Give each cue its id: the identifier in the file where that is a name and the only one, else a number."""
        counted = Counter(block.identifier for block in blocks)
        counted.update(self._untimed)
        first = dict(self._untimed)
        names = []
        for number, block in enumerate(blocks, 1):
            identifier = block.identifier
            if identifier and counted[identifier] > 1:
                line = first.setdefault(identifier, block.line)
                if line != block.line:
                    so = "it is an untimed line’s" if identifier in self._untimed else "it names neither cue"
                    what = f"the identifier {quoted(identifier)} is also on line {line}, so {so}"
                    self.report(block.line, what, "give each cue its own")
            if counted[identifier] == 1 and IDENTIFIER.fullmatch(identifier):
                names.append(identifier)
                continue
            name = f"c{number}"
            attempt = 1
            while name in counted:
                attempt += 1
                name = f"c{number}-{attempt}"
            names.append(name)
        return names

    def _cue(self, block: Block, name: str) -> Cue:
        start, end, settings = block.timing or (0, 0, "")
        line = block.timing_line
        if settings.strip() and not are_settings(settings.strip()):
            what = f"browsers ignore some of the settings {quoted(settings.strip())}"
            self.report(line, what, "remove them: the player uses no settings")
        text, turns, words = read_payload(
            block.payload, start, end, lambda below, what, remedy: self.report(line + 1 + below, what, remedy)
        )
        if not text.strip():
            self.report(line, "the cue has no words", "write them on the line below its times, or remove it")
        about = self._comments.for_cue()
        found = Cue(
            *(name, start, end, text, turns, words, about.citations, line, about.opens_paragraph),
            is_approximate=about.is_approximate,
            page=about.page,
            comments=about.comments,
            is_unchecked=self.is_draft and not is_heard(about.comments),
        )
        return without_stale(found) if about.comments else found

    def _untimed_line(self, block: Block) -> UntimedLine | None:
        """Read a comment that is an untimed line; None where it cannot be one."""
        (name, below, payload), about = untimed(block), self._comments.for_untimed()
        what = ""
        if not name:
            what = "an untimed line has no identifier"
        elif IDENTIFIER.fullmatch(name) is None:
            what = f"an untimed line cannot have the identifier {quoted(name)}"
        elif self._untimed[name] != block.line:
            what = f"the identifier {quoted(name)} is that of the untimed line on line {self._untimed[name]} too"
        if what:
            self.report(block.line, f"{what}, so it is dropped", "write NOTE untimed and an identifier of its own")
            return None
        text, turns, _ = read_payload(payload, 0, 0, lambda at, wrong, remedy: self.report(below + at, wrong, remedy))
        if not text.strip():
            self.report(block.line, "the untimed line has no words", "write them on the line below, or remove it")
        line = UntimedLine(
            *(name, text, turns, about.citations, block.line, about.opens_paragraph, about.page, about.comments),
            is_unchecked=self.is_draft and not is_heard(about.comments),
        )
        return without_stale(line) if about.comments else line
