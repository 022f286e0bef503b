"""Keeps access copies beside a sound in object storage, so that one machine makes them and all servers send them.

``tape.flac`` has ``tape.flac.access-0123456789abcdef.m4a`` beside it, named after its content. What vouches for it is
``tape.flac.player.json``: its size and entity tag, its digest, the passages that are silent in it, and, as all that
stands there, the sound that it was made from. A copy that is another object now, or of another sound, is not used.

Before a copy comes, and until it has gone, ``tape.flac.player.json`` tells of it among those that may lie there and are
not played: a command that was ended in between, or was not let remove it, leaves nothing that nobody knows of.

Of a recording of which anything is closed no copy is put where anybody may read it: before it comes, something that
says nothing lies in its place, and is asked for as anybody would.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from player.storage import beside, objects
from player.storage.addresses import parsed
from player.storage.faults import ChangedError, MissingError, RefusedError, StorageError
from player.storage.looks import Look
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from player.storage.addresses import Address

#: What they are called among what lies beside a sound.
KIND: Final = "copies-1"
#: What those are called that may lie there, too: they come, or are to go.
LEAVING: Final = "copies-leaving-1"
_ENDING: Final = re.compile(r"\.access-[0-9a-f]{16}\.(m4a|flac)")
_LETTERS: Final = 16  # of a digest, in a name
_PIECE: Final = 4 << 20

_log = logging.getLogger(__name__)
Silent = tuple[tuple[int, int], ...]


@value
class Beside:
    """A copy beside a sound: what its name ends in, the object that it is, its digest and its source's.

    ``silent`` are the passages that are silent in it, in milliseconds.
    """

    ending: str
    size: int
    tag: str
    sha256: str
    made_from: str
    silent: Silent = ()

    @property
    def kind(self) -> str:
        """What it is: ``"m4a"`` or ``"flac"``."""
        return self.ending.rpartition(".")[2]

    @property
    def look(self) -> Look:
        """What the object is."""
        return Look(self.size, self.tag, 0)

    def place(self, sound: Address) -> Address:
        """Give where it lies."""
        return beside.beside(sound, self.ending)

    def is_at(self, seen: Look) -> bool:
        """Tell whether an object is the one that was put there."""
        return (seen.size, seen.tag) == (self.size, self.tag)


def listed(values: dict[str, Any], kind: str = KIND) -> tuple[Beside, ...]:
    """Give the copies of which what lies beside a sound tells: those that are played, or those that are LEAVING."""
    found = values.get(kind, [])
    return tuple(filter(None, map(_read, found))) if isinstance(found, list) else ()


def change(
    sound: Address, seen: Look, changed: Callable[[dict[str, Any]], dict[str, Any]], *, is_swept: bool = False
) -> None:
    """Have what lies beside a sound be as it is ``changed``; copies of which that tells no more are removed.

    Where it ``is_swept``, so are those that a command which was ended has left, or one that is at work puts there.

    :raise StorageError: where that may not be done, or cannot: then it is done the next time.
    """
    gone: dict[str, Beside] = {}

    def note(values: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
        before, left = values, {each.ending: each for each in listed(values, LEAVING)}
        values = changed(dict(before))
        told = {each.ending for each in listed(values)}
        gone.clear()
        gone.update({each.ending: each for of in (earlier, before) for each in listed(of)})
        if is_swept:
            gone.update({each.ending: each for each in listed(earlier, LEAVING)} | left)
        for ending in told & gone.keys():
            del gone[ending]
        return _leaving(values, {ending: each for ending, each in {**left, **gone}.items() if ending not in told})

    _tell_of_anothers(sound, beside.change(sound, seen, note))
    for old in gone.values():
        _remove_ours(old.place(sound), old)
    if gone:
        _settle(sound, seen, gone)


def _leaving(values: dict[str, Any], left: dict[str, Beside]) -> dict[str, Any]:
    others = {kind: value for kind, value in values.items() if kind != LEAVING}
    return {**others, LEAVING: _written(left.values())} if left else others


def _settle(sound: Address, seen: Look, gone: Collection[str]) -> None:
    """Tell no more of copies that have gone."""

    def note(values: dict[str, Any], _: dict[str, Any]) -> dict[str, Any]:
        return _leaving(values, {each.ending: each for each in listed(values, LEAVING) if each.ending not in gone})

    beside.change(sound, seen, note)


def put(sound: Address, seen: Look, file: Path, copy: Beside, mimetype: str, *, is_open: bool) -> Address:
    """Put a copy, made of a sound as it was seen, beside that, and say so there; give where it lies.

    Of ``copy`` the object is not known yet. Unless the recording ``is_open`` as a whole, it is put nowhere where
    anybody may read it.

    :raise StorageError: where it may not be put there, or cannot: nothing else is lost by it.
    """
    copy = replace(copy, ending=f".access-{copy.sha256[:_LETTERS]}.{copy.kind}")
    place = copy.place(sound)
    if parsed(str(place)) is None:
        raise StorageError(f"{sound}: its name is too long for one of a copy beside it; give the object a shorter one")
    _announce(sound, seen, copy)
    try:
        is_there = _claimed(place, copy.sha256)
        if not is_open:
            refuse_public(place)
        there = sent(place, file, mimetype, is_there=is_there)
        _refuse_changed(sound, seen)
        copy = replace(copy, size=there.size, tag=there.tag)
        change(sound, seen, lambda values: _with(values, copy))
        objects.forget(place)
    except BaseException:
        with contextlib.suppress(StorageError):
            _unless_told(sound, seen, copy)
        raise
    return place


def _announce(sound: Address, seen: Look, copy: Beside) -> None:
    """Say beside a sound that a copy may lie there from now on."""

    def note(values: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
        # Those of an earlier sound are to go from now on: this is the last that is known of them.
        known = (*listed(earlier), *listed(earlier, LEAVING), *listed(values, LEAVING), copy)
        return _leaving(values, {each.ending: each for each in known})

    _tell_of_anothers(sound, beside.change(sound, seen, note), but=copy.ending)


def _tell_of_anothers(sound: Address, values: dict[str, Any], but: str = "") -> None:
    """Say which copies lie beside a sound of which another secret's ``values`` tell, but for one that is taken up."""
    from player.storage import s3  # noqa: PLC0415  # 20 ms and 25 MB, where sounds lie there

    endings = dict.fromkeys(each.ending for kind in (KIND, LEAVING) for each in listed(values, kind))
    for place in (beside.beside(sound, ending) for ending in endings if ending != but):
        with contextlib.suppress(MissingError, RefusedError):
            s3.look(place)
            _log.warning("%s: this was put there with another %s, and is not used; remove it", place, beside.KEY)


