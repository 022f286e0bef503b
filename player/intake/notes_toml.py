"""Writes notes into the text of annotations.toml: what differs changes, and every other sign of the file stays."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from player.archive.annotations import SEGMENT
from player.archive.toml.editing import EditError, edited_tables, with_tables, without_tables
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from player.archive.toml.editing import Value
    from player.archive.toml.tables import TomlPath
    from player.intake.transcripts.imported import ImportedNote

#: The name of the tables of annotations.toml.
TABLE: Final = "annotation"

# Letters of an identifier that is made of a title.
_LONGEST: Final = 40
# What Markdown could take for a mark (CommonMark 0.31, sections 2.4 and 4): anywhere, and at the head of a line.
_MARK: Final = re.compile(r"[\\`*_\[\]<>&~|]")
_HEAD: Final = re.compile(r"^[ \t]+|^(?=[#+=-])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])|(?<=^\d\d\d)(?=[.)])", re.MULTILINE)


def appended(text: str, notes: Sequence[ImportedNote], length: int | None = None) -> str:
    """Give the text of annotations.toml with notes that came with a transcript, such as the segments of an index.

    Their words are no Markdown, and are written so that nothing in them becomes a mark. A note without an end lasts
    until the next begins; the last one, until the end of the recording, which is ``length`` milliseconds long, or for a
    second where that is not known.

    :raise EditError: where the text is no TOML, or its annotations are written in a way that cannot be added to.
    """
    taken = set(identifiers(text))
    tables = []
    starts = sorted({note.start for note in notes})
    for note in notes:
        name = identifier(note.title, taken)
        taken.add(name)
        after = next((start for start in starts if start > note.start), length)
        end = note.end if note.end is not None else after
        tables.append(
            {
                "id": name,
                "kind": SEGMENT,
                "title": " ".join(note.title.split()) or f"From {display(note.start)}",
                "body": _body(note),
                "start": display(note.start),
                "end": display(end if end is not None and end > note.start else note.start + SECOND),
            }
        )
    return with_tables(text, TABLE, tables)


def changed(
    text: str,
    changes: Mapping[str, Mapping[str, Value]],
    added: Iterable[Mapping[str, Value]] = (),
    removed: Collection[str] = (),
) -> str:
    """Give the text of annotations.toml with other values for keys of notes, named by their ids; None takes a key out.

    Notes that are ``added`` come after the others; of those that are ``removed``, what stands between their header and
    the next goes.

    :raise EditError: where the text is no TOML, or its annotations are written in a way that cannot be changed alone.
    """
    places = {name: number for number, name in enumerate(identifiers(text))}
    of_tables: dict[TomlPath, Mapping[str, Value]] = {
        (TABLE, places[name]): values for name, values in changes.items() if values
    }
    after = edited_tables(text, of_tables) if of_tables else text
    after = without_tables(after, TABLE, {places[name] for name in removed}) if removed else after
    new = [{name: value for name, value in note.items() if value is not None} for note in added]
    return with_tables(after, TABLE, new) if new else after


def identifiers(text: str) -> list[str]:
    """List the ids of the notes in the text of annotations.toml, in its order.

    :raise EditError: where it is no TOML, or has notes that are no tables with ids.
    """
    return [str(note["id"]) for note in tables(text)]


def tables(text: str) -> list[dict[str, Any]]:
    """List the notes in the text of annotations.toml as they are written.

    :raise EditError: where it is no TOML, or has notes that are no tables with ids.
    """
    try:
        found = tomllib.loads(text).get(TABLE, [])
    except (ValueError, RecursionError):
        raise EditError from None
    if not isinstance(found, list) or not all(isinstance(note, dict) and "id" in note for note in found):
        raise EditError
    return found


def identifier(title: str, taken: Collection[str]) -> str:
    """Make the id of a note of its title: another than those that are ``taken``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    name = words if len(words) <= _LONGEST else words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]
    name = name if name[:1].isalpha() else f"about-{name}".strip("-")
    number, wanted = 1, name
    while wanted in taken:
        number += 1
        wanted = f"{name}-{number}"
    return wanted


def markdown(words: str) -> str:
    """Write words so that Markdown shows them as they are."""
    return _HEAD.sub(lambda found: "" if found[0] else "\\", _MARK.sub(r"\\\g<0>", words.replace("\r\n", "\n")))


def _body(note: ImportedNote) -> str | None:
    words = [markdown(note.body).strip()]
    if note.keywords:
        words.append(f"Keywords: {markdown('; '.join(note.keywords))}")
    return "\n\n".join(filter(None, words)) or None
