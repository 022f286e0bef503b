"""Reads the head of a WebVTT file, all that stands above its first line: what its header says, or may mean to say.

By the head it is decided whether the words are a machine's, which is asked without reading the rest (``head_of``), and
again with it (``reading``): of the same lines, by the same function. A label that is not written as it should be counts
all the same, as does a history that says that a machine wrote the words, or how sure one is of the first line: what may
be a machine's and does not say so well is no person's. It is then a fault, and read as if it said so.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.machine import ALIGNED, LABEL, REVIEWED, TRANSCRIBED, UNKNOWN, MachineMade, machine_made
from player.archive.machine_origin import CREATED, CREATOR, ORIGIN, by_header
from player.archive.webvtt.blocks import ARROW, is_comment, is_signed, normal, timing
from player.archive.webvtt.header import USAGE, Header, local_usage, read_header
from player.errors import quoted
from player.files import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Report = Callable[[int, str, str], None]

# The most letters of a head: what stands below them is not looked at, and the words may then be anybody's.
_LONGEST: Final = 65_536
# So many bytes hold them: UTF-8 has at most four for each, and a mark of three may stand before them.
_LONGEST_BYTES: Final = 4 * _LONGEST + 4
# Most heads end within so many bytes.
_MOSTLY: Final = 8_192
_UNTIMED: Final = re.compile(r"(?:NOTE[ \t]+)?untimed(?:[ \t]|$)")
# As players write it, and Microsoft Stream; whatever number follows.
_SURE: Final = re.compile(r"\s*(?:NOTE\s+)?(?:word\s+)?confidence\s*:\s*[-0-9.]", re.IGNORECASE)
_LABEL: Final = re.compile(r"\[([^\[\]]*)\]")
_REMEDY: Final = f"write {USAGE}: [{TRANSCRIBED}] program, model, date"


class _Head(NamedTuple):
    """The lines above the first line that is said, of which the first is line 1 of the file.

    ``header`` is behind the last line of the header. It ``is_whole`` where there is an end to it.
    """

    lines: Sequence[str]
    header: int
    is_whole: bool


def read_head(text: str, report: Report) -> Header:
    """Read the head of a text that begins with WEBVTT; call ``report`` with what is wrong with each line.

    Where the words may be a machine's, the header has a label that says so.
    """
    head = _head(text)
    found = read_header(head.lines[1 : head.header], report)
    if machine_made(found.pairs) is None and (machine := _machine(head, report)) is not None:
        found = found._replace(pairs=(*found.pairs, (USAGE, f"[{TRANSCRIBED}] {machine}")))
    for item in (ALIGNED, REVIEWED):
        _tell_unread(head, found.pairs, item, report)
    return found


def head_of(path: Path) -> tuple[tuple[str, str], ...] | None:
    """Read the head alone of the file at ``path``; empty where there is no file, None where it cannot be read."""
    try:
        with opened(path) as file:
            beginning = file.read(_MOSTLY)
            if len(beginning) == _MOSTLY and not _ends_within(_decoded(beginning)):
                beginning += file.read(_LONGEST_BYTES - _MOSTLY)
    except FileNotFoundError:
        return ()
    except OSError:
        return None
    text = _decoded(beginning)
    return read_head(text, lambda *_: None).pairs if is_signed(normal(text[:_LONGEST])) else None


def label_of(text: str) -> MachineMade | None:
    """Give the machine of a label that stands anywhere in a head, however it is written; None where none does."""
    return next((_after_label(line) for line in _head(text).lines if _has_label(_folded(line), TRANSCRIBED)), None)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="replace")


def _ends_within(text: str) -> bool:
    """Tell whether the head ends above the last line of a text that may have been cut there."""
    head = _head(text)
    return head.is_whole and len(head.lines) < normal(text).count("\n")


def _head(text: str) -> _Head:
    lines = normal(text[:_LONGEST]).split("\n")
    header = 1
    while header < len(lines) and lines[header] and ARROW not in lines[header]:
        header += 1
    for number in range(header, len(lines)):
        line = lines[number]
        if (ARROW in line and timing(line) is not None) or _UNTIMED.match(line):
            return _Head(lines[:number], header, is_whole=True)
    # What follows an empty line is comments: one of a megabyte says nothing of who wrote the words.
    return _Head(lines, header, is_whole=header < len(lines) - 1 or len(text) <= _LONGEST)


def _machine(head: _Head, report: Report) -> MachineMade | None:
    """Give the machine that wrote the words, as far as the head says that one did, and not as it should."""
    for number, line in enumerate(head.lines, 1):
        folded = _folded(line)
        if _has_label(folded, TRANSCRIBED):
            what = f"{quoted(line)} is not how a header says that a machine wrote the words; it counts as one that does"
            report(number, what, _REMEDY)
            return _after_label(line) if number <= head.header and not is_comment(line) else MachineMade(UNKNOWN)
        if _folded(LABEL) in folded:
            report(number, f'the header does not say which machine wrote the words: "{LABEL}"', _REMEDY)
            return MachineMade(UNKNOWN)
    said = list(_elements(head.lines))
    if (machine := by_header([(name, value) for name, value, _ in said])) is not None:
        at = next(number for name, _, number in said if name in {CREATOR, ORIGIN})
        what = f"a machine wrote the words, by {CREATOR} or {ORIGIN}, and no [{TRANSCRIBED}] says so; they count as its"
        report(at, what, f"{_REMEDY}; or say in {ORIGIN} who corrected them")
        return machine
    at = next((number for number, line in enumerate(head.lines, 1) if _SURE.match(line)), 0)
    if at:
        what = "a recogniser says how sure it is of these words, and the header does not say that a machine wrote them"
        report(at, f"{what}; they count as its", f"{_REMEDY}; or remove what it says, if people wrote them")
        return MachineMade(UNKNOWN)
    if not head.is_whole:
        what = f"the header does not end within the first {_LONGEST:,} letters, so the words count as a machine’s"
        report(1, what, "make it shorter, or put an empty line below it")
        return MachineMade(UNKNOWN)
    return None


def _tell_unread(head: _Head, pairs: Sequence[tuple[str, str]], item: str, report: Report) -> None:
    """Tell of a label that is not read for how it is written."""
    if local_usage(pairs, item) is None:
        for number, line in enumerate(head.lines, 1):
            if _is_labelled(line, item) and not _is_item(line, item):
                report(number, f"{quoted(line)} is not read", f"write {USAGE}: [{item}] and what there is to say")


def _is_labelled(line: str, item: str) -> bool:
    """Tell whether a line has the label of an item, however it is written, and not that of another: [Reviewed by]."""
    return any(_folded(label) == _folded(item) for label in _LABEL.findall(_plain(line)))


def _is_item(line: str, item: str) -> bool:
    """Tell whether a line has an item as it should be written, though perhaps with nothing in it that can be read."""
    name, _, value = line.partition(":")
    return name.strip() == USAGE and any(
        part.strip().lower().startswith(f"[{item}]".lower()) for part in value.split(";")
    )


def _elements(lines: Sequence[str]) -> list[tuple[str, str, int]]:
    """Give the elements of a head that say how the words came about, however they are written; and on which line."""
    names = {_folded(name): name for name in (CREATOR, CREATED, ORIGIN)}
    found = []
    for number, line in enumerate(lines, 1):
        name, colon, value = _plain(line).partition(":")
        if colon and (known := names.get(_folded(name.removeprefix("WEBVTT")))) is not None:
            found.append((known, value.strip(), number))
    return found


def _has_label(folded: str, item: str) -> bool:
    """Tell whether a folded line has the label of an item anywhere, or calls itself by it."""
    label = _folded(item)
    if label not in folded:
        return False
    return f"[{label}" in folded or f"{_folded(USAGE)}{label}" in folded.replace("[", "")


def _folded(text: str) -> str:
    """Give the letters and digits of a text, and where a bracket opens; how they are written does not count."""
    return "".join(sign for sign in _plain(text).casefold() if sign.isalnum() or sign == "[")


def _plain(text: str) -> str:
    """Give a text with each sign in its plain form, which takes no longer the more accents stand on one letter."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFKC", sign) for sign in text)


def _after_label(line: str) -> MachineMade:
    """Give the machine that stands behind a label, where it can be read."""
    said = _plain(line).rpartition("]")[2].partition(";")[0].strip(" \"'“”")
    if not said or not said.isprintable() or ARROW in said:
        return MachineMade(UNKNOWN)
    return machine_made([(USAGE, f"[{TRANSCRIBED}] {said}")]) or MachineMade(UNKNOWN)
