"""Says what a copy has of the recording's file: which bytes, and which sound that is not of the passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence


@value
class Copied:
    """What a copy has: the ``bytes`` of the recording's file from one to before another.

    In these is sound of ``before`` milliseconds before the passage and of ``after`` after it; a tag of the file, or its
    edit list, only hides that.
    """

    bytes: tuple[int, int]
    before: int
    after: int

    def __str__(self) -> str:
        return (
            "The recording's own frames, not encoded again. They have up to "
            f"{self.before} ms of sound before the passage and {self.after} ms after it, which the file only hides"
        )


@value
class CopiedPlace:
    """Where a passage is in a copy of several: its ``samples``, from one to before another, as a decoder gives them.

    Of the sound around it, so many milliseconds are heard before and after it: no tag can hide what is at a join.
    """

    samples: tuple[int, int]
    heard_before: int
    heard_after: int


@value
class CopiedJoin:
    """What a copy of several passages has of each, and where each of them is."""

    copied: tuple[Copied, ...]
    placed: tuple[CopiedPlace, ...]

    def __str__(self) -> str:
        before, after = longest_heard(self.placed)
        hidden = f"{self.copied[0].before} ms before the first and {self.copied[-1].after} ms after the last"
        return (
            f"The recordings' own frames, not encoded again. Where passages are joined, up to {after} ms of the sound "
            f"after a passage and {before} ms of that before the next are heard too. The sound of up to {hidden} "
            "the file only hides"
        )


def longest_heard(placed: Sequence[CopiedPlace]) -> tuple[int, int]:
    """Give the most that is heard before a passage, and after one, in milliseconds."""
    return max(each.heard_before for each in placed), max(each.heard_after for each in placed)
