"""Reads the passwords of a server that is not for everybody: one for all, or a line a person with their name."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from typing import TYPE_CHECKING, Final

from player.errors import ServeError, quoted, reason, shown
from player.files import opened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: How many signs a password has at least.
SHORTEST: Final = 12
#: How many signs a person's name has at most.
LONGEST_NAME: Final = 100

_LARGEST: Final = 64 * 1024  # bytes that are read of the file
_OTHERS: Final = 0o077  # permissions of all but the owner of a file


def password_in(path: Path) -> str:
    """Read the password: the first line of a file that nobody but its owner may read.

    :raise ServeError: where it cannot be read, others may read it, or its first line is no password.
    """
    line = lines_in(path)[0]
    refuse_weak(path, 1, line)
    return line


def lines_in(path: Path, what: str = "a file with the password in its first line") -> list[str]:
    """Read the lines of a password's file, at least one.

    :raise ServeError: where it cannot be read, or others than its owner may read it.
    """
    try:
        with opened(path) as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST)
    except OSError as error:
        raise ServeError(f"{shown(path)}: the password's file cannot be read ({reason(error)}); name {what}") from None
    if mode & _OTHERS:
        raise ServeError(
            f"{shown(path)}: others than its owner may read or change the password's file; let nobody else: "
            f"chmod 600 {shown(path)}"
        )
    try:
        return [line.removesuffix("\r") for line in content.decode("utf-8-sig").split("\n")]
    except UnicodeDecodeError:
        raise ServeError(f"{shown(path)}: the password's file is not UTF-8; save it as UTF-8") from None


def refuse_weak(path: Path, number: int, password: str) -> None:
    """Refuse what cannot be a password, in line ``number`` of a file.

    :raise ServeError: where that is so.
    """
    if not password.isprintable():
        raise ServeError(
            f"{shown(path)}:{number}: the password contains a tab or another control character, which browsers do not "
            "send; choose another"
        )
    if len(password) < SHORTEST:
        where = ", on the first line" if number == 1 else ""
        raise ServeError(
            f"{shown(path)}:{number}: the password has {len(password)} characters; choose one of at least "
            f"{SHORTEST}{where}"
        )


def people_in(path: Path) -> dict[str, str]:
    """Read the password of each person: lines ``Name: password`` of a file that nobody but its owner may read.

    :raise ServeError: where it cannot be read, others may read it, or a line is none of these.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(lines_in(path, "a file with a line for each person, Name: password"), 1):
        if not line.strip():
            continue
        said, colon, password = line.partition(":")
        name = said.strip()
        if not colon:
            raise ServeError(
                f"{shown(path)}:{number}: there is no name before the password, and the history of a recording says "
                "who changed it; write Name: password"
            )
        if why := why_no_name(name):
            raise ServeError(f"{shown(path)}:{number}: the name {why}; write Name: password")
        if is_same_name(name, found):
            raise ServeError(f"{shown(path)}:{number}: {quoted(name)} has a line before; keep one of them")
        refuse_weak(path, number, password.strip())
        found[name] = password.strip()
    if not found:
        raise ServeError(f"{shown(path)}: there is nobody in the password's file; write a line Name: password")
    return found


def why_no_name(name: str) -> str | None:
    """Say why something cannot be the name of who edits; None where it can: it stands in comments of a transcript."""
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if not name.isprintable() or "-->" in name:
        return "has a control character or an arrow in it"
    return None


def is_same_name(name: str, among: Iterable[str]) -> bool:
    """Tell whether somebody is called so, however the name is written."""
    return folded(name) in map(folded, among)


def folded(name: str) -> str:
    """Give a name as names are compared."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def digest(password: str) -> bytes:
    """Give what of a password is compared: of one length for all, and the same however its accents are written."""
    return hashlib.sha256(unicodedata.normalize("NFC", password).encode("utf-8", "replace")).digest()
