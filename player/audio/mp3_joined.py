"""Puts passages of several MP3s into one, each with its own frames, and knows where each of them is in it.

A tag leaves out what is before the first passage and after the last. Between two nothing can: a frame holds more than
the samples that are wanted, and a decoder needs those before it to find its way in. That is heard, and is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import ffmpeg, mp3_passage
from player.audio.copied_sound import Placed, UnlikeError
from player.audio.decode import mp3
from player.audio.mp3_copied import are_alike
from player.audio.mp3_copy import OVERLAP, is_first_version
from player.audio.mp3_passage import Part
from player.audio.mp3_proof import SECONDS
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

    from player.audio.decode.mp3_frames import FrameKind
    from player.audio.mp3_copied import Mp3Copy

_WIDTH: Final = 2


@dataclass(frozen=True)
class Mp3Join:
    """Passages of MP3s of one kind, what is written of each, and where it is then."""

    found: tuple[Mp3Copy, ...]
    parts: tuple[Part, ...]
    placed: tuple[Placed, ...]

    def write(self, target: BinaryIO) -> None:
        """Write the copy, as ``mp3_passage.write_all`` does."""
        mp3_passage.write_all(self.parts, target)

    def is_in(self, clip: Path) -> bool:
        """Tell whether ``clip`` has the frames of each, and the samples of each at both ends, at its place."""
        return self._is_proven(clip) and self._has_frames(clip)

    def is_alike(self, clip: Path, again: Path) -> bool:
        """Tell whether two copies are the same after their tags."""
        return self.found[0].is_alike(clip, again)

    def _is_proven(self, clip: Path) -> bool:
        wanted = ("-c:a", "pcm_s16le", "-f", "s16le", "pipe:1")
        frame = _WIDTH * self.found[0].index.frames.channels
        at = 0
        try:
            with ffmpeg.decoding(clip, *wanted, source=[*ffmpeg.whole(clip, mp3.CODEC), "-map", "0:a:0"]) as running:
                for each, place in zip(self.found, self.placed, strict=True):
                    for begin, end in _ends(place.last - place.first, SECONDS * each.rate):
                        running.skip((place.first + begin - at) * frame)
                        at = place.first + end
                        samples = running.read((end - begin) * frame)
                        first = each.samples[0]
                        if not samples or samples != mp3.decode(each.path, each.index, first + begin, first + end):
                            return False
                # After the last passage the file has to end.
                return not running.read(1)
        except AudioError:
            return False

    def _has_frames(self, clip: Path) -> bool:
        with files.opened(clip) as one:
            # What is written before all frames is what is left.
            at = clip.stat().st_size - sum(part.size for part in self.parts)
            for part in self.parts:
                at += part.size
                length = part.passage.stop - part.passage.start
                with files.opened(part.path) as other:
                    one.seek(at - length)
                    other.seek(part.passage.start)
                    if not are_alike(one, other, length):
                        return False
        return True


def join(found: Sequence[Mp3Copy], gap: int) -> Mp3Join:
    """Say how passages are joined, with as nearly ``gap`` samples between two as whole frames allow.

    :raise UnlikeError: where they are of several kinds.
    :raise NotCopiedError: where the files are no more what they were when the passages were found.
    :raise AudioError: where a file cannot be read.
    """
    first = _kind(found[0].passage.kind)
    for number, each in enumerate(found):
        if (this := _kind(each.passage.kind)) != first:
            raise UnlikeError(number, this, first)
    followed = (*(_followed(each) for each in found[:-1]), found[-1])
    return Mp3Join(followed, *_placed(followed, gap))


def _followed(found: Mp3Copy) -> Mp3Copy:
    """Find a passage again that does not end its file."""
    try:
        passage = mp3_passage.find(found.path, found.index, *found.samples, is_last=False)
    except OSError as error:
        raise AudioError(unreadable(found.path, error)) from None
    return replace(found, passage=passage)


def _placed(passages: Sequence[Mp3Copy], gap: int) -> tuple[tuple[Part, ...], tuple[Placed, ...]]:
    parts: list[Part] = []
    placed: list[Placed] = []
    at = last = 0
    for number, found in enumerate(passages):
        passage = found.passage
        each, rest = passage.kind.samples, passage.frames * passage.kind.samples - passage.skip - passage.length
        # What is heard around the passages is part of the silence.
        # A passage at the head of its file has no samples of its own in which the sound before it can die away.
        least = max(1, -(-(OVERLAP - passage.skip) // each))
        silent = max(least, (gap - (at - last) - passage.skip + each // 2) // each) if number else 1
        first = at + silent * each + passage.skip if number else 0
        last, at = first + passage.length, first + passage.length + rest
        is_last = number == len(passages) - 1
        parts.append(Part(found.path, passage, silent))
        placed.append(Placed(first, last, passage.skip if number else 0, 0 if is_last else rest + OVERLAP))
    return tuple(parts), tuple(placed)


def _ends(length: int, most: int) -> list[tuple[int, int]]:
    """Give the samples of a passage that are compared: the ``most`` at either end, or all of a short one."""
    return [(0, length)] if length <= 2 * most else [(0, most), (length - most, length)]


def _kind(kind: FrameKind) -> str:
    """Name what frames have to have in common."""
    version = "MPEG-1" if is_first_version(kind) else "MPEG-2" if kind.second & 0x10 else "MPEG-2.5"
    return f"{version} with {kind.rate:,} samples a second and {'one channel' if kind.is_mono else 'two channels'}"
