"""Writes a citation as HTML: the words of the plain one, with what the style has in italics, bold or small capitals.

citeproc-py can write HTML itself, but it leaves a ``<`` in a title as it is, and what is done to stops and spaces
between parts fails where a tag stands between them. So each part is marked by signs that no text has, and the plain
citation gets the look of the letters that it shares with the marked one.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import partial
from html import escape
from itertools import groupby
from typing import Any, Final

_TAGS: Final = {
    "\x01": ("<i>", "</i>"),
    "\x02": ("<b>", "</b>"),
    "\x03": ("<u>", "</u>"),
    "\x04": ("<sup>", "</sup>"),
    "\x05": ("<sub>", "</sub>"),
    "\x06": ('<span style="font-variant: small-caps">', "</span>"),
}
_END: Final = "\x07"
# Letters of the one times letters of the other that are compared; 2,000 alike on both sides take a second.
_MOST: Final = 4_000_000
_SIGNS: Final = dict.fromkeys(map(ord, (*_TAGS, _END)), " ")


def _marked(sign: str, text: Any) -> str:
    return f"{sign}{text}{_END}" if str(text) else ""


def _as_it_is(text: Any) -> Any:
    return text


class Marked:
    """What citeproc-py formats with, in place of a module of its own: the names are those that it asks for."""

    preformat = staticmethod(_as_it_is)
    Italic = Oblique = staticmethod(partial(_marked, "\x01"))
    Bold = staticmethod(partial(_marked, "\x02"))
    Underline = staticmethod(partial(_marked, "\x03"))
    Superscript = staticmethod(partial(_marked, "\x04"))
    Subscript = staticmethod(partial(_marked, "\x05"))
    SmallCaps = staticmethod(partial(_marked, "\x06"))
    Light = str


def without_signs(said: Any) -> Any:
    """Give what is said of a source, whatever it is made of, without the signs that mark."""
    if isinstance(said, str):
        return said.translate(_SIGNS)
    if isinstance(said, dict):
        return {name: without_signs(each) for name, each in said.items()}
    return [without_signs(each) for each in said] if isinstance(said, list) else said


def as_html(plain: str, marked: str) -> str:
    """Write a plain text with the look of the marked one that it was made from."""
    looks = _carried(plain, *_read(marked))
    return "".join(
        _tagged("".join(sign for sign, _ in part), look)
        for look, part in groupby(zip(plain, looks, strict=True), key=lambda each: each[1])
    )


def _read(marked: str) -> tuple[str, list[str]]:
    """Give the letters of a marked text, and for each the signs within which it stands."""
    within: list[str] = []
    letters, looks = [], []
    for sign in marked:
        if sign in _TAGS:
            within.append(sign)
        elif sign != _END:
            letters.append(sign)
            looks.append("".join(dict.fromkeys(within)))
        elif within:
            within.pop()
    return "".join(letters), looks


def _carried(plain: str, letters: str, looks: list[str]) -> list[str]:
    found = [""] * len(plain)
    # What both begin and end with is found at once, and is mostly all.
    head = _alike(letters, plain)
    tail = _alike(letters[head:][::-1], plain[head:][::-1])
    found[:head], found[len(plain) - tail :] = looks[:head], looks[len(looks) - tail :]
    rest, wanted = letters[head : len(letters) - tail], plain[head : len(plain) - tail]
    if len(rest) * len(wanted) > _MOST:
        return found  # as plain as it was
    for deed, *places in SequenceMatcher(None, rest, wanted, autojunk=False).get_opcodes():
        first, last, begin, end = (head + place for place in places)
        if last - first == end - begin:  # the same letters, or as many others, such as capitals
            found[begin:end] = looks[first:last]
        elif deed != "delete" and first and looks[first - 1 : first] == looks[last : last + 1]:
            found[begin:end] = [looks[last]] * (end - begin)
    return found


def _alike(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (this, that) in pairs if this != that), min(len(one), len(other)))


def _tagged(text: str, look: str) -> str:
    tags = [_TAGS[sign] for sign in look]
    return f"{''.join(tag for tag, _ in tags)}{escape(text)}{''.join(tag for _, tag in reversed(tags))}"
