"""Writes a transcript as a WebVTT file; what of it could be misread is read back before it is put in place or sent.

A line that has nothing but words, and their times, is written as it is: for 100,000 of them webvtt-py takes as long as
for reading a file, and reading them back as long again. Any other line is written by webvtt-py and read back.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.archive.references import IDENTIFIER
from player.archive.transcript import Cue, Turn, UntimedLine, in_turn
from player.archive.webvtt.comments import APPROXIMATE, PAGE, PARAGRAPH, UNTIMED
from player.archive.webvtt.payload import Payload, write_payload
from player.archive.webvtt.reading import parse
from player.errors import ArchiveError, Fault
from player.files import new_file
from player.timecode import SECOND, vtt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.transcript import Line

# What words do not have that are written as they are and read as they are written; and a voice.
_NOT_PLAIN: Final = re.compile(r"[&<>\0\r]")
_SPACE: Final = re.compile(r"(\s+)")
_PLAIN_VOICE: Final = re.compile(r"[^\s&<>\0]+(?: [^\s&<>\0]+)*")
# How sure a machine is of a line, who has heard it, and since when its translation is older than its words.
_PLAIN_COMMENT: Final = re.compile(
    r"(?:aligned|(?:word )?confidence|older): [0-9.-]+(?: [0-9.]+| -)*|heard: [0-9-]+,(?: (?!-->)[^\s\0]+)+"
)
_PAGE: Final = re.compile(r"(?!.*-->)[^\s\0]+(?: [^\s\0]+)*")


def write_transcript(path: Path, lines: Sequence[Line], header: Sequence[tuple[str, str]]) -> None:
    """Write ``lines`` under those of ``header``, in place of what is at ``path``.

    :raise ArchiveError: where WebVTT cannot hold them.
    :raise OSError: where the file cannot be written; what is there is then left as it was.
    """
    content = written(path, lines, header)
    with new_file(path, force=True) as beside:
        beside.write_bytes(content)


def written(path: Path, lines: Sequence[Line], header: Sequence[tuple[str, str]]) -> bytes:
    """Give the bytes of such a file; faults are told of ``path``.

    Cues come in the order of their starts, an untimed line after the line that it follows in ``lines``. They are read
    back as they are but for ``line`` and what goes without saying: words without turns are no one's; a first word is at
    0 where another is timed, and is not timed where it alone is, at 0.

    :raise ArchiveError: where WebVTT cannot hold them.
    """
    ordered = in_turn(lines)
    counted = Counter(line.id for line in ordered)
    if len(counted) < len(ordered):
        raise _unwritable(path, _named(next(line for line in ordered if counted[line.id] > 1)), "another has its name")
    head = _head(path, header)
    blocks: list[str] = []
    others: list[tuple[Line, str]] = []
    page: str | None = None
    for line in ordered:
        if line.page != page:
            page = line.page
            blocks.append(_turned(path, line))
        block = _plain(line)
        if block is None:
            block = _other(path, line)
            others.append((line, block))
        blocks.append(block)
    if others or header:
        _read_back(path, head, others, header)
    return "\n".join([head, *blocks]).encode()


def _turned(path: Path, line: Line) -> str:
    """Write that a page of the document begins."""
    if line.page is None:
        raise _unwritable(path, _named(line), "it is on no page, and lines before it are")
    if _PAGE.fullmatch(line.page) is None:
        raise _unwritable(path, _named(line), "its page is not one line of text")
    return f"NOTE {PAGE} {line.page}\n"


def _plain(line: Line) -> str | None:
    """Write a line that has nothing but words and their times; None where it has more, or these are not plain."""
    speaker, text = None, line.text
    if line.turns:
        speaker = line.turns[0].speaker
        if len(line.turns) > 1 or line.turns[0].text != text:
            return None
    is_plain = (
        not line.citations
        and IDENTIFIER.fullmatch(line.id)
        and text
        and text == text.strip()
        and "\n\n" not in text
        and _NOT_PLAIN.search(text) is None
        and (speaker is None or _is_plain_voice(speaker))
        and (not line.comments or all(map(_PLAIN_COMMENT.fullmatch, line.comments)))
    )
    if not is_plain or (isinstance(line, Cue) and line.start < 0):
        return None
    has_comments = line.comments or line.opens_paragraph or (isinstance(line, Cue) and line.is_approximate)
    before = "".join([f"NOTE {comment}\n\n" for comment in _comments(line)]) if has_comments else ""
    voice = "" if speaker is None else f"<v {speaker}>"
    if isinstance(line, UntimedLine):
        return f"{before}NOTE {UNTIMED} {line.id}\n{voice}{text}\n"
    if line.words:
        stamped = _stamped(text, line.words, line.start, line.end)
        if stamped is None:
            return None
        text = stamped
    return f"{before}{line.id}\n{_vtt(line.start)} --> {_vtt(line.end)}\n{voice}{text}\n"


@lru_cache(maxsize=1024)
def _is_plain_voice(name: str) -> bool:
    return _PLAIN_VOICE.fullmatch(name) is not None


def _stamped(text: str, words: Sequence[int | None], start: int, end: int) -> str | None:
    """Write plain words with the times of those that have one; None where they would not be read so."""
    pieces = _SPACE.split(text)
    if len(words) != len(pieces) // 2 + 1:
        return None
    latest = 0
    for number, time in enumerate(words):
        if time is None:
            continue
        if not latest <= time < end - start:
            return None
        latest = time
        if time or number:
            pieces[2 * number] = f"<{_vtt(start + time)}>{pieces[2 * number]}"
    return "".join(pieces)


def _vtt(moment: int) -> str:
    return f"{_second(moment // SECOND)}.{moment % SECOND:03d}"


@lru_cache(maxsize=256)
def _second(number: int) -> str:
    """Write a second without its fraction: those of one line are mostly those of the word before."""
    return vtt(number * SECOND)[: -len(".000")]


def _comments(line: Line) -> Iterator[str]:
    yield from line.comments
    if line.opens_paragraph:
        yield PARAGRAPH
    for citation in line.citations:
        yield f"source: {citation}"
    if isinstance(line, Cue) and line.is_approximate:
        yield APPROXIMATE


def _other(path: Path, line: Line) -> str:
    """Write a line with all that it has."""
    import webvtt  # noqa: PLC0415  # 5 ms, which what is plain need not spend

    start, end, words = (line.start, line.end, line.words) if isinstance(line, Cue) else (0, 0, ())
    try:
        payload = write_payload(Payload(line.text, line.turns, words), start)
        caption = webvtt.Caption(vtt(start), vtt(end), payload, line.id)
        caption.comments = list(_comments(line))
        block: str = webvtt.WebVTT(captions=[caption]).content.removeprefix("WEBVTT\n\n")
        block.encode()
    except (ValueError, webvtt.errors.MalformedCaptionError) as error:
        raise _unwritable(path, _named(line), str(error)) from None
    if isinstance(line, Cue):
        return block
    as_cue = f"{line.id}\n{caption.start} --> {caption.end}\n"
    before, _, payload = block.rpartition(as_cue)
    return f"{before}NOTE {UNTIMED} {line.id}\n{payload}"


def _head(path: Path, header: Sequence[tuple[str, str]]) -> str:
    lines = [f"{name}: {value}" for name, value in header]
    if all(line.isascii() and line.isprintable() and "-->" not in line for line in lines):
        return "\n".join(["WEBVTT", *lines, ""])
    import webvtt  # noqa: PLC0415  # see above

    try:
        content: str = webvtt.WebVTT(metadata=lines).content
        content.encode()
    except ValueError as error:
        raise _unwritable(path, "the header", str(error)) from None
    return content


def _read_back(path: Path, head: str, others: Sequence[tuple[Line, str]], header: Sequence[tuple[str, str]]) -> None:
    """Read what was written of lines that are not plain, and of the header.

    :raise ArchiveError: where it is read as something else.
    """
    found = parse(path, "\n".join([head, *(block for _, block in others)]))
    for (line, _), again in zip(others, found.lines, strict=False):
        if replace(again, line=line.line, page=line.page) != as_read(line):
            raise _unwritable(path, _named(line), "it would be read back as something else")
    if len(others) != len(found.lines) or found.header != tuple(header):
        raise _unwritable(path, "the header", "it would be read back as something else")


def as_read(line: Line) -> Line:
    """Give a line as it is read, where there is more than one way to say the same."""
    turns, text = line.turns, line.text.strip()
    if text and not turns:
        turns = (Turn(None, text),)
    if isinstance(line, UntimedLine):
        return replace(line, turns=turns)
    words = line.words
    is_timed = any(time is not None and (time or index) for index, time in enumerate(words))
    return replace(line, turns=turns, words=(words[0] or 0, *words[1:]) if is_timed else ())


def _named(line: Line) -> str:
    return f"cue {line.id}" if isinstance(line, Cue) else f"the untimed line {line.id}"


def _unwritable(path: Path, part: str, reason: str) -> ArchiveError:
    remedy = "look for control characters, repeated names and times that run backwards"
    return ArchiveError([Fault(path, None, f"{part} cannot be written as WebVTT ({reason})", remedy)])
