"""Writes the notes of a recording as Web Annotations, with the public addresses of what they are about."""

from __future__ import annotations

import json
import mimetypes
import re
from typing import TYPE_CHECKING, Final

from player.archive.about import UNNAMED
from player.errors import AudioError
from player.publish.web_annotations import Places, page_of
from player.web.current import current_about, current_index, media_of
from player.web.pages.prose import leads_on, render
from player.web.pages.sound import is_in_step
from player.web.serving import copies
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from player.archive.recording import Recording

_LINK: Final = re.compile(r'(<a href=")([/#])')


def written(recording: Recording) -> str:
    """Write the notes of a recording as one page of its collection, as JSON."""
    said = page_of(recording, places_of(recording), current_index().sources)
    return json.dumps(said, ensure_ascii=False, indent=1)


def places_of(recording: Recording) -> Places:
    """Give the addresses of a recording, as whoever asks may follow them."""
    slug = recording.slug
    page = public_address("recordings.recording", slug=slug)
    name = current_about().name
    home = public_address("recordings.shelf")
    site = re.sub(r"(https?://[^/]*).*", r"\1", home)
    sound = _sound(recording)
    media = recording.media
    is_held = sound is not None and media is not None and not sound.endswith("/access")
    known = current_index().sources

    def html(text: str) -> str:
        """Render a note, whose links lead to this site from wherever it is read."""
        return _LINK.sub(lambda found: f"{found[1]}{page if found[2] == '#' else site}{found[2]}", render(text))

    def source(name: str) -> str:
        return public_address("context.source", name=name) if name in known else f"{page}#source-{name}"

    return Places(
        page,
        public_address("notes.send", slug=slug),
        html,
        source,
        leads_on=leads_on,
        text=public_address("text.page", slug=slug) if recording.transcript is not None else None,
        sound=sound,
        sound_type=mimetypes.guess_type(media.name)[0] if is_held and media is not None else "audio/mp4",
        is_in_step=recording.transcript is None or is_in_step(recording),
        archive=name if name != UNNAMED else None,
        home=home,
    )


def _sound(recording: Recording) -> str | None:
    """Give where the sound is; of one of which passages are closed, where its copy is, which is not begun for this."""
    if recording.media is None or not recording.media.is_file() or recording.shown.sound is not None:
        return None
    if recording.shown.sends_held:
        return public_address("recordings.sound", slug=recording.slug)
    try:
        there_is = bool(copies.there_are(recording, media_of(recording)))
    except AudioError:
        return None
    return public_address("recordings.access_copy", slug=recording.slug) if there_is else None
