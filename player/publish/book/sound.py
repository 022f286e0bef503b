"""Finds the sound that a book may have: what the public is sent of a recording, in a form that readers play."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from player.audio import access, cache, probe, silence
from player.audio.access_make import kind_for, make
from player.audio.copied_kinds import kind_of
from player.audio.decode.stream import header
from player.errors import AudioError, UnprovenError
from player.files import temporary_folder
from player.publish.book.book import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from player.archive.recording import Record, Recording

# The kind of a copy that readers play.
_PLAYED: Final = "m4a"


class UnplayedError(AudioError):
    """Readers of books play no form that has all of the sound; why that is, is part of a sentence."""


def why_silent(recording: Recording) -> str | None:
    """Say why a book has no sound, as part of a sentence; None where it may have it."""
    if recording.shown.sound is not None:
        return f"it is {recording.shown.sound.label}"
    if recording.media is None or not recording.media.is_file():
        return "none is held"
    try:
        probe.probe(recording.media)
    except AudioError:
        return "what is held of it cannot be read as a sound"
    bound = recording.transcript.media_sha256 if recording.transcript else None
    is_in_step = bound is None or bound == cache.digest(recording.media)
    return None if is_in_step else "the words were timed to another file of it"


def ready(record: Record, media_folder: Path) -> Sound | None:
    """Give the sound as it can be put into a book at once; None where it would have to be encoded.

    :raise AudioError: where it cannot be read, or closed passages are not known to be those of this file.
    """
    held, silent = record.media, record.shown.silenced
    if held is None or record.shown.sound is not None:
        return None
    if silent:
        silence.refuse_wrong(held, record.slug, record.shown.timed_to)
    if record.shown.sends_held:
        kind = kind_of(header(held))
        if kind is not None and kind.suffix == held.suffix.lower():
            return Sound(held, probe.probe(held).duration)
    for copy in access.of(media_folder, record.slug, held, silent):
        if copy.kind == _PLAYED:
            return Sound(copy.path, probe.probe(held).duration)
    return None


@contextmanager
def encoded(record: Record, progress: Callable[[float], object] | None = None) -> Iterator[Sound]:
    """Encode the sound, with silence in place of what is closed; its file is there while the block runs.

    ``progress`` is called with how much is done, from 0 to 1.

    :raise UnplayedError: where AAC, which readers play, cannot hold all of it, or does not have its times.
    :raise AudioError: where it cannot be read.
    :raise WriteError: where it cannot be written.
    """
    held = record.media
    if held is None or record.shown.sound is not None:
        raise AudioError(f"{record.slug}: there is no sound that may be heard")
    if record.shown.silenced:
        silence.refuse_wrong(held, record.slug, record.shown.timed_to)
    if kind_for(held) != _PLAYED:
        raise UnplayedError(f"it has {header(held).channels} channels, and readers of books play two")
    with temporary_folder("to encode a sound in") as folder:
        target = folder / f"sound.{_PLAYED}"
        try:
            made = make(held, target, kind=_PLAYED, progress=progress, silent=record.shown.silenced)
        except UnprovenError:
            raise UnplayedError("what readers of books play of it does not have its times") from None
        yield Sound(made.path, probe.probe(held).duration)
