"""Makes a transcript of what a machine heard, with a header that says so; tells whether a person has touched one.

A transcript that a machine wrote may be replaced by another as long as nobody has heard a line of it, or changed one.
Its header holds digests of the words and of the lines as they were written, so that a change shows that leaves no other
trace.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import ALIGNED as MARK
from player.archive.line_marks import heard
from player.archive.machine import ALIGNED, LINES_WRITTEN, TRANSCRIBED, WRITTEN, MachineMade
from player.archive.transcript import Cue
from player.archive.webvtt.header import USAGE, local_usage
from player.archive.webvtt.marking import with_item
from player.intake.transcripts.imported import Imported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Line, Transcript
    from player.intake.transcripts.imported import ImportedLine

ORIGIN: Final = "Made by a machine from the sound; nobody has checked it."
#: What a machine calls who speaks, until a person names them.
UNNAMED: Final = re.compile(r"Speaker [0-9]+")
_FORMAT: Final = "a machine's transcript"


def imported(
    lines: Sequence[ImportedLine], machine: MachineMade, language: str, aligner: MachineMade | None = None
) -> Imported:
    """Give lines as the import takes them, with the header that says what made them, and what timed those marked so."""
    header: tuple[tuple[str, str], ...] = (
        ("File Creator", machine.readable),
        ("File Creation Date", machine.date or ""),
        ("Origin History", ORIGIN),
        (USAGE, f"[{TRANSCRIBED}] {machine}"),
        (USAGE, f"[{WRITTEN}] {words_digest(line.text for line in lines)}"),
    )
    if aligner is not None and any(comment.startswith(MARK) for line in lines for comment in line.comments):
        header = (*header, (USAGE, f"[{ALIGNED}] {aligner}"))
    return Imported(_FORMAT, tuple(lines), header=header, language=language, machine=machine)


def words_digest(texts: Iterable[str]) -> str:
    """Give the SHA-256 of words line by line, in hexadecimal; how they are spaced does not count."""
    return hashlib.sha256("\n".join(" ".join(text.split()) for text in texts).encode()).hexdigest()


def signed(data: bytes, lines: Iterable[Line]) -> bytes:
    """Give the file of a draft with the digest of its ``lines`` in its header."""
    return with_item(data, f"[{LINES_WRITTEN}]", lines_digest(lines))


def lines_digest(lines: Iterable[Line]) -> str:
    """Give the SHA-256 of what lines have beside their words, in hexadecimal."""
    values = [
        [
            *(line.id, line.page, line.opens_paragraph, line.comments),
            [turn.speaker for turn in line.turns],
            [line.start, line.end, line.words, line.is_approximate] if isinstance(line, Cue) else None,
        ]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def touched(transcript: Transcript) -> str | None:
    """Say why a transcript may not be replaced by a machine's; None where no person has had a hand in it."""
    return next(_touches(transcript), None)


def _touches(transcript: Transcript) -> Iterator[str]:
    lines = transcript.lines
    if transcript.machine is None:
        yield "it was not written by a machine"
    if (review := transcript.review) is not None:
        yield f"{review.name} has reviewed it"
    if count := sum(bool(heard(line)) for line in lines):
        yield f"{count} of its {len(lines)} lines {'was' if count == 1 else 'were'} heard by somebody"
    for name in (turn.speaker for line in lines for turn in line.turns if turn.speaker):
        if not _is_unnamed(name):
            yield f"somebody has named who speaks ({name})"
    if any(line.citations for line in lines):
        yield "somebody has written sources into it"
    written = local_usage(transcript.header, WRITTEN)
    if written is None:
        yield "nothing in it says whether its words are as the machine wrote them"
    if written != words_digest(line.text for line in lines):
        yield "somebody has changed its words"
    if local_usage(transcript.header, LINES_WRITTEN) != lines_digest(lines):
        yield "its times, voices, pages or comments are not as the machine wrote them"


def _is_unnamed(name: str) -> bool:
    return UNNAMED.fullmatch(name) is not None
