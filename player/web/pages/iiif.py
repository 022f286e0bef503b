"""Gathers what the manifest of a recording is written from, and what the collections of an archive are."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from player.archive.machine import LABEL
from player.archive.prose import plain
from player.archive.transcript import Cue
from player.audio.formats import TYPES
from player.errors import ArchiveError, NotFoundError, quoted
from player.index import facets, lists
from player.publish.iiif.collection import Collection, Listed
from player.publish.iiif.manifest import Agent, Around, Sound, Words
from player.publish.titles import title_of
from player.publish.transcripts.notices import of_record
from player.web.current import current_about, current_archive, current_index, media_of
from player.web.pages.closures import closures
from player.web.pages.found_by import picture
from player.web.pages.sound import is_in_step, measured, played_now
from player.web.serving.public_address import public_address
from player.web.serving.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.recording import Recording
    from player.index.index import Index
    from player.web.pages.closures import Closure

_log = logging.getLogger(__name__)

#: So many recordings are in one collection, which viewers read as a whole; of more, it is divided.
MOST: Final = 1000
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_UNFILED: Final = """
    SELECT id FROM recording WHERE id NOT IN (SELECT recording FROM facet WHERE name = 'series')
"""


def around(recording: Recording) -> Around:
    """Gather what the manifest of a recording has beside what that says itself."""
    about, slug = current_about(), recording.slug
    sound, why = public_sound(recording)
    transcript = recording.transcript
    cues = [line for line in transcript.lines if isinstance(line, Cue)] if transcript else []
    in_step = is_in_step(recording) if sound else bool(cues)
    has_words = transcript is not None
    return Around(
        address=public_address("iiif.manifest", slug=slug),
        page=public_address("recordings.recording", slug=slug),
        collection=public_address("iiif.collection"),
        agent=agent(),
        language=about.language,
        sources=current_index().sources,
        notices=list(_notices(recording)),
        sound=sound,
        why_silent=why,
        said_until=None if sound else max((cue.end for cue in cues), default=None),
        words=list(_words(recording)) if in_step and cues else [],
        is_in_step=in_step,
        text=public_address("text.page", slug=slug) if has_words else None,
        as_kept=public_address("recordings.transcript", slug=slug) if has_words else None,
        as_json=public_address("downloads.send", slug=slug, name="json") if has_words else None,
        schema=public_address("downloads.described") if has_words else None,
        picture=picture(recording),
    )


def agent() -> Agent:
    """Say who gives the archive."""
    about = current_about()
    return Agent(about.name, public_address("recordings.shelf"), about.address, _logo())


def listed(series: str | None, asked: str | None) -> Collection:
    """Gather a collection: the archive with its series, one series, or a part of either by its number.

    :raise NotFoundError: where there is no such series, or no such part.
    """
    index, about = current_index(), current_about()
    within = facets.values(index, "series", {}) if series is None else []
    numbers = lists.shelf(index, {"series": (series,)} if series else {}, "date").numbers
    if series is None:
        unfiled = {row["id"] for row in index.rows(_UNFILED)}
        numbers = [number for number in numbers if number in unfiled]
    elif not numbers:
        raise NotFoundError(f"nothing here is of a series {quoted(series)}")
    parts = -(-len(numbers) // MOST)
    page = _page(asked, parts)
    whole = None
    called = about.name if series is None else series
    if page or series is not None:
        above = series if page else None
        whole = Listed(public_address("iiif.collection", series=above), above or about.name, is_list=True)
    if page:
        first = (page - 1) * MOST
        items = list(_manifests(index, numbers[first : first + MOST]))
        called = f"{called}, {_numbered(page, len(numbers))}"
    else:
        items = [
            Listed(public_address("iiif.collection", series=each.value), each.label, is_list=True) for each in within
        ]
        items += _manifests(index, numbers) if parts <= 1 else _parts(series, len(numbers))
    return Collection(
        public_address("iiif.collection", series=series, page=page or None),
        called,
        items,
        agent(),
        about.language,
        summary=about.description if series is None and not page else None,
        whole=whole,
    )


def _page(asked: str | None, parts: int) -> int:
    """Give the number of the part that is asked for; 0 where it is the whole."""
    if asked is None:
        return 0
    if not (_NUMBER.fullmatch(asked) and int(asked) <= parts):
        raise NotFoundError(f"there is no part {quoted(asked)} of this list; it has {parts}")
    return int(asked)


def _parts(series: str | None, count: int) -> Iterator[Listed]:
    for page in range(1, -(-count // MOST) + 1):
        yield Listed(public_address("iiif.collection", series=series, page=page), _numbered(page, count), is_list=True)


def _numbered(page: int, count: int) -> str:
    return f"recordings {(page - 1) * MOST + 1} to {min(page * MOST, count)}"


def _manifests(index: Index, numbers: Sequence[int]) -> Iterator[Listed]:
    for card in lists.cards_of(index, numbers):
        yield Listed(public_address("iiif.manifest", slug=card.slug), title_of(card), date=card.date)


def public_sound(recording: Recording) -> tuple[Sound | None, str | None]:
    """Give what the public is sent of a sound, or else why nothing is."""
    closed = closures(recording).sound
    if closed is not None:
        return None, _said(closed)
    played = played_now(recording)
    if played is None:
        is_held = recording.media is not None or recording.media_faults
        return None, "The sound is missing at the moment." if is_held else "The archive does not hold the sound."
    heard = measured(recording)
    if played.address is None or not heard.is_readable or not heard.length:
        return None, "The sound cannot be heard at the moment."
    slug = recording.slug
    if played.is_silenced or played.copy:
        kind = (played.kind or "").partition(";")[0]
        return Sound(public_address("recordings.access_copy", slug=slug), kind, heard.length), None
    kind = TYPES.get(media_of(recording).suffix.lower(), "application/octet-stream").partition(";")[0]
    return Sound(public_address("recordings.sound", slug=slug), kind, heard.length), None


def _words(recording: Recording) -> Iterator[Words]:
    transcript = recording.transcript
    # Ramp tells a machine's words by this remark.
    called = f"{LABEL} (machine-generated)" if transcript and transcript.unchecked else "Transcript"
    yield Words(public_address("iiif.captions", slug=recording.slug), recording.language, called)
    for each in recording.translations:
        if any(isinstance(line, Cue) for line in each.lines):
            address = public_address("iiif.captions", slug=recording.slug, language=each.language)
            checked = "" if each.reviewed_by else ", not reviewed"
            yield Words(address, each.language, f"Translation into {each.name}{checked}")


def _notices(recording: Recording) -> Iterator[str]:
    yield from map(str, of_record(recording))
    transcript = recording.transcript
    if transcript is not None and transcript.unchecked:
        yield f"{LABEL}."
    closed = closures(recording)
    for each in (*filter(None, (closed.sound, closed.transcript, closed.notes)), *closed.passages):
        yield _said(each)
    if (terms := current_about().terms) is not None:
        yield f"Terms: {plain(terms)}"


def _said(closed: Closure) -> str:
    """Say in a sentence or two what is not shown, and why."""
    when = f", {closed.times}" if closed.times else ""
    return f"{closed.says}{when}{f': {closed.reason}' if closed.reason else ''}{closed.stop}"


def _logo() -> tuple[str, str] | None:
    try:
        found = current_archive().logo
    except ArchiveError as error:
        tell(_log, error)
        return None
    return (public_address("about.logo"), found.kind) if found else None
