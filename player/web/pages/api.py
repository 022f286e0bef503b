"""Gathers what the API answers about an archive, its recordings, and the lines of one."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import current_app, request

from player.archive.recording import HISTORY
from player.errors import NotFoundError, PlayerError, quoted
from player.index import lists
from player.publish import citation
from player.publish.api import recordings as written
from player.publish.api.cues import Addresses, Prepared, prepare
from player.publish.transcripts.exported import export, translation_into
from player.publish.transcripts.forms import BOOK, FADGI, FORMS
from player.publish.transcripts.json_lines import citation_said
from player.web.current import current_about, current_archive, current_index
from player.web.pages.as_of import QUERY, cited_version
from player.web.pages.closures import Closure, closures, refuse_withheld_words
from player.web.pages.iiif import public_sound
from player.web.pages.shown_state import shown_state
from player.web.pages.sound import is_in_step
from player.web.pages.this_line import page_address
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record, Recording
    from player.index.cards import Card
    from player.publish.transcripts.forms import Form
    from player.web.serving.kept_values import Kept, KeptValues


class NotYetError(PlayerError):
    """A recording is there, and the index has yet to be told of it."""


def archive() -> dict[str, Any]:
    """Say what the archive is, and what it holds."""
    about, index = current_about(), current_index()
    # As ``player.web.routes.oai`` asks for it.
    is_harvested = about.search_engines and about.contact and "://" not in about.contact
    return {
        "name": about.name,
        "description": about.description,
        "language": about.language,
        "terms": about.terms,
        "contact": about.contact,
        "address": about.address,
        "ai_training": about.ai_training,
        "holds": {
            "recordings": len(index.recordings),
            "people": lists.total(index, "person"),
            "sources": lists.total(index, "source"),
            "entries": lists.total(index, "entry"),
            "dossiers": lists.total(index, "dossier"),
            "sets": lists.total(index, "set"),
        },
        "links": {
            "self": public_address("api.archive"),
            "html": public_address("recordings.shelf"),
            "recordings": public_address("api.recordings"),
            "search": public_address("api.search"),
            "description": public_address("api.described"),
            "iiif": public_address("iiif.collection"),
            "oai": public_address("oai.answer") if is_harvested else None,
            "feed": public_address("feed.send") if about.feed else None,
            "sitemap": public_address("sitemap.answer"),
        },
    }


def recordings(asked: Mapping[str, Any], chosen: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Give a page of the recordings that have what is ``chosen``, in the order that is asked for.

    :raise NotFoundError: where there is no such page.
    """
    index = current_index()
    numbers = lists.shelf(index, chosen, asked["sort"]).numbers
    size: int = asked["limit"]
    shown = part_of(numbers, asked["page"], size)
    return {
        "total": len(numbers),
        "recordings": [each for card in lists.cards_of(index, shown) if (each := _listed(card)) is not None],
        "links": pages("api.recordings", asked["page"], len(numbers), size),
    }


