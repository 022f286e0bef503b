"""Reads an archive's logo, and tells by its bytes what kind of image it is."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, quoted, reason
from player.files import content
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.about import About

#: The types of image that every browser shows, and how the bytes of one begin. WebP has its size in between (RFC 9649);
#: before the first tag of an SVG there may be a declaration, a type of document, and comments (XML 1.0, 2.8).
_KINDS: Final = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "image/svg+xml": re.compile(
        rb"(?:\xef\xbb\xbf)?"
        rb"(?:\s|<\?.{,500}?\?>|<!--.{,2000}?-->|<!DOCTYPE\s+svg[^>\[]{,500}(?:\[[^\]]{,2000}\]\s{,9})?>)*"
        rb"<svg[\s>]",
        re.DOTALL,
    ),
}
# It is part of every page's first view.
_LARGEST: Final = 200_000  # bytes


@value
class Logo:
    """An image, what type it is, and a text that changes when it does."""

    image: bytes
    kind: str
    version: str


def read_logo(about: About, path: Path) -> Logo:
    """Read the logo that an archive names.

    :raise ArchiveError: where it cannot be read, is too large, or is no image that browsers show.
    """
    name = quoted(path.name)
    try:
        image = content(path)
    except OSError as error:
        fault = about.fault("logo", f"media/ has no image {name} that can be read ({reason(error)})", "put it there")
        raise ArchiveError([fault]) from None
    if len(image) > _LARGEST:
        what = f"the image {name} has {len(image)} bytes; every page sends it"
        raise ArchiveError([about.fault("logo", what, f"make it smaller than {_LARGEST} bytes")])
    for kind, beginning in _KINDS.items():
        if beginning.match(image):
            return Logo(image, kind, hashlib.sha256(image).hexdigest()[:12])
    what = f"{name} is no image that browsers show"
    raise ArchiveError([about.fault("logo", what, "name an SVG, PNG, JPEG or WebP image")])
