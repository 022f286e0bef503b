"""Keeps in memory what was followed of each history, so that after another change only that one is followed."""

from __future__ import annotations

import copy
import hashlib
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError
from player.history.comparing import lines_in
from player.history.moving import Moves, moved
from player.history.trail import Trail
from player.history.versions import history_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.history.versions import History, Signature

    #: Which entries were followed, each with the digest of what it made.
    Followed = tuple[tuple[int, str], ...]

# As many histories, and answers about whole transcripts.
_KEPT: Final = 16
_trails: OrderedDict[Path, tuple[Followed, Trail]] = OrderedDict()
_answers: OrderedDict[tuple[Path, Signature, str], Mapping[str, tuple[str, ...]]] = OrderedDict()
_lock: Final = threading.Lock()


def former_lines(there: History, present: bytes) -> Mapping[str, tuple[str, ...]]:
    """Give each identifier that a version had and the ``present`` has not, with those of the lines of its words."""
    key = (there.transcript, there.signature, hashlib.sha256(present).hexdigest())
    with _lock:
        if key not in _answers:
            _answers[key] = _followed(there, present, key[2])
        _answers.move_to_end(key)
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
        return _answers[key]


def known_lines(there: History) -> frozenset[str]:
    """Give all identifiers that a version had."""
    return frozenset(name for entry in there.entries.values() for name in entry.new) | first_lines(there)


def first_lines(there: History) -> frozenset[str]:
    """Give the identifiers of the first version, and of others that are there as a whole."""
    return _first(there.transcript, there.signature)


def _followed(there: History, present: bytes, digest: str) -> Mapping[str, tuple[str, ...]]:
    trail = _trail(there)
    now = lines_in(there.transcript, present)
    words = {line.id: line.text for line in now}
    if there.digest(there.last) != digest:
        # No entry says yet what has changed since.
        trail = copy.deepcopy(trail)
        was = _last_lines(there)
        moves = moved(was, now)
        trail.follow(moves.moved, (), moves, {**{line.id: line.text for line in was}, **words})
    return {name: trail.today(name, words) for name in sorted(known_lines(there) - words.keys())}


def _trail(there: History) -> Trail:
    """Follow all entries, from where that was done before."""
    entries = list(there.entries.values())
    wanted = tuple((entry.number, entry.after) for entry in entries)
    done, trail = _trails.pop(there.transcript, ((), Trail()))
    if wanted[: len(done)] != done:
        done, trail = (), Trail()
    for entry in entries[len(done) :]:
        trail.follow(entry.gone, entry.new, Moves(dict(entry.moved), dict(entry.strayed)), entry.words)
    _trails[there.transcript] = wanted, trail
    while len(_trails) > _KEPT:
        _trails.popitem(last=False)
    return trail


def _last_lines(there: History) -> Sequence[Line]:
    try:
        return lines_in(there.transcript, there.content(there.last))
    except ArchiveError:
        return ()


@lru_cache(maxsize=64)
def _first(path: Path, signature: Signature) -> frozenset[str]:  # noqa: ARG001  # what is kept depends on it
    there = history_of(path)
    found: set[str] = set()
    for number in there.wholes:
        try:
            found |= {line.id for line in lines_in(path, there.content(number))}
        except ArchiveError:
            continue
    return frozenset(found)
