"""Gathers what the feed of an archive has: the recordings that anybody may hear, the newest first."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.gate.shown import Audience
from player.archive.machine import LABEL
from player.archive.prose import plain
from player.archive.recording import TRANSCRIPT
from player.audio.access import CACHE_KIND
from player.audio.access_faults import FOLDER
from player.audio.formats import FED, TYPES
from player.elsewhere import folders as distant_folders
from player.errors import ArchiveError, NotFoundError, PlayerError
from player.index import lists
from player.publish import rights
from player.publish.citation import NOTICE
from player.publish.feed import CATEGORY, Episode, Feed, Heard, Link
from player.publish.titles import title_of
from player.publish.transcripts.forms import FORMS
from player.roots import cache_folder
from player.stamp import Stamp, stamp
from player.web.current import current_about, current_archive, current_index, media_of
from player.web.serving import copies
from player.web.serving.kept_pages import Shown
from player.web.serving.public_address import public_address
from player.web.serving.telling import for_the_log, tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.index.cards import Card
    from player.index.index import Index

_log = logging.getLogger(__name__)

#: So many recordings are in a part of a feed at most: apps read the first one again and again.
MOST: Final = 300
# The forms of a transcript in a feed; readers that keep one alone keep the last.
_FORMS: Final = ("podcast", "srt", "vtt")
# Of the parts that people have in a show, those that an archive's records speak of; else somebody is heard as a guest.
_ROLES: Final = frozenset({"host", "narrator", "announcer", "reporter", "interviewer"})
_ALIKE: Final = {"interviewer": "host"}


@dataclass(frozen=True)
class Sound:
    """What a feed offers of a recording's sound: the file at ``path``, and whether that is an access copy."""

    path: Path
    is_copy: bool

    @property
    def ending(self) -> str:
        """What its address ends in, by which apps know what it is."""
        return self.path.suffix.lower().removeprefix(".")

    @property
    def kind(self) -> str:
        """Its media type."""
        return TYPES.get(self.path.suffix.lower(), "application/octet-stream").partition(";")[0]


def current_feed(series: str | None = None, number: int = 1) -> Feed:
    """Gather the feed of the current archive, or of one series of it, or a later part of that.

    :raise NotFoundError: where there is no such part.
    """
    about, index = current_about(), current_index()
    heard = _heard(index, series)
    last = max(math.ceil(len(heard) / MOST), 1)
    if number > last:
        raise NotFoundError(f"the feed has {last} part{'' if last == 1 else 's'}; ask for page=1 up to {last}")
    title = about.name if series is None else f"{series} · {about.name}"
    page = public_address("recordings.shelf") if series is None else public_address("recordings.listed", series=series)

    def part(asked: int) -> str:
        return public_address("feed.send", series=series, page=asked if asked > 1 else None)

    others = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
    return Feed(
        title,
        page,
        part(number),
        about.description or (plain(about.home) if about.home else f"Recordings of {about.name}."),
        about.language,
        about.feed_author or about.name,
        about.feed_category or CATEGORY,
        public_address("feed.picture", series=series),
        list(_episodes(index, heard[(number - 1) * MOST : number * MOST])),
        about.contact if about.contact and "://" not in about.contact else None,
        {rel: part(asked) for rel, asked in others.items() if last > 1 and 1 <= asked <= last},
    )


def feed_state(series: str | None, number: int) -> Shown:
    """Look at what decides which recordings are in a part of a feed, and what is said of them, but for the index.

    What is closed, or whose name is not shown, from now on is not to wait for the index, nor is it to wait for the
    index that a copy of a sound is there.
    """
    archive, index = current_archive(), current_index()
    numbers = _heard(index, series)[(number - 1) * MOST : number * MOST]
    folders = [archive.transcripts / card.slug for card in lists.cards_of(index, numbers)]
    texts = [folder / name for folder in folders for name in ("recording.toml", TRANSCRIPT)]
    texts += [archive.transcripts / name for name in ("archive.toml", "people.toml")]
    cache = cache_folder()
    places = [archive.media, archive.media / FOLDER, *([cache / CACHE_KIND] if cache else []), *distant_folders()]
    stamps = tuple(map(_stamp, texts))
    is_settled = all(each is None or each.is_settled for each in stamps)
    return Shown((*texts, *places), (archive.day(), tuple(texts), stamps), is_settled)


def _stamp(path: Path) -> Stamp | None:
    try:
        return stamp(path)
    except OSError:
        return None


def is_empty(series: str) -> bool:
    """Tell whether nothing of a series can be heard by everybody."""
    index, visitors = current_index(), current_archive().seen_by(Audience.VISITORS)
    return not any(_is_heard(visitors, card.slug) for card in lists.cards_of(index, _heard(index, series)))


