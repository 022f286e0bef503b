"""Lists everything that is wrong with an archive, and what its keeper should know.

Each part of it is examined by itself, and what that finds is kept until its files change (``examine``, ``kept``). What
depends on several parts is asked anew each time, over what is kept: whether what is pointed at is there, whether every
source is cited, and whether what is quoted stands in the sources.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

from player.checks import ignored
from player.checks.examined import CITED, DECLARED
from player.checks.for_visitors import ForVisitors
from player.checks.former_names import former_name_faults
from player.checks.links import hidden_pages, linking_faults, pointing_faults, uncited_faults
from player.checks.machine import pointing_advice
from player.checks.quotations import quotation_faults
from player.checks.register import Ids, Register
from player.checks.same_sounds import open_part_faults, related, same_sound_faults
from player.checks.unwritten import unwritten_advice
from player.checks.walking import DOSSIER, RECORDING, SET, walk
from player.errors import Advice
from player.folding import Folded, fold, fold_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.checks.examined import Examined, Pointing
    from player.checks.kept import Kept
    from player.checks.quotations import Quoted, Work
    from player.checks.same_sounds import Silenced
    from player.checks.walking import Part, Walk
    from player.errors import Fault

    #: Examines some parts of an archive, as of a walk, and keeps what it finds.
    Examine = Callable[[Sequence[Part], Walk], None]
    #: Gives full texts of those sources whose ids it is given.
    Texts = Callable[[Collection[str]], Mapping[str, str]]

#: In this order quotations count towards what may be quoted of a work.
_KINDS: Final = (RECORDING, "people", "chronology", "archive", DOSSIER, SET, "sources")


@dataclass
class Outcome:
    """What a check found, in order of file and line; of many of one kind in a file the first, if so wanted."""

    faults: list[Folded] = field(default_factory=list)
    advice: list[Folded] = field(default_factory=list)
    recordings: int = 0
    texts: Collection[str] = ()

    @property
    def fault_count(self) -> int:
        """How many faults there are, those that are folded included."""
        return sum(1 + each.more for each in self.faults)

    @property
    def advice_count(self) -> int:
        """How many pieces of advice there are, those that are folded included."""
        return sum(1 + each.more for each in self.advice)


@dataclass
class _Gathered:
    """What is gathered from all parts in turn."""

    cited: set[str] = field(default_factory=set)
    quoted: list[Quoted] = field(default_factory=list)
    media: set[Path] = field(default_factory=set)
    #: The sounds of recordings, by the slugs of these.
    sounds: dict[str, Path] = field(default_factory=dict)
    #: The files of the parts that some of these were joined from.
    joined: dict[str, Sequence[str]] = field(default_factory=dict)
    #: Of those that close any of it, where their sound is not to be heard.
    silenced: dict[str, Silenced] = field(default_factory=dict)
    #: Those that have closed words, in order; the others count for nothing.
    closed: dict[str, None] = field(default_factory=dict)
    #: What recordings were called before.
    former: dict[str, Sequence[str]] = field(default_factory=dict)
    #: What readings stand in for.
    surrogates: list[tuple[str, str]] = field(default_factory=list)
    #: What points at moments, and the lines of recordings that a machine wrote and nobody has heard.
    moments: list[Pointing] = field(default_factory=list)
    unchecked: dict[str, frozenset[str]] = field(default_factory=dict)
    is_whole: bool = True
    is_media_known: bool = True


def check(
    archive: Archive, kept: Kept, examine: Examine, texts: Texts = lambda _: {}, *, every: bool = False
) -> Outcome:
    """Check an archive. What has changed since it was ``kept`` is examined first.

    ``texts`` gives full texts of sources, against which quotations are held. Where ``every`` fault is wanted, none are
    folded.

    :raise ArchiveError: where ``transcripts`` cannot be read.
    """
    seen = walk(archive)
    stale = kept.stale(seen)
    if stale:
        examine(stale, seen)
    outcome = Outcome(recordings=sum(kind == RECORDING for kind, _ in seen.parts))
    works = {work.id: work for _, sources in kept.all(["sources"]) for work in sources.works}
    register = _register(kept)
    hidden = hidden_pages(works.values())
    gathered = _Gathered(is_whole=not seen.strays, is_media_known=not seen.strays)
    for part, found in kept.all(_KINDS):
        found.faults.extend(pointing_faults(found.pointings, register))
        found.faults.extend(linking_faults(found.linkings, hidden))
        outcome.faults.extend(_folded(found.faults, every=every))
        outcome.advice.extend(_folded(found.advice, every=every))
        _gather(part, found, archive.media, gathered)
    given = texts(works)
    outcome.texts = given.keys()
    faults = [*ignored.stray_faults(archive, seen.strays), *_source_faults(archive, register, works, gathered, given)]
    outcome.faults.extend(_folded(faults, every=every))
    faults = [
        *same_sound_faults(archive, gathered.sounds, gathered.silenced),
        *open_part_faults(archive, gathered.sounds, gathered.silenced, gathered.joined),
    ]
    if gathered.former:
        faults += former_name_faults(archive, gathered.former, {name for kind, name in seen.parts if kind == RECORDING})
    outcome.faults.extend(_folded(faults, every=every))
    outcome.advice.extend(_folded(pointing_advice(gathered.moments, gathered.unchecked), every=every))
    outcome.advice.extend(_folded(_words_left(archive, gathered), every=every))
    outcome.advice.extend(_folded(_ignored(archive, gathered), every=every))
    outcome.advice.extend(_folded(_unwritten(archive, seen), every=every))
    if not outcome.recordings and not seen.strays:
        remedy = "add one: player add SOUND"
        nothing = Advice(archive.transcripts, None, "there are no recordings, and the first page is empty", remedy)
        outcome.advice.append(Folded(nothing))
    outcome.faults = _in_order(outcome.faults, every=every)
    outcome.advice = _in_order(outcome.advice, every=every)
    return outcome


def _register(kept: Kept) -> Register:
    """List what there is."""
    recordings = kept.ids(RECORDING)
    return Register(
        recordings,
        kept.listed("people"),
        kept.listed("sources"),
        kept.listed("chronology"),
        {slug: each.lines for slug, each in kept.ids(DOSSIER).items()},
        kept.ids(SET),
        lambda slug: recordings.get(slug, Ids()),
    )


def _gather(part: Part, found: Examined, media: Path, gathered: _Gathered) -> None:
    gathered.cited.update(pointing.target.to for pointing in found.pointings if pointing.how == CITED)
    gathered.quoted.extend(found.quoted)
    gathered.moments.extend(each for each in found.pointings if each.target.kind == "moment")
    if found.unchecked:
        gathered.unchecked[part[1]] = frozenset(found.unchecked)
    gathered.is_whole &= found.is_whole
    if part[0] in {RECORDING, "archive"}:
        gathered.is_media_known &= found.is_media_known
    if found.media is not None:
        gathered.media.add(media / found.media)
        if part[0] == RECORDING:
            gathered.sounds[part[1]] = media / found.media
    if found.parts:
        gathered.joined[part[1]] = found.parts
    if found.former:
        gathered.former[part[1]] = found.former
    if found.silenced:
        gathered.silenced[part[1]] = found.silenced
    if found.has_closed_words:
        gathered.closed[part[1]] = None
    if part[0] == RECORDING:
        # Of a record's own keys only surrogate_for names a recording as a whole.
        gathered.surrogates += [
            (part[1], each.target.to)
            for each in found.pointings
            if each.how == DECLARED and each.target.kind == RECORDING and each.path.name == "recording.toml"
        ]


def _words_left(archive: Archive, gathered: _Gathered) -> Iterable[Advice]:
    """Give the closed words of a recording that stand in another of the same: its reading, or one of the same sound."""
    seen = ForVisitors(archive)
    pairs = {pair for each in gathered.surrogates for pair in (each, each[::-1])}
    pairs |= set(related(gathered.sounds, gathered.closed))
    for slug, other in sorted(pairs):
        words = seen.closed_words(slug) if slug in gathered.closed and slug != other else None
        if words:  # None where it went while the archive was checked
            yield from seen.words_left(other, words)


def _source_faults(
    archive: Archive, register: Register, works: Mapping[str, Work], gathered: _Gathered, texts: Mapping[str, str]
) -> Iterable[Fault]:
    """Give the quotations that no source has, and the sources that nothing cites."""
    if register.sources is None:
        return ()
    path = archive.transcripts / "sources.toml"
    # What cannot be read may cite what nothing else does.
    uncited = uncited_faults(gathered.cited, works, path) if gathered.is_whole else ()
    return chain(quotation_faults(gathered.quoted, works, path, texts), uncited)


def _ignored(archive: Archive, gathered: _Gathered) -> Iterable[Advice]:
    """Give the files beside the recordings that nothing reads."""
    beside = ignored.beside_recordings(archive.transcripts)
    if not gathered.is_media_known:
        return beside  # what cannot be read may name what nothing else does
    return chain(
        beside,
        ignored.in_media(archive.media, gathered.media),
        ignored.in_access(archive.media, gathered.sounds),
        ignored.in_parts(archive.media, gathered.joined),
    )


def _unwritten(archive: Archive, seen: Walk) -> Iterable[Advice]:
    """Give what waits at the desk of each recording."""
    now = dt.datetime.now(dt.UTC)
    folders = (archive.transcripts / name for kind, name in sorted(seen.parts) if kind == RECORDING)
    return chain.from_iterable(unwritten_advice(folder, now) for folder in folders)


def _folded(faults: Iterable[Fault], *, every: bool) -> list[Folded]:
    ordered = sorted(set(faults), key=_place)
    return list(map(Folded, ordered)) if every else fold(ordered)


def _in_order(found: Iterable[Folded], *, every: bool) -> list[Folded]:
    # What is told of a sound is told once, also where two records name it.
    ordered = sorted(dict.fromkeys(found), key=lambda each: _place(each.fault))
    return ordered if every else fold_files(ordered)


def _place(fault: Fault) -> tuple[Path, int, str]:
    return fault.path, fault.line or 0, fault.what
