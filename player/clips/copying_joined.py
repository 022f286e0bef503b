"""Joins passages of several MP3s without encoding them again, where their frames are of one kind.

Every sample of every passage is in the clip, and it is known where. Between two passages are frames without sound, and
what is heard around each passage because its frames and those before them hold it: that is counted, and told. Where
something closed would be in it, the clip is encoded instead. A copy is proved before it is kept, passage by passage.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from player.archive.recording import Record
from player.audio import copied_kinds
from player.audio.copied_sound import UnlikeError
from player.audio.decode.samples import sample_at
from player.audio.decode.stream import header
from player.clips import copying
from player.clips.copied import CopiedJoin, CopiedPlace
from player.clips.copying import NotCopiedError
from player.clips.cut import sound_file
from player.errors import ClipError
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.audio.copied_sound import FoundJoin
    from player.clips.joined import Joined, JoinedSound


def copy_joined(joined: Joined, sound: JoinedSound, place: Path) -> tuple[CopiedJoin, JoinedSound]:
    """Write passages to ``place`` as a copy that is proved; ``sound`` is theirs, as it would be encoded.

    With what the copy has comes its sound, in which each passage begins where it does in the copy.

    :raise NotCopiedError: where they have to be encoded instead.
    :raise ClipError: where the recordings are of several kinds, or of one that cannot be copied, or a file changed
        meanwhile.
    :raise AudioError: where one cannot be read.
    :raise OSError: where ``place`` cannot be written.
    """
    copying.refuse_name(joined.pieces[0].recording, joined.cut)
    before = [copying.stamp_of(sound_file(piece.recording)) for piece in joined.pieces]
    found = _find(joined, sound)
    said = _said(found)
    for number, (piece, copied) in enumerate(zip(joined.pieces, said.copied, strict=True)):
        if isinstance(piece.recording, Record):
            with _named(joined, number):
                copying.keep_closed(piece.recording, piece.span, copied)
    with place.open("wb") as target:
        found.write(target)
    is_proven = found.is_in(place)
    # What was not there for the whole of the time was not proved.
    for piece, stamp in zip(joined.pieces, before, strict=True):
        if copying.stamp_of(sound_file(piece.recording)) != stamp:
            raise ClipError(f"the sound of {piece.recording.slug} changed while it was copied; join the passages again")
    if not is_proven:
        raise NotCopiedError(copying.UNPROVEN)
    return said, placed_sound(sound, said)


def what_is_copied(joined: Joined, sound: JoinedSound) -> CopiedJoin | None:
    """Say what a copy of these passages has of their files; None where there can be none.

    :raise PlayerError: as ``copy_joined`` does.
    """
    try:
        return _said(_find(joined, sound))
    except NotCopiedError:
        return None


def is_copy_of(clip: Path, joined: Joined, sound: JoinedSound) -> bool:
    """Tell whether a clip has, but for its tags, just the bytes that a copy of these passages has.

    :raise PlayerError: as ``copy_joined`` does, or where there is no room to make the copy again.
    """
    return copying.is_written_again(clip, partial(_find, joined, sound))


def placed_sound(sound: JoinedSound, said: CopiedJoin) -> JoinedSound:
    """Give the sound of passages that are where they are in a copy."""
    begins = tuple(each.samples[0] for each in said.placed)
    return replace(sound, decoding=replace(sound.decoding, length=said.placed[-1].samples[1]), begins=begins)


def _said(found: FoundJoin) -> CopiedJoin:
    rate = found.found[0].rate
    places = (
        # Rounded up.
        CopiedPlace((each.first, each.last), -(-each.before * SECOND // rate), -(-each.after * SECOND // rate))
        for each in found.placed
    )
    return CopiedJoin(tuple(map(copying.copied_of, found.found)), tuple(places))


def _find(joined: Joined, sound: JoinedSound) -> FoundJoin:
    passages = []
    for number, (piece, samples) in enumerate(zip(joined.pieces, sound.ranges, strict=True)):
        with _named(joined, number):
            passages.append(copying.find_copied(piece.recording, samples))
    # What was found is of a kind that can be copied.
    kinds = [kind for piece in joined.pieces if (kind := copied_kinds.kind_of(header(sound_file(piece.recording))))]
    for number, kind in enumerate(kinds):
        if kind is not kinds[0]:
            raise _unlike(joined, number, kind.name, kinds[0].name)
    if (join := kinds[0].join) is None:
        raise ClipError(f"passages of {kinds[0].name} cannot be joined as a copy; leave out --format copy")
    try:
        return join(passages, sample_at(joined.cut.gap, passages[0].rate))
    except UnlikeError as unlike:
        raise _unlike(joined, unlike.number, unlike.this, unlike.first) from None


def _unlike(joined: Joined, number: int, this: str, first: str) -> ClipError:
    """Refuse sounds of several kinds, which no player goes on from one to the other in."""
    piece, one = joined.pieces[number], joined.pieces[0]
    return ClipError(
        f"{piece.place}: {piece.recording.slug} is {this}, and {one.recording.slug}, which comes first, is {first}; "
        "these cannot be joined as a copy; leave one out, or leave out --format copy"
    )


@contextlib.contextmanager
def _named(joined: Joined, number: int) -> Iterator[None]:
    """Say of which passage it is that it cannot be copied."""
    try:
        yield
    except NotCopiedError as refusal:
        if len(joined.pieces) == 1:
            raise
        piece = joined.pieces[number]
        where = f"passage {number + 1}, {piece.span} of {piece.recording.slug}"
        raise NotCopiedError(f"{where}: {refusal}") from None
