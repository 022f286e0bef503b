"""``player bind``: writes into a transcript which sound it was timed to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import counted, ended, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.transcript import Transcript


@click.command(short_help="Bind a transcript to its sound.")
@click.argument("slug", required=False)
@click.option("--all", "every", is_flag=True, help="Bind every transcript that is bound to no sound.")
@click.option("--force", is_flag=True, help="Bind it also where it is bound to another file.")
@archive_option
def bind(slug: str | None, *, every: bool, force: bool, root: Path) -> None:
    """Bind a transcript to its sound: write into its header the SHA-256 of the file that its times belong to.

    If another sound is put in its place later, the page marks no lines by times that are not its own. Nothing else in
    the file is changed. Bind a transcript only to the sound to which it was timed: listen to the end first.

    \b
    Example:
      player bind harbour-office --archive my-archive
      player bind --all --archive my-archive
    """
    from player.errors import PlayerError

    if (slug is None) != every:
        raise click.UsageError("Name one recording, or give --all.")
    if every and force:
        raise click.UsageError("--force needs the name of one recording.")
    archive = open_archive(root)
    if slug is not None:
        click.echo(_bind(archive, archive.recording(slug), force=force))
        return
    count = failed = 0
    for each in archive.slugs():
        try:
            recording = archive.recording(each)
            if _is_unbound(recording):
                click.echo(_bind(archive, recording, force=False))
                count += 1
        except PlayerError as refusal:
            refuse(each, refusal)
            failed += 1
    if not count and not failed:
        click.echo("every transcript with a sound is bound")
    else:
        ended(f"{counted(count, 'transcript')} bound", [(failed, "not bound")])
    if failed:
        sys.exit(1)


def _is_unbound(recording: Recording) -> bool:
    """Tell whether a recording has a sound, and a transcript that could follow any, or that cannot be read."""
    transcript, media = recording.transcript, recording.media
    if media is None or not media.is_file():
        return False
    return bool(recording.unread.transcript) if transcript is None else transcript.media_sha256 is None


def _bind(archive: Archive, recording: Recording, *, force: bool) -> str:
    """Bind the transcript of a recording, and the translations that were bound with it; say what was done.

    :raise PlayerError: where there is nothing to bind, it is bound to another file, or it cannot be written.
    """
    from player.audio import cache
    from player.errors import ArchiveError, WriteError, reason, shown

    if unread := (*recording.unread.transcript, *recording.unread.media):
        raise ArchiveError(unread)
    transcript, media = recording.transcript, recording.media
    if transcript is None:
        path = shown(recording.folder / "transcript.vtt")
        raise WriteError(f"{path}: there is no transcript; put one there, and try again")
    if media is None:
        raise WriteError(f"{shown(recording.path)}: the record names no sound; write media = …, and try again")
    digest = cache.digest(media)
    if transcript.media_sha256 == digest:
        return f"{shown(transcript.path)}: it is already bound to {media.name}"
    if transcript.media_sha256 is not None and not force:
        what = f"it is bound to another file than {media.name}"
        raise WriteError(f"{shown(transcript.path)}: {what}; if it was timed to this one, bind it with --force")
    paths = [transcript.path, *_bound_alike(archive, recording, transcript)]
    try:
        _write(archive, recording, paths, digest)
    except OSError as error:
        raise WriteError(
            f"{shown(transcript.path)}: it cannot be written ({reason(error)}); check that you may write there"
        ) from None
    also = f", and so {'is' if len(paths) == 2 else 'are'} {', '.join(path.name for path in paths[1:])}"  # noqa: PLR2004  # one beside it
    return f"{shown(transcript.path)}: it is now bound to {media.name}{also if len(paths) > 1 else ''}"


def _write(archive: Archive, recording: Recording, paths: Sequence[Path], digest: str) -> None:
    """Write the digest into the transcript, the first of these files, and the translations; a history has it too."""
    from player.archive.webvtt.binding import bind as write
    from player.archive.webvtt.binding import bound_file
    from player.history.entries import BIND
    from player.history.recording import record
    from player.history.versions import history
    from player.intake.transaction import transaction

    if history(recording).last < 0:
        write(paths, digest)
        return
    with transaction(archive.root) as change:
        for path in paths:
            before, after = bound_file(path, digest)
            change.replace(path, before, after)
            if path == paths[0]:
                record(change, recording, before, after, None, BIND, begins=False, follows=False)


def _bound_alike(archive: Archive, recording: Recording, transcript: Transcript) -> list[Path]:
    """List the translations that are bound to the same sound as the transcript, so that they go with it."""
    from player.archive.own_files import OwnFiles
    from player.archive.webvtt.reading import read_transcript
    from player.errors import ArchiveError

    own = OwnFiles((archive.root, archive.media, archive.transcripts))
    barred = own.barred(each.path for each in recording.translations)
    found = []
    for translation in recording.translations:
        if translation.path in barred:
            continue  # as below
        try:
            digest = read_transcript(translation.path).media_sha256
        except ArchiveError:
            continue  # player check reports it
        if digest is not None and digest == transcript.media_sha256:
            found.append(translation.path)
    return found
