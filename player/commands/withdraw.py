"""``player withdraw``: closes a recording at once, and removes what was derived from it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.errors import ArchiveError


@click.command(short_help="Close a recording at once.")
@click.argument("slug")
@click.option("--reason", help="Why, as visitors are told.")
@archive_option
def withdraw(slug: str, reason: str | None, root: Path) -> None:
    """Withdraw a recording: visitors see nothing of it any more but that it was withdrawn, and the reason if given.

    This is written into its recording.toml, as [withdrawal]; nothing else in that file changes. A server that runs
    goes by it within two seconds. What was derived from the recording is removed: its part of the index, its outline,
    its access copies, clips that the server keeps. The files of the recording itself stay. At the end stands what the
    command cannot reach.

    To show the recording again, remove [withdrawal] by hand.

    \b
    Example:
      player withdraw harbour-office --reason "Withdrawn by the narrator." --archive my-archive
    """
    import datetime as dt

    from player.archive.own_files import OwnFiles
    from player.errors import ArchiveError, printable, shown
    from player.intake import withdrawing

    if reason is not None and (wrong := withdrawing.wrong_reason(reason)) is not None:
        raise click.BadParameter(f"it {wrong}", param_hint="--reason")
    archive = open_archive(root)
    record, unread = _record(archive, slug)
    path = archive.transcripts / slug / "recording.toml"
    try:
        OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred([path])
        before = withdrawing.withdraw(path, dt.datetime.now().astimezone().date(), reason)
    except ArchiveError as refusal:
        if unread is None:
            click.echo(f"{refusal}\n{slug} is NOT withdrawn, and nothing was removed", err=True)
            sys.exit(1)
        _remove(archive, slug, record)
        _tell(_out_of_reach(archive, slug, record))
        click.echo(f"{unread}\n{shown(path)} could not be changed. {_CLOSED_ALREADY}", err=True)
        sys.exit(1)
    click.echo(f"{slug} {'was withdrawn before' if before.was_withdrawn else 'is withdrawn'}: {shown(path)}")
    if before.was_withdrawn and reason is not None and before.reason != reason:
        was = f'it was "{printable(before.reason)}"' if before.reason is not None else "there was none"
        click.echo(f'the reason that visitors read was changed: {was}, and is now "{printable(reason)}"')
    is_clean = _remove(archive, slug, record)
    _tell(_out_of_reach(archive, slug, record))
    if unread is not None:
        click.echo(f"{unread}\nVisitors see nothing of it in any case as long as it cannot be read.", err=True)
    if not is_clean:
        sys.exit(1)


_CLOSED_ALREADY = (
    "As long as it cannot be read, visitors see nothing of this recording; once it is corrected, they would: "
    "withdraw it then, before a server reads it, or write [withdrawal] and date = … into it as you correct it."
)

_NOT_LOOKED_FOR = (
    "this cannot be read, so what was derived from its sound was not looked for; correct it, and run this again"
)


def _record(archive: Archive, slug: str) -> tuple[Record | None, ArchiveError | None]:
    """Give the record, or why it cannot be read.

    :raise NotFoundError: where there is none.
    """
    from player.errors import ArchiveError

    try:
        return archive.record(slug), None
    except ArchiveError as error:
        return None, error


def _remove(archive: Archive, slug: str, record: Record | None) -> bool:
    """Remove what was derived, and print what that was; tell whether all of it went."""
    from player.audio import access, forgetting
    from player.errors import reason, shown
    from player.roots import cache_folder
    from player.web.serving import kept_clips

    failed, done = _forgotten(archive, slug)
    _end_invitations(archive, slug, failed, done)
    copies = access.made_for(archive.media, slug)
    cached: list[Path] = []
    sounds = _sounds(archive, slug, record)
    for sound in sounds or ():
        found = forgetting.derived(sound)
        if found and (users := [other.slug for other in _others_with(archive, slug, [sound])]):
            click.echo(f"what was derived from {shown(sound)} stays: {_listed(users)} also names that sound")
        else:
            cached += found
    cached += [each for copy in (*copies, *_parts(archive, slug)) for each in forgetting.derived(copy)]
    clips = kept_clips.all_of(archive.transcripts / slug)
    left = forgetting.remove([*copies, *cached, *clips])
    failed += [f"{shown(path)}: this cannot be removed ({reason(error)}); remove it by hand" for path, error in left]
    done += [shown(path) for path in copies if not os.path.lexists(path)]
    if count := _count_gone(cached):
        done.append(
            f"{counted(count, 'file')} derived from its sound, in the cache {shown(cache_folder() or cached[0])}"
        )
    if count := _count_gone(clips):
        done.append(f"{counted(count, 'clip')} kept by a server")
    if sounds is None:
        failed.append(f"{shown(archive.transcripts / slug / 'recording.toml')}: {_NOT_LOOKED_FOR}")
    if done:
        click.echo("\n".join(["removed:", *(f"  {each}" for each in done)]))
    elif not failed:
        click.echo("nothing was left to be removed")
    for message in failed:
        click.echo(message, err=True)
    return not failed


def _end_invitations(archive: Archive, slug: str, failed: list[str], done: list[str]) -> None:
    """End all invitations, for good: without the withdrawal, too, nobody has them who was not invited anew."""
    from player.archive.invitations import place_of
    from player.errors import WriteError, shown
    from player.intake.transaction import transaction

    place = place_of(archive, slug)
    if not os.path.lexists(place):
        return
    try:
        with transaction(archive.root) as change:
            change.remove(place)
    except WriteError as error:
        failed.append(str(error))
    else:
        done.append(f"the invitations to it: {shown(place)}")


def _count_gone(paths: Sequence[Path]) -> int:
    return sum(not os.path.lexists(path) for path in paths)


def _sounds(archive: Archive, slug: str, record: Record | None) -> list[Path] | None:
    """Give the files that a record means as its sound; None where it cannot be read, and nobody knows which they are.

    One with faults may name its sound all the same. Of what lies elsewhere it is the file that stands for it here.
    """
    import tomllib

    from player.archive import media_names
    from player.archive.own_files import own_files
    from player.errors import ArchiveError
    from player.files import content

    name = record.media_name if record is not None else None
    if record is None:
        path = archive.transcripts / slug / "recording.toml"
        try:
            own_files(archive.transcripts).refuse_barred([path])
            name = tomllib.loads(content(path).decode("utf-8-sig"))["media"]
        except (ArchiveError, OSError, ValueError, KeyError, RecursionError):
            return None
    if isinstance(name, str) and "://" in name:
        return _standing_for(name)
    if not isinstance(name, str) or not (name and name.isprintable() and Path(name).name == name):
        return None if record is None else []
    return list(media_names.meant(archive.media / name)) or [archive.media / name]


def _standing_for(name: str) -> list[Path]:
    """Give the file that stands here for a sound elsewhere, be it asked for or not."""
    from player.storage.addresses import parsed
    from player.storage.faults import StorageError
    from player.storage.stand_ins import stand_in

    address = parsed(name)
    try:
        return [] if address is None else [stand_in(address)]
    except StorageError:
        return []  # there is no cache


def _parts(archive: Archive, slug: str) -> list[Path]:
    """List what lies in the folder of the sounds that a recording was joined from."""
    from player.archive.parts import folder_of

    try:
        return sorted(folder_of(archive.media, slug).iterdir())
    except OSError:
        return []


def _forgotten(archive: Archive, slug: str) -> tuple[list[str], list[str]]:
    """Take the recording out of the index; give what went wrong, and what was removed."""
    import sqlite3

    from player.errors import PlayerError
    from player.index.forgetting import forget

    try:
        return [], ["its title, words and notes in the index"] if forget(archive.root, slug) else []
    except PlayerError as error:
        return [str(error)], []
    except sqlite3.Error as error:
        return [f"the index cannot be written ({error}); delete it, and it is made again: player index"], []


def _others_with(archive: Archive, slug: str, sounds: Sequence[Path]) -> Iterator[Record]:
    """Give the other records that name one of these sounds, and are not withdrawn."""
    real = {os.path.realpath(sound) for sound in sounds}
    for other in _others(archive, slug):
        if other.media is not None and os.path.realpath(other.media) in real and other.withdrawal is None:
            yield other


def _others(archive: Archive, slug: str) -> Iterator[Record]:
    for name in archive.slugs():
        if name != slug and (other := _record(archive, name)[0]) is not None:
            yield other


def _out_of_reach(archive: Archive, slug: str, record: Record | None) -> Iterator[str]:
    """Say what the command has not removed and cannot, and what to do about it."""
    from player import elsewhere
    from player.archive.parts import folder_of
    from player.audio import access
    from player.commands.advised import with_archive
    from player.errors import shown
    from player.roots import cache_folder

    sounds = _sounds(archive, slug, record) or []
    here = [sound for sound in sounds if elsewhere.way_of(sound) is None]
    # Those that ``player access`` made have gone by now.
    copies = [access.place(archive.media, slug, kind) for kind in access.KINDS]
    parts = [folder_of(archive.media, slug)] if _parts(archive, slug) else []
    files = [archive.transcripts / slug, *here, *parts, *filter(os.path.lexists, copies)]
    yield f"its own files: {', '.join(map(shown, files))}; delete them if they are not to be kept"
    named = [record.media_name] if record is not None and record.lies_elsewhere else []
    for place in [elsewhere.called(sound) for sound in sounds if sound not in here] or named:
        beside = ", and what lies beside it in the bucket" if (place or "").startswith("s3:") else ""
        yield f"its sound at {place}{beside}: remove it there, or let nobody read it"
        if beside:
            yield with_archive(f"access copies beside it: this removes them there: player access {slug} --beside")
    for other in _others_with(archive, slug, sounds):
        yield f"the record {other.slug}, which names the same sound"
    for other in _others(archive, slug):
        if other.surrogate_for == slug and other.withdrawal is None:
            yield f"the record {other.slug}, which stands in for it"
    if said := list(_mentions(archive, slug)):
        yield f"what is said about it elsewhere: its name stands in {_listed([shown(path) for path in said])}"
    folder = cache_folder()
    if folder is not None:
        yield f"other caches than {shown(folder)}: where a server has another PLAYER_CACHE, run this again with that"
    yield f"caches of proxies in front of a server: purge what begins with /recordings/{slug} and /media/{slug}"
    yield "a sound that nginx is sending at this moment, if PLAYER_ACCEL is set: it is sent to its end"
    yield "what visitors have downloaded, and what their browsers keep"
    yield "clips and copies that commands made, wherever they were saved"
    yield "backups, earlier versions, and other copies of the archive"
    yield "what search engines and web archives have copied: ask them to remove it"


def _mentions(archive: Archive, slug: str) -> Iterator[Path]:
    """Give the files that all recordings share, the dossiers and the sets, in which its name stands."""
    import re

    from player.archive.own_files import own_files
    from player.files import content

    name = re.compile(rb"(?<![\w-])" + re.escape(slug.encode()) + rb"(?![\w-])")
    for pattern in ("*.toml", "dossiers/*.toml", "sets/*.toml"):
        for path in own_files(archive.transcripts).among(sorted(archive.transcripts.glob(pattern))):
            try:
                if name.search(content(path)):
                    yield path
            except OSError:
                continue  # ``player check`` says so


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _tell(lines: Iterator[str]) -> None:
    click.echo("\n".join(["not reached:", *(f"  {line}" for line in lines)]))
