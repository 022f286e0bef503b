"""Tells what of a sound elsewhere anybody may have: the sound itself, and the access copies beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.elsewhere import copies_of
from player.storage import beside, objects
from player.storage.copies_beside import KIND, LEAVING, listed
from player.storage.faults import StorageError
from player.storage.stand_ins import address_of, told_copies

if TYPE_CHECKING:
    from pathlib import Path

    from player.storage.addresses import Address


def is_public(path: Path) -> bool:
    """Tell whether anybody may have what a file stands for; where that cannot be asked, it seems not to be so."""
    return _is_public(address_of(path))


def told_places(path: Path) -> list[Address]:
    """Give where access copies may lie beside what a file stands for, be they played or to go.

    :raise StorageError: where nobody knows.
    """
    address = address_of(path)
    if not beside.is_beside(address):
        return []
    found = beside.found(address, objects.look(address))
    return [each.place(address) for kind in (KIND, LEAVING) for each in listed(found, kind)]


def public_copies(path: Path) -> list[Address]:
    """Give where anybody may have an access copy that lies beside what a file stands for, as far as can be asked."""
    try:
        return [each for each in dict.fromkeys(told_places(path)) if _is_public(each)]
    except StorageError:
        return []


def lost_copies(path: Path) -> list[Address]:
    """Give where an access copy is told of that is gone, or is another object now, as far as can be asked."""
    try:
        told = told_copies(path)
    except StorageError:
        return []
    there = {address_of(copy) for copy, _ in copies_of(path)}
    return [each for each in told if each not in there]


def _is_public(address: Address) -> bool:
    from player.storage import s3, web  # noqa: PLC0415  # for a check

    try:
        if address.scheme == "s3":
            s3.look(address, is_signed=False)
        else:
            web.look(address)
    except StorageError:
        return False
    return True
