"""Puts a machine's draft into the folder of its recording, and loses nothing by it that a person has done.

It takes the place of nothing but another draft, untouched; and only of the file that was there when the work began.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.align.machine_drafts import signed, touched
from player.archive.about import hides_drafts
from player.archive.own_files import OwnFiles
from player.archive.recording import HISTORY
from player.archive.webvtt.reading import parse
from player.audio import cache
from player.errors import TranscribeError, WriteError, shown, unreadable
from player.files import content
from player.history.entries import TRANSCRIBE
from player.intake import publishing
from player.intake.transaction import transaction
from player.intake.transcripts import bringing
from player.intake.transcripts.names import Speakers
from player.intake.transcripts.replacing import ANNOTATIONS, TRANSCRIPT

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.intake.transcripts.bringing import Brought
    from player.intake.transcripts.imported import Imported

_KEPT: Final = "so nothing is written; what was heard is kept; do it again"


class WordsError(TranscribeError):
    """There are words already, which are not to be replaced."""


@dataclass(frozen=True)
class Target:
    """Where the draft of a ``record`` goes: its ``sound``, and the transcript that it had ``before``; None for none."""

    archive: Archive
    record: Record
    sound: Path
    before: bytes | None


@dataclass(frozen=True)
class Written:
    """What was written; it ``is_closed_again`` where an earlier draft had been opened to visitors.

    Or where it ``tells_closed``: what they may not hear.
    """

    brought: Brought
    is_closed_again: bool
    tells_closed: bool = False


def target(archive: Archive, record: Record, *, again: bool) -> Target:
    """Give where the draft of a recording goes; ``again`` says that it may take the place of another.

    :raise PlayerError: where it has no sound, a file of it may not be read, or there are words that a person has a hand
        in.
    """
    path = record.folder / TRANSCRIPT
    _refuse_barred(archive, record)
    if record.media is None:
        raise TranscribeError(f"{shown(record.path)}: the record names no sound; write media = …, and try again")
    if not record.media.is_file():
        raise TranscribeError(f"{shown(record.media)}: there is no such file; put the sound there, and try again")
    before = _there(path)
    if before is not None:
        if not again:
            raise WordsError(
                f"{shown(path)}: there is a transcript already; --again replaces one that a machine wrote and nobody "
                "has heard or changed"
            )
        if why := touched(parse(path, before.decode("utf-8-sig", errors="replace"))):
            raise WordsError(
                f"{shown(path)}: {why}, so it is not replaced; to begin anew all the same, move it elsewhere first"
            )
    return Target(archive, record, record.media, before)


def put(where: Target, draft: Imported, digest: str, length: int) -> Written:
    """Write a draft of the sound with this SHA-256 and length (in milliseconds), as an import writes what it brings in.

    What somebody had opened to visitors was an earlier draft: this one is closed until that is done again.

    :raise PlayerError: where the sound or the transcript are not what they were when the work began.
    """
    archive, record = where.archive, where.record
    path = record.folder / TRANSCRIPT
    _refuse_barred(archive, record)
    if cache.digest(where.sound) != digest:
        raise TranscribeError(f"{shown(where.sound)}: the sound was changed meanwhile, {_KEPT}")
    brought = bringing.prepared(record, draft, speakers=Speakers(), digest=digest, length=length)
    if brought.before != where.before:
        raise TranscribeError(f"{shown(path)}: this was changed at the same time, {_KEPT}")
    lines = parse(path, brought.transcript.decode()).lines
    brought = replace(brought, transcript=signed(brought.transcript, lines))
    text = brought.record_text
    tells_closed = _tells_closed(record)
    if tells_closed or hides_drafts(lambda: archive.about):
        text = publishing.transcript_closed_again(record.path, text, is_silence_kept=tells_closed)
    try:
        with transaction(archive.root) as change:
            bringing.put(change, record, replace(brought, record_text=text), TRANSCRIBE)
    except WriteError as error:
        what = "what was heard is kept, and the same command goes on from there"
        raise WriteError(f"{error}\n{what}") from None
    return Written(brought, is_closed_again=text != brought.record_text, tells_closed=tells_closed)


def _tells_closed(record: Record) -> bool:
    """Tell whether visitors would read what they may not hear: the words of a sound, or of a passage, that is closed.

    An archive that shows a machine's drafts has not decided that: somebody has to publish them.
    """
    shown = record.shown
    if not shown.is_listed or shown.transcript is not None:
        return False
    return shown.sound is not None or any(each.sound and not each.words for each in shown.passages)


def _refuse_barred(archive: Archive, record: Record) -> None:
    files = [record.path, *(record.folder / name for name in (TRANSCRIPT, ANNOTATIONS, HISTORY))]
    media = [record.media] if record.media is not None else []
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred(files + media)


def _there(path: Path) -> bytes | None:
    """Give what is in a file; None where there is none.

    :raise TranscribeError: where it cannot be read.
    """
    if not os.path.lexists(path):
        return None
    try:
        return content(path)
    except OSError as error:
        raise TranscribeError(unreadable(path, error)) from None
