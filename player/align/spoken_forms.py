"""Says how what is printed may be spoken: "Dr." is doctor or drive, "1963" nineteen sixty-three, "[laughs]" nothing."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

#: One way of saying a token: its words in small letters, as dictionaries spell them; none where nothing is said.
Spoken: TypeAlias = tuple[str, ...]

_APOSTROPHES: Final = str.maketrans(dict.fromkeys("‘’`\N{ACUTE ACCENT}\N{PRIME}\N{MODIFIER LETTER APOSTROPHE}", "'"))
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?|\d")


def spoken_line(text: str, language: str) -> tuple[tuple[Spoken, ...], ...]:
    """Say for each token of ``text.split()`` how it may be spoken: a few ways, the likeliest first.

    A token of which nothing is said, such as a dash or a stage direction in brackets, has one way, without words.
    """
    ways: list[tuple[Spoken, ...]] = []
    bracketed = False
    for token in text.split():
        bracketed = bracketed or token.startswith(("[", "("))
        ways.append(((),) if bracketed else spoken(token, language))
        bracketed = bracketed and not re.search(r"[\])]\W*$", token)
    return tuple(ways)


def spoken(token: str, language: str) -> tuple[Spoken, ...]:
    """Say how one token may be spoken, without what stands beside it."""
    del language
    words = _WORD.findall(token.translate(_APOSTROPHES).lower())
    return (tuple(words),)
