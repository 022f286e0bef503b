"""Says what a passage that was found in a sound has to offer, so that a copy of it can be written and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO


class NotCopiedError(Exception):
    """A passage cannot be copied; the text says why, as the end of a sentence that begins with 'because'."""


class UnlikeError(Exception):
    """Passages are of several kinds: that of this ``number`` is ``this``, and the first is ``first``."""

    def __init__(self, number: int, this: str, first: str) -> None:
        super().__init__(number, this, first)
        self.number, self.this, self.first = number, this, first


@value
class Placed:
    """Where a passage is: the samples ``[first, last)`` of the file that was joined, as a decoder gives them.

    Before and after it are heard so many samples of the sound around it; none where they are hidden.
    """

    first: int
    last: int
    before: int
    after: int


#: What is claimed of a copy: that a passage is in a file, as ``Found.is_in`` tells.
Claim: TypeAlias = "tuple[Found, Path]"


class Found(Protocol):
    """A passage that was found in a file, of which a copy can be written: its coded bytes lie in ``[start, stop)``.

    These hold sound of ``before`` and ``after`` samples outside the passage, at ``rate`` a second.
    """

    @property
    def start(self) -> int:
        """Where its bytes begin in the file."""

    @property
    def stop(self) -> int:
        """Where they end."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def before(self) -> int:
        """How many samples before the passage are in them."""

    @property
    def after(self) -> int:
        """How many after it."""

    def write(self, target: BinaryIO) -> None:
        """Write the copy, without tags, to ``target``, which can be written at any place.

        :raise NotCopiedError: where the file is no more what it was when the passage was found.
        :raise OSError: where a file cannot be read or written.
        """

    def is_in(self, clip: Path) -> bool:
        """Tell whether the copy ``clip`` has the file's coded bytes, and decodes to the passage's samples.

        :raise AudioError: where ffmpeg cannot be started.
        :raise OSError: where a file cannot be read.
        """

    def is_alike(self, clip: Path, again: Path) -> bool:
        """Tell whether ``clip`` is, but for its tags, the copy that was written to ``again``.

        :raise OSError: where a file cannot be read.
        """


class FoundJoin(Protocol):
    """Passages that are found, of which one copy can be written, and where each is in it."""

    @property
    def found(self) -> Sequence[Found]:
        """What the copy has of the file of each."""

    @property
    def placed(self) -> Sequence[Placed]:
        """Where each of them is."""

    def write(self, target: BinaryIO) -> None:
        """Write the copy, as ``Found.write`` does."""

    def is_in(self, clip: Path) -> bool:
        """Tell whether the copy ``clip`` has the coded bytes of each passage, and decodes to their samples.

        :raise AudioError: where ffmpeg cannot be started.
        :raise OSError: where a file cannot be read.
        """

    def is_alike(self, clip: Path, again: Path) -> bool:
        """Tell whether ``clip`` is, but for its tags, the copy that was written to ``again``.

        :raise OSError: where a file cannot be read.
        """