def _refuse_changed(sound: Address, seen: Look) -> None:
    objects.forget(sound)
    now = objects.look(sound)
    if (now.size, now.tag) != (seen.size, seen.tag):
        raise ChangedError(f"{sound}: it was replaced by another while its copy was made; try again")


def keep_only(sound: Address, seen: Look, wanted: Collection[Silent]) -> int:
    """Remove the copies in which other passages are silent than those of any of the recordings; tell how many.

    :raise StorageError: where that may not be done, or cannot.
    """
    gone = 0

    def note(values: dict[str, Any]) -> dict[str, Any]:
        nonlocal gone
        kept = [each for each in listed(values) if each.silent in wanted]
        gone = len(listed(values)) - len(kept)
        return {**values, KIND: _written(kept)} if gone else values

    change(sound, seen, note, is_swept=True)
    return gone


def refuse_public(place: Address) -> None:
    """Refuse to have anything of a recording that is not open where anybody may read it.

    :raise StorageError: where anybody may, or nobody knows whether.
    """
    from player.storage import s3  # noqa: PLC0415  # 20 ms and 25 MB, where sounds lie there

    try:
        s3.look(place, is_signed=False)
    except (RefusedError, MissingError):
        return
    what = "something of this recording is closed, and anybody could read its copy there"
    raise StorageError(f"{place}: {what}; let nobody read it without a signature, and try again")


