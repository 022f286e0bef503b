"""Copies a passage of an MP3 without encoding it again, and says what the copy has that is not to be heard.

A copy is proved before it is kept: its frames are the tape's bytes, and its first and last second decode to the tape's
samples. What lies just outside the passage is in its frames too, and a tag alone hides it. So nothing is copied where
something closed is that near: it is encoded, which leaves nothing of what is outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player import files
from player.archive.recording import Record
from player.audio import mp3_passage, mp3_proof
from player.audio.decode import mp3, mp3_frames
from player.audio.decode.stream import header
from player.audio.formats import CODECS
from player.audio.mp3_passage import NotCopiedError
from player.clips.closed import closed_in
from player.clips.copied import Copied
from player.clips.cut import sound_file
from player.errors import AudioError, ClipError, unreadable
from player.files import temporary_folder
from player.stamp import close_stamp
from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from player.audio.decode.mp3 import Index
    from player.audio.mp3_passage import Passage
    from player.clips.cut import Cut, Recorded
    from player.stamp import Stamp

__all__ = ["NotCopiedError", "copy", "is_copy_of", "what_is_copied"]

_PIECE: Final = 1 << 20
# In what suffix a sound can be written that is not MP3, without loss.
_LOSSLESS: Final = {"flac": ".flac", "alac": ".flac"}


def copy(recording: Recorded, cut: Cut, samples: tuple[int, int], place: Path) -> Copied:
    """Write the samples ``[first, last)`` of a recording's MP3 to ``place``, as a copy that is proved.

    :raise NotCopiedError: where it has to be encoded instead.
    :raise ClipError: where the recording is no MP3, or its file changed meanwhile.
    :raise AudioError: where it cannot be read.
    :raise OSError: where ``place`` cannot be written.
    """
    media = sound_file(recording)
    before = _stamp(media)
    found, passage, copied = _found(recording, samples)
    if isinstance(recording, Record):
        _keep_closed(recording, cut.spans[0], copied)
    with place.open("wb") as target:
        mp3_passage.write(media, passage, target)
    is_proven = mp3_proof.is_proven(place, media, found, *samples)
    # What was not there for the whole of the time was not proved.
    if _stamp(media) != before:
        raise ClipError(f"the sound of {recording.slug} changed while it was copied; cut the clip again")
    if not is_proven or not _has_the_same(media, passage, place):
        raise NotCopiedError("decoded, the copy has other samples than the recording")
    return copied


def what_is_copied(recording: Recorded, samples: tuple[int, int]) -> Copied | None:
    """Say what a copy of the samples ``[first, last)`` has of the recording's file; None where there can be none.

    :raise PlayerError: as ``copy`` does.
    """
    try:
        return _found(recording, samples)[2]
    except NotCopiedError:
        return None


def is_copy_of(clip: Path, recording: Recorded, samples: tuple[int, int]) -> bool:
    """Tell whether a clip has, after its tags, just the bytes that a copy of this passage has.

    :raise PlayerError: as ``copy`` does, or where there is no room to make the copy again.
    """
    media = sound_file(recording)
    with temporary_folder("to copy the passage again in") as folder:
        again = folder / "again.mp3"
        try:
            _, passage, _ = _found(recording, samples)
            with again.open("wb") as target:
                mp3_passage.write(media, passage, target)
        except NotCopiedError:
            return False
        with files.opened(clip) as one, files.opened(again) as other:
            one.seek(mp3_frames.after_id3(one))
            return _are_alike(one, other)


def _found(recording: Recorded, samples: tuple[int, int]) -> tuple[Index, Passage, Copied]:
    media = sound_file(recording)
    _refuse_others(recording, media)
    found = mp3.index(media)
    if found is None:
        raise NotCopiedError(_unindexed(media))
    try:
        passage = mp3_passage.find(media, found, *samples)
    except OSError as error:
        raise AudioError(unreadable(media, error)) from None
    rate = found.frames.rate
    # Rounded up.
    before, after = (-(-samples * SECOND // rate) for samples in (passage.before, passage.after))
    return found, passage, Copied((passage.start, passage.stop), before, after)


def _refuse_others(recording: Recorded, media: Path) -> None:
    codec = header(media).codec
    if codec == mp3.CODEC:
        return
    name = next((name for pattern, name in CODECS if pattern.fullmatch(codec)), codec.upper())
    without_loss = _LOSSLESS.get(codec, ".wav" if codec.startswith("pcm_") else None)
    instead = f"write a {without_loss}, which loses nothing" if without_loss else "write another format"
    raise ClipError(
        f"{recording.slug}: only MP3 can be copied, and its sound is {name}; {instead}",
        visitors=f"Only passages of MP3 can be copied, and the sound of this recording is {name}.",
    )


def _unindexed(media: Path) -> str:
    try:
        with files.opened(media) as file:
            file.seek(mp3_frames.after_id3(file))
            head = file.read(4)
    except OSError as error:
        raise AudioError(unreadable(media, error)) from None
    if head[:1] == b"\xff" and len(head) == 4 and not head[2] >> 4:  # noqa: PLR2004  # bytes of a header
        return "its bitrate is a free one, which many players do not know"
    return "it is not certain which samples its frames give, as in a damaged file"


def _keep_closed(recording: Record, span: Span, copied: Copied) -> None:
    """Refuse to copy where what is hidden by the tag alone is closed, and the passage is not said to be."""
    # The passage begins at the sample nearest to its start, which may be half a millisecond earlier, or later.
    outside = [Span(max(0, span.start - copied.before - 1), max(1, span.start))]
    outside.append(Span(max(0, span.end - 1), span.end + copied.after + 1))
    if set(closed_in(recording, outside)) - set(closed_in(recording, [span])):
        raise NotCopiedError("what lies next to the passage is closed, and a copy would have some of it")


def _stamp(media: Path) -> Stamp:
    try:
        return close_stamp(media)
    except OSError as error:
        raise AudioError(unreadable(media, error)) from None


def _has_the_same(media: Path, passage: Passage, place: Path) -> bool:
    """Tell whether the file ends with the bytes of the passage's frames, as they are in the recording's file."""
    with files.opened(media) as one, files.opened(place) as other:
        one.seek(passage.start)
        other.seek(place.stat().st_size - (passage.stop - passage.start))
        return _are_alike(one, other, passage.stop - passage.start)


def _are_alike(one: BinaryIO, other: BinaryIO, size: int | None = None) -> bool:
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
