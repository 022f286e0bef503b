"""A WebVTT file into the lines of a recording, when they are said, by whom and on what authority; and back.

A file is read as a browser's own ``<track>`` reads it. What that drops or mends is told in ``Transcript.faults``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import webvtt

from player.archive.references import IDENTIFIER, Citation, parse_citation
from player.archive.text_file import read_decoded
from player.archive.webvtt.blocks import is_signed, normal, scan
from player.archive.webvtt.faults import block_faults, timing_faults
from player.archive.webvtt.fractions import fractions_of
from player.archive.webvtt.header import read_header
from player.archive.webvtt.payload import Payload, Turn, read_payload, write_payload
from player.errors import ArchiveError, Fault, quoted
from player.files import new_file
from player.timecode import Span, vtt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from player.archive.webvtt.blocks import Block

__all__ = ["Cue", "Transcript", "Turn", "read_transcript", "write_transcript"]

#: The most bytes in a file: the transcript of a year would fit; beyond it a file is something else.
LARGEST = 64_000_000

_PARAGRAPH = "paragraph"
_SOURCE = re.compile(r"\s*sources?\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Cue:
    """One line: ``[start, end)`` in milliseconds, and its words. ``line`` is that of its times in the file.

    ``text`` has no tags, and line feeds where the file has them. ``words`` holds for each of ``text.split()`` how many
    milliseconds after ``start`` it begins, or None; it is empty where no word is timed.
    """

    id: str
    start: int
    end: int
    text: str
    turns: tuple[Turn, ...]
    words: tuple[int | None, ...]
    citations: tuple[Citation, ...]
    line: int
    #: Whether the transcript has a new paragraph begin here: ``NOTE paragraph`` stands before it.
    opens_paragraph: bool = False
    #: Where the next line begins, for one that the file has end no later than it starts; None where none follows.
    until: int | None = field(default=None, compare=False)

    @property
    def speaker(self) -> str | None:
        """Who speaks first in it, where a voice is named."""
        return self.turns[0].speaker if self.turns else None

    @property
    def has_length(self) -> bool:
        """Tell whether anything says how long it lasts."""
        return self.end > self.start or self.until is not None

    @property
    def span(self) -> Span:
        """The passage it takes; where nothing says how long, a millisecond.

        Where the file has it end no later than it starts, it is heard until the next line begins.
        """
        return Span(self.start, self.end if self.end > self.start else self.until or self.start + 1)


@dataclass(frozen=True)
class Transcript:
    """What a WebVTT file says. Cues are in the order of their starts, those that start together in the file's.

    ``media_sha256`` is the digest of the sound that it was timed to, in small letters, or None where none is given. One
    that is no digest stays as written, so that it matches no sound.
    """

    path: Path
    cues: tuple[Cue, ...]
    header: tuple[tuple[str, str], ...]
    media_sha256: str | None
    faults: tuple[Fault, ...]


def read_transcript(path: Path) -> Transcript:
    """Read a transcript. Bytes that are not UTF-8 are read as U+FFFD, and told.

    :raise ArchiveError: where the file cannot be read, is over 64 MB, is UTF-16, or does not begin with WEBVTT.
    """
    text, undecoded = read_decoded(path, LARGEST)
    found = _parsed(path, text)
    return replace(found, faults=_in_order((*undecoded, *found.faults))) if undecoded else found


def write_transcript(path: Path, cues: Sequence[Cue], header: Sequence[tuple[str, str]]) -> None:
    """Write ``cues``, in the order of their starts, under the lines of ``header``, in place of what is at ``path``.

    What is written has been read back first, and is the same but for ``Cue.line`` and what goes without saying: words
    without turns are no one's; a first word is at 0 where another is timed, and is not timed where it alone is, at 0.

    :raise ArchiveError: where WebVTT cannot hold them.
    :raise OSError: where the file cannot be written; what is there is then left as it was.
    """
    ordered = sorted(cues, key=lambda cue: cue.start)
    content = _rendered(path, ordered, header)
    found = _parsed(path, content.decode())
    for cue, again in zip(ordered, found.cues, strict=False):
        if replace(again, line=cue.line) != _as_read(cue):
            raise _unwritable(path, f"cue {cue.id}", "it would be read as something else")
    if len(ordered) != len(found.cues) or found.header != tuple(header):
        raise _unwritable(path, "the header", "it would be read as something else")
    with new_file(path, force=True) as beside:
        beside.write_bytes(content)


def _parsed(path: Path, text: str) -> Transcript:
    plain = normal(text)
    if not is_signed(plain):
        what = "the file does not begin as WebVTT does"
        raise ArchiveError([Fault(path, 1, what, "write WEBVTT as its first line, and an empty line after it")])
    reader = _Reader(path)
    if "\0" in text:
        reader.nuls(text)
    found = scan(plain)
    # webvtt-py's own reading of blocks differs from a browser's; of the header it has only this block.
    header = read_header(webvtt.WebVTT.from_string("\n".join(("WEBVTT", *found.header))).metadata, reader.report)
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
                    what = f"the identifier {quoted(identifier)} is that of line {line} too, and names neither"
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
        if settings.strip() and not _are_settings(settings.strip()):
            what = f"browsers drop some of the settings {quoted(settings.strip())}"
            self.report(line, what, "remove them; the player places nothing")
        text, turns, words = read_payload(
            block.payload, start, end, lambda below, what, remedy: self.report(line + 1 + below, what, remedy)
        )
        if not text.strip():
            self.report(line, "the cue has no words", "write them on the line below its times, or remove it")
        citations = tuple(citation for _, citation in self._sources)
        return Cue(name, start, end, text, turns, words, citations, line, self._opens_paragraph)

    def _comment(self, block: Block) -> None:
        if " ".join(block.lines).split() == ["NOTE", _PARAGRAPH]:
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
            what = f"the source comment {quoted(str(citation))} stands before no cue, and is dropped"
            self.report(number, what, "move it directly above the cue that rests on it")


@lru_cache(maxsize=256)
def _are_settings(text: str) -> bool:
    """Tell whether a browser knows every setting in ``text``, and takes its value."""
    try:
        webvtt.models.CueSettings.from_string(text, strict=True)
    except webvtt.errors.MalformedCaptionError:
        return False
    return True


def _rendered(path: Path, cues: Sequence[Cue], header: Sequence[tuple[str, str]]) -> bytes:
    captions = []
    for cue in cues:
        try:
            payload = write_payload(Payload(cue.text, cue.turns, cue.words), cue.start)
            caption = webvtt.Caption(vtt(cue.start), vtt(cue.end), payload, cue.id)
            caption.comments = [
                *([_PARAGRAPH] if cue.opens_paragraph else ()),
                *(f"source: {citation}" for citation in cue.citations),
            ]
            webvtt.WebVTT(captions=[caption]).content.encode()
        except (ValueError, webvtt.errors.MalformedCaptionError) as error:
            raise _unwritable(path, f"cue {cue.id}", str(error)) from None
        captions.append(caption)
    try:
        metadata = [f"{name}: {value}" for name, value in header]
        return webvtt.WebVTT(captions=captions, metadata=metadata).content.encode()
    except ValueError as error:
        raise _unwritable(path, "the header", str(error)) from None


def _as_read(cue: Cue) -> Cue:
    """Give a cue as it is read, where there is more than one way to say the same."""
    words, turns, text = cue.words, cue.turns, cue.text.strip()
    is_timed = any(time is not None and (time or index) for index, time in enumerate(words))
    if text and not turns:
        turns = (Turn(None, text),)
    return replace(cue, turns=turns, words=(words[0] or 0, *words[1:]) if is_timed else ())


def _unwritable(path: Path, part: str, reason: str) -> ArchiveError:
    remedy = "look for control characters, repeated names and times that run backwards"
    return ArchiveError([Fault(path, None, f"{part} cannot be written as WebVTT ({reason})", remedy)])
