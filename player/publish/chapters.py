"""Gives the chapters of a recording, for apps that play podcasts and show them.

The form is https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.archive.annotations import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.archive.recording import Recording

#: Its media type.
KIND: Final = "application/json+chapters"
_VERSION: Final = "1.2.0"


def chapters_of(recording: Recording, *, is_in_step: bool) -> list[tuple[int, str, str | None]]:
    """Give where the chapters of a recording begin, in milliseconds, what they are called, and the note of each.

    They are the parts that it was joined from and the segments of its index, or else its annotated moments. What hangs
    on lines is left out unless the transcript ``is_in_step`` with the sound.
    """
    parts = [(part.start, part.title, None) for part in recording.part]
    notes = [
        (note.span.start, note.title, note.id, note.kind)
        for note in recording.annotations
        if note.span and (is_in_step or note.cue is None)
    ]
    segments = [(start, title, name) for start, title, name, kind in notes if kind == SEGMENT]
    chosen = [*parts, *segments] or [(start, title, name) for start, title, name, _ in notes]
    found: dict[int, tuple[int, str, str | None]] = {}
    for each in sorted(chosen, key=lambda chapter: chapter[0]):
        found.setdefault(each[0], each)
    if found and 0 not in found:
        found[0] = (0, recording.title, None)
    return [found[start] for start in sorted(found)]


def as_json(recording: Recording, address: Callable[[str | None], str], *, is_in_step: bool) -> dict[str, Any]:
    """Give them as JSON has them; ``address`` gives the page of the recording, at a note of it."""
    chapters = [
        {"startTime": start / 1000, "title": title, "url": address(note)}
        for start, title, note in chapters_of(recording, is_in_step=is_in_step)
    ]
    return {"version": _VERSION, "title": recording.title, "chapters": chapters}
