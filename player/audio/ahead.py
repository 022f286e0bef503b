"""Derives beforehand what a page of a sound would wait for: its outline, its digest, and its length to the sample.

Another process may do it, on another machine, with a cache of its own; what it found is then kept here. Nothing of it
is written into the archive: each server keeps what it derived in its cache, by the path and the stamp of the sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from player.audio import cache, probe, waveform
from player.audio.decode import distant_parts, stream
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path

    from player.stamp import Stamp


@value
class Derived:
    """What was derived from a sound that had this stamp: values of the cache, by their kinds."""

    seen: Stamp
    values: dict[str, Any]


def is_there(sound: Path) -> bool:
    """Tell whether all of it is in the cache already.

    :raise AudioError: where the sound cannot be read.
    """
    if waveform.kept(sound) is None or cache.kept_digest(sound) is None:
        return False
    return probe.counted(sound) is not None and distant_parts.is_found_out(sound, stream.header(sound))


def derived(sound: Path) -> Derived:
    """Derive it, and keep it in this process's cache.

    :raise AudioError: where the sound cannot be read.
    """
    seen = cache.stamp_of(sound)
    waveform.peaks(sound)
    cache.digest(sound)
    probe.probe(sound)
    distant_parts.find_out(sound, stream.header(sound))
    return Derived(seen, cache.remembered(sound, seen))


def keep(sound: Path, found: Derived) -> bool:
    """Keep what another process derived from a sound; tell whether it is still that sound.

    :raise AudioError: where the sound cannot be read.
    """
    kept = [cache.keep(sound, kind, value, found.seen) for kind, value in found.values.items()]
    return all(kept)
