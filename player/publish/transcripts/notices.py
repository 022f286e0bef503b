"""Says what has to be known of a transcript wherever it goes: that it is a reading, whose labels it has, what to expect
in it, which of it is a machine's, a translator's or not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.archive.machine import LABEL
from player.publish.citation import NOTICE
from player.publish.rights import NOT_STATED, called
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.recording import Record, Recording
    from player.archive.translation import Translation
    from player.publish.transcripts.exported_lines import ExportedLine

#: What the interface, and so most of what it tells, is written in.
OWN: Final = "en"
# Of what is not in such a file, the terms are none of its reader's.
_OTHERS: Final = frozenset({"annotations", "translation"})


@dataclass(frozen=True)
class Notice:
    """Something to be known first. ``kind`` says what of; ``name`` stands before the text, where it has one."""

    kind: str
    text: str
    name: str = ""
    language: str = OWN

    def __str__(self) -> str:
        """Write it in one line."""
        return f"{self.name}: {self.text}" if self.name else self.text


@dataclass(frozen=True)
class Terms:
    """Under what terms something may be used: what it is, what they are called, and where they can be read."""

    object: str
    called: str
    uri: str


def notices(recording: Recording, translation: Translation | None, lines: Sequence[ExportedLine]) -> Iterator[Notice]:
    """Give what is to be known, the communities' own labels first."""
    yield from of_record(recording)
    if any(line.is_unchecked for line in lines):
        yield Notice("machine", _unchecked(recording, lines), LABEL)
    if translation is not None:
        yield from _of_translation(translation, lines)


def of_record(record: Record) -> Iterator[Notice]:
    """Give what a record says that is to be known."""
    for label in record.label:
        of = f" ({in_one_line(label.community)})" if label.community else ""
        yield Notice("label", in_one_line(label.text), f"{in_one_line(label.name)}{of}", label.language)
    if record.is_reading:
        yield Notice("reading", in_one_line(record.notice or f"{NOTICE}."))
    elif record.notice:
        yield Notice("notice", in_one_line(record.notice))
    if record.advice:
        yield Notice("advice", in_one_line(record.advice), "Before you listen")


def terms(recording: Recording, translation: Translation | None) -> tuple[Terms, ...]:
    """Give the terms of the words and what they were taken from, and of the translation in a file that has one."""
    kept = (each for each in recording.rights if each.object not in _OTHERS or _is_of(each.object, translation))
    return tuple(Terms(each.object, in_one_line(called(each.uri)), in_one_line(each.uri)) for each in kept)


def terms_in_words(recording: Recording, translation: Translation | None) -> str:
    """Write these terms in one line, each once: ``CC BY 4.0 (audio, transcript), https://…``."""
    objects: dict[tuple[str, str], list[str]] = {}
    for each in terms(recording, translation):
        objects.setdefault((each.called, each.uri), []).append(each.object)
    return "; ".join(f"{name} ({', '.join(of)}), {uri}" for (name, uri), of in objects.items()) or NOT_STATED


def made(recording: Recording) -> str:
    """Say when and where it was made: ``A reading, made 25 November 2026``."""
    what = "A reading, made " if recording.is_reading else ""
    when = f"{what}{dates.made(recording.date)}"
    return ", ".join(filter(None, (when, in_one_line(recording.place or ""))))


def _is_of(of: str, translation: Translation | None) -> bool:
    return of == "translation" and translation is not None


def _unchecked(recording: Recording, lines: Sequence[ExportedLine]) -> str:
    count = sum(line.is_unchecked for line in lines)
    is_all = count == sum(not line.is_closed for line in lines)
    which = f"{count} of its {len(lines)} lines {'is' if count == 1 else 'are'} not checked"
    said = "nobody has compared its words with the sound" if is_all else which
    machine = recording.transcript.machine if recording.transcript else None
    return f"{said}. Written by {in_one_line(str(machine))}." if machine else f"{said}."


def _of_translation(translation: Translation, lines: Sequence[ExportedLine]) -> Iterator[Notice]:
    by = in_one_line(translation.translated_by or "")
    reviewed = f"reviewed by {in_one_line(translation.reviewed_by)}" if translation.reviewed_by else "not reviewed"
    older = sum(line.older is not None for line in lines)
    left = sum(line.is_untranslated for line in lines)
    said = f"into {translation.name} by {by}; {reviewed}."
    if older:
        said += f" {_count(older)} older than the words that were said, which were changed since."
    if left:
        said += (
            f" {_count(left)} not translated, and stands as it was said."
            if left == 1
            else (f" {_count(left)} not translated, and stand as they were said.")
        )
    yield Notice("translation", said, "Translation")
    if translation.notice:
        yield Notice("translation", in_one_line(translation.notice), language=translation.language)


def _count(number: int) -> str:
    return "1 line is" if number == 1 else f"{number} lines are"
