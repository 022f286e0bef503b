"""Takes words out of a transcript and all that is kept of it: versions, translations, working copies, suggestions.

Each version keeps its number, who made it and when; a working copy, whose it is. So the name of who edits stays there.
That words were taken out is an entry itself, and does not say which. The digests of versions are those of what they are
now: by the old ones, the words could be guessed. What is grammar of the files, and no word of people, stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.archive.older_translations import translations_after
from player.archive.own_files import own_files
from player.archive.recording import HISTORY, SUGGESTIONS, TRANSCRIPT, WORKING
from player.archive.translation_names import translation_files
from player.errors import ArchiveError, Fault, reason
from player.files import content
from player.history.comparing import lines_in, said
from player.history.differing import edits
from player.history.entries import EXPUNGE, OUTSIDE, Entry, name_of, own_content, written
from player.history.recording import digest, with_lines
from player.history.removed_from_steps import keeper, without
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.history.recording import Changing
    from player.history.removed_words import Phrases
    from player.history.versions import History

_REMEDY: Final = "put it back from a backup, or, where there is none, delete it, and do it again"


@dataclass(frozen=True)
class Expunging:
    """What is to be done: files with what they hold and are to hold, new ones, and in how many versions words stood."""

    files: tuple[tuple[Path, bytes, bytes], ...]
    new: tuple[tuple[Path, bytes], ...]
    #: How often the words stand in the transcript as it is; in how many versions, and of how many.
    count: int
    versions: int
    all_versions: int
    #: Where the words stay: as grammar of the file, which people cannot have said, each with its lines; as the name of
    #: who made versions; and as that of whose working copies are there.
    grammar: tuple[tuple[Path, tuple[int, ...]], ...] = ()
    made: tuple[int, ...] = ()
    copies: tuple[Path, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether the words are nowhere."""
        return not self.files

    def write(self, change: Changing) -> None:
        """Have all of it done by a change.

        :raise OSError: where something cannot be written.
        """
        for path, data in self.new:
            change.write(path, data)
        for path, before, after in self.files:
            change.replace(path, before, after)


def planned(
    record: Record, phrases: Phrases, by: str | None, fingerprint: Callable[[Line], str] | None = None
) -> Expunging:
    """Say what taking words out of the transcript of a recording, and all that is kept of it, would change.

    ``fingerprint`` gives what working copies keep of a line in place of its words.

    :raise ArchiveError: where a file cannot be read in which the words may stand, or lies outside the archive.
    """
    path = record.folder / TRANSCRIPT
    kept = (record.folder / name for name in (HISTORY, WORKING, SUGGESTIONS))
    own_files(record.folder.parent).refuse_barred([path, *translation_files(record.folder).values(), *kept])
    there = history(record)
    _refuse_unreadable(there)
    present = _content(path)
    now = phrases.taken_out_of_file(present)
    old, new = _versions(there, phrases)
    files = {path: (present, now)}
    files |= {each: (data, phrases.taken_out_of_file(data)) for each, data in _wholes(record.folder / HISTORY)}
    files |= _translations(record.folder, present, now, phrases)
    digests = {digest(data): digest(new[number]) for number, data in old.items()} | {digest(present): digest(now)}
    if fingerprint is not None and (record.folder / WORKING).is_dir():
        digests |= _fingerprints(path, {**old, -1: present}, {**new, -1: now}, fingerprint)
    for number, entry in there.entries.items():
        place = there.folder / name_of(number)
        files[place] = own_content(place), written(_rewritten(there, entry, new, phrases))
    files |= {each: (data, without(data, phrases, digests)) for each, data in _others(record.folder)}
    changed = tuple((each, *both) for each, both in files.items() if both[0] != both[1])
    grammar = {each: tuple(phrases.kept_in_file(data)) for each, (data, _) in files.items() if each.suffix == ".vtt"}
    stay = (
        tuple((each, lines) for each, lines in grammar.items() if lines),
        tuple(each.number for each in there.entries.values() if each.by is not None and phrases.stands_in(each.by)),
        tuple(path for path, data in _others(record.folder) if phrases.stands_in(keeper(data))),
    )
    if not changed:
        return Expunging((), (), 0, 0, len(old), *stay)
    own = tuple(_entries(there, now, new, by))
    stood = sum(old[number] != new[number] for number in old)
    return Expunging(changed, own, phrases.count_in_file(present), stood, len(old), *stay)


