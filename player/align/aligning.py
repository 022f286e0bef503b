"""Finds the times at which the lines of a transcript are said in its sound, and has all of them written, or none.

The text may be there already, or come with it. What a person has timed stays, and others are placed between. Who hears
and who writes may be two processes: what is heard is a value, and belongs to the transcript in which it was placed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from player.align import pieces
from player.align.aligned import Aligned, written
from player.align.pieces import Work
from player.align.samples import samples
from player.align.settling import Settled, is_spoken, is_wanted, settled, spoken_lines
from player.align.spoken_forms import spoken_line
from player.archive import languages
from player.archive.own_files import OwnFiles
from player.archive.recording import HISTORY
from player.archive.transcript import Cue
from player.archive.webvtt.reading import parse
from player.audio import cache
from player.errors import AlignError, ArchiveError, WriteError, shown, unreadable
from player.files import content
from player.intake.transcripts import bringing
from player.intake.transcripts.names import Speakers
from player.intake.transcripts.replacing import ANNOTATIONS, TRANSCRIPT
from player.timecode import Span, display

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.align.engines import Ready
    from player.align.pieces import Progress
    from player.align.samples import Samples
    from player.archive.archive import Archive
    from player.archive.machine import MachineMade, Review
    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript
    from player.intake.transcripts.bringing import Brought
    from player.intake.transcripts.imported import Imported


@dataclass(frozen=True)
class Wanted:
    """What is to be placed, and how.

    ``again`` places also what a machine placed before. ``start`` and ``end`` say which passage of the sound has the
    words, in milliseconds; None for its beginning and end. ``imported`` is a text that is brought in, read from
    ``file``; what follows is as ``bringing.prepared`` takes it.
    """

    again: bool = False
    start: int | None = None
    end: int | None = None
    processes: int = pieces.PROCESSES
    imported: Imported | None = None
    file: Path | None = None
    speakers: Speakers = field(default_factory=Speakers)
    keep_ids: bool = False
    force: bool = False
    machine: MachineMade | None = None
    checked: Review | None = None


@dataclass(frozen=True)
class Heard:
    """What was heard, of which nothing is written yet: in a transcript ``before``, and a sound of this SHA-256."""

    aligned: Aligned
    before: bytes
    digest: str


@dataclass
class Aligning:
    """Aligns the transcript of one record, step by step."""

    archive: Archive
    record: Record
    engine: Ready
    wanted: Wanted
    progress: Callable[[Progress], object] = lambda _: None
    decoding: Callable[[float], object] = lambda _: None

    def done(self, *, dry_run: bool = False) -> Aligned:
        """Place the lines, and write what was placed; nothing where no line was.

        :raise PlayerError: where it cannot be done; what was done until then stays kept for the next time.
        """
        found = self.heard(dry_run=dry_run)
        return found.aligned if dry_run else self.put(found)

    def heard(self, *, dry_run: bool = False) -> Heard:
        """Place the lines, and write nothing. What was done stays kept until ``put``.

        :raise PlayerError: where it cannot be done.
        """
        sound = self._sound()
        if not dry_run:
            self._refuse_unwritable()
        digest = cache.digest(sound)
        brought, before, old = self._transcript(sound, digest)
        self._refuse_useless(old, digest)
        if not self._has_words(old):
            return Heard(self._idle(old, brought), before, digest)
        with samples(sound, self.decoding) as held:
            part = self._part(held.duration)
            language = languages.shortest(self.record.language)
            within = spoken_lines(old.lines, language, part, again=self.wanted.again)
            asked = [line for line in within if line.fixed is not None or is_spoken(line)]
            work = Work(held.within(part), self.progress, self.wanted.processes)
            answers = self.engine.place(asked, work, language)
            found = {line.id: answer for line, answer in zip(asked, answers, strict=True) if line.fixed is None}
            placed = settled(old.lines, found, part, again=self.wanted.again)
            duration = held.duration
            beside = self._unwritten(old, placed, part, held)
        if cache.digest(sound) != held.digest or held.digest != digest:
            raise AlignError(f"{shown(sound)}: the sound was changed meanwhile, so nothing is written; do it again")
        unspoken = {line.id for line in within} - {line.id for line in asked}
        aligned = Aligned(
            *(old.path, old.lines, placed, duration, brought),
            unspoken=tuple(line for line in old.lines if line.id in unspoken),
            timed=len(old.lines) - len(self._sought(old)),
            unwritten=beside,
        )
        return Heard(aligned, before, digest)

    def put(self, found: Heard) -> Aligned:
        """Write what was placed, into the transcript in which it was; nothing where no line was.

        :raise PlayerError: where it cannot be written, or the transcript is another by now.
        """
        aligned = found.aligned
        if not aligned.duration:
            return aligned  # nothing was listened for
        if aligned.settled.cues:
            self._refuse_barred()
            aligned = written(self.archive, self.record, self.engine, aligned, found.before, found.digest)
        pieces.forget(self._sound())
        return aligned

    def _sound(self) -> Path:
        """Give the sound of the record.

        :raise AlignError: where it has none.
        """
        record = self.record
        if record.media_faults:
            raise ArchiveError(record.media_faults)
        if record.media is None:
            what = f"{shown(record.path)}: the record has no sound in which its words could be placed"
            raise AlignError(f"{what}; to give it one: player add SOUND --to {record.slug}")
        if not record.media.is_file():
            raise AlignError(f"{shown(record.media)}: there is no such file; put the sound there, and try again")
        return record.media

    def _refuse_unwritable(self) -> None:
        """Refuse to work for hours on what could not be written then.

        :raise WriteError: where the folder of the record cannot be.
        """
        for folder in (self.record.folder, self.archive.transcripts):
            if not os.access(folder, os.W_OK):
                raise WriteError(f"{shown(folder)}: this cannot be written; check that you may write there")

    def _refuse_barred(self) -> None:
        record = self.record
        files = [record.path, *(record.folder / name for name in (TRANSCRIPT, ANNOTATIONS, HISTORY))]
        OwnFiles((self.archive.root, self.archive.media, self.archive.transcripts)).refuse_barred(files)

    def _transcript(self, sound: Path, digest: str) -> tuple[Brought | None, bytes, Transcript]:
        """Give the transcript that is to be aligned: the text that is brought in, or what is there."""
        record, wanted = self.record, self.wanted
        path = record.folder / TRANSCRIPT
        self._refuse_barred()
        brought = None
        if wanted.imported is not None:
            if not wanted.imported.lines:
                raise AlignError(f"{shown(wanted.file or path)}: there are no lines in it")
            if path.exists() and not wanted.force:
                what = "there is a transcript already; without a TEXT, that is aligned; --force replaces it"
                raise WriteError(f"{shown(path)}: {what}, and keeps it in history")
            brought = bringing.prepared(
                *(record, wanted.imported),
                speakers=wanted.speakers,
                digest=digest,
                length=_length(sound),
                keep_ids=wanted.keep_ids,
                is_forced=wanted.force,
                file=wanted.file,
                machine=wanted.machine,
                checked=wanted.checked,
            )
            before = brought.transcript
        else:
            try:
                before = content(path)
            except FileNotFoundError:
                raise AlignError(
                    f"{shown(path)}: there is no transcript; name the text: player align {record.slug} TEXT; "
                    f"where there is none: player transcribe {record.slug}"
                ) from None
            except OSError as error:
                raise AlignError(unreadable(path, error)) from None
        return brought, before, parse(path, before.decode("utf-8-sig", errors="replace"))

    def _refuse_useless(self, old: Transcript, digest: str) -> None:
        """Refuse what has nothing to place, or times of another sound to place it by."""
        wanted = self._sought(old)
        if not old.lines:
            raise AlignError(f"{shown(old.path)}: there are no lines in it; write or import the words first")
        if wanted and len(wanted) < len(old.lines) and old.media_sha256 not in {None, digest}:
            what = "lines of it are timed, and to another sound than the record has now"
            remedy = f"if their times are right all the same: player bind {self.record.slug} --force"
            raise AlignError(f"{shown(old.path)}: {what}; {remedy}")

    def _sought(self, old: Transcript) -> list[Line]:
        return [line for line in old.lines if is_wanted(line, again=self.wanted.again)]

    def _unwritten(self, old: Transcript, placed: Settled, part: Span, held: Samples) -> tuple[Span, ...]:
        """Give the passages in which somebody seems to speak, and in which no line that is not placed may be said."""
        from player.align.unwritten import gaps, unwritten  # noqa: PLC0415  # numpy is an extra's

        cues = {cue.id: cue for cue in placed.cues}
        sought = {line.id for line in self._sought(old)}
        lines = [cues.get(line.id, None if line.id in sought else line) for line in old.lines]
        spans = [line.span if isinstance(line, Cue) else None for line in lines]
        return tuple(unwritten(gaps(spans, part), [span for span in spans if span is not None], held))

    def _has_words(self, old: Transcript) -> bool:
        """Tell whether anything is said in the lines that are to be placed."""
        return any(
            way
            for line in self._sought(old)
            for ways in spoken_line(line.text, languages.shortest(self.record.language))
            for way in ways
        )

    def _idle(self, old: Transcript, brought: Brought | None) -> Aligned:
        """Say that there is nothing to listen for.

        :raise AlignError: where a text was to be brought in for that.
        """
        unspoken = tuple(self._sought(old))
        if brought is not None:
            why = (
                "nothing is said in those of its lines that have no times" if unspoken else "every line of it is timed"
            )
            told = f"{shown(self.wanted.file or old.path)}: {why}, so there is nothing to place"
            raise AlignError(f"{told}; to bring it in: player import {self.record.slug} TEXT")
        nothing = Settled((), {}, ())
        return Aligned(old.path, old.lines, nothing, 0, None, unspoken=unspoken, timed=len(old.lines) - len(unspoken))

    def _part(self, duration: int) -> Span:
        start, end = self.wanted.start or 0, min(duration, self.wanted.end or duration)
        if not duration:
            raise AlignError("the sound is too short to hold a word; nothing is written")
        if start >= duration:
            raise AlignError(f"the sound ends at {display(duration)}; choose a passage before that")
        return Span(start, max(end, start + 1))


def _length(sound: Path) -> int:
    from player.audio import probe  # noqa: PLC0415  # where a text is brought in

    return probe.probe(sound).duration
