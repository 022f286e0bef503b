"""Says what a recording's page shows, so that one that is kept is known to be as it would be made now.

The recording's own files are looked at here. What the page has of others, of people and sources, is the index's to say:
its generation is another one once it has seen a change there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.recording import HISTORY
from player.archive.translation_names import translation_files
from player.audio.access_faults import FOLDER
from player.errors import NotFoundError
from player.history.versions import history
from player.stamp import Stamp, stamp
from player.web.current import archive_itself, current_archive, media_of
from player.web.pages.sound import Played, measured
from player.web.serving import media
from player.web.serving.kept_pages import Shown

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from player.archive.recording import Record


def shown_state(slug: str, *, is_heard: bool = True) -> Shown:
    """Look at all that the page of a recording is made of, but for the index.

    Of a sound that is not to be heard there only its version counts, and not what is played of it.

    :raise NotFoundError: where there is no such recording.
    :raise ArchiveError: where its recording.toml is wrong.
    """
    archive = current_archive()
    record = archive.record(slug)
    folder = record.folder
    texts = [folder / "recording.toml", folder / "transcript.vtt", folder / "annotations.toml"]
    texts += sorted(translation_files(folder).values())
    # The last says whose names are not shown: what is private from now on is not to wait for the index.
    texts += [archive.transcripts / name for name in ("archive.toml", "people.toml")]
    stamps = tuple(map(_stamp, texts))
    # A sound may be put under another name, and a copy of it be put there.
    places = [folder, folder / HISTORY, archive.media, archive.media / FOLDER]
    copies = sorted((archive.media / FOLDER).glob(f"{slug}.*")) if record.media else []
    sounds = [record.media, *copies] if record.media else []
    state = (
        tuple(texts),
        stamps,
        history(record).signature,
        tuple(archive_itself().values()),
        record.media,
        _sound(record, is_heard=is_heard),
        record.shown,
    )
    is_settled = all(each is None or each.is_settled for each in stamps)
    return Shown((*texts, *places, *sounds), state, is_settled)


def _sound(record: Record, *, is_heard: bool) -> Hashable:
    """Give what a page says of the sound: its version and, where it is heard there, its length, what is played."""
    if record.media_faults or record.media is None:
        return record.media_faults
    try:
        version = media.version(media_of(record))
    except NotFoundError:
        return None
    return (version, measured(record), Played.of(record, version)) if is_heard else version


def _stamp(path: Path) -> Stamp | None:
    try:
        return stamp(path)
    except OSError:
        return None
