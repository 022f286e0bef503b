"""Reads a WebVTT file into a transcript, as a browser's own ``<track>`` reads it.

What that drops or mends is a fault in ``Transcript.faults``. The lines below WEBVTT have the form of FADGI, Guidelines
for Embedding Metadata in WebVTT Files 1.0 (2024): ``Name: value``, where ``; `` separates one value from the next.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from player.archive.references import IDENTIFIER, Citation, parse_citation
from player.archive.transcript import Cue, Transcript
from player.archive.webvtt.blocks import is_comment, is_signed, normal, scan
from player.archive.webvtt.faults import Fractions, are_settings, block_faults, fractions_of, timing_faults
from player.archive.webvtt.payload import read_payload
from player.errors import ArchiveError, Fault, quoted
from player.files import read_decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from player.archive.webvtt.blocks import Block

#: The most bytes in a file: the transcript of a year would fit; beyond it a file is something else.
LARGEST = 64_000_000

#: The comment before a line that begins a paragraph.
PARAGRAPH = "paragraph"
_SOURCE = re.compile(r"\s*sources?\s*:", re.IGNORECASE)
#: In a header, the name of the element, and the label of the item, that hold the digest of the sound.
USAGE = "Local Usage Element"
BINDING = "[Media SHA-256]"
_DIGEST = re.compile(r"[0-9a-f]{64}")


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
    header = read_header(found.header, reader.report)
    cues = reader.cues(found.blocks)
    faults = _in_order(reader.faults)
    return Transcript(path, tuple(_in_turn(cues)), header.pairs, header.media_sha256, faults)


def _in_turn(cues: Sequence[Cue]) -> list[Cue]:
    """Give cues in the order of their starts, those without a length with the start of the next."""
    ordered = sorted(cues, key=lambda cue: cue.start)
    following: int | None = None
    for index in reversed(range(len(ordered))):
        cue = ordered[index]
        if index + 1 < len(ordered) and ordered[index + 1].start > cue.start:
            following = ordered[index + 1].start
        if cue.end <= cue.start:
            ordered[index] = replace(cue, until=following)
    return ordered


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


class _Reader:
    """Walks the parts of one file, collecting faults."""

    def __init__(self, path: Path) -> None:
        self.faults: list[Fault] = []
        self._path = path
        #: The source comments since the last block that was none, with their lines.
        self._sources: list[tuple[int, Citation]] = []
        self._opens_paragraph = False

    def report(self, line: int, what: str, remedy: str) -> None:
        self.faults.append(Fault(self._path, line, what, remedy))

    def nuls(self, text: str) -> None:
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            if "\0" in line:
                self.report(number, "a NUL character is read as U+FFFD", "remove it, or write what it stands for")

    def cues(self, blocks: Sequence[Block]) -> list[Cue]:
        own = [block for block in blocks if block.timing is not None]
        names = self._names(own)
        fractions = Fractions.UNCLEAR
        if any(block.kind == "lost" for block in blocks):  # only these are told with what they may mean
            fractions = fractions_of(block.lines[block.arrow] for block in blocks if block.arrow is not None)
        cues: list[Cue] = []
        before = 0
        for block in blocks:
            for finding in block_faults(block, fractions):
                self.report(*finding)
            if block.kind == "comment":
                self._comment(block)
                continue
            if block.timing is not None:
                for finding in timing_faults(block.timing_line, block.timing, before):
                    self.report(*finding)
                before = block.timing.start
                cues.append(self._cue(block, names[len(cues)]))
            elif block.kind != "lost":
                self._orphans()
            self._sources = []
            self._opens_paragraph = False
        self._orphans()
        return cues

    def _names(self, blocks: Sequence[Block]) -> list[str]:
        """Give each cue its id: the identifier in the file where that is a name and the only one, else a number."""
        counted = Counter(block.identifier for block in blocks)
        first: dict[str, int] = {}
        names = []
        for number, block in enumerate(blocks, 1):
            identifier = block.identifier
            if identifier and counted[identifier] > 1:
                line = first.setdefault(identifier, block.line)
                if line != block.line:
                    what = f"the identifier {quoted(identifier)} is also on line {line}, so it names neither cue"
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
        citations = tuple(citation for _, citation in self._sources)
        return Cue(name, start, end, text, turns, words, citations, line, self._opens_paragraph)

    def _comment(self, block: Block) -> None:
        if " ".join(block.lines).split() == ["NOTE", PARAGRAPH]:
            self._opens_paragraph = True
            return
        for number, line in enumerate((block.lines[0].removeprefix("NOTE"), *block.lines[1:]), block.line):
            if _SOURCE.match(line) is None:
                continue
            keyword, _, rest = line.strip().partition(":")
            citation = parse_citation(rest) if keyword == "source" else None
            if citation is None:
                what = f"the source comment {quoted(line.strip())} cannot be read, and is dropped"
                self.report(number, what, "write it as NOTE source: id, or NOTE source: id, locator")
            else:
                self._sources.append((number, citation))

    def _orphans(self) -> None:
        """Report source comments below which there is no cue."""
        for number, citation in self._sources:
            what = f"the source comment {quoted(str(citation))} is not directly above a cue, and is dropped"
            self.report(number, what, "move it above the cue that it gives the source of")


class Header(NamedTuple):
    """The lines of a header, and the digest in them; one that is none stays as written, in small letters."""

    pairs: tuple[tuple[str, str], ...]
    media_sha256: str | None


def read_header(lines: Sequence[str], report: Callable[[int, str, str], None]) -> Header:
    """Read a header whose first line is line 2 of the file; call ``report`` with what is wrong with each line."""
    pairs: list[tuple[str, str]] = []
    digests: list[str] = []
    for number, line in enumerate(lines, 2):
        name, colon, value = line.partition(":")
        if is_comment(line):
            report(number, "a comment is read as part of the header, and dropped", "put an empty line above it")
            continue
        if not colon:
            what = f"the header line {quoted(line)} is dropped"
            report(number, what, "write it as Name: value, or put an empty line above it")
            continue
        pairs.append((name.strip(), value.strip()))
        for digest in _digests(*pairs[-1]):
            if _DIGEST.fullmatch(digest) is None:
                what = f"{quoted(digest)} is not a SHA-256 digest, so the transcript matches no sound"
                report(number, what, f"write {BINDING} and 64 hexadecimal digits")
            if digests and digest != digests[0]:
                report(number, "the header names a second sound, which is ignored", "keep the one that it was timed to")
            digests.append(digest)
    return Header(tuple(pairs), digests[0] if digests else None)


def _digests(name: str, value: str) -> list[str]:
    if name != USAGE:
        return []
    items = [item.strip().lower() for item in value.split(";")]
    return [item.removeprefix(BINDING.lower()).strip() for item in items if item.startswith(BINDING.lower())]


def local_usage(pairs: Sequence[tuple[str, str]], item: str) -> str | None:
    """Find ``Local Usage Element: [item] value`` and give the value; None where there is none, or an empty one."""
    label = f"[{item}]".lower()
    for name, value in pairs:
        for part in value.split(";") if name == USAGE else ():
            if part.strip().lower().startswith(label):
                return part.strip()[len(label) :].strip() or None
    return None
