"""Writes into a transcript that somebody has heard lines of it, or reviewed the whole; and takes that out again.

What a machine wrote is a draft until then. Only these marks change in the file: every other byte of it stays.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import heard
from player.archive.machine import HEARD, REVIEWED, UNREVIEWED, Review, review
from player.archive.machine_origin import ORIGIN
from player.archive.recording import TRANSCRIPT
from player.archive.webvtt.blocks import ARROW, normal, scan
from player.archive.webvtt.comments import is_untimed, untimed
from player.archive.webvtt.marking import with_element, with_item, with_marks, without_items, without_marks
from player.archive.webvtt.reading import parse
from player.errors import FEW, ArchiveError, Fault, WriteError, quoted, reason, shown
from player.files import content
from player.history import entries
from player.history.recording import record as record_change
from player.intake.transaction import transaction
from player.intake.transcripts.machines import has_letters, history, reviewed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record, Speaker
    from player.archive.transcript import Line, Transcript

_LONGEST_NAME: Final = 200
# What stands before a name where it is written, and would be read as such.
_LIKE_A_MARK: Final = re.compile(r"\s*(?:[0-9]{4}-[0-9]{2}|\[)")
_LABEL: Final = f"[{REVIEWED}]"
_RANGE: Final = ".."
#: Where the identifier of a line is seen.
NAMED: Final = 'on the recording’s page, "⋯" at a line shows its identifier'


class NoSuchLinesError(ValueError):
    """Lines are named that a transcript does not have; the message says which, and what to write."""


@dataclass(frozen=True)
class Reviewed:
    """What a transcript says of who has heard it: ``before`` and ``after``; these are the same where nothing changed.

    ``lines`` are those that were marked, or whose marks were taken out.
    """

    before: Transcript
    after: Transcript
    lines: int = 0

    @property
    def is_changed(self) -> bool:
        """Tell whether anything was written."""
        return self.before is not self.after


def wrong_name(name: str) -> str | None:
    """Say what is wrong with the name of somebody who reviews; None where nothing is."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "is not text in the encoding of this terminal; write it in UTF-8"
    if not has_letters(name):
        return "has no letter in it" if name.strip() else "is empty"
    if _LIKE_A_MARK.match(name):
        return "begins as a date or a label does; the date is given with --date"
    if not name.isprintable() or ARROW in name or ";" in name:
        return f'has a line break, a control character, ";" or "{ARROW}" in it, which a header cannot hold'
    if len(name) > _LONGEST_NAME:
        return f"is longer than {_LONGEST_NAME} letters"
    return None


def refuse_withheld(archive: Archive, name: str, speakers: Iterable[Speaker] = ()) -> None:
    """Refuse the name of somebody whose name visitors do not see: whoever has reviewed a transcript is named in it.

    :raise WriteError: where it is one.
    :raise ArchiveError: where people.toml cannot be read, and nobody knows.
    """
    is_private = any(person.private and person.is_named_in(name) for person in archive.people.values())
    if is_private or any(each.display_name and each.name == name for each in speakers):
        what = f"the name {quoted(name)} is withheld, and would stand in a file that visitors are sent"
        raise WriteError(f"{what}; write one under which this person may be named")


def named(transcript: Transcript, text: str) -> list[Line]:
    """Give the lines that ``text`` names: ``c3``, or a range, ``c3..c20`` or ``c3-c20``, several with commas between.

    :raise NoSuchLinesError: where one is not there, or a range ends before it begins.
    """
    lines = transcript.lines
    places = {line.id: place for place, line in enumerate(lines)}
    chosen: set[int] = set()
    for part in (each.strip() for each in text.split(",")):
        if part:
            first, last = _ends(places, part, transcript.path)
            chosen.update(range(first, last + 1))
    if not chosen:
        raise NoSuchLinesError("no line is named; write identifiers of lines: c3..c20,c25")
    return [lines[place] for place in sorted(chosen)]


def _ends(places: dict[str, int], part: str, path: Path) -> tuple[int, int]:
    if part in places:
        return places[part], places[part]
    first, dots, last = (each.strip() for each in part.partition(_RANGE))
    if not dots:
        # Identifiers may have hyphens in them: where several readings name lines, nobody knows which is meant.
        cuts = [(part[: at.start()].strip(), part[at.end() :].strip()) for at in re.finditer("-", part)]
        known = [(one, other) for one, other in cuts if one in places and other in places]
        if len(known) > 1:
            raise NoSuchLinesError(f"{quoted(part)} can be read in two ways; write two dots between: c3..c20")
        first, last = known[0] if known else (part, part)
    for name in (first, last):
        if name not in places:
            raise NoSuchLinesError(no_line(path, name))
    if places[last] < places[first]:
        raise NoSuchLinesError(f"the line {last} comes before {first}; write {last}{_RANGE}{first}")
    return places[first], places[last]


def no_line(path: Path, name: str, remedy: str = NAMED) -> str:
    """Say that the transcript at ``path`` has no line of this name, or several, of which it names none."""
    try:
        blocks = scan(normal(content(path).decode("utf-8-sig", errors="replace"))).blocks
    except OSError:
        blocks = ()
    its = [block.line for block in blocks if name == (untimed(block)[0] if is_untimed(block) else block.identifier)]
    if len(its) > 1:
        where = ", ".join(map(str, its[:FEW])) + (" …" if len(its) > FEW else "")
        called = f"{len(its)} lines are called {quoted(name)}, so it names none of them"
        return f"{called} (lines {where} of the file); give each its own identifier"
    return f"there is no line {quoted(name)}; {remedy}"