def _refuse_unreadable(there: History) -> None:
    """Refuse where files are there that cannot be read: the words may stand in them."""
    faults = [fault for fault in there.faults if fault.path.exists()]
    if faults:
        raise ArchiveError([Fault(each.path, each.line, each.what, _REMEDY) for each in faults])


def _versions(there: History, phrases: Phrases) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Give all versions that can be made, as they are and as they are to be."""
    old: dict[int, bytes] = {}
    for number in range(there.last + 1):
        try:
            old[number] = there.content(number)
        except ArchiveError:
            continue  # its entry refuses below, if there is one
    return old, {number: phrases.taken_out_of_file(data) for number, data in old.items()}


def _fingerprints(
    path: Path, old: Mapping[int, bytes], new: Mapping[int, bytes], of: Callable[[Line], str]
) -> dict[str, str]:
    """Give what working copies keep of lines in place of their words, and are to keep: these could be guessed, too."""
    found: dict[str, str] = {}
    for number, data in old.items():
        if data != new[number]:
            both = zip(lines_in(path, data), lines_in(path, new[number]), strict=False)
            found |= {of(was): of(now) for was, now in both if said(was) != said(now)}
    return found


def _rewritten(there: History, entry: Entry, new: Mapping[int, bytes], phrases: Phrases) -> Entry:
    number = entry.number
    if number not in new or (entry.edits is not None and number - 1 not in new):
        what = "the versions that this entry belongs to cannot be made, so words cannot be taken out of it"
        raise ArchiveError([Fault(there.folder / name_of(number), None, what, _REMEDY)])
    return replace(
        entry,
        before=digest(new[number - 1]) if entry.before is not None and number - 1 in new else None,
        after=digest(new[number]),
        edits=None if entry.edits is None else edits(new[number - 1], new[number]),
        words={name: phrases.taken_out(text) for name, text in entry.words.items()},
        credit={name: tuple(map(phrases.taken_out, whom)) for name, whom in entry.credit.items()},
    )


def _entries(there: History, now: bytes, new: Mapping[int, bytes], by: str | None) -> Iterator[tuple[Path, bytes]]:
    """Give the entry that says that words were taken out, and before it that of a change from outside the program."""
    date = dt.datetime.now(dt.UTC).replace(microsecond=0)
    last = there.last
    if last < 0:
        yield there.folder / "0000-first.vtt", now
        last = 0
    elif new.get(last) != now:
        last += 1
        was = new.get(last - 1)
        if was is None:
            yield there.folder / f"{last:04d}-whole.vtt", now
            yield there.folder / name_of(last), written(Entry(last, date, None, OUTSIDE, None, digest(now), None))
        else:
            outside = Entry(last, date, None, OUTSIDE, digest(was), digest(now), edits(was, now))
            yield there.folder / name_of(last), written(with_lines(outside, there.transcript, was, now))
    made = Entry(last + 1, date, by, EXPUNGE, digest(now), digest(now), ())
    yield there.folder / name_of(last + 1), written(made)


def _translations(folder: Path, present: bytes, now: bytes, phrases: Phrases) -> dict[Path, tuple[bytes, bytes]]:
    """Give the translations, in which lines are marked as older whose words are others beside them now."""
    day = dt.datetime.now().astimezone().date()
    after = translations_after(folder, present, now, {}, day)
    held = {path: _content(path) for path in translation_files(folder).values()}
    return {path: (data, phrases.taken_out_of_file(after.get(path, data))) for path, data in held.items()}


def _wholes(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Give the files that are whole transcripts, those of earlier releases too."""
    for path in sorted(folder.glob("*.vtt")):
        data = own_content(path)
        if b"\0" in data:
            raise ArchiveError([Fault(path, None, "this is not UTF-8, so words cannot be taken out of it", _REMEDY)])
        yield path, data


def _others(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted((*(folder / WORKING).glob("*.jsonl"), *(folder / SUGGESTIONS).glob("*.json"))):
        yield path, own_content(path)


def _content(path: Path) -> bytes:
    try:
        return content(path)
    except OSError as error:
        what = f"this cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that it is there and that you may read it")]) from None
