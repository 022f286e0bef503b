"""Says what the desk plays of a recording, and where it gets a passage and its outline."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from player.audio import access
from player.errors import AudioError
from player.web.current import current_archive
from player.web.pages.sound import measured
from player.web.serving import copies, media
from player.web.serving.telling import tell

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Record

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeskSound:
    """What the desk plays: the sound that is held, at ``address``; before it, if there is one, an exact ``copy`` of it.

    ``kind`` is the MIME type of the copy. ``passage`` is the address of a passage as WAV, up to its times, and
    ``outline`` that of its levels; None where the server cannot read the sound. ``length`` is in milliseconds, None
    where it is not counted yet. ``fault`` says what is inexact where the sound itself is played.
    """

    address: str
    passage: str | None
    outline: str | None
    length: int | None
    copy: str | None = None
    kind: str | None = None
    fault: str | None = None

    @classmethod
    def of(cls, record: Record) -> DeskSound | None:
        """Give what the desk plays of a recording; None where the archive does not hold its sound."""
        held = held_of(record)
        if held is None:
            return None
        slug, version = record.slug, media.version(held)
        heard = measured(record)
        address = url_for("desk_sound.sound", slug=slug, v=version)
        passage = url_for("desk_sound.passage", slug=slug, v=version) if heard.is_readable else None
        outline = url_for("desk_sound.outline", slug=slug, v=version) if heard.is_readable else None
        length = heard.length if heard.is_counted else None
        try:
            best = next(iter(access.of(current_archive().media, slug, held)), None)
            fault = access.needed(held)
            # Of a sound of which part is closed, no copy is made that has all of it.
            is_coming = best is None and record.shown.sends_held and copies.want(record, held)
        except AudioError as error:
            tell(_log, error)
            return cls(address, passage, outline, length)
        if best is None:
            return cls(address, passage, outline, length, fault=fault and _sentence(fault, is_coming=is_coming))
        copy = url_for("desk_sound.access_copy", slug=slug, v=copies.version(best), of=version)
        return cls(address, passage, outline, length, copy, best.type)


def held_of(record: Record) -> Path | None:
    """Give the file of a recording's sound, whatever is closed of it; None where it is not there."""
    media_file = None if record.media_faults else record.media
    return media_file if media_file is not None and media_file.is_file() else None


def _sentence(fault: str, *, is_coming: bool) -> str:
    remedy = " An exact copy is being made: load the page again in a minute." if is_coming else ""
    return f"Edges are heard exactly; a time taken while it plays may be off, for {fault}.{remedy}"
