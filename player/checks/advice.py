"""A whole archive into what whoever keeps it should know, though nothing is wrong.

It is told which files are passed over, which transcripts may come to follow another sound than theirs, and what
browsers do with the sounds. What a sound is, is known above this package; the caller brings it as functions.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from player.archive import media_names
from player.checks import passed_over
from player.errors import Advice, ArchiveError, AudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording


def advise(
    archive: Archive, digest: Callable[[Path], str], of_sound: Callable[[Path], Iterable[tuple[str, str]]]
) -> list[Advice]:
    """List every piece of advice, in the order of the files.

    ``digest`` gives the SHA-256 of a media file, in hexadecimal, and ``of_sound`` what of it listeners have that nobody
    would expect, and what to do; either may raise ``AudioError``, for what is a fault and told as one.
    """
    found = [*passed_over.beside_recordings(archive.transcripts)]
    media: set[Path] = set()
    is_whole = not archive.strays()
    for slug in archive.slugs():
        found.extend(passed_over.of_recording(archive.transcripts / slug))
        try:
            recording = archive.recording(slug)
        except ArchiveError:
            is_whole = False
            continue
        is_whole = is_whole and not recording.unread.media
        if recording.media is not None:
            media.add(recording.media)
            found.extend(media_names.advice(recording))
            with suppress(AudioError):
                found.extend(_binding(recording, recording.media, digest))
    # A record that cannot be read may name what no other does.
    if is_whole:
        found.extend(passed_over.in_media(archive.media, media))
    for path in media:
        with suppress(AudioError):
            found.extend(Advice(path, None, what, remedy) for what, remedy in of_sound(path))
    return sorted(set(found), key=lambda advice: (advice.path, advice.what))


def _binding(recording: Recording, media: Path, digest: Callable[[Path], str]) -> Iterator[Advice]:
    transcript = recording.transcript
    if transcript is not None and transcript.media_sha256 is None and media.is_file():
        what = "the transcript is not bound to its sound, and would follow another that is put in its place"
        remedy = f"write in its header: Local Usage Element: [Media SHA-256] {digest(media)}"
        yield Advice(transcript.path, 1, what, remedy)
