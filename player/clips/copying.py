"""Copies a passage of a recording without encoding it again, and says what the copy has that is not to be heard.

A copy is proved before it is kept: its coded bytes are the tape's, and they decode to the tape's samples. What lies
just outside the passage is in them too, and only the file's head hides it. So nothing is copied where something closed
is that near: it is encoded, which leaves nothing of what is outside.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from player.archive.recording import Record
from player.audio import copied_kinds
from player.audio.copied_kinds import COPIED
from player.audio.copied_sound import NotCopiedError
from player.audio.decode.stream import header
from player.clips.closed import closed_in
from player.clips.copied import Copied
from player.clips.cut import ChangedError, sound_file
from player.errors import AudioError, ClipError, sentence, shown, unreadable
from player.files import temporary_folder
from player.stamp import close_stamp
from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from player.audio.copied_kinds import Kind
    from player.audio.copied_sound import Claim, Found, FoundJoin
    from player.clips.cut import Cut, Recorded
    from player.stamp import Stamp

__all__ = [
    "UNPROVEN",
    "NotCopiedError",
    "copied_of",
    "copy",
    "find_copied",
    "is_copy_of",
    "keep_closed",
    "refuse_name",
    "stamp_of",
    "suffix_of_copies",
    "what_is_copied",
]

#: Why a copy is not kept.
UNPROVEN: Final = "decoded, the copy has other samples than the recording"

# In what suffix a sound can be written that is not coded so, without loss.
_LOSSLESS: Final = {"flac": ".flac", "alac": ".flac"}


def copy(recording: Recorded, cut: Cut, samples: tuple[int, int], place: Path) -> Generator[Claim, bool | None, Copied]:
    """Write the samples ``[first, last)`` of a recording to ``place``, as a copy that is proved.

    It claims that the copy is what it should be, and is sent whether that is so; None where it is to find out.

    :raise NotCopiedError: where it has to be encoded instead.
    :raise ClipError: where the recording is of a kind that cannot be copied, or its file changed meanwhile.
    :raise AudioError: where it cannot be read.
    :raise OSError: where ``place`` cannot be written.
    """
    media = sound_file(recording)
    before = stamp_of(media)
    refuse_name(recording, cut)
    found = find_copied(recording, samples)
    copied = copied_of(found)
    if isinstance(recording, Record):
        keep_closed(recording, cut.spans[0], copied)
    with place.open("wb") as target:
        found.write(target)
    is_proven = yield found, place
    if is_proven is None:
        is_proven = found.is_in(place)
    # What was not there for the whole of the time was not proved.
    if stamp_of(media) != before:
        raise ChangedError(f"the sound of {recording.slug} changed while it was copied; cut the clip again")
    if not is_proven:
        raise NotCopiedError(UNPROVEN)
    return copied


def suffix_of_copies(recording: Recorded) -> str:
    """Give the suffix that copies of a recording's passages have.

    :raise ClipError: where the recording is of a kind that cannot be copied.
    :raise AudioError: where it cannot be read.
    """
    return _kind(recording, sound_file(recording)).suffix


def refuse_name(recording: Recorded, cut: Cut) -> None:
    """Refuse a clip with a name as copies of this recording do not have.

    :raise ClipError: where it has.
    """
    if cut.suffix != (suffix := suffix_of_copies(recording)):
        raise ClipError(
            f"{recording.slug}: a copy of its sound is an {suffix}; name the file so",
            visitors=f"A copy of the sound of this recording is an {suffix}.",
        )


def what_is_copied(recording: Recorded, samples: tuple[int, int]) -> Copied | None:
    """Say what a copy of the samples ``[first, last)`` has of the recording's file; None where there can be none.

    :raise PlayerError: as ``copy`` does.
    """
    try:
        return copied_of(find_copied(recording, samples))
    except NotCopiedError:
        return None


def is_copy_of(clip: Path, recording: Recorded, samples: tuple[int, int]) -> bool:
    """Tell whether a clip has, but for its tags, just the bytes that a copy of this passage has.

    :raise PlayerError: as ``copy`` does, or where there is no room to make the copy again.
    """
    return is_written_again(clip, partial(find_copied, recording, samples))


def is_written_again(clip: Path, find: Callable[[], Found | FoundJoin]) -> bool:
    """Tell whether a clip has, but for its tags, just the bytes that are written of what is found.

    :raise PlayerError: as ``find`` does, or where there is no room to write them.
    """
    with temporary_folder("to copy it again in") as folder:
        again = folder / "again"
        try:
            found = find()
            with again.open("wb") as target:
                found.write(target)
        except NotCopiedError:
            return False
        return found.is_alike(clip, again)


def find_copied(recording: Recorded, samples: tuple[int, int]) -> Found:
    """Find the samples ``[first, last)`` of a recording in its file.

    :raise NotCopiedError: where they cannot be copied.
    :raise PlayerError: as ``copy`` does.
    """
    media = sound_file(recording)
    return _kind(recording, media).find(media, *samples)


def copied_of(found: Found) -> Copied:
    """Say what a copy has of a file, in milliseconds, which are rounded up."""
    before, after = (-(-samples * SECOND // found.rate) for samples in (found.before, found.after))
    return Copied((found.start, found.stop), before, after)


def _kind(recording: Recorded, media: Path) -> Kind:
    """Give the kind of a sound that can be copied.

    :raise ClipError: where it cannot be.
    """
    sound = header(media)
    kind = copied_kinds.kind_of(sound)
    if kind is not None:
        return kind
    if (sound.codec, sound.profile, sound.container) == ("aac", "", "mov"):
        what = "what says how its AAC is decoded (the box esds) is missing or damaged, so nothing of it can be copied"
        raise ClipError(f"{shown(media)}: {what}; write another format", visitors=sentence(what))
    name = copied_kinds.called(sound)
    without_loss = _LOSSLESS.get(sound.codec, ".wav" if sound.codec.startswith("pcm_") else None)
    instead = f"write a {without_loss}, which loses nothing" if without_loss else "write another format"
    raise ClipError(
        f"{recording.slug}: only {COPIED} can be copied, and its sound is {name}; {instead}",
        visitors=f"Only passages of {COPIED} can be copied, and the sound of this recording is {name}.",
    )


def keep_closed(recording: Record, span: Span, copied: Copied) -> None:
    """Refuse to copy where what is not of the passage is closed, and the passage is not said to be.

    :raise NotCopiedError: where it is.
    """
    # The passage begins at the sample nearest to its start, which may be half a millisecond earlier, or later.
    outside = [Span(max(0, span.start - copied.before - 1), max(1, span.start))]
    outside.append(Span(max(0, span.end - 1), span.end + copied.after + 1))
    # By passage too: two that are closed may have the same label.
    others = [each.span for each in recording.shown.passages if each.sound and not each.span.overlaps(span)]
    is_other = any(other.overlaps(each) for other in others for each in outside)
    if is_other or set(closed_in(recording, outside)) - set(closed_in(recording, [span])):
        raise NotCopiedError("what lies next to the passage is closed, and a copy would have some of it")


def stamp_of(media: Path) -> Stamp:
    """Give what tells whether a sound was changed meanwhile.

    :raise AudioError: where it cannot be read.
    """
    try:
        return close_stamp(media)
    except OSError as error:
        raise AudioError(unreadable(media, error)) from None
