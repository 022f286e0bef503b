"""Finds out what is to be known of one part of an archive, by its own files."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from player.archive import distant_sounds, media_names
from player.archive.gate.declared import DRAFT
from player.archive.part_files import part_files
from player.archive.statements import (
    of_about,
    of_chronology,
    of_dossier,
    of_people,
    of_record_and_annotations,
    of_recording,
    of_script,
    of_set,
    of_sources,
)
from player.checks import ignored, lines, machine, own
from player.checks.closures import closure_advice, closure_faults
from player.checks.declarations import future_faults, pointings
from player.checks.doubts import doubt_advice
from player.checks.examined import Examined
from player.checks.fed import feed_advice
from player.checks.file_elements import element_advice
from player.checks.for_visitors import ForVisitors
from player.checks.invitations import are_there, invitation_advice
from player.checks.joined import part_faults
from player.checks.links import cite, follow_links, self_faults
from player.checks.open_objects import has_copies, lost_copy_advice, open_object_faults
from player.checks.quotations import Work, quoted_in
from player.checks.readings import reading_faults
from player.checks.same_sounds import WHOLE
from player.checks.sets import passage_advice, passage_faults
from player.checks.signs import table_advice, words_advice
from player.checks.walking import DOSSIER, RECORDING, SET
from player.errors import Advice, ArchiveError, AudioError, NotFoundError
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording, Speaker
    from player.archive.statements import Statement
    from player.archive.toml.declared import Table
    from player.checks.links import Site
    from player.checks.own import Sounds
    from player.checks.walking import Part
    from player.errors import Fault


class Examiner:
    """Examines parts of an archive.

    ``alike`` are the files of ``media`` by their names as these are compared; ``site`` says what the pages show that
    texts link to.
    """

    def __init__(self, archive: Archive, sounds: Sounds, site: Site, alike: Mapping[str, Sequence[Path]]) -> None:
        self._archive = archive
        self._sounds = sounds
        self._site = site
        self._alike = alike
        self._for_visitors = ForVisitors(archive)

    def examine(self, part: Part) -> Examined:
        """Find out what is to be known of a part."""
        kind, name = part
        archive = self._archive
        found = Examined(ids=None, notes=None, is_media_known=False)
        # Not as long as it is not known what of it may be shown.
        found.is_kept = kind not in {RECORDING, "people"}
        speakers: Sequence[Speaker] = ()
        if kind == RECORDING:
            found.faults.extend(ignored.nearly_named(archive.transcripts / name))
            found.advice.extend(ignored.of_recording(archive.transcripts / name))
            with self._collected_in(found):
                recording = archive.recording(name)
                speakers = recording.speaker
                self._recording(recording, found)
                found.advice.extend(invitation_advice(archive, recording))
            # They are over by their day alone.
            found.is_kept &= not are_there(archive, name)
            with self._collected_in(found):
                script = archive.script(name)
                if script is not None:
                    self._declared(script, found)
                    self._said(of_script(name, script), found)
        else:
            with self._collected_in(found):
                if kind == DOSSIER:
                    self._dossier(name, found)
                elif kind == SET:
                    self._set(name, found)
                else:
                    _SHARED[kind](self, found)
        names = list(self._for_visitors.names_left(part, speakers))
        found.advice.extend(names)
        if names or self._for_visitors.points_at_private(found.pointings):
            found.is_kept = False
        return found

    def _recording(self, recording: Recording, found: Examined) -> None:
        transcript, unread = recording.transcript, recording.unread
        _add_unread(unread.faults, found)
        found.ids = None if unread.transcript else [line.id for line in transcript.lines] if transcript else ()
        found.notes = None if unread.annotations else [annotation.id for annotation in recording.annotations]
        found.needs_sources = recording.is_reading
        found.former = recording.formerly
        found.is_media_known = not unread.media
        if recording.media_name is not None and not recording.lies_elsewhere:
            found.sound = media_names.compared(recording.media_name)
        if recording.media is not None and not recording.lies_elsewhere:
            found.media = recording.media.name
        found.faults.extend(own.record_faults(recording, self._alike.get(found.sound or "", ())))
        for table in (recording, *recording.annotations):
            self._declared(table, found)
        found.faults.extend(own.transcript_faults(recording))
        found.faults.extend(history(recording).faults)
        found.faults.extend(own.translation_faults(recording))
        found.faults.extend(self_faults(recording))
        if transcript is not None:
            found.faults.extend(machine.mark_faults(transcript))
            found.advice.extend((*lines.line_advice(transcript), *machine.machine_advice(recording)))
            found.advice.extend((*doubt_advice(transcript), *element_advice(recording)))
            found.advice.extend(lines.reused_advice(recording, transcript))
            found.unchecked = [line.id for line in transcript.lines if line.is_unchecked]
        found.advice.extend((*lines.older_advice(recording.translations), *words_advice(recording)))
        wrong = (*unread.transcript, *(transcript.faults if transcript else ()))
        found.advice.extend(lines.import_advice(recording.folder / "transcript.vtt", wrong))
        self._sound(recording, found)
        self._parts(recording, found)
        self._closed(recording, found)
        if recording.is_reading:
            try:
                sources = self._archive.sources
            except ArchiveError:
                pass  # reported where it is examined
            else:
                found.faults.extend(reading_faults(recording, sources))
            self._said(of_recording(recording), found)
            return
        self._said(of_record_and_annotations(recording), found)
        # What was spoken is not the archive's own; of its lines only what they cite is to be known.
        for line in transcript.lines if transcript else ():
            if line.citations and transcript is not None:
                found.pointings.extend(cite(line.citations, transcript.path, line.line))

    def _sound(self, recording: Recording, found: Examined) -> None:
        media = recording.media
        if media is None:
            return
        found.advice.extend(media_names.advice(recording))
        found.faults.extend(open_object_faults(recording))
        found.advice.extend(lost_copy_advice(recording))
        # What lies beside a sound elsewhere may come and go while all files here are the same.
        found.is_lasting &= not has_copies(recording)
        if not media.is_file():
            return
        # Lines that are not timed follow no sound.
        if recording.transcript is not None and recording.transcript.cues and not recording.transcript.media_sha256:
            what = "the transcript is not bound to its sound, and would follow any other put in its place"
            remedy = f"bind it: player bind {recording.slug}"
            found.advice.append(Advice(recording.transcript.path, 1, what, remedy))
        try:
            found.faults.extend(own.sound_faults(recording, self._sounds))
            found.advice.extend(distant_sounds.at_record(recording, [*own.cut_short_advice(recording, self._sounds)]))
        except AudioError as error:
            found.faults.append(own.unplayable(recording, error))
            found.is_lasting = False
        if _is_withheld(recording):
            return  # nobody plays it, nor a copy
        try:
            advice = [
                *self._sounds.advice(self._archive.media, recording.slug, media, recording.shown.silenced),
                *feed_advice(self._archive, recording, media),
            ]
            found.advice.extend(distant_sounds.at_record(recording, advice))
            found.is_lasting &= not (advice and recording.lies_elsewhere)
        except AudioError:
            found.is_lasting = False

    def _parts(self, recording: Recording, found: Examined) -> None:
        """Add what is wrong with the sounds that the recording's own was joined from."""
        if not recording.part:
            return
        found.parts = [part.media for part in recording.part]
        with self._collected_in(found):
            files = part_files(self._archive, recording)
            try:
                found.faults.extend(part_faults(recording, files, self._sounds))
            except AudioError as error:
                found.faults.append(own.unplayable(recording, error))
                found.is_lasting = False

    def _closed(self, recording: Recording, found: Examined) -> None:
        """Add what is to be known of what visitors may not see, if that is anything."""
        shown = recording.shown
        if shown.is_everything and not (recording.access or recording.closed):
            found.is_kept = True
            return
        length = None
        if recording.media is not None and recording.media.is_file():
            with suppress(AudioError):  # told where the sound is examined
                length = self._sounds.duration(recording.media)
        found.faults.extend(closure_faults(recording, length))
        found.advice.extend(closure_advice(recording, self._archive.day()))
        words = self._for_visitors.closed_words(recording.slug)
        if words:
            found.has_closed_words = True
            found.advice.extend(self._for_visitors.own_words_left(recording.slug, words))
        found.advice.extend(self._for_visitors.speakers_left(recording.slug))
        found.silenced = [WHOLE] if _is_withheld(recording) else [(each.start, each.end) for each in shown.silenced]

    def _people(self, found: Examined) -> None:
        people = self._archive.people
        found.is_kept = not any(person.private for person in people.values())
        found.ids = list(people)
        found.advice.extend(ignored.if_empty(self._archive.transcripts / "people.toml", people, "person"))
        for person in people.values():
            self._declared(person, found)
        self._said(of_people(people.values()), found)

    def _chronology(self, found: Examined) -> None:
        chronology = self._archive.chronology
        found.ids = [entry.id for entry in chronology.entries]
        path = self._archive.transcripts / "chronology.toml"
        found.advice.extend(ignored.if_empty(path, chronology.entries, "entry"))
        self._declared(chronology, found)
        self._said(of_chronology(chronology), found)

    def _dossier(self, slug: str, found: Examined) -> None:
        dossier = self._archive.dossier(slug)
        found.ids = list(dossier.questions)
        self._declared(dossier, found)
        self._said(of_dossier(dossier), found)

    def _set(self, slug: str, found: Examined) -> None:
        passages = self._archive.passage_set(slug)
        self._declared(passages, found)
        self._said(of_set(passages), found)
        found.is_kept = False  # what is told of its passages depends on the recordings
        found.faults.extend(passage_faults(passages, self._archive, self._sounds))
        found.advice.extend(passage_advice(passages, self._archive))

    def _about(self, found: Examined) -> None:
        about = self._archive.about
        found.ids = ()
        found.media, found.is_media_known = about.logo, True
        found.sound = media_names.compared(about.logo) if about.logo else None
        found.advice.extend(table_advice(about))
        for statement in of_about(about):  # it quotes nobody, and cites nothing
            follow_links(statement, self._site, found)
        _ = self._archive.logo  # refused where it is not there, or no image

    def _sources(self, found: Examined) -> None:
        sources = self._archive.sources
        found.ids = list(sources)
        found.advice.extend(ignored.if_empty(self._archive.transcripts / "sources.toml", sources, "source"))
        for source in sources.values():
            self._declared(source, found)
            excerpts = [excerpt.text for excerpt in source.excerpt]
            hidden = None if source.link else source.address
            found.works.append(
                Work(source.id, source.title, source.line, excerpts, source.may_be_quoted_at_length, hidden)
            )
        for remark in of_sources(sources.values()):
            self._quoted(remark, found)

    def _declared(self, table: Table, found: Examined) -> None:
        future = list(future_faults(table))
        if future:
            found.faults.extend(future)
            found.is_lasting = False  # its day will come
        found.pointings.extend(pointings(table))
        found.advice.extend(table_advice(table))

    def _said(self, statements: Iterable[Statement], found: Examined) -> None:
        for statement in statements:
            found.pointings.extend(cite(statement.citations, statement.path, statement.line))
            follow_links(statement, self._site, found)
            self._quoted(statement, found)

    @staticmethod
    def _quoted(statement: Statement, found: Examined) -> None:
        faults, quoted = quoted_in(statement)
        found.faults.extend(faults)
        found.quoted.extend(quoted)

    @staticmethod
    @contextmanager
    def _collected_in(found: Examined) -> Iterator[None]:
        """Collect what a file is refused for, and go on."""
        try:
            yield
        except ArchiveError as error:
            _add_unread(error.faults, found)
        except NotFoundError:
            found.is_whole = found.is_lasting = False  # it went while the archive was checked


_SHARED: Final[Mapping[str, Callable[[Examiner, Examined], None]]] = {
    "people": Examiner._people,  # noqa: SLF001  # a table of this class's own
    "chronology": Examiner._chronology,  # noqa: SLF001  # a table of this class's own
    "archive": Examiner._about,  # noqa: SLF001  # a table of this class's own
    "sources": Examiner._sources,  # noqa: SLF001  # a table of this class's own
}


def _is_withheld(recording: Recording) -> bool:
    """Tell whether none of the sound is to be heard, nor will be when drafts are published."""
    shown = recording.shown
    withheld = shown.record or shown.sound
    return shown.withdrawal is not None or (withheld is not None and withheld.state != DRAFT)


def _add_unread(faults: Sequence[Fault], found: Examined) -> None:
    """Add what keeps a file from being read; where no line of it is named, it may be readable the next time."""
    found.faults.extend(faults)
    if faults:
        found.is_whole = False
    if any(fault.line is None for fault in faults):
        found.is_lasting = False
