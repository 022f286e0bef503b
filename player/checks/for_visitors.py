"""Reads an archive as visitors do, to find what they still see of what they should not."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from player.archive.gate.shown import Audience
from player.checks import shown_texts
from player.checks.closed_words import ClosedWords
from player.checks.private_names import PrivateNames, private_names
from player.checks.walking import DOSSIER, RECORDING
from player.errors import Advice, ArchiveError, NotFoundError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.toml.declared import Table
    from player.checks.shown_texts import ShownText
    from player.checks.walking import Part


class ForVisitors:
    """What visitors read of an archive that is open to its owners."""

    def __init__(self, archive: Archive) -> None:
        self._owners = archive
        self._seen = archive.seen_by(Audience.VISITORS)
        # They see drafts, of which nothing has to be kept from being read but what is closed in them too.
        self._editors = archive.seen_by(Audience.EDITORS)

    @cached_property
    def names(self) -> PrivateNames:
        """The names that visitors are not to read."""
        return private_names(self._owners)

    def names_left(self, part: Part) -> Iterable[Advice]:
        """Give the places of a part at which visitors read the name of somebody who is private."""
        return self.names.advice(self._texts(part)) if self.names else ()

    def closed_words(self, slug: str) -> ClosedWords:
        """Give the closed words of a recording.

        :raise PlayerError: where it cannot be read.
        """
        return ClosedWords(self._owners.recording(slug), self._recording(slug, self._editors))

    def own_words_left(self, slug: str, words: ClosedWords) -> Iterator[Advice]:
        """Give where closed words of a recording stand beside its lines, and in what the whole archive shares."""
        recording = self._recording(slug)
        if recording is not None:
            beside = chain(
                shown_texts.of_record(recording),
                *map(shown_texts.of_translation, recording.translations),
                self._script(slug),
            )
            yield from words.advice(beside)
        yield from words.advice(chain(self._reasons(slug), self._shared))

    def speakers_left(self, slug: str) -> Iterator[Advice]:
        """Give the speakers whom visitors see listed though every line of theirs is closed.

        Where no line is shown, they are listed as those of any interview that is kept closed.
        """
        recording = self._recording(slug)
        if recording is None or recording.transcript is None:
            return
        shown, said = _voices(recording), _voices(self._owners.recording(slug))
        for speaker in recording.speaker:
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
            parts += [(DOSSIER, slug) for slug in self._seen.dossier_slugs()]
        return [text for part in parts for text in self._texts(part)]

    def _texts(self, part: Part) -> Iterator[ShownText]:
        kind, name = part
        if kind == RECORDING:
            recording = self._recording(name)
            if recording is not None:
                yield from shown_texts.of_recording(recording)
                yield from self._script(name)
            yield from self._reasons(name)
            return
        with suppress(ArchiveError, NotFoundError):  # told where it is examined
            if kind == DOSSIER:
                yield shown_texts.of_file_name(self._owners.transcripts / "dossiers" / f"{name}.toml")
            for table in self._tables(kind, name):
                yield from shown_texts.of_table(table)

    def _tables(self, kind: str, name: str) -> Iterable[Table]:
        if kind == DOSSIER:
            return [self._seen.dossier(name)]
        if kind == "people":
            return self._seen.people.values()
        if kind == "sources":
            return self._seen.sources.values()
        return [self._seen.chronology if kind == "chronology" else self._seen.about]

    def _recording(self, slug: str, archive: Archive | None = None) -> Recording | None:
        """Read a recording as visitors see it, or those of another ``archive``; None where they see nothing of it."""
        try:
            whole = self._owners.recording(slug)
            # Most are shown as they are, and reading takes long.
            return whole if whole.shown.is_everything else (archive or self._seen).recording(slug)
        except (ArchiveError, NotFoundError):
            return None

    def _reasons(self, slug: str) -> Iterator[ShownText]:
        with suppress(ArchiveError, NotFoundError):  # told where it is examined
            yield from shown_texts.of_reasons(self._owners.record(slug))

    def _script(self, slug: str) -> Iterable[ShownText]:
        try:
            script = self._seen.script(slug)
        except (ArchiveError, NotFoundError):
            return ()
        return shown_texts.of_table(script) if script is not None else ()


def _voices(recording: Recording) -> set[str | None]:
    cues = recording.transcript.cues if recording.transcript is not None else ()
    return {turn.speaker for cue in cues for turn in cue.turns}
