"""Lists what visitors read of an archive, text by text, each with the place where it is written.

What they may not see is to be taken away before (``player.archive.gate``): whoever asks here hands over what visitors
are given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.archive.toml.declared import values_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.recording import Record, Recording
    from player.archive.toml.declared import Kind, Table
    from player.archive.transcript import Line, Transcript
    from player.archive.translation import Translation

_WORDS: Final[tuple[Kind, ...]] = ("text", "Markdown", "quotation", "texts")
# What stands in addresses: ids are anchors there, and the name of a sound is that of what is downloaded.
_NAMES: Final[tuple[Kind, ...]] = ("id", "file name", "sound", "address", "recording")
_NUMBERED: Final = re.compile(r"c\d+")


class ShownText(NamedTuple):
    """A text that visitors read, at a line of a file; ``name`` says what it is: ``"summary"``, ``line c7``.

    ``is_name`` is true of what stands in addresses, where words are joined by hyphens and have no capitals.
    """

    text: str
    path: Path
    line: int | None
    name: str
    is_name: bool = False


def of_table(top: Table) -> Iterator[ShownText]:
    """Give what a table says, and the tables in it."""
    for table in walk(top):
        for is_name, kinds in ((False, _WORDS), (True, _NAMES)):
            for key, found in values_of(table, *kinds):
                line = table.line_of(key.name) or table.line
                yield from (ShownText(text, table.path, line, f'"{key.name}"', is_name) for text in _each(found))


def of_recording(recording: Recording) -> Iterator[ShownText]:
    """Give what is read of a recording: its record and notes, its lines in every language, and its name."""
    yield ShownText(recording.slug, recording.path, None, "the name of its folder", is_name=True)
    yield from of_record(recording)
    if recording.transcript is not None:
        yield from _of_transcript(recording.transcript)
    for translation in recording.translations:
        yield from of_translation(translation)


def of_record(recording: Recording) -> Iterator[ShownText]:
    """Give what the record and the notes say."""
    for table in (recording, *recording.annotations):
        yield from of_table(table)


def of_translation(translation: Translation) -> Iterator[ShownText]:
    """Give the lines of a translation, and what its header says."""
    path = translation.path
    for text in (translation.translated_by, translation.reviewed_by, translation.notice):
        if text is not None:
            yield ShownText(text, path, 1, "its header")
    yield from _of_lines(translation.lines, path)


def of_reasons(record: Record) -> Iterator[ShownText]:
    """Give why something is closed, as visitors are told; ``record`` is that of its owners, for others have no tables.

    Of a recording that they may not know of they are told nothing.
    """
    withdrawn = (record.withdrawal,) if record.withdrawal is not None else ()
    if record.shown.record is not None and not withdrawn:
        return
    for table in (*withdrawn, *record.access, *record.closed):
        if table.reason is not None:
            yield ShownText(table.reason, table.path, table.line_of("reason"), '"reason"')


def of_file_name(path: Path) -> ShownText:
    """Give the name of a file as a text that is read: it stands in addresses."""
    return ShownText(path.stem, path, None, "the name of the file", is_name=True)


def _of_transcript(transcript: Transcript) -> Iterator[ShownText]:
    for _, text in transcript.header:
        yield ShownText(text, transcript.path, 1, "its header")
    yield from _of_lines(transcript.lines, transcript.path)


def _of_lines(lines: Sequence[Line], path: Path) -> Iterator[ShownText]:
    for line in lines:
        yield ShownText(line.text, path, line.line, f"line {line.id}")
        if _NUMBERED.fullmatch(line.id) is None:
            yield ShownText(line.id, path, line.line, f"the identifier of line {line.id}", is_name=True)
        for comment in line.comments:
            yield ShownText(comment, path, line.line, f"a comment before line {line.id}")
        for voice in {turn.speaker for turn in line.turns}:
            if voice is not None:
                yield ShownText(voice, path, line.line, f"the voice of line {line.id}")


def _each(found: Any) -> Sequence[str]:
    return (found,) if isinstance(found, str) else tuple(found)