def part_of(numbers: Sequence[int], page: int, size: int) -> Sequence[int]:
    """Give a page of a list; the first page is there even where nothing is on it.

    :raise NotFoundError: where there is no such page.
    """
    last = max(1, -(-len(numbers) // size))
    if page > last:
        raise NotFoundError(f"there is no page {page}; the last is {last}")
    return numbers[(page - 1) * size : page * size]


def pages(endpoint: str, here: int, total: int, size: int) -> dict[str, str | None]:
    """Give the addresses of the pages of a list: as the current one was asked for."""
    last = max(1, -(-total // size))
    given = request.args.to_dict(flat=False)

    def at(number: int) -> str:
        return public_address(endpoint, **{**given, "page": [str(number)]})

    return {
        "self": at(here),
        "first": at(1),
        "last": at(last),
        "prev": at(here - 1) if here > 1 else None,
        "next": at(here + 1) if here < last else None,
    }


def _listed(card: Card) -> dict[str, Any] | None:
    """Give a recording as a list has it; None where it is gone since the index looked."""
    try:
        found = current_archive().record(card.slug)
    except PlayerError:
        return None
    return written.summary(found, card, places(found), _original(found))


def one(slug: str) -> dict[str, Any]:
    """Give all that is told of a recording.

    :raise NotYetError: where the index does not have it yet.
    """
    found = current_archive().recording(slug)
    index = current_index()
    card = index.recordings.get(slug)
    if card is None:
        raise NotYetError(f"nothing is known yet of {quoted(slug)}; ask again in a few seconds")
    sound, why = public_sound(found)
    version = cited_version(found)
    unchecked = bool(found.transcript and found.transcript.unchecked)
    cited = citation.cite(
        *(found, page_address(found, version), dt.datetime.now(dt.UTC).date()),
        unchecked=unchecked,
        version=version.date if version else "",
    )
    told = closures(found)
    whole = written.Whole(
        surrogate_for=_original(found),
        readings=[each.slug for each in index.surrogates_of(slug) if _is_there(each.slug)],
        closed=[_closed(each) for each in (told.sound, told.transcript, told.notes, *told.passages) if each],
        parts=[
            {"title": each.title, "start": each.start, "end": end}
            for each, end in zip(found.part, [*(part.start for part in found.part[1:]), card.length], strict=False)
        ],
        sound={"address": sound.address, "media_type": sound.kind, "length": sound.length} if sound else None,
        why_silent=why,
        forms=list(_forms(found)),
        translations=[
            {"language": each.language, "name": each.name, "by": each.translated_by, "reviewed_by": each.reviewed_by}
            for each in found.translations
            if each.lines
        ],
        in_step=is_in_step(found),
        version={"number": version.number, "date": version.date} if version else None,
        citation=citation_said(cited),
    )
    return written.whole(found, card, places(found), whole)


def places(found: Record) -> written.Places:
    """Give where the things of a recording are."""
    slug = found.slug
    return written.Places(
        public_address("api.recording", slug=slug),
        public_address("recordings.recording", slug=slug),
        public_address("api.cues", slug=slug),
        public_address("api.annotations", slug=slug),
        public_address("iiif.manifest", slug=slug),
    )


def kept_cues(slug: str, language: str | None) -> Kept[Prepared]:
    """Give the lines of a recording, or of a translation of it, ready to be sent; kept while they are the same.

    :raise WithheldError: where its words are not for everybody.
    :raise NotFoundError: where there are none, or none in that language.
    """
    kept: KeptValues[Prepared] = current_app.extensions["kept_cues"]
    index, transcripts = current_index(), current_archive().transcripts

    def is_shown(path: Path) -> bool:
        # To ask for the time of a file takes a twentieth of what an answer does. These decide what may be shown, and
        # hold the words; notes, the sound, and which other translations there are, are looked at once a second.
        is_text = path.name == "transcript.vtt" or (language is not None and path.name.startswith("transcript."))
        return is_text or path.parent == transcripts or path.name in {"recording.toml", HISTORY}

    def has_still(prepared: Prepared) -> bool:
        # Whatever else the index was told, such as how long a sound is, no line has it: 20,000 are prepared in 0.4 s.
        exported = prepared.exported
        named = dict.fromkeys(citation.source for line in exported.lines for citation in line.citations)
        there = tuple(source for name in named if (source := index.sources.get(name)) is not None)
        return there == exported.sources

    make = partial(_prepared, slug, language)
    look = partial(shown_state, slug, is_heard=False)
    return kept.get((slug, language), index.generation, look, make, is_shown, has_still)


def _prepared(slug: str, language: str | None) -> Prepared:
    found = current_archive().recording(slug)
    refuse_withheld_words(found)
    if found.unread.transcript:
        raise NotFoundError(f'the transcript of "{found.title}" cannot be read; its page says what can be read')
    if found.transcript is None:
        raise NotFoundError(f'"{found.title}" has no transcript yet; its page says what is known')
    version = cited_version(found)
    # The citation of the whole is not among what is prepared, for it has the day.
    cited = citation.cite(found, "", dt.date.min)
    exported = export(found, translation_into(found, language), current_index().sources, cited)
    told = {"number": version.number, "date": version.date} if version else None
    return prepare(exported, told, in_step=is_in_step(found))


def addresses(slug: str, version: Mapping[str, Any] | None) -> Addresses:
    """Give where a recording and its lines are in public; as they are cited, with the version of their words."""
    page = public_address("recordings.recording", slug=slug)
    return Addresses(
        public_address("api.recording", slug=slug),
        public_address("api.cues", slug=slug),
        page,
        f"{page}?{QUERY}={version['number']}" if version else page,
    )


def _closed(each: Closure) -> dict[str, str | None]:
    return {"says": each.says, "reason": each.reason, "times": each.times}


def _original(found: Record) -> str | None:
    """Give what a reading stands in for, where visitors may know of that."""
    original = found.surrogate_for
    return original if original and _is_there(original) else None


def _is_there(slug: str) -> bool:
    """Tell whether visitors may know of a recording now: the index may have yet to be told that it was closed."""
    try:
        current_archive().record(slug)
    except PlayerError:
        return False
    return True


def _forms(found: Recording) -> Iterator[dict[str, str]]:
    if found.transcript is None:
        return
    for tag in (None, *(each.language for each in found.translations if each.lines)):
        for form in (*FORMS.values(), BOOK):
            if form.is_there:
                yield {
                    "name": form.called,
                    "language": tag or found.language,
                    "media_type": form.media_type,
                    "address": _where(found.slug, form, tag),
                }


def _where(slug: str, form: Form, tag: str | None) -> str:
    if form is FADGI:
        return public_address("downloads.send_described", slug=slug, language=tag)
    name = f"{tag}.{form.ending}" if tag else form.ending
    if form is BOOK:
        return public_address("book.send", slug=slug, name=name)
    if form.module is not None:
        return public_address("downloads.send", slug=slug, name=name)
    if tag:
        return public_address("recordings.translation", slug=slug, language=tag)
    return public_address("recordings.transcript", slug=slug)
