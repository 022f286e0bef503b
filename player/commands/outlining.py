"""``player access --all --outlines``: finds beforehand what pages show of sounds, and keeps it in the cache here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.commands.output import counted, ended, refuse
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.audio.ahead import Derived
    from player.errors import PlayerError
    from player.workers import Workers


@value
class Measuring:
    """The sound of a recording of the archive at ``root``, to be measured."""

    root: Path
    slug: str


def outline_all(archive: Archive, by: Workers, *, is_shown: bool) -> bool:
    """Have the sounds measured that somebody may hear and that are not yet; tell whether all could be.

    :raise ClusterError: where those who do it are gone.
    """
    from player.audio import ahead
    from player.commands.where_done import counting
    from player.errors import PlayerError

    sounds: dict[str, Path] = {}
    there = done = 0
    for slug in archive.slugs():
        try:
            if (sound := heard_of(archive.record(slug))) is None:
                continue
            if ahead.is_there(sound):
                there += 1
                continue
        except PlayerError:
            continue  # what is wrong with it was said when its copy was to be made
        sounds[slug] = sound
    tasks = [Measuring(archive.root, slug) for slug in sounds]
    with counting("measured", is_shown=is_shown) as count:
        for task, found in by.done(derived_of, tasks, count.tell):
            if (wrong := _kept(sounds[task.slug], found)) is None:
                done += 1
            else:
                refuse(task.slug, wrong, count.say)
        measured = f"{counted(done, 'sound')} measured for {'its page' if done == 1 else 'their pages'}"
        ended(measured, [(there, "were measured before"), (len(tasks) - done, "not measured")], count.say)
    return done == len(tasks)


def _kept(sound: Path, found: Derived | PlayerError) -> PlayerError | None:
    """Keep what was found in a sound here; give why not, where it cannot be."""
    from player.audio import ahead
    from player.errors import AudioError, PlayerError, shown

    if isinstance(found, PlayerError):
        return found
    try:
        is_kept = ahead.keep(sound, found)
    except PlayerError as error:
        return error
    return None if is_kept else AudioError(f"{shown(sound)}: this was changed a moment ago; do it again")


def derived_of(asked: Measuring) -> Derived:
    """Measure the sound of a recording, in any process.

    :raise PlayerError: where it cannot be read.
    """
    from player.archive.archive import Archive
    from player.audio import ahead
    from player.errors import WriteError

    sound = heard_of(Archive(asked.root).record(asked.slug))
    if sound is None:
        raise WriteError(f"{asked.slug}: its sound was taken away meanwhile")
    return ahead.derived(sound)


def unheard(record: Record) -> str | None:
    """Say why nobody may hear a recording, published or not, as a part of a sentence; None where somebody may."""
    if record.shown.withdrawal is not None:
        return "the recording was withdrawn"
    from player.archive.gate.declared import DRAFT

    sound = record.shown.sound
    return None if sound is None or sound.state == DRAFT else f"its sound is {sound.label}"


def heard_of(record: Record) -> Path | None:
    """Give the sound of a recording; None where it has none, or nobody may hear it."""
    return None if record.media is None or unheard(record) else record.media
