"""Binds a WebVTT file to a sound: writes its digest into the header, and changes no other byte of the file."""

from __future__ import annotations

import codecs
import os
import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.header import BINDING, USAGE
from player.archive.webvtt.reading import parse
from player.errors import ArchiveError, Fault
from player.files import content, new_files

if TYPE_CHECKING:
    from collections.abc import Sequence

# A line with its end.
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END: Final = re.compile(rb"\r\n|\r|\n")


def bind(paths: Sequence[Path], digest: str) -> None:
    """Write into the headers of WebVTT files that they were timed to the sound with this SHA-256; into all, or none.

    :raise ArchiveError: where a file would be read as something else afterwards.
    :raise OSError: where one cannot be read or written; all are then as they were.
    """
    # A link within the archive stays one.
    targets = [Path(os.path.realpath(path)) for path in paths]
    changed = [bound_file(path, digest)[1] for path in paths]
    with new_files(targets, force=True) as besides:
        for beside, target, written in zip(besides, targets, changed, strict=True):
            shutil.copymode(target, beside)
            beside.write_bytes(written)


def bound(before: bytes, digest: str) -> bytes:
    """Give a WebVTT file with this digest in its header: in place of each that is there, else below the last line."""
    return with_item(before, BINDING, digest)


def with_item(before: bytes, label: str, value: str) -> bytes:
    """Give a WebVTT file whose header says ``Local Usage Element: label value``, in the place that ``bound`` takes."""
    signature, header, rest = _divided(before)
    own = [_with_value(line, label, value) for line in header]
    if not any(new is not None for new in own):
        end = _END.search(signature)
        eol = end[0] if end else b"\n"
        above = signature + b"".join(header)
        if not above.endswith((b"\r", b"\n")):
            above += eol
        return above + f"{USAGE}: {label} {value}".encode() + eol + rest
    return signature + b"".join(new or line for new, line in zip(own, header, strict=True)) + rest


def _divided(before: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Divide a file into its first line, the lines of its header, and the rest, as ``blocks.scan`` does."""
    lines = iter(_LINE.finditer(before))
    signature = next(lines)[0]
    header: list[bytes] = []
    at = len(signature)
    for match in lines:
        if not match[0].rstrip(b"\r\n") or ARROW.encode() in match[0]:
            break
        header.append(match[0])
        at = match.end()
    return signature, header, before[at:]


def _with_value(line: bytes, label: str, value: str) -> bytes | None:
    """Give a line of a header with another value of an item; None where it has no such item."""
    name, colon, said = line.partition(b":")
    item = _item(label)
    if name.strip() != USAGE.encode() or item.search(said) is None:
        return None
    return name + colon + item.sub(lambda match: match[1] + (b"" if match[2] else b" ") + value.encode(), said)


@cache
def _item(label: str) -> re.Pattern[bytes]:
    """Find one of the items that ; divides, up to its value, and the value."""
    start = rb"((?:^|;)\s*" + re.escape(label.encode()) + rb"[ \t]*)"
    return re.compile(start + rb"([^;\r\n]*?)(?=\s*(?:;|$))", re.IGNORECASE | re.MULTILINE)


def bound_file(path: Path, digest: str) -> tuple[bytes, bytes]:
    """Give what a file has, and what is to be written in its place, after reading that back.

    :raise ArchiveError: where it would be read as something else.
    :raise OSError: where it cannot be read.
    """
    before = content(Path(os.path.realpath(path)))
    written = bound(before, digest)
    old, new = (parse(path, each.removeprefix(codecs.BOM_UTF8).decode(errors="replace")) for each in (before, written))
    moved = len(new.header) - len(old.header)
    cues = tuple(replace(cue, line=cue.line + moved) for cue in old.cues)
    if new.media_sha256 != digest or new.cues != cues:
        what = "the header cannot be written, for the file would be read as something else"
        raise ArchiveError([Fault(path, 1, what, "put an empty line below the header, and try again")])
    return before, written
