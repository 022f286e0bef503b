"""Says what a passage that was found in a sound has to offer, so that a copy of it can be written and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


class NotCopiedError(Exception):
    """A passage cannot be copied; the text says why, as the end of a sentence that begins with 'because'."""


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
