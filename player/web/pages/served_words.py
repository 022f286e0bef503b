"""Makes the WebVTT file that visitors get of a transcript or a translation: the archive's own, or what is shown of it.

What has to be known first, which the record says, stands in comments at its head; its cues are those of the archive's.

Where anything of its words or names is not shown, the file is written anew from the lines that are: comments, styles
and settings in the archive's file may say what the lines no longer do.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.doubt_marks import is_mark
from player.archive.gate.reviewers import without_reviewers
from player.archive.line_marks import without_names
from player.archive.machine import LABEL, TRANSCRIBED, UNREVIEWED, is_draft
from player.archive.transcript import Turn
from player.archive.translation import with_words_digest
from player.archive.webvtt.head import read_head
from player.archive.webvtt.marking import with_item, with_marks
from player.archive.webvtt.reading import parse, read_transcript
from player.archive.webvtt.writing import written
from player.errors import ArchiveError, NotFoundError
from player.files import content
from player.publish.transcripts.notices import of_record
from player.publish.transcripts.webvtt_head import with_notices
from player.web.serving.telling import tell, without_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.transcript import Line, Transcript
    from player.archive.translation import Translation

_log = logging.getLogger(__name__)

# How many files are kept that were written anew.
_MOST: Final = 4
_lock = threading.Lock()
_written: OrderedDict[Path, tuple[Recording, bytes]] = OrderedDict()


def served_transcript(recording: Recording) -> bytes:
    """Give the transcript of a recording that has one.

    :raise NotFoundError: where it was removed just now, or what is shown of it cannot be written.
    """
    transcript = recording.transcript
    if transcript is None:
        raise NotFoundError(f'"{recording.title}" has no transcript yet; its page says what is known')
    return with_notices(_transcript(recording, transcript), of_record(recording))


def _transcript(recording: Recording, transcript: Transcript) -> bytes:
    what = f'the transcript of "{recording.title}"'
    path = transcript.path
    if not recording.shown.redacts_words:
        data = _as_it_is(path, what)
        if is_draft(read_head(_text(data), lambda *_: None).pairs) and not transcript.is_draft:
            # It has taken the place of what may be shown since that was read, and may be hidden itself.
            raise NotFoundError(f"{what} was changed just now; try again")
        return data if _is_told(transcript) else _kept(recording, path, lambda: _labelled(data, path, recording))
    return _kept(recording, path, lambda: _written_anew(recording, transcript, what))


def served_earlier(recording: Recording) -> bytes:
    """Give the transcript of a recording as it stood, written anew from the lines that are shown.

    :raise NotFoundError: where it cannot be written.
    """
    transcript = recording.transcript
    if transcript is None:
        raise NotFoundError(f'"{recording.title}" had no transcript then; leave out what the address asks for')
    made = _written_anew(recording, transcript, f'this version of the transcript of "{recording.title}"')
    return with_notices(made, of_record(recording))


def served_translation(recording: Recording, language: str) -> bytes:
    """Give a translation of a recording's transcript that can be shown.

    :raise NotFoundError: where it was removed just now, or what is shown of it cannot be written.
    """
    each = next(each for each in recording.translations if each.language == language)
    return with_notices(_translation(recording, each), of_record(recording))


def _translation(recording: Recording, each: Translation) -> bytes:
    what = f'the translation of "{recording.title}" into {each.name}'
    is_unchecked = _is_unchecked(recording, each)
    if not recording.shown.redacts_words:
        if not is_unchecked:
            return _as_it_is(each.path, what)
        return _kept(recording, each.path, lambda: _labelled(_as_it_is(each.path, what), each.path, recording))
    said = recording.transcript.lines if recording.transcript else ()

    def write() -> bytes:
        made = _anew(each.path, each.lines, said, None, what)
        return _labelled(made, each.path, recording) if is_unchecked else made

    return _kept(recording, each.path, write)


def _is_told(transcript: Transcript) -> bool:
    """Tell whether nothing has to be told of a machine: one whose header says how it came about says so itself."""
    return not transcript.unchecked or any(UNREVIEWED in value or LABEL in value for _, value in transcript.header)


def _written_anew(recording: Recording, transcript: Transcript, what: str) -> bytes:
    made = _anew(transcript.path, transcript.lines, transcript.lines, transcript.header, what)
    return made if _is_told(transcript) else _labelled(made, transcript.path, recording)


def _is_unchecked(recording: Recording, translation: Translation) -> bool:
    """Tell whether a translation has lines whose words a machine wrote, and nobody has heard."""
    transcript = recording.transcript
    names = {line.id for line in transcript.lines if line.is_unchecked} if transcript is not None else set()
    return any(line.id in names for line in translation.lines)


def _labelled(data: bytes, path: Path, recording: Recording) -> bytes:
    """Give a transcript or a translation that says which machine wrote the words, and that nobody has checked them."""
    machine = recording.transcript.machine if recording.transcript is not None else None
    data = data if machine is None else with_item(data, f"[{TRANSCRIBED}]", str(machine))
    lines = parse(path, _text(data)).lines
    return with_marks(data, {line.line: LABEL for line in lines[:1]})


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="replace")


def _as_it_is(path: Path, what: str) -> bytes:
    try:
        return content(path)
    except OSError:
        raise NotFoundError(f"{what} was removed just now; try again") from None


def _kept(recording: Recording, path: Path, write: Callable[[], bytes]) -> bytes:
    """Give what was written before of the very same recording, else write it: 20,000 lines take three seconds.

    It is another one as soon as anything of it, or of what may be shown of it, has changed.
    """
    with _lock:
        kept = _written.get(path)
    if kept is None or kept[0] is not recording:
        kept = (recording, write())
    with _lock:
        _written[path] = kept
        _written.move_to_end(path)
        while len(_written) > _MOST:
            _written.popitem(last=False)
    return kept[1]


def _anew(
    path: Path, lines: Sequence[Line], said: Sequence[Line], header: Sequence[tuple[str, str]] | None, what: str
) -> bytes:
    """Write lines under a header, or that of the file; ``said`` are those of the transcript, as they are shown."""
    try:
        if header is None:
            # Who answers for a translation may be named; who has reviewed it may be somebody who is not.
            header = without_reviewers(read_transcript(path).header)
        own = [_as_read(line, keeps_marks=lines is said) for line in lines]
        return written(path, own, with_words_digest(header, said))
    except ArchiveError as error:
        for fault in error.faults:
            tell(_log, without_words(fault))
        raise NotFoundError(f"{what} cannot be had as a file at the moment; its page has the words") from None


def _as_read(line: Line, *, keeps_marks: bool) -> Line:
    """Give a line as a reader of the file will have it: its names in one line, and what one name says as one turn.

    Two voices of a line may both be called by one name. Comments may name whom the line does not; of marks of doubt
    the gate has left what may be shown.
    """
    turns: list[tuple[str | None, int, int]] = []
    at = 0
    for turn in line.turns:
        name = " ".join(turn.speaker.split()) if turn.speaker else None
        begin = max(line.text.find(turn.text, at), at)
        at = begin + len(turn.text)
        if turns and turns[-1][0] == name:
            begin = turns.pop()[1]
        turns.append((name, begin, at))
    marks = tuple(each for each in line.comments if is_mark(each)) if keeps_marks else ()
    line = without_names(line)
    line = replace(line, comments=(*line.comments, *marks)) if marks else line
    return replace(line, turns=tuple(Turn(name, line.text[begin:end]) for name, begin, end in turns))
