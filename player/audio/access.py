"""Finds the access copy of a sound: what browsers play where the sound that is held is not exact in them.

An archive may ship one, ``media/access/<slug>.m4a`` or ``.flac``, with a sidecar ``<slug>.json`` that names the
SHA-256 of the copy and of the sound that it was made from. Otherwise one is made into the cache, keyed by the path and
the stamp of the sound. Clips are always cut from what is held.

Where passages of a recording are closed, these are silent in its copy, whatever kind of sound is held: browsers get
nothing else then. A copy is right only if its sidecar names exactly the passages that are closed now (``"silent"``).
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.audio import access_faults, access_make, cache, exact, silence
from player.audio.access_faults import FOLDER, Wrong, WrongError, making, opened, refuse_link_out
from player.audio.access_make import KINDS, VERSION, Made, kind_for, make, sidecar_of
from player.audio.access_names import CACHE_KIND, cached_name, is_of_now, of_before
from player.audio.silence import Silence
from player.elsewhere import copies_of
from player.errors import Advice, AudioError, WriteError, quoted, shown
from player.roots import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.timecode import Span

__all__ = ["CACHE_KIND", "FOLDER", "KINDS", "Made", "Silence", "Wrong", "kind_for", "make"]

# Why a sound is not played as it is held, as a part of a sentence.
_SILENT: Final = "passages of it are closed, and browsers play nothing but a copy in which these are silent"

# Of many passages, each takes 50 bytes.
_LARGEST_SIDECAR: Final = 1 << 23
# No file is larger than that.
_MOST: Final = 1 << 63
_ALL_HEARD: Final = Silence()
# One copy at a time: each keeps two processors busy.
_making = threading.Lock()


@dataclass(frozen=True)
class Copy:
    """An access copy at ``path``: its ``kind`` (``"m4a"`` or ``"flac"``), its SHA-256 and its source's."""

    path: Path
    kind: str
    sha256: str
    made_from: str

    @property
    def type(self) -> str:
        """Its MIME type with its codec, as ``<source type>`` has it."""
        return KINDS[self.kind]

    @property
    def mimetype(self) -> str:
        """Its MIME type."""
        return self.type.partition(";")[0]


def needed(path: Path) -> str | None:
    """Say why browsers need a copy of the sound at ``path``, as a part of a sentence; None where they play it exactly.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    return exact.inexact(path)


def place(media_folder: Path, slug: str, kind: str) -> Path:
    """Give the place of a recording's copy in an archive."""
    return media_folder / FOLDER / f"{slug}.{kind}"


def check_folder(media_folder: Path) -> None:
    """Refuse to write copies where they would not be played from.

    :raise WriteError: where the folder of copies leads out of ``media``, is not a folder, or cannot be read.
    """
    wrong = access_faults.of_folder(media_folder)
    if wrong is not None:
        raise WriteError(f"{shown(wrong.path)}: {wrong.what}; {wrong.instead}")


def silence_of(media_folder: Path, slug: str, silent: Sequence[Span]) -> Silence:
    """Say what is silent in the copies of a recording."""
    return Silence(tuple(silent), os.path.realpath(place(media_folder, slug, "json")))


def shipped(media_folder: Path, slug: str, held: Path, silent: Sequence[Span] = ()) -> Copy | None:
    """Give the copy that an archive ships of the sound at ``held``; None where it has none that is right.

    None where others than the passages in ``silent`` are silent in it. Nor is one given where a file is so large that
    its digest, not yet cached, would be waited for: ``fault`` computes it.

    :raise AudioError: where ``held`` cannot be read.
    """
    try:
        return _judged(media_folder, slug, held, cache.quick_digest, silent)
    except WrongError:
        return None


def fault(media_folder: Path, slug: str, held: Path, silent: Sequence[Span] = ()) -> Wrong | None:
    """Say what is wrong with the copy that an archive ships of the sound at ``held``; None where nothing is.

    Nothing is wrong either where there is no copy. Digests are computed, however large the files are.

    :raise AudioError: where ``held`` cannot be read.
    """
    try:
        _judged(media_folder, slug, held, cache.digest, silent)
    except WrongError as error:
        return error.wrong
    return None


