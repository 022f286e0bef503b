"""Gives the lines of a transcript the times at which they are said in its sound, and writes all of it, or nothing.

The text may be there already, or come with it. What a person has timed stays, and others are placed between. The
translations of lines that get times get them too.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from player.align import pieces
from player.align.pieces import Work
from player.align.samples import samples
from player.align.settling import Settled, is_spoken, is_wanted, settled, spoken_lines
from player.align.spoken_forms import spoken_line
from player.archive import languages
from player.archive.machine import ALIGNED, MachineMade
from player.archive.own_files import OwnFiles
from player.archive.recording import HISTORY
from player.archive.transcript import Cue
from player.archive.translation_names import translation_files
from player.archive.webvtt.binding import bound, with_item
from player.archive.webvtt.reading import parse
from player.archive.webvtt.retiming import with_times
from player.audio import cache
from player.errors import AlignError, ArchiveError, WriteError, shown, unreadable
from player.files import content
from player.history.entries import ALIGN
from player.history.recording import record as record_change
from player.intake.transaction import transaction
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
    from player.archive.machine import Review
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
class Aligned:
    """What was done: ``settled`` says which lines were placed, in ``duration`` milliseconds of sound.

    ``brought`` is the text that came with it. ``translations`` have the new times too, ``others`` do not. In the lines
    that are ``unspoken`` nothing is said, so they were not looked for; ``timed`` lines had their times already. In the
    passages ``unwritten`` somebody seems to speak, and no line has that.
    """

    path: Path
    lines: tuple[Line, ...]
    settled: Settled
    duration: int
    brought: Brought | None
    translations: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    is_written: bool = False
    unspoken: tuple[Line, ...] = ()
    timed: int = 0
    unwritten: tuple[Span, ...] = ()

    @property
    def is_vain(self) -> bool:
        """Whether no line was placed, and not because most have their times already."""
        is_more = self.brought is None and self.timed >= len(self.settled.left)
        return not self.settled.cues and not is_more


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
        sound = self._sound()
        if not dry_run:
            self._refuse_unwritable()
        digest = cache.digest(sound)
        brought, before, old = self._transcript(sound, digest)
        self._refuse_useless(old, digest)
        if not self._has_words(old):
            return self._idle(old, brought)
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
        if dry_run:
            return aligned
        if placed.cues:
            aligned = self._written(aligned, before, old, digest)
        pieces.forget(sound)
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

    def _transcript(self, sound: Path, digest: str) -> tuple[Brought | None, bytes, Transcript]:
        """Give the transcript that is to be aligned: the text that is brought in, or what is there."""
        record, wanted = self.record, self.wanted
        path = record.folder / TRANSCRIPT
        files = [record.path, *(record.folder / name for name in (TRANSCRIPT, ANNOTATIONS, HISTORY))]
        OwnFiles((self.archive.root, self.archive.media, self.archive.transcripts)).refuse_barred(files)
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

    def _written(self, aligned: Aligned, before: bytes, old: Transcript, digest: str) -> Aligned:
        """Write the transcript, and the translations with it."""
        cues = {cue.id: cue for cue in aligned.settled.cues}
        today = dt.datetime.now().astimezone().date()
        made = MachineMade(self.engine.program, self.engine.model, today.isoformat())
        after = with_item(with_times(old.path, before, cues), f"[{ALIGNED}]", str(made))
        after = bound(after, digest)
        translated = _translated(self.record, old, cues, digest)
        is_other = after != before or aligned.brought is not None
        if not is_other and all(text is None for _, text in translated.values()):
            return replace(aligned, others=tuple(translated))
        try:
            with transaction(self.archive.root) as change:
                if aligned.brought is not None:
                    bringing.put(change, self.record, replace(aligned.brought, transcript=after), ALIGN)
                elif is_other:
                    record_change(change, self.record, before, after, None, ALIGN, follows=False)
                    change.replace(old.path, before, after)
                for path, (was, text) in translated.items():
                    if text is not None:
                        change.replace(path, was, text)
        except WriteError as error:
            what = "what was done is kept, and the same command goes on from there"
            raise WriteError(f"{error}\n{what}") from None
        follow = tuple(path for path, (_, text) in translated.items() if text is not None)
        others = tuple(path for path, (_, text) in translated.items() if text is None)
        return replace(aligned, translations=follow, others=others, is_written=True)


def _length(sound: Path) -> int:
    from player.audio import probe  # noqa: PLC0415  # where a text is brought in

    return probe.probe(sound).duration


def _translated(
    record: Record, old: Transcript, cues: dict[str, Cue], digest: str
) -> dict[Path, tuple[bytes, bytes | None]]:
    """Give each translation as it is, and with the times of the lines that have others now; None where it cannot be."""
    lines = {line.id: line for line in old.lines}
    found: dict[Path, tuple[bytes, bytes | None]] = {}
    for path in translation_files(record.folder).values():
        was = b""
        try:
            was = content(path)
            its = parse(path, was.decode("utf-8-sig", errors="replace"))
            new = {
                line.id: _translated_cue(line, cues[line.id])
                for line in its.lines
                if line.id in cues and _when(line) == _when(lines[line.id])
            }
            after = with_times(path, was, new)
            if its.media_sha256 is not None and its.media_sha256 == old.media_sha256:
                after = bound(after, digest)
        except (ArchiveError, OSError):
            found[path] = (was, None)
            continue
        if after != was:
            found[path] = (was, after)
        elif not new:
            found[path] = (was, None)
    return found


def _when(line: Line) -> tuple[int, int] | None:
    return (line.start, line.end) if isinstance(line, Cue) else None


def _translated_cue(line: Line, cue: Cue) -> Cue:
    return Cue(
        *(line.id, cue.start, cue.end, line.text, line.turns, (), line.citations, line.line),
        opens_paragraph=line.opens_paragraph,
        page=line.page,
        comments=line.comments,
    )
