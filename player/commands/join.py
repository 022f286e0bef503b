"""``player join``: makes the sound of a recording again from the parts that it was joined from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands import output
from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.audio.joining import Joined


@click.command(short_help="Join the parts of a recording again.")
@click.argument("slug")
@click.option("--force", is_flag=True, help="Replace a sound that is there and is not what its parts are.")
@archive_option
def join(slug: str, *, force: bool, root: Path) -> None:
    """Join the sounds in media/parts/SLUG/ into the one that plays, in the order of the [[part]] tables.

    Sample follows on sample, and nothing is resampled or mixed. What was joined is read again before it is put in its
    place: it is there whole, and to the sample what its parts are, or not at all. Neither the parts nor the record are
    changed.

    \b
    Example:
      player join quay-meeting --archive my-archive
    """
    from player.archive.part_files import part_files
    from player.errors import ArchiveError, Fault

    archive = open_archive(root)
    record = archive.record(slug)
    if not record.part:
        remedy = "name the sounds in [[part]] tables, or add them with player add"
        raise ArchiveError([Fault(record.path, None, "the record has no parts", remedy)])
    if record.media_faults:
        raise ArchiveError(record.media_faults)
    if record.media is None:
        remedy = f'write media = "{slug}.flac" above its first table'
        raise ArchiveError(
            [Fault(record.path, None, "the record does not say what the joined sound is called", remedy)]
        )
    files = part_files(archive, record)
    _refuse_others(record, files)
    click.echo(_joined(archive, record, record.media, files, force=force))


def _refuse_others(record: Record, files: Sequence[Path]) -> None:
    """Refuse parts that are not there, or not as they came.

    :raise ArchiveError: naming each.
    :raise AudioError: where one cannot be read.
    """
    from player.audio import cache
    from player.errors import ArchiveError, shown

    wrong = []
    for part, path in zip(record.part, files, strict=True):
        if not path.is_file():
            wrong.append(part.fault("media", f"there is no file {shown(path)}", "put it there"))
        elif cache.digest(path) != part.sha256.lower():
            what = f"{shown(path)} is not the file that came (its SHA-256 is another)"
            wrong.append(part.fault("sha256", what, "bring that file back"))
    if wrong:
        raise ArchiveError(wrong)


def _joined(archive: Archive, record: Record, target: Path, files: Sequence[Path], *, force: bool) -> str:
    """Join the parts unless that is done, and say what came of it.

    :raise PlayerError: where they cannot be joined, or something else is in the way.
    """
    from player.audio import joining
    from player.errors import WriteError, reason, shown
    from player.files import new_files

    shape = joining.shape_of(files)
    if target.suffix.lower() != shape.suffix:
        what = f"its parts are joined into a {shape.suffix}, which can hold all that they have"
        raise WriteError(f"{shown(target)}: {what}; call it {target.stem}{shape.suffix} in the record")
    if target.is_file() and not force:
        if joining.compared(target, files).is_same:
            return f"{shown(target)}: this is what its parts are, sample after sample; nothing is to be done"
        raise WriteError(f"{shown(target)}: this is something else than its parts; use --force to replace it")
    try:
        with new_files([target], force=True) as (beside,), output.progress(f"Joining {record.slug}") as progress:
            made = joining.join(files, beside, shape, progress)
    except WriteError as error:
        raise WriteError(f"{shown(target)}: {error}") from None
    except OSError as error:
        raise WriteError(
            f"{shown(target)}: the sound cannot be written ({reason(error)}); "
            "check the permissions of the folder and the free space"
        ) from None
    return "\n".join([_described(made, target), *_remarks(archive, record, made, target)])


def _described(made: Joined, target: Path) -> str:
    from player.errors import shown
    from player.timecode import display

    size = f"{target.stat().st_size / 1e6:.1f} MB"
    parts = counted(len(made.lengths), "part")
    return f"{shown(target)}: {display(made.duration)}, {size}, joined from {parts}, and to the sample what they are"


def _remarks(archive: Archive, record: Record, made: Joined, target: Path) -> Iterator[str]:
    """Say what else is to be done now that there is this sound."""
    from player.audio import cache
    from player.errors import shown
    from player.timecode import display

    for part, start in zip(record.part, made.starts, strict=True):
        if part.start != start:
            yield str(
                part.fault("start", f"{part.title} begins at {display(start)}", f'write start = "{display(start)}"')
            )
    bound = transcript.media_sha256 if (transcript := archive.recording(record.slug).transcript) else None
    if transcript is not None and bound not in {None, cache.digest(target)}:
        remedy = f"if its times are right, bind it: player bind {record.slug} --force"
        yield with_archive(f"{shown(transcript.path)}: this was timed to another file of the sound; {remedy}")
