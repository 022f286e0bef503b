"""Reads WebVTT of any producer: the cues that a browser finds, and those that it drops for how they are written.

What is known of producers: YouTube's automatic captions roll (``rolling``). Microsoft Teams does not pad its times, and
the fraction is a number of milliseconds (``moments``); its files, and those of Stream and Azure, say how long the sound
is and how sure they are in comments. Whisper puts a blank before each line. OHMS has cues without an end, and escapes
what is inside its XML. Pieces of a stream have times of their own (RFC 8216, section 3.5).
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.languages import TAG
from player.archive.machine import TRANSCRIBED, MachineMade, machine_made
from player.archive.webvtt.blocks import ARROW, is_comment, is_signed, scan
from player.archive.webvtt.comments import is_untimed, untimed
from player.archive.webvtt.faults import Fractions
from player.archive.webvtt.head import label_of
from player.archive.webvtt.header import USAGE, read_header
from player.errors import quoted
from player.intake.transcripts.captions.captions import finished, refuse_endless, refuse_long, tell_fractions, timed
from player.intake.transcripts.captions.moments import ARROWED, both, fractioned, is_whole, pattern
from player.intake.transcripts.captions.turn_dashes import without_dashes
from player.intake.transcripts.captions.vtt_comments import Asides
from player.intake.transcripts.captions.vtt_elements import with_elements
from player.intake.transcripts.captions.vtt_words import words_of
from player.intake.transcripts.decoding import beginning, decoded
from player.intake.transcripts.imported import Deed, Imported, ImportedLine, Remark
from player.intake.transcripts.told import Told
from player.timecode import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.webvtt.blocks import Block
    from player.intake.transcripts.captions.captions import Finished
    from player.intake.transcripts.captions.moments import Parts

NAME: Final = "webvtt"
SUFFIXES: Final = (".vtt",)

_PLAIN: Final = "WebVTT"
_SIGNATURE: Final = "WEBVTT"
_TIMING: Final = pattern(ARROWED)
_ESCAPED_ARROW: Final = "--&gt;"
# Words may have an arrow, or a tag, as well; they are escaped in any file.
_ESCAPED_TIMES: Final = re.compile(rf"[0-9]\s*{_ESCAPED_ARROW}\s*[0-9]")
_ESCAPED_VOICE: Final = re.compile("^&lt;v ", re.MULTILINE)
_MAP: Final = "X-TIMESTAMP-MAP"
# Both clocks at 0: then the times are the sound's as they are.
_MAP_OF_NOTHING: Final = re.compile(r"(?=.*LOCAL:(?:00:)?00:00\.000(?:,|$))(?=.*MPEGTS:0(?:,|$)).*")
_LIKE_A_TIME: Final = re.compile(r"[\t ]*-?[0-9]{1,6}:[0-9]")
_LOOSE: Final = "whose times are not written as WebVTT asks for, which browsers drop"
# What says how cues look, and not what is said: one, and several.
_LOOKS: Final = {
    "cue": ("settings of {} cue", "settings of {} cues"),
    "style": ("{} style", "{} styles"),
    "region": ("{} region", "{} regions"),
}
_CASES: Final = {2: str.upper, 4: str.title}


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether a file begins with WEBVTT, or is called as one that does and has times."""
    text = beginning(content)
    return text.lstrip().startswith(_SIGNATURE) or (path.suffix.lower() == ".vtt" and _has_times(text))


def read(path: Path, content: bytes) -> Imported:
    """Read a file.

    :raise ArchiveError: where it cannot be read; then nothing of it is.
    """
    text, remarks = decoded(path, content)
    found = read_text(path, text)
    return replace(found, remarks=(*remarks, *found.remarks))


def read_text(path: Path, text: str) -> Imported:
    """Read a text as ``decoded`` gives it, such as one inside another format; its lines are numbered from 1.

    :raise ArchiveError: where there is not one cue in it.
    """
    refuse_endless(path, text)
    return _Reader(path, text.replace("\f", " ")).imported()


