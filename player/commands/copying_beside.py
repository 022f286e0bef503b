"""``player access --beside``: puts access copies, and what was found of sounds, beside sounds in object storage."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from player.commands.advised import with_archive
from player.commands.output import counted, ended, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.audio.access import Copy
    from player.audio.access_make import Made
    from player.commands.copying import Copying, Outcome
    from player.storage.looks import Look
    from player.timecode import Span


def is_in_s3(record: Record) -> bool:
    """Tell whether the sound of a recording lies in S3, beside which something can be put."""
    if record.media is None or not record.lies_elsewhere:
        return False
    from player.storage.stand_ins import address_of

    return address_of(record.media).scheme == "s3"


def copied_beside(archive: Archive, record: Record, asked: Copying, silent: Sequence[Span]) -> Outcome:
    """Put the copy of a recording beside its sound unless nothing is to be done, and say what came of it.

    One that the archive has in ``media/access/`` is put there as it is, if it is right. Of a recording that nobody may
    hear none is, whatever is asked.

    :raise PlayerError: where it cannot be made, or not be put there.
    """
    from player.audio import access as copies
    from player.audio.access_make import or_flac
    from player.commands.copying import EXACT, Outcome, copied, described
    from player.commands.outlining import unheard
    from player.errors import shown
    from player.files import temporary_folder
    from player.storage import beside, objects
    from player.storage.stand_ins import address_of

    held, kind = record.media, asked.kind
    assert held is not None  # noqa: S101  # mypy cannot know that ``is_in_s3`` asked it
    address = address_of(held)
    beside.require(address)
    if why_none := unheard(record):
        return Outcome(f"{shown(held)}: {why_none}, so no copy is put beside it")
    there = next(iter(copies.beside(held, silent)), None)
    if not (silent or copies.needed(held) or there or asked.force):
        return Outcome(f"{shown(held)}: {EXACT}")
    seen = objects.look(address)
    own = None if asked.force else copies.shipped(archive.media, record.slug, held, silent)
    if own and kind in {None, own.kind}:
        place = _put(archive, record, seen, own, silent)
        return Outcome(f"{place}: this was put there from {shown(own.path)}", is_made=True)
    with temporary_folder("to make the copy in") as folder:

        def make(kind: str) -> Made:
            target = folder / f"{record.slug}.{kind}"
            return copied(record.slug, held, target, kind, silent, is_followed=asked.is_followed)

        made = make(kind) if kind is not None else or_flac(there.kind if there else copies.kind_for(held), make)
        place = _put(archive, record, seen, copies.at(made.path), silent)
        return Outcome(described(made, held, silent, place), is_made=True)


def put_beside(archive: Archive, *, outlines: bool) -> bool:
    """Put what was found of sounds in S3 beside these, where it is not yet, if ``outlines``; tell whether all could be.

    Copies are removed there that are of no recording as it is now.
    """
    from player.commands.outlining import heard_of
    from player.errors import PlayerError

    put = there = failed = 0
    for record in _in_s3(archive) if outlines else ():
        try:
            if (sound := heard_of(record)) is None:
                continue
            if _found_put(sound):
                put += 1
            else:
                there += 1
        except PlayerError as error:
            refuse(record.slug, error)
            failed += 1
    if outlines:
        ended(f"put beside {counted(put, 'sound')}", [(there, "had it there"), (failed, "not put there")])
    is_kept = not keep_wanted(archive)
    return is_kept and not failed


def keep_wanted(archive: Archive, only: Path | None = None) -> bool:
    """Remove copies beside sounds, or ``only`` one, that are of no recording as it is now; tell whether that failed.

    One that cannot be read wants none, for nobody hears it: another's typing error keeps no copy of what was withdrawn.
    """
    import click

    from player.commands.outlining import heard_of
    from player.errors import PlayerError
    from player.storage import beside, copies_beside, objects
    from player.storage.stand_ins import address_of

    wanted: dict[Path, set[copies_beside.Silent]] = {}
    for record in _in_s3(archive):
        if record.media is None or only not in {None, record.media}:
            continue
        spans = wanted.setdefault(record.media, set())
        if heard_of(record) is not None:
            spans.add(_silent(record.shown.silenced))
    failed = False
    for sound, spans in wanted.items():
        try:
            address = address_of(sound)
            if beside.is_beside(address) and (gone := copies_beside.keep_only(address, objects.look(address), spans)):
                those = "a copy" if gone == 1 else f"{gone} copies"
                click.echo(f"{address}: {those} beside it, of no recording as it is now, removed")
        except PlayerError as error:
            click.echo(with_archive(str(error)), err=True)
            failed = True
    return failed


def _in_s3(archive: Archive) -> Iterator[Record]:
    from player.errors import PlayerError

    for slug in archive.slugs():
        with suppress(PlayerError):  # player check says so
            if is_in_s3(record := archive.record(slug)):
                yield record


def _found_put(sound: Path) -> bool:
    """Put what was found of a sound beside it; tell whether it was not there yet.

    :raise PlayerError: where that may not be done, or cannot.
    """
    from player.audio import ahead
    from player.errors import WriteError
    from player.storage import beside, copies_beside, objects
    from player.storage.stand_ins import address_of

    address = address_of(sound)
    beside.require(address)
    seen, values = objects.look(address), ahead.derived(sound).values
    if not values:
        raise WriteError(f"{address}: this was changed a moment ago; do it again")
    if values.keys() <= beside.found(address, seen).keys():
        return False
    copies_beside.change(address, seen, lambda there: {**values, **there})
    return True


def _put(archive: Archive, record: Record, seen: Look, copy: Copy, silent: Sequence[Span]) -> str:
    """Put a copy of the sound of a recording, as that was seen, beside it; give where it lies.

    :raise WriteError: where the recording is another by now: making the copy takes minutes.
    :raise StorageError: where that may not be done, or cannot.
    """
    from player.archive.distant_sounds import is_all_open
    from player.commands.outlining import heard_of
    from player.errors import WriteError, shown
    from player.storage.copies_beside import Beside, put
    from player.storage.stand_ins import address_of

    now = archive.record(record.slug)
    sound = heard_of(now)
    if sound is None or sound != record.media or _silent(now.shown.silenced) != _silent(silent):
        what = "what may be heard of this recording was changed while its copy was made"
        raise WriteError(f"{shown(record.path)}: {what}, and it was put nowhere; do it again")
    told = Beside(f".{copy.kind}", 0, "", copy.sha256, copy.made_from, _silent(silent))
    return str(put(address_of(sound), seen, copy.path, told, copy.mimetype, is_open=is_all_open(now)))


def _silent(spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in spans)
