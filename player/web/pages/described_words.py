"""Gives the WebVTT file that visitors get, and in its header what it lacks of FADGI's elements and the archive knows.

Nothing else of the file changes, so that what is closed of it is as closed as in the file without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.about import UNNAMED
from player.archive.machine import ALIGNED, LINES_WRITTEN, REVIEWED, TRANSCRIBED, WRITTEN
from player.archive.webvtt.fadgi import LANGUAGE, TYPE, described, with_elements
from player.archive.webvtt.header import BINDING, USAGE
from player.publish.transcripts.fadgi import elements
from player.web.pages.served_words import served_earlier, served_transcript, served_translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.about import About
    from player.archive.recording import Recording
    from player.archive.transcript import Transcript
    from player.archive.translation import Translation

# What the page tells elsewhere, in words.
_OWN: Final = tuple(
    f"[{item}]".lower() for item in (BINDING.strip("[]"), TRANSCRIBED, ALIGNED, REVIEWED, WRITTEN, LINES_WRITTEN)
)
_TOLD: Final = frozenset({TYPE, LANGUAGE, "Kind"})


def served_described(
    recording: Recording, translation: Translation | None, about: About, *, is_earlier: bool = False
) -> bytes:
    """Give the file of a transcript, or of a translation of it; ``is_earlier`` of one as it stood.

    :raise NotFoundError: where it was removed just now, or what is shown of it cannot be written.
    """
    if translation is not None:
        data = served_translation(recording, translation.language)
    else:
        data = served_earlier(recording) if is_earlier else served_transcript(recording)
    keeper = about.name if about.name != UNNAMED else None
    language = translation.language if translation else recording.language
    return with_elements(data, list(elements(recording, language, keeper)))


def said_of_file(transcript: Transcript | None) -> list[tuple[str, str]]:
    """Give what the file of a transcript says of where it comes from, as far as that is not told in other words.

    A line of the archive's own, ``[Review history] unreviewed``, is called by what stands in its brackets.
    """
    return list(_said(transcript)) if transcript is not None else []


def _said(transcript: Transcript) -> Iterator[tuple[str, str]]:
    for name, value in described(transcript):
        if name != USAGE:
            if name not in _TOLD and value:
                yield name.lstrip("_"), value
            continue
        for item in map(str.strip, value.split(";")):
            label, bracket, said = item.removeprefix("[").partition("]")
            if item and not item.lower().startswith(_OWN):
                yield (label, said.strip()) if bracket and item.startswith("[") else (USAGE, item)