def _has_times(text: str) -> bool:
    return _TIMING.search(text) is not None or _ESCAPED_ARROW in text


class _Reader:
    """Walks the blocks of one file."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._told = Told()
        self._asides = Asides()
        self._looks: dict[str, list[int]] = {}
        self._remarks: list[Remark] = []
        text = self._unescaped(text)
        # How many lines more than the file the text has that is divided.
        self._shift = 0
        text = self._signed(text)
        self._first = text.partition("\n")[0]
        self._text = text
        self._scan = with_elements(scan(text), self._told, self._shift)
        self._blocks = self._scan.blocks
        self._loose = dict(self._loosely_timed())
        self._fractions = self._fractioned()

    def imported(self) -> Imported:
        """Give all that is in it.

        :raise ArchiveError: where nothing is said in it.
        """
        header = self._header()
        if machine_made(header) is None and (labelled := label_of(self._text)) is not None:
            header = (*header, (USAGE, f"[{TRANSCRIBED}] {labelled}"))
        found = finished(self._path, without_dashes(list(self._lines()), self._told), self._told)
        language = dict(header).get("Language") or self._asides.language or ""
        producer = self._producer(found, header)
        return Imported(
            producer,
            found.lines,
            (*self._remarks, *found.remarks, *self._of_looks()),
            header=header,
            language=_tag(language),
            length=self._asides.length,
            # Those whose captions have a form of their own write only a machine's in it.
            machine=MachineMade(producer.partition(" by ")[2]) if producer != _PLAIN else None,
            notices=tuple(self._asides.notices),
        )

    def _unescaped(self, text: str) -> str:
        """Give a text as it is outside of XML, where it is escaped as inside."""
        is_escaped = (ARROW not in text and _ESCAPED_TIMES.search(text)) or (
            "<v " not in text and _ESCAPED_VOICE.search(text)
        )
        if is_escaped:
            what = "the escapes of XML, such as &lt; for <, which stood around all of it"
            self._remarks.append(Remark(Deed.MENDED, what))
            return html.unescape(text)
        return text

    def _signed(self, text: str) -> str:
        """Give a text that begins with WEBVTT, and note by how many lines it has moved."""
        if is_signed(text):
            return text
        bare = text.lstrip()
        if bare.startswith(_SIGNATURE):
            self._shift = -text[: len(text) - len(bare)].count("\n")
            self._remarks.append(Remark(Deed.MENDED, "what stands before WEBVTT, which has to come first", (1,)))
            # A word may be joined to it; that is no signature, and the rest of the line nothing.
            return _SIGNATURE + " " + bare.removeprefix(_SIGNATURE)
        self._shift = 2
        self._remarks.append(Remark(Deed.MENDED, "the first line, which is not WEBVTT", (1,)))
        return f"{_SIGNATURE}\n\n{text}"

    def _header(self) -> tuple[tuple[str, str], ...]:
        lines = self._scan.header
        beside = self._first.removeprefix(_SIGNATURE).strip(" \t-")
        if beside:
            self._remarks.append(Remark(Deed.LEFT_OUT, f"{quoted(beside)} beside WEBVTT", (1,)))
        for number, line in enumerate(lines, 2 - self._shift):
            if line.startswith(_MAP) and not _MAP_OF_NOTHING.fullmatch(line):
                self._tell_map(line, number)
        pairs = read_header(
            ["" if line.startswith(_MAP) else line for line in lines],
            lambda number, *_: self._tell_header(lines[number - 2], number - self._shift),
        ).pairs
        for number, line in enumerate(lines, 2):
            if line.endswith(":") or line.startswith(":"):
                self._tell_header(line, number - self._shift)
        return tuple(pair for pair in pairs if all(pair))

    def _tell_header(self, line: str, number: int) -> None:
        if line.strip() and not line.strip().isdecimal() and not line.startswith(_MAP):
            self._told.add(Deed.LEFT_OUT, "line of the header", "lines of the header", number)

    def _tell_map(self, line: str, number: int) -> None:
        what = f"{quoted(line)}: its times are those of a piece of a stream, and stay; compare one with the sound"
        self._remarks.append(Remark(Deed.READ, what, (number,)))

    def _loosely_timed(self) -> Iterator[tuple[int, tuple[int, re.Match[str]]]]:
        """Find the blocks whose times no browser reads, but a person does: by index, with the line of the times."""
        for index, block in enumerate(self._blocks):
            if block.kind not in {"lost", "stray"} or is_comment(block.lines[0]):
                continue
            for at, line in enumerate(block.lines[:2]):
                if (match := _TIMING.match(line)) is not None:
                    yield index, (at, match)
                    break

    def _fractioned(self) -> Fractions:
        if not self._loose:
            return Fractions.DECIMAL
        odd: list[Parts] = []
        lines: list[int] = []
        for index, (at, match) in self._loose.items():
            line = self._blocks[index].line + at - self._shift
            if is_whole(parts := match.groups("")):
                if both(parts, Fractions.DECIMAL) is not None:
                    self._told.add(Deed.MENDED, f"cue {_LOOSE}", f"cues {_LOOSE}", line)
            else:
                odd.append(parts)
                lines.append(line)
        timed = (block.lines[block.arrow] for block in self._blocks if block.arrow is not None)
        fractions, is_shown = fractioned(timed, odd)
        tell_fractions(fractions, lines, self._told, is_shown=is_shown)
        return fractions

    def _lines(self) -> Iterator[ImportedLine]:
        blocks, index = self._blocks, 0
        while index < len(blocks):
            block, loose = blocks[index], self._loose.get(index)
            index += 1
            if block.timing is None and loose is None:
                yield from self._no_cue(block)
                continue
            at, match = loose or (block.arrow or 0, None)
            below = list(block.lines[at + 1 :])
            while index < len(blocks) and self._goes_on(index):
                what = "below an empty line, joined to the words above it"
                self._told.add(Deed.MENDED, f"text {what}", f"texts {what}", blocks[index].line - self._shift)
                below.extend(blocks[index].lines)
                index += 1
            if match is None:
                times, rest = block.timing and block.timing[:2], block.timing.settings if block.timing else ""
            else:
                times, rest = both(match.groups(""), self._fractions), block.lines[at][match.end() :]
            if rest.strip():
                self._look("cue", block.line + at)
            yield self._cue(block, at, times, "\n".join(below))

    def _goes_on(self, index: int) -> bool:
        """Tell whether a block is words that an empty line, or an arrow in them, has parted from their cue."""
        block = self._blocks[index]
        if block.kind not in {"stray", "lost"} or index in self._loose or is_comment(block.lines[0]):
            return False
        if block.arrow is not None and _LIKE_A_TIME.match(block.lines[block.arrow]):
            return False
        return not block.lines[0].strip().isdecimal() and not block.lines[0].startswith((_SIGNATURE, _MAP))

    def _no_cue(self, block: Block) -> Iterator[ImportedLine]:
        line = block.line - self._shift
        if is_untimed(block):
            yield self._untimed(block)
        elif block.kind == "comment":
            self._asides.add(block)
        elif block.kind in {"style", "region", "late"}:
            self._look("style" if block.lines[0].startswith("STYLE") else "region", block.line)
        elif is_comment(block.lines[0]):
            self._told.add(Deed.LEFT_OUT, "comment with an arrow", "comments with an arrow", line)
        elif block.arrow is not None and _LIKE_A_TIME.match(block.lines[block.arrow]):
            yield self._cue(block, block.arrow, None, block.payload)
        elif not (len(block.lines) == 1 and block.lines[0].strip().isdecimal()):
            what = "that belongs to no cue"
            if not block.lines[0].startswith(_SIGNATURE):
                self._told.add(Deed.LEFT_OUT, f"text {what}", f"texts {what}", line)
            else:
                one, several = "head of a file that was joined to", "heads of files that were joined to"
                self._told.add(Deed.LEFT_OUT, f"{one} the one before", f"{several} the ones before", line)
                for number, each in enumerate(block.lines, line):
                    if each.startswith(_MAP) and not _MAP_OF_NOTHING.fullmatch(each):
                        self._tell_map(each, number)

    def _cue(self, block: Block, at: int, times: tuple[int, int] | None, below: str) -> ImportedLine:
        """Make a line of a cue whose times are on line ``at`` of its block; without times where they are none."""
        line = block.line + at - self._shift
        start, end = times or (0, 0)
        refuse_long(self._path, below, line)
        text, turns, words = words_of(below, start, end if end > start else 2 * LONGEST, line, self._told)
        begins: int | None = start
        ends: int | None = end
        if not 0 <= start < end <= LONGEST:
            outside = not times or max(start, end) > LONGEST
            begins, ends = timed(None if outside else (start, end), self._told, line)
        if not text:
            return ImportedLine("", (), begins, ends, origin=line)
        about = self._asides.for_line(is_timed=True)
        confidence, confidences = self._asides.confidence(text) if self._asides.is_sure_of_any else (None, ())
        return ImportedLine(
            text,
            turns,
            begins,
            ends,
            about.is_approximate,
            words if begins is not None else (),
            confidence,
            confidences,
            about.page,
            block.lines[0] if at else "",
            about.citations,
            about.opens_paragraph,
            about.comments,
            line,
        )

    def _untimed(self, block: Block) -> ImportedLine:
        """Read a comment in which this program keeps a line that has no times yet."""
        name, _, payload = untimed(block)
        line = block.line - self._shift
        refuse_long(self._path, payload, line)
        text, turns, _ = words_of(payload, 0, 1, line, self._told)
        about = self._asides.for_line(is_timed=False)
        confidence, confidences = self._asides.confidence(text)
        return ImportedLine(
            text,
            turns,
            confidence=confidence,
            word_confidences=confidences,
            page=about.page,
            id=name,
            citations=about.citations,
            opens_paragraph=about.opens_paragraph,
            comments=about.comments,
            origin=line,
        )

    def _look(self, kind: str, line: int) -> None:
        self._looks.setdefault(kind, []).append(line - self._shift)

    def _of_looks(self) -> Iterator[Remark]:
        """Tell of everything that says how cues look, at once."""
        if self._looks:
            parts = [_LOOKS[kind][len(found) > 1].format(f"{len(found):,}") for kind, found in self._looks.items()]
            lines = sorted({line for found in self._looks.values() for line in found})
            yield Remark(Deed.LEFT_OUT, f"how cues look: {', '.join(parts)}", tuple(lines))

    def _producer(self, found: Finished, header: Sequence[tuple[str, str]]) -> str:
        """Say which format this is, and whose, where that shows."""
        if found.are_rolling and ("Kind", "captions") in header:
            return "WebVTT by YouTube"
        voices = {turn.speaker for line in found.lines for turn in line.turns}
        if any("@" in (voice or "") for voice in voices) or (self._loose and self._fractions is Fractions.NUMBER):
            return "WebVTT by Microsoft Teams"
        is_stream = self._asides.is_sure_of_any and self._asides.length is not None
        return "WebVTT by Microsoft Stream" if is_stream else _PLAIN


def _tag(language: str) -> str | None:
    """Give the tag of a language as BCP 47 writes it; None where it is none."""
    first, *rest = language.strip().replace("_", "-").split("-")
    tag = "-".join([first.lower(), *(_CASES.get(len(part), str.lower)(part) for part in rest)])
    return tag if TAG.fullmatch(tag) else None
