"""Gives a record whose sound lies elsewhere the file that stands for it, if the operator lets that place be asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from player.errors import Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from player.archive.recording import Record


def with_distant(record: Record) -> Record:
    """Give the record with what stands for its sound, or with why that may not be read; nothing is asked for it."""
    from player.storage.addresses import REMEDY, parsed, refusal  # noqa: PLC0415  # where a sound lies elsewhere
    from player.storage.faults import StorageError  # noqa: PLC0415  # likewise
    from player.storage.stand_ins import stand_in  # noqa: PLC0415  # likewise, 15 ms

    address = parsed(record.media_name or "")
    told = ("this is not the address of a sound", REMEDY) if address is None else refusal(address)
    if told is None and address is not None:
        try:
            return replace(record, media=stand_in(address), media_faults=())
        except StorageError as error:
            what, _, remedy = str(error).partition("; ")
            told = what, remedy
    return replace(record, media=None, media_faults=(record.fault("media", *told),) if told else ())


def is_all_open(record: Record) -> bool:
    """Tell whether nothing of a recording is closed, nor was until a date, nor is it withdrawn."""
    return record.shown.is_everything and not (record.access or record.closed or record.withdrawal)


def name_of(record: Record) -> str | None:
    """Give what the sound is called that a record names, be that a file or an address."""
    if not record.lies_elsewhere:
        return record.media_name
    from player.storage.addresses import name_of as called  # noqa: PLC0415  # where a sound lies elsewhere

    return called(record.media_name or "")


def at_record(record: Record, advice: Iterable[Advice]) -> Iterator[Advice]:
    """Give advice at the line that names the sound, where it would be at a file that only stands for that."""
    for each in advice:
        is_there = record.lies_elsewhere and each.path == record.media
        yield Advice(record.path, record.line_of("media"), each.what, each.remedy) if is_there else each
