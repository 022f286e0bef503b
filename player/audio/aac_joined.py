"""Puts passages of AAC from several MP4 files into one M4A, each with its own packets, and knows where each of them is.

The edit list leaves out what is before the first passage and after the last. What packets hold around the others is
heard, and is counted. Between two are packets without sound, which keep what overlaps of one from the other.

Source of the packets: ISO/IEC 14496-3:2019, 4.4.2 (raw_data_block, ics_info, individual_channel_stream).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import aac_copy, aac_proof, ffmpeg
from player.audio.aac_copied import data_of
from player.audio.aac_packets import EACH
from player.audio.copied_sound import NotCopiedError, Placed, UnlikeError
from player.audio.decode import stream
from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

    from player.audio.aac_copied import AacCopy

# One long window, without bands, prediction or tools: ics_info in 11 bits, then no pulse, no shaping, no gain control.
_WINDOW: Final = "0" * 11
_NO_TOOLS: Final = "000"
_GAIN: Final = "0" * 8
#: A packet without sound, in bits, by its channels: an element with its number, and the element that ends it.
_SILENT: Final = {
    1: "0000000" + _GAIN + _WINDOW + _NO_TOOLS + "111",
    2: "00100001" + _WINDOW + "00" + (_GAIN + _NO_TOOLS) * 2 + "111",
}
# The tag of what a decoder has to know in a description, and those of what it lies in, with their bytes before it.
_SPECIFIC: Final = 5
_WITHIN: Final = {3: 3, 4: 13}


@dataclass(frozen=True)
class AacJoin:
    """Passages of AAC of one kind, how many packets without sound are before each, and where each is."""

    found: tuple[AacCopy, ...]
    silent: tuple[int, ...]
    placed: tuple[Placed, ...]

    def write(self, target: BinaryIO) -> None:
        """Write the copy: a head, and the packets as they are."""
        one = self.found[0]
        nothing = silence(one.channels)
        sizes = array("I")
        for each, count in zip(self.found, self.silent, strict=True):
            sizes.extend([len(nothing)] * count)
            sizes.extend(each.packets.sizes)
        length = self.placed[-1].last
        if sum(sizes) > aac_copy.LARGEST // 2 or length + one.skip > aac_copy.LONGEST:
            raise NotCopiedError("together they have more than 2 GB, or more samples than an M4A counts")
        target.write(aac_copy.head(one.track.config, one.channels, one.rate, sizes, (one.skip, length)))
        for each, count in zip(self.found, self.silent, strict=True):
            target.write(nothing * count)
            with files.opened(each.path) as file:
                target.writelines(data_of(file, each.packets))

    def is_in(self, clip: Path) -> bool:
        """Tell whether ``clip`` has the packets of each, and decodes to all samples of each, at its place."""
        nothing = len(silence(self.found[0].channels))
        with files.opened(clip) as other:
            other.seek(
                clip.stat().st_size - sum(each.packets.length for each in self.found) - nothing * sum(self.silent)
            )
            for each, count in zip(self.found, self.silent, strict=True):
                other.seek(nothing * count, 1)
                with files.opened(each.path) as one:
                    if any(other.read(len(data)) != data for data in data_of(one, each.packets)):
                        return False
        return self._is_proven(clip)

    def is_alike(self, clip: Path, again: Path) -> bool:
        """Tell whether two copies are the same but for their tags, and for where these move the packets."""
        return self.found[0].is_alike(clip, again)

    def _is_proven(self, clip: Path) -> bool:
        header, at = stream.header(self.found[0].path), 0
        left: list[tuple[Path, list[tuple[int, int, bytes]]]] = []
        try:
            with ffmpeg.decoding(clip, *aac_proof.decoded(header)) as running:
                for each, place in zip(self.found, self.placed, strict=True):
                    running.skip((place.first - at) * header.frame)
                    at = place.last
                    rest = aac_proof.read_as_in(running, each.path, *each.samples)
                    if rest is None:
                        return False
                    left.append((each.path, rest))
                if running.read(1):
                    return False
        except AudioError:
            return False
        return all(aac_proof.is_rest(path, rest) for path, rest in left)


def join(found: Sequence[AacCopy], gap: int) -> AacJoin:
    """Say how passages are joined, with as nearly ``gap`` samples between two as whole packets allow.

    :raise UnlikeError: where they are of several kinds.
    :raise NotCopiedError: where a packet without sound is not known for so many channels.
    """
    first = found[0]
    for number, each in enumerate(found):
        if (each.rate, each.channels) != (first.rate, first.channels):
            raise UnlikeError(number, _kind(each), _kind(first))
        if _specific(each.track.config) != _specific(first.track.config):
            raise UnlikeError(number, f"{_kind(each)}, coded in another way", _kind(first))
    if first.channels not in _SILENT:
        raise NotCopiedError(f"they have {first.channels} channels")
    silent: list[int] = []
    placed: list[Placed] = []
    last = rest = 0
    for number, each in enumerate(found):
        # What is heard around the passages is part of the silence.
        count = max(1, (gap - rest - each.skip + EACH // 2) // EACH) if number else 0
        begin = last + rest + count * EACH + each.skip if number else 0
        length = each.samples[1] - each.samples[0]
        last, rest = begin + length, len(each.packets.sizes) * EACH - each.skip - length
        is_last = number == len(found) - 1
        silent.append(count)
        placed.append(Placed(begin, last, each.skip if number else 0, 0 if is_last else rest + EACH))
    return AacJoin(tuple(found), tuple(silent), tuple(placed))


def silence(channels: int) -> bytes:
    """Give a packet without sound."""
    bits = _SILENT[channels]
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


def _kind(found: AacCopy) -> str:
    channels = {1: "one channel", 2: "two channels"}.get(found.channels, f"{found.channels} channels")
    return f"AAC with {found.rate:,} samples a second and {channels}"


def _specific(config: bytes) -> bytes:
    """Give of a box ``esds`` what the decoder has to know (14496-1, 7.2.6.7): the rest is bitrates and sizes."""
    at = 4
    while at < len(config):
        tag = config[at]
        at, size = at + 1, 0
        while at < len(config):
            size = size << 7 | config[at] & 0x7F
            at += 1
            if config[at - 1] < 0x80:  # noqa: PLR2004  # the bit that says that the size goes on
                break
        if tag == _SPECIFIC:
            return config[at : at + size]
        at += _WITHIN.get(tag, size)
    return config