def ranges(lines: Sequence[Line], is_meant: Callable[[Line], bool]) -> Iterator[str]:
    """Name those lines that are meant, such as follow one another as a range: ``c1..c12``."""
    run: list[str] = []
    for line in (*lines, None):
        if line is not None and is_meant(line):
            run.append(line.id)
            continue
        if run:
            yield run[0] if len(run) == 1 else f"{run[0]}{_RANGE}{run[-1]}"
        run = []


def declare(archive: Archive, record: Record, by: Review) -> Reviewed:
    """Write that somebody has reviewed the whole transcript; who said so before has said so.

    :raise PlayerError: where it cannot be read or written, or no machine wrote it.
    """

    def change(before: bytes, transcript: Transcript) -> tuple[bytes, int]:
        if transcript.review is not None and transcript.review.name == by.name:
            return before, 0
        without = without_items(before, _LABEL, lambda _: True)
        found = with_item(without, _LABEL, str(by))
        return with_element(found, ORIGIN, lambda text: history(_before(text, transcript), by)), len(transcript.lines)

    return _changed(archive, record, by.name, change)


def mark(archive: Archive, record: Record, names: str, by: Review) -> Reviewed:
    """Write of some lines that somebody has heard them and found them right; who said so before has said so.

    :raise NoSuchLinesError: where one is not there.
    :raise PlayerError: where the transcript cannot be read or written, or no machine wrote it.
    """

    def change(before: bytes, transcript: Transcript) -> tuple[bytes, int]:
        lines = named(transcript, names)
        new = [line for line in lines if all(each.name != by.name for each in heard(line))]
        return with_marks(before, {line.line: f"{HEARD} {by}" for line in new}), len(new)

    return _changed(archive, record, by.name, change)


def take_back(archive: Archive, record: Record, names: str | None, by: str | None) -> Reviewed:
    """Take out that somebody has heard some lines, or reviewed the whole; everybody's word where ``by`` is None.

    :raise NoSuchLinesError: where one of the lines is not there.
    :raise PlayerError: where the transcript cannot be read or written, or no machine wrote it.
    """

    def is_meant(text: str) -> bool:
        found = review(text)
        return by is None or (found is not None and found.name == by)

    def is_mark(text: str) -> bool:
        return text.startswith(HEARD) and "\n" not in text and is_meant(text.removeprefix(HEARD))

    def change(before: bytes, transcript: Transcript) -> tuple[bytes, int]:
        if names is None:
            if (found := without_items(before, _LABEL, is_meant)) == before:
                return before, 0
            return with_element(found, ORIGIN, lambda text: _before(text, transcript)), len(transcript.lines)
        lines = [line for line in named(transcript, names) if any(map(is_mark, line.comments))]
        return without_marks(before, {line.line for line in lines}, is_mark), len(lines)

    return _changed(archive, record, by, change)


def _before(text: str, transcript: Transcript) -> str:
    """Give a history of a machine's words as it was before they were reviewed."""
    return text if transcript.review is None else text.replace(reviewed_by(transcript.review), UNREVIEWED)


def _changed(
    archive: Archive, record: Record, who: str | None, change: Callable[[bytes, Transcript], tuple[bytes, int]]
) -> Reviewed:
    path = record.folder / TRANSCRIPT
    with transaction(archive.root) as all_or_nothing:
        try:
            before = content(path)
        except FileNotFoundError:
            raise WriteError(f"{shown(path)}: there is no transcript; put one there, and try again") from None
        except OSError as error:
            what = f"this cannot be read ({reason(error)})"
            raise ArchiveError([Fault(path, None, what, "check that you may read it")]) from None
        old = _parsed(record, before)
        if old.machine is None:
            raise ArchiveError([Fault(path, 1, NO_MACHINE, REMEDY)])
        after, count = change(before, old)
        if after == before:
            return Reviewed(old, old)
        new = _parsed(record, after)
        if [_bare(line) for line in new.lines] != [_bare(line) for line in old.lines]:
            what = "this cannot be written into the file, for it would be read as something else"
            raise ArchiveError([Fault(path, None, what, "see what is wrong with it first: player check")])
        record_change(all_or_nothing, record, before, after, who, entries.REVIEWED, begins=False, follows=False)
        all_or_nothing.replace(path, before, after)
    return Reviewed(old, new, count)


#: What is said of a transcript that nobody needs to review.
NO_MACHINE: Final = "its header does not say that a machine wrote it, so there is nothing to review"
REMEDY: Final = "if one did, bring it in again and say which: player import … --machine PROGRAM --force"


def _parsed(record: Record, data: bytes) -> Transcript:
    return parse(record.folder / TRANSCRIPT, data.decode("utf-8-sig", errors="replace"))


def _bare(line: Line) -> Line:
    comments = tuple(each for each in line.comments if not each.startswith(HEARD))
    return replace(line, line=0, comments=comments)


def day_of(text: str) -> str | None:
    """Read a day as 1963-11-05, which is not in the future; None where it is none."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    is_past = day <= dt.datetime.now().astimezone().date()
    return day.isoformat() if is_past and day.isoformat() == text else None