def advice(media_folder: Path, slug: str, held: Path, silent: Sequence[Span] = ()) -> Iterator[Advice]:
    """Say what listeners would not expect of the sound at ``held``, or of its copy, and what to do about it.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    if (wrong := access_faults.of_folder(media_folder)) is not None:
        yield Advice(wrong.path, None, wrong.effect, wrong.instead)
        return
    why = _SILENT if silent else needed(held)
    copy = None
    try:
        copy = _judged(media_folder, slug, held, cache.digest, silent)
    except WrongError as error:
        yield Advice(error.wrong.path, None, error.wrong.effect, error.wrong.remedy(slug))
    else:
        if why is not None and copy is None and not beside(held, silent):
            make_one = f"make {'that copy' if silent else 'a copy that they play exactly'}: {making(slug, held)}"
            yield Advice(held, None, why, access_make.refusal(held) or make_one)
    others = [] if copy is None else [place(media_folder, slug, kind) for kind in KINDS if kind != copy.kind]
    for other in filter(os.path.lexists, others):
        yield Advice(other, None, "this is ignored: the other copy is the one that is played", "remove it")


def cached(held: Path, silent: Silence = _ALL_HEARD) -> Copy | None:
    """Give the copy of the sound at ``held`` that is in the cache; None where none is complete.

    :raise AudioError: where ``held`` cannot be read.
    """
    for kind in KINDS:
        place = _in_cache(held, kind, silent)
        if place is None:
            return None
        with contextlib.suppress(WrongError, OSError):
            told = _told(sidecar_of(place))
            is_silent = told.silent == silent.spans
            if is_silent and told.name == place.name and place.stat().st_size == told.size:
                return Copy(place, told.kind, told.sha256, told.made_from)
    return None


def beside(held: Path, silent: Sequence[Span] = ()) -> list[Copy]:
    """List the copies that lie beside a sound elsewhere in which just the passages in ``silent`` are silent."""
    spans = tuple((span.start, span.end) for span in silent)
    there = ((path, told) for path, told in copies_of(held) if told.silent == spans and told.kind in KINDS)
    return [Copy(path, told.kind, told.sha256, told.made_from) for path, told in there]


def at(path: Path) -> Copy:
    """Give the copy that was just made at a path, as its sidecar tells it."""
    told = _told(sidecar_of(path))
    return Copy(path, told.kind, told.sha256, told.made_from)


def is_kept(copy: Path, held: Path) -> bool:
    """Tell whether a copy in the cache is complete and of the sound at ``held`` as it is now, whatever is silent in it.

    :raise AudioError: where ``held`` cannot be read.
    """
    with contextlib.suppress(WrongError, OSError):
        told = _told(sidecar_of(copy))
        return told.name == copy.name and copy.stat().st_size == told.size and is_of_now(copy, held)
    return False


def make_cached(held: Path, progress: Callable[[float], object] | None = None, silent: Silence = _ALL_HEARD) -> Copy:
    """Make a copy of the sound at ``held`` into the cache, unless it is there; those of what was there before go.

    So do those in which other passages of the same recording are silent, and, where any is, the copy in which none is.

    :raise AudioError: where the sound cannot be read or decoded to its end.
    :raise WriteError: where the copy cannot be written, or does not have the sound's times.
    """
    with _making:
        if (there := cached(held, silent)) is not None:
            return there
        kind = kind_for(held)

        def made(kind: str) -> Made:
            place = _in_cache(held, kind, silent)
            if place is None:
                raise WriteError("the cache: there is no home folder; set PLAYER_CACHE to a folder that can be written")
            return make(held, place, kind=kind, progress=progress, force=True, silent=silent.spans)

        place = access_make.or_flac(kind, made).path
        found = cached(held, silent)
        if found is None:
            raise AudioError(f"{shown(held)}: the file changed while it was copied; try again")
        for old in of_before(place, silent):
            old.unlink(missing_ok=True)
        return found


def of(media_folder: Path, slug: str, held: Path, silent: Sequence[Span] = ()) -> list[Copy]:
    """List the copies of the sound at ``held`` that can be played now, the best first; nothing is decoded for it.

    In each of them just the passages in ``silent`` are silent.
    """
    found: list[Copy | None] = []
    with contextlib.suppress(AudioError):
        found.append(shipped(media_folder, slug, held, silent))
    found += beside(held, silent)
    with contextlib.suppress(AudioError):
        key = silence_of(media_folder, slug, silent)
        found.append(cached(held, key) if silent or needed(held) else None)
    return [copy for copy in found if copy is not None]


def made_for(media_folder: Path, slug: str) -> list[Path]:
    """List the copies of a recording that were made into an archive, and their sidecar, whatever their digests.

    None where no sidecar says so: then they may be anybody's.
    """
    if access_faults.of_folder(media_folder) is not None:
        return []
    sidecar = place(media_folder, slug, "json")
    try:
        refuse_link_out(media_folder, sidecar)
        _told(sidecar)
    except WrongError:
        return []
    return [sidecar, *(each for kind in KINDS if os.path.lexists(each := place(media_folder, slug, kind)))]


@dataclass(frozen=True)
class _Told:
    """What a sidecar says."""

    name: str
    kind: str
    size: int
    sha256: str
    made_from: str
    silent: tuple[Span, ...]

    @property
    def is_well_typed(self) -> bool:
        """Whether its values are of the types that they should be: whoever wrote the file may have had others."""
        texts = (self.name, self.sha256, self.made_from)
        return all(isinstance(text, str) for text in texts) and type(self.size) is int and 0 < self.size < _MOST


def _judged(
    media_folder: Path, slug: str, held: Path, digest: Callable[[Path], str | None], silent: Sequence[Span]
) -> Copy | None:
    """Give the copy that an archive ships; None where there is none, or a digest that it needs is not known.

    :raise WrongError: where it is not right.
    """
    if (wrong := access_faults.of_folder(media_folder)) is not None:
        raise WrongError(wrong)
    places = {place(media_folder, slug, kind).name: place(media_folder, slug, kind) for kind in KINDS}
    there = [each for each in places.values() if os.path.lexists(each)]
    sidecar = place(media_folder, slug, "json")
    if not os.path.lexists(sidecar):
        if there:
            refuse_link_out(media_folder, there[0])
            opened(there[0]).close()
            what = f"nothing says what it was made from: there is no {sidecar.name} beside it"
            raise WrongError(Wrong(there[0], what, is_ours=False))
        return None
    refuse_link_out(media_folder, sidecar)
    told = _told(sidecar)
    path = places.get(told.name)
    if path is None:
        what = f"it is not about a copy of this recording, but about {quoted(told.name)}"
        raise WrongError(Wrong(sidecar, what, is_ours=False))
    refuse_link_out(media_folder, path)
    if told.silent != tuple(silent):
        raise WrongError(Wrong(path, "other passages are silent in it than are closed now"))
    if told.made_from != (known := digest(held)):
        if known is None:
            return None
        raise WrongError(Wrong(path, f"it was made from another sound than {held.name} is now"))
    return Copy(path, told.kind, told.sha256, told.made_from) if _is_intact(path, told, digest) else None


def _is_intact(path: Path, told: _Told, digest: Callable[[Path], str | None]) -> bool:
    """Tell whether a copy is known to be as it was made: not where its digest is needed and not known.

    :raise WrongError: where it is known not to be.
    """
    try:
        with opened(path) as file:
            size = os.fstat(file.fileno()).st_size
        known = digest(path) if size == told.size else ""
    except FileNotFoundError:
        raise WrongError(Wrong(path, "it is not there, though its sidecar is")) from None
    except AudioError:
        raise WrongError(Wrong(path, "it cannot be read to its end")) from None
    if size < told.size:
        raise WrongError(Wrong(path, f"it was cut short: {size:,} of {told.size:,} bytes are there"))
    if known is not None and known != told.sha256:
        what = "it was changed since it was made: its SHA-256 is not the one in its sidecar"
        raise WrongError(Wrong(path, what))
    return known is not None


def _told(sidecar: Path) -> _Told:
    """Read a sidecar.

    :raise WrongError: where it cannot be read, or is not one.
    """
    try:
        with opened(sidecar, is_ours=False) as file:
            content = file.read(_LARGEST_SIDECAR)
        told: Any = json.loads(content)
        copy, made_from = told["copy"], told["made_from"]
        kind = str(copy["name"]).rpartition(".")[2]
        silent = silence.from_json(told.get("silent", []))
        found = _Told(copy["name"], kind, copy["bytes"], copy["sha256"], made_from["sha256"], silent)
        is_one = told["version"] == VERSION and kind in KINDS and found.is_well_typed
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        is_one = False
    if not is_one:
        what = "it cannot be read as the file that says what a copy was made from"
        raise WrongError(Wrong(sidecar, what, is_ours=False))
    return found


def _in_cache(held: Path, kind: str, silent: Silence) -> Path | None:
    """Give the place in the cache of a copy of the file at ``held``, as it is now; None where there is no cache."""
    root = cache_folder()
    return None if root is None else root / CACHE_KIND / cached_name(held, kind, silent)
