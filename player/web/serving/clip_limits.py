"""Limits the clips that are cut for visitors: how long, how many at a time, and how many megabytes are kept."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from player import timecode
from player.errors import ServeError, quoted
from player.web.serving.kept_clips import PER_CUT

if TYPE_CHECKING:
    from player.audio.decode.stream import Header

MEGABYTE: Final = 1_000_000
# More digits are a slip.
_NUMBER = re.compile(r"[0-9]{1,9}")
# The least that each limit may be; nothing need be kept.
_LEAST: Final = {"minutes": 1, "cuts": 1, "megabytes": 0, "decoded": 1}


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
        """Refuse limits that would allow no clip at all.

        :raise ServeError: where a number is too small.
        """
        for name, least in _LEAST.items():
            if (value := getattr(self, name)) < least:
                raise ServeError(_refusal(name, str(value)))

    @classmethod
    def from_environment(cls) -> Limits:
        """Read PLAYER_CLIP_MINUTES, PLAYER_CLIP_CUTS, PLAYER_CLIP_MEGABYTES and PLAYER_CLIP_DECODED.

        A variable that is not set leaves the default.

        :raise ServeError: where one is not a whole number, or too small.
        """
        values = {}
        for field in fields(cls):
            if text := os.environ.get(_variable(field.name), "").strip():
                if not _NUMBER.fullmatch(text):
                    raise ServeError(_refusal(field.name, quoted(text)))
                values[field.name] = int(text)
        return cls(**values)

    @property
    def answers(self) -> int:
        """How many answers may wait at a time for a clip to be cut."""
        return self.cuts * PER_CUT

    @property
    def longest(self) -> int:
        """How long a clip may be, in milliseconds."""
        return self.minutes * timecode.MINUTE

    def longest_of(self, header: Header) -> int:
        """How long a clip may be, in milliseconds, of a sound that is sampled as ``header`` says."""
        return min(self.longest, self.decoded * MEGABYTE * timecode.SECOND // (header.rate * header.frame))


def _variable(name: str) -> str:
    return f"PLAYER_CLIP_{name.upper()}"


def _refusal(name: str, value: str) -> str:
    """Say which variable is wrong, and within which bounds it may be."""
    return (
        f"{_variable(name)} is {value}; give a whole number, {_LEAST[name]} or more, in at most nine digits, "
        "or leave it unset"
    )
