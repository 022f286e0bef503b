"""Declares which kinds of sound can be copied without encoding them again, and what each has to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.audio.formats import CODECS, CONTAINERS
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from player.audio.copied_sound import Found, FoundJoin
    from player.audio.decode.stream import Header


@value
class Kind:
    """A kind of sound that can be copied: what people call it, and the suffix that its copies have.

    ``codec``, ``profile`` and ``containers`` are ffmpeg's names; of the latter, without any, each is tried. ``find``
    finds the samples ``[first, last)`` of the file at a path, or raises a NotCopiedError. ``is_likely`` tells at once
    whether passages of it can be copied, as far as can be told without them. ``join`` says how passages that are found
    are joined, with so many samples between two; it raises an UnlikeError where they cannot be, and is None where none
    of the kind can.
    """

    name: str
    suffix: str
    codec: str
    find: Callable[[Path, int, int], Found]
    is_likely: Callable[[Path], bool]
    join: Callable[[Sequence[Any], int], FoundJoin] | None = None
    profile: str = ""
    containers: tuple[str, ...] = ()

    @property
    def ext(self) -> str:
        """The suffix as addresses have it: ``mp3``."""
        return self.suffix.removeprefix(".")

    def has(self, header: Header) -> bool:
        """Tell whether a sound is of this kind."""
        is_there = not self.containers or header.container in self.containers
        return (header.codec, header.profile) == (self.codec, self.profile) and is_there


def kind_of(header: Header) -> Kind | None:
    """Give the kind of a sound; None where no passages of it can be copied."""
    return next((kind for kind in KINDS if kind.has(header)), None)


def called(header: Header) -> str:
    """Name a sound that cannot be copied, so that it is told from what can be."""
    name = next((name for pattern, name in CODECS if pattern.fullmatch(header.codec)), header.codec.upper())
    if header.codec == "aac" and header.profile != "LC":
        return f"{name} of the profile {header.profile or 'unknown'}"
    alike = any(kind.codec == header.codec for kind in KINDS)
    container = CONTAINERS.get(header.container)
    return f"{name} in {container.name if container else header.container}" if alike else name


def _find_in_mp3(path: Path, first: int, last: int) -> Found:
    from player.audio import mp3_copied  # noqa: PLC0415  # only copies need it

    return mp3_copied.find(path, first, last)


def _join_mp3(passages: Sequence[Any], gap: int) -> FoundJoin:
    from player.audio import mp3_joined  # noqa: PLC0415  # only copies need it

    return mp3_joined.join(passages, gap)


def _find_in_aac(path: Path, first: int, last: int) -> Found:
    from player.audio import aac_copied  # noqa: PLC0415  # as above

    return aac_copied.find(path, first, last)


def _is_likely_in_aac(path: Path) -> bool:
    from player.audio import aac_copied  # noqa: PLC0415  # as above

    return aac_copied.is_likely(path)


def _join_aac(passages: Sequence[Any], gap: int) -> FoundJoin:
    from player.audio import aac_joined  # noqa: PLC0415  # as above

    return aac_joined.join(passages, gap)


KINDS: Final = (
    Kind("MP3", ".mp3", "mp3", _find_in_mp3, lambda _: True, _join_mp3),
    Kind("AAC in M4A", ".m4a", "aac", _find_in_aac, _is_likely_in_aac, _join_aac, profile="LC", containers=("mov",)),
)
#: The suffixes that copies have.
SUFFIXES: Final = tuple(kind.suffix for kind in KINDS)
#: What can be copied, in words.
COPIED: Final = " and ".join(kind.name for kind in KINDS)