def sound_of(record: Record) -> Sound:
    """Give what a feed offers of a recording's sound: what every app plays, whatever is better for the page.

    :raise PlayerError: where there is nothing that may be heard by everybody.
    """
    held = media_of(record)
    if record.shown.sends_held and held.suffix.lower() in FED:
        return Sound(held, is_copy=False)
    copy = next(iter(copies.there_are(record, held)), None)
    if copy is not None and copy.path.suffix in FED:
        return Sound(copy.path, is_copy=True)
    if copy is None and copies.want(record, held):
        raise NotFoundError(f'the sound of "{record.title}" cannot be had as a file at the moment')
    raise NotFoundError(f'the sound of "{record.title}" is not in the feed, which has MP3 and M4A alone')


def _heard(index: Index, series: str | None) -> Sequence[int]:
    """List what everybody can hear, by numbers: an editor's feed has no drafts, and no other parts for them."""
    numbers = lists.heard(index, series)
    if current_archive().audience is Audience.VISITORS:
        return numbers
    visitors = current_archive().seen_by(Audience.VISITORS)
    return [number for number, card in lists.numbered_cards(index, numbers) if _is_heard(visitors, card.slug)]


def _is_heard(archive: Archive, slug: str) -> bool:
    try:
        return archive.record(slug).shown.sound is None
    except PlayerError:
        return False


def _episodes(index: Index, numbers: Sequence[int]) -> Iterator[Episode]:
    """Give what can be heard of some recordings; where one cannot after all, the others."""
    # A feed is for everybody, whoever looks at it.
    visitors = current_archive().seen_by(Audience.VISITORS)
    for card in lists.cards_of(index, numbers):
        try:
            record = visitors.record(card.slug)
            yield _episode(record, card)
        except (OSError, PlayerError) as error:
            if isinstance(error, PlayerError) and not isinstance(error, NotFoundError):
                tell(_log, for_the_log(error) if isinstance(error, ArchiveError) else error)
            # Its own page says why.


def _episode(record: Record, card: Card) -> Episode:
    sound = sound_of(record)
    address = public_address("feed.sound", slug=record.slug, ending=sound.ending)
    return Episode(
        # The first name that it had: apps take what has another for another episode.
        f"recording:{(*record.formerly, record.slug)[0]}",
        title_of(record),
        public_address("recordings.recording", slug=record.slug),
        list(_said(record, card)),
        Link(address, sound.kind),
        sound.path.stat().st_size,
        card.length,
        record.published,
        record.advice is not None,
        list(_transcripts(record, card)),
        _chapters(record, card),
        list(_people(record)),
    )


def _said(record: Record, card: Card) -> Iterator[str]:
    """Give what stands beside it, what has to be known first before all else."""
    yield from (f"{label.name}: {label.text}" for label in record.label)
    if record.is_reading:
        yield record.notice or f"{NOTICE}."
    elif record.notice:
        yield record.notice
    if record.advice:
        yield f"Before you listen: {record.advice}"
    if record.summary:
        yield record.summary
    if card.unchecked:
        yield f"Its transcript: {LABEL}."
    if record.shown.silenced:
        yield "Passages of it are closed, and silent."
    yield f"Rights: {rights.in_a_line(record)}."


def _transcripts(record: Record, card: Card) -> Iterator[Link]:
    """Give the forms in which its words can be had; none where they belong to another sound, or to nobody yet."""
    if not card.is_followed or record.shown.transcript is not None:
        return
    yield Link(public_address("text.page", slug=record.slug), "text/html", record.language)
    for name in _FORMS:
        form = FORMS[name]
        values = {"name": form.ending} if form.module else {}
        endpoint = "downloads.send" if form.module else "recordings.transcript"
        yield Link(public_address(endpoint, slug=record.slug, **values), form.media_type, record.language)


def _chapters(record: Record, card: Card) -> str | None:
    """Give where its chapters are; asked of the index, for 300 transcripts take long to read."""
    sql = "SELECT 1 FROM note JOIN recording ON recording.id = recording WHERE slug = ? AND at IS NOT NULL LIMIT 1"
    if not (record.part or (card.is_followed and current_index().rows(sql, record.slug))):
        return None
    return public_address("feed.chapters", slug=record.slug)


def _people(record: Record) -> Iterator[Heard]:
    """Give who is heard and known: neither a voice that was made nor one of whom nobody says who it is."""
    people = current_index().people
    for speaker in () if record.is_reading else record.speaker:
        if speaker.kind != "person" or not speaker.person or speaker.certainty == "unknown":
            continue
        role = (speaker.role or "").casefold()
        known = people.get(speaker.person)
        yield Heard(
            speaker.display_name or (known.name if known else speaker.person),
            _ALIKE.get(role, role) if role in _ROLES else "guest",
            public_address("context.person", name=known.id) if known else None,
        )
