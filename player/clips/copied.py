"""Says what a copy of a passage has of the recording's file: which bytes, and which sound that is not to be heard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Copied:
    """What a copy has: the ``bytes`` of the recording's file from one to before another.

    In these is sound of ``before`` milliseconds before the passage and of ``after`` after it; only a tag hides it.
    """

    bytes: tuple[int, int]
    before: int
    after: int

    def __str__(self) -> str:
        return (
            "The recording's own frames, not encoded again. They have up to "
            f"{self.before} ms of sound before the passage and {self.after} ms after it, which only a tag hides"
        )
