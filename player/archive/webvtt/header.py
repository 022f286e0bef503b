"""Reads the header of a WebVTT file, the lines below WEBVTT.

They have the form of FADGI, Guidelines for Embedding Metadata in WebVTT Files 1.0 (2024): ``Name: value``, where ``; ``
separates one value from the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.webvtt.blocks import is_comment
from player.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: In a header, the name of the element, and the label of the item, that hold the digest of the sound.
USAGE: Final = "Local Usage Element"
BINDING: Final = "[Media SHA-256]"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


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
