"""Reads an archive as visitors do, to find what they still see of what they should not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from player.archive.gate.declared import DRAFT
from player.archive.gate.shown import Audience
from player.checks import shown_texts
from player.checks.closed_words import ClosedWords
from player.checks.private_names import PrivateNames, private_names
from player.checks.walking import DOSSIER, FOLDERS, RECORDING, SET
from player.errors import Advice, ArchiveError, NotFoundError, quoted
from player.index import shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Recording, Speaker
    from player.archive.toml.declared import Table
    from player.checks.examined import Pointing
    from player.checks.shown_texts import ShownText
    from player.checks.walking import Part


@dataclass(frozen=True)
class _Views:
    """One recording as its owners have it, and as visitors and editors see it: None where they see nothing of it."""

    owners: Recording
    visitors: Recording | None
    editors: Recording | None


class ForVisitors:
    """What visitors read of an archive that is open to its owners."""

    def __init__(self, archive: Archive) -> None:
        self._owners = archive
        self._seen = archive.seen_by(Audience.VISITORS)
        # They see drafts, of which nothing has to be kept from being read but what is closed in them too.
        self._editors = archive.seen_by(Audience.EDITORS)
        #: Those of the recording that was asked for last: many things are asked of one, and it takes long to read.
        self._last: dict[str, _Views | None] = {}

    @cached_property
    def names(self) -> PrivateNames:
        """The names that visitors are not to read."""
        return private_names(self._owners)

    def names_left(self, part: Part, speakers: Iterable[Speaker]) -> Iterable[Advice]:
        """Give the places of a part at which visitors read the name of somebody who is private.

        ``speakers`` are those of the part, if it is a recording: in it, nor are the names to be read of those who
        have a ``display_name``.
        """
        names = self.names.with_speakers(speakers)
        return names.advice(self._texts(part)) if names else ()

    def points_at_private(self, pointings: Iterable[Pointing]) -> bool:
        """Tell whether somebody who is private is pointed at."""
        ids = self.names.ids
        return any(each.target.kind == "person" and each.target.to in ids for each in pointings)

    def closed_words(self, slug: str) -> ClosedWords | None:
        """Give the closed words of a recording.

        There are none where it cannot be read.
        """
        views = self._views(slug)
        return ClosedWords(views.owners, views.editors) if views is not None else None

    def own_words_left(self, slug: str, words: ClosedWords) -> Iterator[Advice]:
        """Give where closed words of a recording stand beside its lines, and in what the whole archive shares."""
        views = self._views(slug)
        if views is not None and views.visitors is not None:
            translated = map(shown_texts.of_translation, views.visitors.translations)
            yield from words.advice(chain(shown_texts.of_record(views.visitors), *translated))
        yield from words.advice(chain(_reasons(views), self._shared))

    def speakers_left(self, slug: str) -> Iterator[Advice]:
        """Give the speakers whom visitors see listed though every line of theirs is closed.

        Where no line is shown, they are listed as those of any interview that is kept closed.
        """
        views = self._views(slug)
        if views is None or views.visitors is None or views.visitors.transcript is None:
            return
        shown, said = _voices(views.visitors), _voices(views.owners)
        for speaker in views.visitors.speaker:
            if speaker.name in said - shown:
                what = f"only closed lines have the voice of {quoted(speaker.name)}, who is listed as a speaker"
                remedy = "give the [[speaker]] a display_name if nobody is to know"
                yield Advice(speaker.path, speaker.line, what, remedy)

    def words_left(self, slug: str, words: ClosedWords) -> Iterator[Advice]:
        """Give where closed words of another recording stand in this one, its lines included."""
        return words.advice(self._texts((RECORDING, slug)))

    @cached_property
    def _shared(self) -> Sequence[ShownText]:
        """What stands beside the recordings."""
        parts = [(kind, "") for kind in ("people", "chronology", "archive", "sources")]
        with suppress(ArchiveError):
            parts += [(DOSSIER, slug) for slug in self._seen.dossiers.slugs()]
        with suppress(ArchiveError):
            parts += [(SET, slug) for slug in self._seen.sets.slugs()]
        return [text for part in parts for text in self._texts(part)]

    def _texts(self, part: Part) -> Iterator[ShownText]:
        kind, name = part
        if kind == RECORDING:
            views = self._views(name)
            if views is not None and views.visitors is not None:
                yield from shown_texts.of_recording(views.visitors)
                yield from self._script(views.visitors)
            yield from _reasons(views)
            return
        with suppress(ArchiveError, NotFoundError):  # told where it is examined
            if kind in FOLDERS:
                yield shown_texts.of_file_name(self._owners.transcripts / FOLDERS[kind] / f"{name}.toml")
            for table in self._tables(kind, name):
                yield from shown_texts.of_table(table)

    def _tables(self, kind: str, name: str) -> Iterable[Table]:
        if kind == DOSSIER:
            return [self._seen.dossier(name)]
        if kind == SET:
            return [shared.shown_of_set(self._seen.passage_set(name), self._seen)]
        if kind == "people":
            return self._seen.people.values()
        if kind == "sources":
            return self._seen.sources.values()
        return [self._seen.chronology if kind == "chronology" else self._seen.about]

    def _views(self, slug: str) -> _Views | None:
        """Read a recording as each of them sees it; None where it cannot be read, which is told elsewhere."""
        if slug not in self._last:
            try:
                self._last = {slug: self._read(self._owners.recording(slug))}
            except (ArchiveError, NotFoundError):
                self._last = {slug: None}
        return self._last[slug]

    def _read(self, whole: Recording) -> _Views:
        # Most are shown as they are, and few are drafts.
        shown = whole.shown
        visitors = whole if shown.is_everything else _seen(self._seen, whole.slug)
        parts = (shown.record, shown.transcript)
        is_draft = any(part is not None and part.state == DRAFT for part in parts)
        return _Views(whole, visitors, _seen(self._editors, whole.slug) if is_draft else visitors)

    def _script(self, recording: Recording) -> Iterable[ShownText]:
        """Give what a script says: where some of the words are closed, visitors have none."""
        try:
            script = None if recording.shown.redacts_words else self._owners.script(recording.slug)
        except (ArchiveError, NotFoundError):
            return ()
        return shown_texts.of_table(script) if script is not None else ()


def _seen(archive: Archive, slug: str) -> Recording | None:
    try:
        return archive.recording(slug)
    except NotFoundError:
        return None


def _reasons(views: _Views | None) -> Iterable[ShownText]:
    return shown_texts.of_reasons(views.owners) if views is not None else ()


def _voices(recording: Recording) -> set[str | None]:
    lines = recording.transcript.lines if recording.transcript is not None else ()
    return {turn.speaker for line in lines for turn in line.turns}
