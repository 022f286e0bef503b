"""Writes recording.toml: of a recording that is new, and of one that is filled with the sound that it had not."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from player.archive.gate.declared import DRAFT, OPEN
from player.archive.toml.editing import EditError, edited, edited_tables, with_tables
from player.errors import AddError, ArchiveError, Fault, shown
from player.files import content
from player.intake.record_table import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.recording import Record
    from player.archive.toml.editing import Value

    #: A sound as its record names it: ``media``, and where it was joined, its parts.
    Parts = Sequence[Mapping[str, Value | bool | int]]

_HEAD: Final = """\
# What this recording is. docs/files.md explains every key; player check says what is wrong.

"""
_MORE: Final = """
# What else a listener may want to know, for example:
# place = "Where it was made"
# summary = "One or two sentences for the head of the page."
# identifier = "Its number in your catalogue"
# advice = "What somebody should know before hearing it."
# provenance = "How this record came to be."
"""
_DRAFT: Final = """\
# A draft is shown to nobody but you: player serve --drafts. To open it: player publish {slug}
"""
_MARK: Final = "\ufeff"
# Where a record may say that its sound is missing, and what is known for that reason only from others.
_OF_NO_SOUND: Final = ("summary", "advice", "notice", "provenance", "unknown")


def new_record(
    values: Mapping[str, Value],
    holding: Mapping[str, Value],
    parts: Parts,
    like: Mapping[str, Any],
    performer: str | None,
) -> str:
    """Write the record of a new recording: its keys, the file that is held, and what is taken over from another.

    :raise AddError: where what is taken over cannot be written.
    """
    given = {name: value for name, value in values.items() if value}
    more = "".join(line for line in _MORE.splitlines(keepends=True) if line[2:].partition(" =")[0] not in given)
    heard = f"# Who is heard, as its tags have it: {performer}\n" if performer else ""
    try:
        text = edited(_HEAD, given, list(KEYS)) + more + heard
        text = with_tables(edited_tables(text, {("holding",): holding}), "part", parts)
        return with_tables(text, "speaker", like.get("speaker", []))
    except (EditError, AttributeError):
        raise AddError("the record cannot be written from these values; write it by hand") from None


def as_draft(text: str, slug: str) -> str:
    """Give the text of a record that is a draft."""
    before, header, after = edited_tables(text, {("access",): {"record": DRAFT}}).rpartition("[access]")
    return f"{before}{_DRAFT.format(slug=slug)}{header}{after}"


def as_published(text: str) -> str:
    """Give the text of a record whose transcript is open, though a machine wrote it and nobody has reviewed it."""
    return edited_tables(text, {("access",): {"transcript": OPEN}})


def filled(record: Record, media: str, holding: Mapping[str, Value], parts: Parts) -> tuple[bytes, str]:
    """Give a record's bytes, and its text with a sound: it loses its ``status``, and no word else that it has.

    :raise ArchiveError: where it is written in a way that cannot be changed here.
    """
    before = content(record.path)
    text = before.decode("utf-8").removeprefix(_MARK)
    there = tomllib.loads(text).get("holding", {})
    missing = {name: value for name, value in holding.items() if name not in there}
    try:
        text = edited(text, {"status": None, "media": media}, list(KEYS))
        text = edited_tables(text, {("holding",): missing}) if missing else text
        return before, with_tables(text, "part", parts)
    except (EditError, TypeError):
        what = "this is written in a way that cannot be changed here"
        remedy = f"write media = {media!r} and [holding] by hand, and remove status"
        raise ArchiveError([Fault(record.path, None, what, remedy)]) from None


def doubtful(record: Record) -> Iterator[str]:
    """Say which words of a record, now that it has its sound, may no longer be true: no program can know."""
    found = tomllib.loads(content(record.path).decode("utf-8").removeprefix(_MARK))
    named = [f"[[{name}]]" if isinstance(found[name], list) else name for name in _OF_NO_SOUND if name in found]
    if named:
        what = f"what it says may have been written while there was no sound: {', '.join(named)}"
        yield f"{shown(record.path)}: {what}; read it, and change what is no longer true"


def as_bytes(text: str, before: bytes) -> bytes:
    """Give the bytes of a record that had others ``before``: a byte order mark stays."""
    return f"{_MARK if before.startswith(_MARK.encode()) else ''}{text}".encode()


def taken_over(record: Record) -> dict[str, Any]:
    """Give what a new recording takes over from another: its speakers, its sources and its language.

    :raise AddError: where the record of that one cannot be read.
    """
    try:
        found = tomllib.loads(content(record.path).decode("utf-8").removeprefix(_MARK))
    except (OSError, ValueError):
        raise AddError(f"{shown(record.path)}: this cannot be read; correct it first") from None
    return {name: found[name] for name in ("language", "sources", "speaker") if name in found}
