"""Advises on the elements in the header of a transcript that say what the file is and where it comes from (FADGI)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from player.archive.languages import is_same, three_letters
from player.archive.webvtt.blocks import normal
from player.archive.webvtt.fadgi import CREATED, LANGUAGE, ONCE, STRONGLY, TYPE, TYPES, described, known, values
from player.errors import Advice, quoted
from player.files import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Recording
    from player.archive.transcript import Transcript

# A header with so many of what is strongly recommended was meant to have it all.
_MEANT: Final = 4
_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(T.+)?)?)?")


def element_advice(recording: Recording) -> Iterator[Advice]:
    """Give what other archives would not understand of the elements of a transcript's file, or take for another."""
    transcript = recording.transcript
    if transcript is None:
        return
    pairs = described(transcript)
    for element, value, what, remedy in (*_misread(pairs), *_differing(recording, pairs), *_missing(pairs)):
        yield Advice(transcript.path, _line_of(transcript, element, value), what, remedy)


def _misread(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str, str, str]]:
    for name, value in pairs:
        element = known(name)
        if element is not None and element != name:
            yield name, value, f"the header says {quoted(name)} for {element}", f"write {element}: {value}"
    for value in values(pairs, TYPE):
        if value not in TYPES:
            what = (
                f"the header gives the type of the file as {quoted(value)}, which the guidelines of FADGI do not have"
            )
            yield TYPE, value, what, f"write one of {', '.join(TYPES)}; a transcript with times is a caption"
    for value in values(pairs, CREATED):
        if not _is_day(value):
            what = f"the header gives the day on which the file was made as {quoted(value)}, which is no date"
            yield CREATED, value, what, "write it as 2026-11-29"
    counted = Counter(known(name) for name, _ in pairs)
    for element in sorted(ONCE):
        if counted[element] > 1:
            last = [value for name, value in pairs if known(name) == element][-1]
            yield element, last, f"the header has {element} {counted[element]} times, and may have it once", "keep one"


def _differing(recording: Recording, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str, str, str]]:
    said = list(values(pairs, LANGUAGE))
    if said and not any(is_same(each.lower(), recording.language) for each in said):
        what = f"the header gives the language as {quoted('; '.join(said))}, the record as {quoted(recording.language)}"
        remedy = f"correct one of them; in the header it is {LANGUAGE}: {three_letters(recording.language)}"
        yield LANGUAGE, said[0], what, remedy


def _missing(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str, str, str]]:
    """Say what a header lacks that has the elements; players write a type and a language for themselves."""
    there = {known(name) for name, _ in pairs}
    missing = [element for element in STRONGLY if element not in there]
    if len(STRONGLY) - len(missing) >= _MEANT and missing:
        what = f"the header says what the file is, and not all that FADGI strongly recommends: {', '.join(missing)}"
        yield (
            next(each for each in STRONGLY if each in there),
            "",
            what,
            "add what is known; player export --to fadgi adds what the record knows",
        )


def _is_day(text: str) -> bool:
    match = _DAY.fullmatch(text)
    if match is None:
        return False
    year, month, day, time = match.groups()
    with suppress(ValueError):
        if time:
            dt.datetime.fromisoformat(text)
        dt.date(int(year), int(month or 1), int(day or 1))
        return True
    return False


def _line_of(transcript: Transcript, element: str, value: str) -> int:
    """Find the line of a file that has an element; the first, where that cannot be found."""
    with suppress(OSError):
        lines = normal(content(transcript.path).decode("utf-8-sig", "replace")).split("\n")
        for number, line in enumerate(lines[: transcript.lines[0].line if transcript.lines else None], 1):
            name, colon, said = line.removeprefix("NOTE ").partition(":")
            if colon and known(name.strip()) == known(element) and value in said:
                return number
    return 1
