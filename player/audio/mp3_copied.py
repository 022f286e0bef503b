"""Copies passages of an MP3, as ``copied_sound`` has it: finds them by the file's index, writes and proves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player import files
from player.audio import mp3_passage, mp3_proof
from player.audio.copied_sound import NotCopiedError
from player.audio.decode import mp3, mp3_frames
from player.errors import AudioError, unreadable
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

    from player.audio.copied_sound import Claim
    from player.audio.decode.mp3 import Index
    from player.audio.mp3_passage import Passage

_PIECE: Final = 1 << 18


@value
class Mp3Copy:
    """The samples ``[first, last)`` of the MP3 at ``path``, found in its frames."""

    path: Path
    samples: tuple[int, int]
    index: Index
    passage: Passage

    @property
    def start(self) -> int:
        """Where its frames begin in the file."""
        return self.passage.start

    @property
    def stop(self) -> int:
        """Where they end."""
        return self.passage.stop

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.index.frames.rate

    @property
    def before(self) -> int:
        """How many samples before the passage its frames hold."""
        return self.passage.before

    @property
    def after(self) -> int:
        """How many after it."""
        return self.passage.after

    def write(self, target: BinaryIO) -> None:
        """Write the copy, as ``mp3_passage.write`` does."""
        mp3_passage.write(self.path, self.passage, target)

    def is_in(self, clip: Path) -> bool:
        """Tell whether ``clip`` ends with the file's frames, and its ends decode to the passage's samples."""
        return are_in([(self, clip)])[0]

    def is_alike(self, clip: Path, again: Path) -> bool:
        """Tell whether two copies are the same after their tags."""
        with files.opened(clip) as one, files.opened(again) as other:
            one.seek(mp3_frames.after_id3(one))
            return are_alike(one, other)

    def has_frames(self, clip: Path) -> bool:
        """Tell whether ``clip`` ends with the file's frames."""
        with files.opened(self.path) as one, files.opened(clip) as other:
            one.seek(self.start)
            other.seek(clip.stat().st_size - (self.stop - self.start))
            return are_alike(one, other, self.stop - self.start)


def find(path: Path, first: int, last: int) -> Mp3Copy:
    """Find the samples ``[first, last)`` of the MP3 at ``path``.

    :raise NotCopiedError: where they cannot be copied.
    :raise AudioError: where the file cannot be read.
    """
    index = mp3.index(path)
    if index is None:
        raise NotCopiedError("it is not certain which samples its frames give, as in a damaged file")
    try:
        passage = mp3_passage.find(path, index, first, last)
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    return Mp3Copy(path, (first, last), index, passage)


def are_in(claims: Sequence[Claim]) -> list[bool]:
    """Tell of copies what ``Found.is_in`` tells of each; those of MP3 are proved by one ffmpeg.

    :raise AudioError: as that does.
    :raise OSError: likewise.
    """
    mine = {number: found for number, (found, _) in enumerate(claims) if isinstance(found, Mp3Copy)}
    proofs = mp3_proof.proven(
        [mp3_proof.Claim(claims[number][1], copy.path, copy.index, *copy.samples) for number, copy in mine.items()]
    )
    told = {
        number: is_proven and copy.has_frames(claims[number][1])
        for is_proven, (number, copy) in zip(proofs, mine.items(), strict=True)
    }
    return [told[number] if number in told else found.is_in(clip) for number, (found, clip) in enumerate(claims)]


def are_alike(one: BinaryIO, other: BinaryIO, size: int | None = None) -> bool:
    """Tell whether two files go on with the same bytes, so many, or to their ends."""
    left = size
    while left is None or left:
        most = _PIECE if left is None else min(_PIECE, left)
        data, found = one.read(most), other.read(most)
        if data != found:
            return False
        if not data:
            return left is None
        left = None if left is None else left - len(data)
    return True