def _claimed(place: Address, sha256: str) -> bool:
    """Take a place for a copy; tell whether that lies there already.

    :raise StorageError: where something else does.
    """
    from player.storage import s3, s3_writing  # noqa: PLC0415  # as above

    claim = _claim(place, sha256)
    if s3_writing.create(place, claim):
        return False
    if _is_claim(place, s3.look(place), claim):
        return False  # a command of ours was ended before the copy had come
    if not _has(place, sha256):
        raise StorageError(f"{place}: something else lies there, which is not replaced; move it away, and try again")
    return True


def _claim(place: Address, sha256: str) -> bytes:
    return json.dumps({"claimed": beside.vouched(place, sha256)}).encode()


def _is_claim(place: Address, there: Look, claim: bytes) -> bool:
    from player.storage import s3  # noqa: PLC0415  # as above

    return there.size == len(claim) and s3.read(place, there, 0, there.size) == claim


def _has(place: Address, sha256: str) -> bool:
    """Tell whether what lies at a place has a digest: it is read for it."""
    from player.storage import s3  # noqa: PLC0415  # as above

    there, digest = s3.look(place), hashlib.sha256()
    for at in range(0, there.size, _PIECE):
        digest.update(s3.read(place, there, at, min(at + _PIECE, there.size)))
    return digest.hexdigest() == sha256


def sent(place: Address, file: Path, mimetype: str, *, is_there: bool) -> Look:
    """Send a copy to its place, unless it is there; give what lies there then."""
    from player.storage import s3, s3_writing  # noqa: PLC0415  # as above

    return s3.look(place) if is_there else s3_writing.upload(place, file, mimetype)


def _with(values: dict[str, Any], copy: Beside) -> dict[str, Any]:
    others = [each for each in listed(values) if each.silent != copy.silent]
    return {**values, KIND: _written([*others, copy])}


def _unless_told(sound: Address, seen: Look, copy: Beside) -> None:
    """Remove a copy that was put beside a sound, unless what lies there tells of it."""
    place = copy.place(sound)
    if place not in {each.place(sound) for each in listed(beside.found(sound, seen))}:
        _remove_ours(place, copy)
    _settle(sound, seen, [copy.ending])


def _remove_ours(place: Address, copy: Beside) -> None:
    """Remove what lies at a place, if any does, and it is a copy of ours, or says that one was to come."""
    from player.storage import s3, s3_writing  # noqa: PLC0415  # as above

    try:
        there = s3.look(place)
        if copy.is_at(there) or _is_claim(place, there, _claim(place, copy.sha256)) or _has(place, copy.sha256):
            s3_writing.remove(place, there)
    except MissingError:
        pass
    objects.forget(place)


def _written(copies: Iterable[Beside]) -> list[dict[str, Any]]:
    return [
        {
            "ending": each.ending,
            "bytes": each.size,
            "tag": each.tag,
            "sha256": each.sha256,
            "made_from": each.made_from,
            "silent": [list(span) for span in each.silent],
        }
        for each in copies
    ]


def _read(told: Any) -> Beside | None:
    """Read what is told of a copy; None where another version of the program wrote it."""
    try:
        silent = tuple((int(start), int(end)) for start, end in told["silent"])
        tag, sha256, made_from = (str(told[name]) for name in ("tag", "sha256", "made_from"))
        found = Beside(told["ending"], int(told["bytes"]), tag, sha256, made_from, silent)
        return found if _ENDING.fullmatch(found.ending) else None
    except (KeyError, TypeError, ValueError):
        return None
