"""Has a recording transcribed, in any process, and writes the draft, in the one that was asked for it."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import TYPE_CHECKING

from player.commands.transcribe_told import language_heard, nothing, told
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.align.draft_files import Target
    from player.align.recognisers import Recogniser
    from player.align.transcribing import Draft
    from player.intake.transcripts.imported import Imported
    from player.stamp import Stamp


@value
class Hearing:
    """A recording of the archive at ``root``, to be heard in the language of ``tag``, that Whisper calls ``code``.

    With ``aligns``, its words are put on time. So many ``processes`` listen; how far they are is shown here, or not.
    """

    root: Path
    slug: str
    recogniser: Recogniser
    tag: str
    code: str
    aligns: bool
    processes: int
    is_followed: bool


@value
class Heard:
    """What was heard: a draft, the language that the sound seems to be in, what put words on time.

    It was heard in a sound of this SHA-256, ``length`` and stamp.
    """

    draft: Draft
    detected: tuple[str, float] | None
    aligner: tuple[str, str] | None
    digest: str
    length: int
    seen: Stamp


def heard_of(asked: Hearing) -> Heard:
    """Listen to a recording, and give what was heard; nothing is written.

    :raise PlayerError: where that cannot be done; what was done until then stays kept for the next time.
    """
    from player.align import drafting, refining
    from player.align.pieces import Work
    from player.align.samples import samples
    from player.archive.archive import Archive
    from player.audio import cache
    from player.commands.piecework import decoding, shown
    from player.errors import TranscribeError

    record = Archive(asked.root).record(asked.slug)
    if record.media is None:
        raise TranscribeError(f"{asked.slug}: the record names no sound any more")
    seen = cache.stamp_of(record.media)
    aligner = refining.aligner(asked.code) if asked.aligns else None
    with shown() if asked.is_followed else nullcontext(lambda _: None) as tell:
        decoded = decoding(tell) if asked.is_followed else lambda _: None
        with samples(record.media, decoded) as held:
            work = Work(held, tell, asked.processes)
            draft, detected = drafting.drafted(work, asked.recogniser, asked.code, aligner)
    made = None if aligner is None else (aligner.program, aligner.model)
    return Heard(draft, detected, made, held.digest, held.duration, seen)


def put(where: Target, asked: Hearing, heard: Heard, *, is_language_asked: bool) -> Iterator[tuple[str, bool]]:
    """Write what was heard, and give lines that say so; of each, whether it is a warning.

    :raise PlayerError: where there is nothing to write, or it cannot be written; what was heard stays kept.
    """
    from player.align import draft_files
    from player.align.pieces import forget
    from player.audio import cache
    from player.errors import TranscribeError

    if heard.detected is not None:
        yield from language_heard(heard.detected, asked.code, asked.tag, is_asked=is_language_asked)
    if not heard.draft.lines:
        raise TranscribeError(nothing(where.sound, heard.draft))
    # Whoever heard it has read all of the sound; it is not read again here, unless it may be another.
    cache.keep_digest(where.sound, heard.digest, heard.seen)
    day = dt.datetime.now().astimezone().date()
    imported = _imported(heard.draft, asked.recogniser, heard.aligner, asked.tag, day)
    written = draft_files.put(where, imported, heard.digest, heard.length)
    forget(where.sound)
    for line in told(where.archive.recording(asked.slug), written, heard.draft):
        yield line, False


def _imported(
    draft: Draft, recogniser: Recogniser, aligner: tuple[str, str] | None, tag: str, day: dt.date
) -> Imported:
    """Give the draft as an import takes it, with what made it, on a day; it is in the language of ``tag``."""
    from player.align import hearing, machine_drafts
    from player.archive.machine import UNKNOWN, MachineMade

    model = None if recogniser.name == UNKNOWN else recogniser.name
    return machine_drafts.imported(
        draft.lines,
        MachineMade(f"faster-whisper {hearing.version()}", model, day.isoformat()),
        tag,
        None if aligner is None else MachineMade(*aligner, day.isoformat()),
    )
