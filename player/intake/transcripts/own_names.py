"""Takes what is no part of a name out of those of speakers: accounts, mail addresses, numbers, and signs nobody sees.

They came with the names from a meeting's list of users. Nobody said that they may be published.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final
from unicodedata import category

from player.archive.transcript import Turn
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.intake.transcripts.imported import ImportedLine

# As in ``hale@harbor.example``, and ``id@tenant`` of Microsoft's Graph, where both may be UUIDs.
_ADDRESS: Final = r"[^\s@<>()\[\]]{1,320}@[^\s@<>()\[\]]{1,255}"
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# Five digits are the number of a user; a telephone number has signs between them, or stars in place of some.
_NUMBER: Final = r"\+?[0-9*](?:[ ().-]?[0-9*]){4,24}"
_ACCOUNT: Final = rf"(?:mailto:)?{_ADDRESS}|{_UUID}|(?:(?:user|id)[ :#_-]?)?{_NUMBER}"
_WITHIN: Final = re.compile(rf"\s*[<(\[]\s*(?:{_ACCOUNT})\s*[>)\]]|(?<!\S)(?:{_ACCOUNT})(?!\S)", re.IGNORECASE)
# No name has more letters.
_LONGEST: Final = 400
# With these, which nobody sees either, letters are joined as a name's own script has it.
_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
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


def visible(text: str) -> str:
    """Give a text without signs that nobody sees, such as those that turn the order of the letters around them."""
    if text.isascii():
        return text
    return "".join(sign for sign in text if sign in _JOINERS or category(sign) != "Cf")


def with_shown_names(lines: Sequence[ImportedLine], *, keep_ids: bool) -> tuple[list[ImportedLine], list[Remark]]:
    """Give lines with the names of voices as they are shown, and without accounts in comments; and say what went.

    With ``keep_ids``, what only a program needs stays.
    """
    names = dict.fromkeys(turn.speaker for line in lines for turn in line.turns if turn.speaker is not None)
    plain = {name: visible(name) for name in names}
    told = list(_told_of_signs([shown for name, shown in plain.items() if name != shown]))
    if not keep_ids:
        found, of_accounts = shown_names(plain.values())
        plain = {name: found.get(shown, shown) for name, shown in plain.items()}
        told += of_accounts
    plain = {name: shown for name, shown in plain.items() if name != shown}
    return [_with_shown(line, plain, keep_ids=keep_ids) if plain or line.comments else line for line in lines], told


def _with_shown(line: ImportedLine, shown: Mapping[str, str], *, keep_ids: bool) -> ImportedLine:
    if any(turn.speaker in shown for turn in line.turns):
        turns = tuple(Turn(shown.get(turn.speaker or "", turn.speaker), turn.text) for turn in line.turns)
        line = replace(line, turns=turns)
    if not keep_ids and line.comments and any(map(has_account, line.comments)):
        line = replace(line, comments=tuple(each for each in line.comments if not has_account(each)))
    return line


def _told_of_signs(names: Sequence[str]) -> Iterable[Remark]:
    if names:
        of = (names[0].strip() or "a speaker") if len(names) == 1 else f"{len(names)} speakers"
        yield Remark(Deed.LEFT_OUT, f"signs that nobody sees, in the name of {of}")


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
