"""Declares which kinds of sound can be copied without encoding them again, and what each has to offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from player.audio.copied_sound import Found, FoundJoin
    from player.audio.decode.stream import Header


@dataclass(frozen=True)
class Kind:
    """A kind of sound that can be copied: what people call it, and the suffix that its copies have.

    ``codec`` is ffmpeg's name for it. ``find`` finds the samples ``[first, last)`` of the file at a path, or raises a
    NotCopiedError. ``join`` says how passages that are found are joined, with so many samples between two; it raises an
    UnlikeError where they cannot be, and is None where none of the kind can.
    """

    name: str
    suffix: str
    codec: str
    find: Callable[[Path, int, int], Found]
    join: Callable[[Sequence[Any], int], FoundJoin] | None = None


def kind_of(header: Header) -> Kind | None:
    """Give the kind of a sound; None where no passages of it can be copied."""
    return next((kind for kind in KINDS if kind.codec == header.codec), None)


def _find_in_mp3(path: Path, first: int, last: int) -> Found:
    from player.audio import mp3_copied  # noqa: PLC0415  # only copies need it

    return mp3_copied.find(path, first, last)


def _join_mp3(passages: Sequence[Any], gap: int) -> FoundJoin:
    from player.audio import mp3_joined  # noqa: PLC0415  # only copies need it

    return mp3_joined.join(passages, gap)


KINDS: Final = (Kind("MP3", ".mp3", "mp3", _find_in_mp3, _join_mp3),)
