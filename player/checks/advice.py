"""Advises whoever keeps an archive, where nothing is wrong.

Advice says which files are ignored, which transcripts could come to follow another sound than theirs, and what browsers
do with the sounds. What a sound is, is known above this package; the caller brings it as functions.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from player.archive import media_names
from player.checks import ignored
from player.errors import Advice, ArchiveError, AudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording


def advise(
    archive: Archive, digest: Callable[[Path], str], of_sound: Callable[[Path, str, Path], Iterable[Advice]]
) -> list[Advice]:
    """List every piece of advice, in the order of the files.

    ``digest`` gives the SHA-256 of a media file, in hexadecimal, and ``of_sound`` what listeners would not expect of
    it, given the archive's folder of sounds, the name of the recording, and the file; either may raise ``AudioError``,
    for a fault, which ``check`` reports.
    """
    found = [*ignored.beside_recordings(archive.transcripts)]
    media: set[Path] = set()
    copied: set[str] = set()
    is_whole = not archive.strays()
    for slug in archive.slugs():
        found.extend(ignored.of_recording(archive.transcripts / slug))
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
            with suppress(AudioError):
                found.extend(of_sound(archive.media, slug, recording.media))
            copied.add(slug)
    try:
        logo = archive.about.logo
    except ArchiveError:
        is_whole = False
    else:
        media |= {archive.media / logo} if logo else set()
    # A file that cannot be read may name what no other does.
    if is_whole:
        found.extend(ignored.in_media(archive.media, media))
        found.extend(ignored.in_access(archive.media, copied))
    return sorted(set(found), key=lambda advice: (advice.path, advice.what))


def _binding(recording: Recording, media: Path, digest: Callable[[Path], str]) -> Iterator[Advice]:
    transcript = recording.transcript
    if transcript is not None and transcript.media_sha256 is None and media.is_file():
        what = "the transcript is not bound to its sound, and would follow any other put in its place"
        remedy = f"write in its header: Local Usage Element: [Media SHA-256] {digest(media)}"
        yield Advice(transcript.path, 1, what, remedy)
