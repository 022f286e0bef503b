"""Takes what only a program needs out of the names of speakers: accounts, mail addresses, numbers of users and calls.

They came with the names from a meeting's list of users. Nobody said that they may be published.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

# As in ``hale@harbor.example``, and ``id@tenant`` of Microsoft's Graph, where both may be UUIDs.
_ADDRESS: Final = r"[^\s@<>()\[\]]{1,320}@[^\s@<>()\[\]]{1,255}"
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# Five digits are the number of a user; a telephone number has signs between them, or stars in place of some.
_NUMBER: Final = r"\+?[0-9*](?:[ ().-]?[0-9*]){4,24}"
_ACCOUNT: Final = rf"(?:mailto:)?{_ADDRESS}|{_UUID}|(?:(?:user|id)[ :#_-]?)?{_NUMBER}"
_WITHIN: Final = re.compile(rf"\s*[<(\[]\s*(?:{_ACCOUNT})\s*[>)\]]|(?<!\S)(?:{_ACCOUNT})(?!\S)", re.IGNORECASE)
# No name has more letters.
_LONGEST: Final = 400
_ANY: Final = re.compile(rf"{_ADDRESS}|{_UUID}")


def shown_names(names: Iterable[str]) -> tuple[dict[str, str], tuple[Remark, ...]]:
    """Give for each name that has such a thing in it the name without, and what is to be told of it.

    Who is nothing else is called ``Speaker 1``, and so on: it stays known which lines are of one voice.
    """
    names = list(dict.fromkeys(names))
    taken = set(names)
    found: dict[str, str] = {}
    unused = (called for called in map("Speaker {}".format, count(1)) if called not in taken)
    shortened, replaced = [], []
    for name in names:
        whole = " ".join(name[:_LONGEST].split())
        plain = " ".join(_WITHIN.sub(" ", whole).split()).strip(" ,;:-–—")
        if plain == whole.strip(" ,;:-–—"):
            continue
        if plain:
            found[name] = plain
            shortened.append(plain)
        else:
            found[name] = next(unused)
            replaced.append(found[name])
    return found, tuple(_told(shortened, replaced))


def has_account(text: str) -> bool:
    """Tell whether a comment or the like has a mail address, or the name of an account, in it."""
    return ("@" in text or "-" in text) and _ANY.search(text) is not None


def _told(shortened: list[str], replaced: list[str]) -> Iterable[Remark]:
    keep = "(--keep-ids keeps them)"
    if shortened:
        of = shortened[0] if len(shortened) == 1 else f"{len(shortened)} speakers"
        what = f"addresses and numbers in the name of {of} {keep}"
        yield Remark(Deed.LEFT_OUT, what)
    if replaced:
        what = "1 account" if len(replaced) == 1 else f"{len(replaced)} accounts"
        so = f"{replaced[0]} stands for it" if len(replaced) == 1 else "Speaker 1 and so on stand for them"
        yield Remark(Deed.LEFT_OUT, f"{what} in place of a name; {so} {keep}")
