"""Reads what a reader types as needles, and finds them in text that has been folded.

A needle is folded text. A space at an end of it is the border of a word. Between two letters of it the text may have a
mark; where it has a space, the text has a space or a mark; where it has a mark, the text has either, or nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.errors import SearchError
from player.letters import MARK, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_QUOTE: Final = re.compile('["“”„«»]')
_MARK: Final = MARK.encode()
_BORDER: Final = b"[ -]"


def needles_of(query: str) -> list[str]:
    """Give what a reader looks for: one needle, or each quotation's own where all stands in quotation marks.

    :raise SearchError: where ``query`` holds no word.
    """
    pieces = _QUOTE.split(query)
    # Quotation marks that are not closed yet are still being typed.
    read = [(folded(piece), number % 2 == 1 and number < len(pieces) - 1) for number, piece in enumerate(pieces)]
    found = [(text, is_quoted) for text, is_quoted in read if text]
    if not found:
        raise SearchError("the search contains no word; write a word, or part of one")
    if all(is_quoted for _, is_quoted in found):
        return list(dict.fromkeys(whole(text) for text, _ in found))
    begins, ends = (" " if is_quoted else "" for _, is_quoted in (found[0], found[-1]))
    return [f"{begins}{' '.join(text for text, _ in found)}{ends}"]


def whole(text: str) -> str:
    """Give the needle that is found where folded ``text`` is whole words."""
    return f" {text} "


def letters_in(needle: str) -> str:
    """Give a needle's letters alone."""
    return needle.replace(" ", "").replace(MARK, "")


def hits_in(text: bytes, needles: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find needles in folded text: where each hit begins and ends, in bytes, in order.

    Hits of one needle do not overlap; one that lies within another needle's is not counted again.
    """
    if len(needles) == 1:
        yield from _hits(text, needles[0])
        return
    found = [hit for needle in needles for hit in _hits(text, needle)]
    reached = 0
    for begin, end in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        if end > reached:
            reached = end
            yield begin, end


def count_in(text: bytes, needles: Sequence[str]) -> int:
    """Count what ``hits_in`` would find, faster."""
    if len(needles) > 1:
        return sum(1 for _ in hits_in(text, needles))
    needle = needles[0]
    words = needle.strip().encode()
    if _MARK not in words:
        joined = text.replace(_MARK, b"")
        if b" " not in needle.encode():
            return joined.count(words)
        # Where no word of it has a mark within, a mark is no more than a space.
        if joined is text or _is_never_parted(text, joined, words):
            return _count_plain(text.replace(_MARK, b" "), needle.encode())
    return sum(1 for _ in _pattern(needle).finditer(text))


def _hits(text: bytes, needle: str) -> Iterator[tuple[int, int]]:
    begins = needle.startswith(" ")
    for match in _pattern(needle).finditer(text):
        yield match.start() + begins, match.end()


@lru_cache(maxsize=256)
def _pattern(needle: str) -> re.Pattern[bytes]:
    inner = needle.strip()
    parts = [_BORDER] if needle.startswith(" ") else []
    was_letter = False
    for sign in inner:
        if sign in {" ", MARK}:
            parts.append(_BORDER if sign == " " else _BORDER + b"?")
        else:
            parts.append((_MARK + b"?" if was_letter else b"") + re.escape(sign.encode()))
        was_letter = sign not in {" ", MARK}
    if needle.endswith(" "):
        parts.append(b"(?=" + _BORDER + b")")
    return re.compile(b"".join(parts))


def _is_never_parted(text: bytes, joined: bytes, words: bytes) -> bool:
    """Tell whether no mark stands within any of ``words`` where they occur; False where that is not certain."""
    return all(not _overlaps_itself(word) and joined.count(word) == text.count(word) for word in set(words.split()))


def _overlaps_itself(word: bytes) -> bool:
    return any(word.startswith(word[index:]) for index in range(1, len(word)))


def _count_plain(text: bytes, needle: bytes) -> int:
    found = text.count(needle)
    if not found or not (needle.startswith(b" ") and needle.endswith(b" ")):
        return found
    # Two, one after the other, share the space between them, and were counted as one; of four, two were missed. So were
    # others of words that begin as they end: “no no” five times in a row is said twice.
    two, four = needle + needle[1:], needle + 3 * needle[1:]
    if four in text or _overlaps_itself(needle[:-1]):
        return len(re.findall(b"%b(?= )" % re.escape(needle[:-1]), text))
    return found + text.count(two)
