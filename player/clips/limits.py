"""Bounds the clips that are cut for strangers: how long, how many at a time, and how much of them is kept."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from player import timecode
from player.clips.kept import PER_CUT
from player.errors import ServeError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.audio.decode.stream import Header


MEGABYTE: Final = 1_000_000
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Limits:
    """How long a clip may be, how many are cut at a time, and how many megabytes of them are kept.

    ``decoded`` is how many megabytes of sound a clip may be before it is encoded: two minutes of eight channels at
    192 kHz, which a file of 70 kB can hold, are more than an hour of speech in 44.1 kHz.
    """

    minutes: int = 10
    cuts: int = 3
    megabytes: int = 256
    decoded: int = 1000

    def __post_init__(self) -> None:
        """Refuse what would allow no clip at all.

        :raise ServeError: where a number is too small; nothing need be kept.
        """
        for name, least, what in (
            ("minutes", 1, "minutes"),
            ("cuts", 1, "cuts"),
            ("megabytes", 0, "megabytes"),
            ("decoded", 1, "megabytes of decoded sound"),
        ):
            if getattr(self, name) < least:
                raise ServeError(f"a limit of {getattr(self, name)} {what} leaves no clip; give {least} or more")

    @classmethod
    def from_environment(cls) -> Limits:
        """Read PLAYER_CLIP_MINUTES, PLAYER_CLIP_CUTS, PLAYER_CLIP_MEGABYTES and PLAYER_CLIP_DECODED.

        What is not set is as by default.

        :raise ServeError: where one is no whole number, or too small.
        """
        return cls(**dict(_set_values(cls)))

    @property
    def answers(self) -> int:
        """How many answers may wait at a time for a clip to be cut."""
        return self.cuts * PER_CUT

    @property
    def longest(self) -> int:
        """How long a clip may be, in milliseconds."""
        return self.minutes * timecode.MINUTE

    def longest_of(self, header: Header) -> int:
        """How long a clip of a sound that is sampled so may be, in milliseconds."""
        return min(self.longest, self.decoded * MEGABYTE * timecode.SECOND // (header.rate * header.frame))


def _set_values(kind: type[Limits]) -> Iterator[tuple[str, int]]:
    for field in fields(kind):
        variable = f"PLAYER_CLIP_{field.name.upper()}"
        if text := os.environ.get(variable, "").strip():
            if not _NUMBER.fullmatch(text):
                raise ServeError(f"{variable} is {quoted(text)}; give a whole number, or leave it unset")
            yield field.name, int(text)
