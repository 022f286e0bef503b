"""Says how English tokens may be spoken: words, abbreviations, initials, and tokens with hyphens and signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.align import english_figures
from player.align.english_abbreviations import (
    CLIPPED,
    HUMMED,
    MONTHS,
    PREFIXES,
    SIGNS,
    UNITS,
    UNSAID,
    WELL_KNOWN,
    WITH_STOP,
    WITHOUT_STOP,
)
from player.align.ways import Beside, Spoken, chained, few

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is printed around a word, and not said.
_AROUND: Final = ' "“”„«»()[]{}<>*_~|^\\¿¡,;:!?…`'
_DOTTED: Final = re.compile(r"((?:[A-Za-z]\.)+[A-Za-z]?)\.?(?:'?(s))?")
_CAPITALS: Final = re.compile(r"([A-Z]{2,6})(?:'?(s))?")
_BETWEEN: Final = re.compile(r"(--+|[-/–—…·•&+=@]|\.\.+|(?<=[a-z])[._](?=[a-z]))", re.IGNORECASE)
_RUNS: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?|\d+")
_JOINTS: Final[dict[str, list[Spoken]]] = {"/": [(), ("or",), ("slash",), ("and",)], ".": [("dot",), ()]}
_VOWELS: Final = frozenset("AEIOUY")
# Of capital letters so many are more often initials than a word: US, BBC, but NATO.
_INITIALS: Final = 3
# So many parts of a token are told apart; the rest is one.
_PARTS: Final = 8
# Before a dash what has so few letters may be a word that was cut off: "gov--".
_CUT: Final = 4
_PLURAL_OR_NOT: Final = re.compile(r"\W*([^\W\d_]+)\((e?s)\)\W*")

_ROMAN: Final = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10}


def ways(token: str, beside: Beside) -> list[Spoken]:
    """Say one token: its ways, the likeliest first; one way without words where nothing of it is said."""
    if plural := _PLURAL_OR_NOT.fullmatch(token):
        return [(f"{plural[1]}{plural[2]}".lower(),), (plural[1].lower(),)]
    core = token.strip(_AROUND)
    if core.startswith("'") and core.endswith("'"):
        core = core.strip("'")
    for attempt in dict.fromkeys((core, core.strip(".'"))):
        if said := _whole(attempt, beside):
            return few(said)
    return few(_parted(core.strip("."), beside)) or [()]


def _whole(core: str, beside: Beside) -> list[Spoken]:
    """Say a token that is one thing; in no way where it is not."""
    if core:
        for look in (_listed, english_figures.ways, _unit, _roman, _dotted, _capitals, _word):
            if said := look(core, beside):
                return said
    return []


def _listed(core: str, _beside: Beside) -> list[Spoken]:
    """Look a token up among signs and abbreviations."""
    small = core.lower()
    bare = small.rstrip(".")
    if bare in MONTHS and bare != MONTHS[bare] and (small.endswith(".") or core[0].isupper()):
        return [(MONTHS[bare],), (bare,)]
    if small.endswith(".") and f"{bare}." in WITH_STOP:
        return list(WITH_STOP[f"{bare}."])
    if bare in HUMMED:
        return [(HUMMED[bare],)]
    return list(WITHOUT_STOP.get(bare) or SIGNS.get(small) or ())


def _unit(core: str, beside: Beside) -> list[Spoken]:
    return list(UNITS.get(core.lower(), ())) if beside.before[-1:].isdecimal() else []


def _dotted(core: str, _beside: Beside) -> list[Spoken]:
    """Say initials with full stops: "U.N.'s", "J."."""
    dotted = _DOTTED.fullmatch(core)
    return _initials(dotted[1].replace(".", ""), dotted[2]) if dotted else []


def _initials(letters: str, ending: str | None) -> list[Spoken]:
    """Say letters by their names, the last perhaps with an s."""
    *names, last = (f"{letter}." for letter in letters.lower())
    return [(*names, _ended(last, ending))]


def _ended(word: str, ending: str | None) -> str:
    return f"{word}'s" if ending else word


def _capitals(core: str, beside: Beside) -> list[Spoken]:
    """Say capital letters as a word and by their names: where there are few, or no vowel, the names are likelier."""
    capitals = _CAPITALS.fullmatch(core)
    if capitals is None:
        return []
    letters, ending = capitals.groups()
    word: Spoken = (_ended(letters.lower(), ending),)
    named = _initials(letters, ending)[0]
    if beside.is_shouted and set(letters) & _VOWELS:
        return [word, named] if letters in WELL_KNOWN else [word]
    first_named = len(letters) <= _INITIALS or not set(letters) & _VOWELS
    return [named, word] if first_named else [word, named]


def _roman(core: str, beside: Beside) -> list[Spoken]:
    """Say a Roman numeral after a name: "the second", "two"."""
    before = beside.before.strip(_AROUND)
    is_numeral = len(core) > 1 or core in {"V", "X"}
    if beside.is_shouted or not (is_numeral and before[:1].isupper()) or not _ROMAN.fullmatch(core):
        return []
    values = [_ROMAN_VALUES[letter] for letter in core]
    total = sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
    said = english_figures.cardinal(total)
    named = _initials(core, None) if len(core) == 1 else []
    return [*named, ("the", *english_figures.ordinal(said)), said]


def _word(core: str, _beside: Beside) -> list[Spoken]:
    """Say a word that is letters and apostrophes."""
    small = core.lower()
    if small.startswith("'") and small not in CLIPPED:
        small = small.lstrip("'")
    letters = small.replace("'", "")
    if not letters.isalpha():
        return []
    if len(letters) == 1 and letters.isascii() and letters not in "ai":
        return _initials(letters, None)
    return [(small,)]


def _parted(core: str, beside: Beside) -> list[Spoken]:
    """Say a token part by part: what hyphens, dashes, strokes and signs join, letters beside digits, words cut off."""
    pieces = _BETWEEN.split(core, maxsplit=_PARTS)
    parts, joints = pieces[::2], pieces[1::2]
    if len(parts) == 1:
        return _runs(core)
    said: list[list[Spoken]] = []
    for place, part in enumerate(parts):
        joint = joints[place] if place < len(joints) else ""
        following = parts[place + 1] if place + 1 < len(parts) else ""
        if part:
            said.append(_part(part, joint, following, beside))
        said.append(_joint(joint, part, following))
    joined = []
    # One hyphen, so that two parts are one word: "re-elect".
    if joints == ["-"] and parts[0].lower() in PREFIXES and parts[1].isalpha():
        joined = [(f"{parts[0]}{parts[1]}".lower(),)]
    return [*joined, *chained(*said)]


def _part(part: str, joint: str, following: str, beside: Beside) -> list[Spoken]:
    small = part.lower()
    if joint == "-" and not following and small.isalpha():  # cut off: "th-"; as often nobody could hear it said
        return [(f"{small}-",), ()]
    if joint == "-" and small.isalpha() and following.lower().startswith(small) and part not in {"A", "a", "I"}:
        return [(f"{small}-",), (small,)] if small in {"a", "i"} else [(f"{small}-",), ()]  # stammered: "w-we"
    said = _whole(part, beside) or _whole(part.strip("."), beside) or _runs(part)
    if joint in {"--", "—"} and not following and small.isalpha() and len(small) <= _CUT:  # a word, or a part of one
        return few([*said, (f"{small}-",), (small,)])
    return said


def _joint(joint: str, part: str, following: str) -> list[Spoken]:
    """Say what joins two parts: "to" between numbers, "dot" within an address, mostly nothing."""
    if joint in {"-", "–"} and part[-1:].isdecimal() and following[:1].isdecimal():
        return [("to",), ()]
    if joint == "+" and not following:  # "C++"
        return [("plus",)]
    if joint == "/" and not (part and following):
        return [()]
    return _JOINTS.get(joint) or list(SIGNS.get(joint, ((),)))


def _runs(core: str) -> list[Spoken]:
    """Say letters and digits that stand together: "B52", "3D", "60Hz"."""
    runs = _RUNS.findall(core)
    said: list[list[Spoken]] = []
    for place, run in enumerate(runs[:_PARTS]):
        small = run.lower()
        if run.isdecimal():
            said.append(english_figures.ways(run, Beside()) or [(run,)])
        elif place and runs[place - 1].isdecimal() and small in UNITS:
            said.append(list(UNITS[small]))
        elif len(runs) > 1 and len(run) <= _INITIALS and run.isalpha() and (run.isupper() or core[-1].isdecimal()):
            said.append(_initials(run, None))
        else:
            said.append(_word(run, Beside()) or [(small,)])
    return chained(*said) if said else []


def unsaid(words: Sequence[str]) -> bool:
    """Whether words in round brackets tell what is heard, and are not said themselves: "(laughs)"."""
    return {word.lower().strip(_AROUND + ".'-") for word in words} <= UNSAID
