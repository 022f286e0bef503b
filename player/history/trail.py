"""Follows the words of lines that are gone from change to change, to where they are at the end.

To follow lines alone would not do: of two that were joined, and then divided again, each would lead to both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from player.history.moving import ENOUGH, There, bare, is_enough

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.history.moving import Moves


class Trail:
    """Where the words of each line that is gone are, at one point of the history."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._led: dict[str, tuple[str, ...]] = {}
        #: Those that lead to a line; and all lines to which one ever led.
        self._from: dict[str, set[str]] = defaultdict(set)
        self._ever: dict[str, dict[str, None]] = defaultdict(dict)

    def follow(
        self,
        gone: Iterable[str],
        new: Iterable[str],
        moves: Moves,
        words: Mapping[str, str],
    ) -> None:
        """Go on by one change, in which lines went and came; ``words`` are theirs."""
        gone = list(gone)
        for name in gone:
            self._words[name] = bare(words.get(name, ""))
            self._lead(name, (name,))
        went = set(gone)
        for name in {each for old in gone for each in self._from[old]}:
            to: list[str] = []
            for each in self._led[name]:
                to += self._those_with_its_words(name, each, moves, words) if each in went else [each]
            self._lead(name, tuple(dict.fromkeys(to)))
        for name in new:
            if name in self._led:
                # It has come back, where a version was gone back to.
                self._lead(name, ())
                del self._led[name]

    def today(self, name: str, words: Mapping[str, str]) -> tuple[str, ...]:
        """Give where a line led at the end, of lines that are there, with their ``words``; else where it ever did.

        That is so where a version was gone back to in which they are, though the line had been removed since; there
        they may also be in those of which it was made.
        """
        if latest := tuple(each for each in self._led.get(name, ()) if each in words):
            return latest
        origins = [each for each in words if name in self._ever.get(each, ())]
        before = [each for each in dict.fromkeys((*self._ever[name], *origins)) if each in words]
        found = self._found(name, before, words)
        count = sum(there.words for there in found.values())
        is_there = count >= len(self._words.get(name, ())) * ENOUGH
        return tuple(each for each in before if each in found) if is_there else ()

    def _lead(self, name: str, to: tuple[str, ...]) -> None:
        for each in self._led.get(name, ()):
            self._from[each].discard(name)
        self._led[name] = to
        for each in to:
            self._from[each].add(name)
        self._ever[name].update(dict.fromkeys(to))

    def _those_with_its_words(self, name: str, old: str, moves: Moves, words: Mapping[str, str]) -> Sequence[str]:
        """Give those lines that have words of one which another had until it went; none, where all of them are gone.

        Where that had none of them itself, for they were corrected, it is followed as a whole.
        """
        to = moves.moved.get(old, ())
        if len(to) <= 1 and old not in moves.strayed:
            return to
        there_was = self._found(name, (old,), words)
        if not there_was:
            return to
        found = self._found_in_parts(name, old, to, words) or self._found(
            name, (*to, *moves.strayed.get(old, ())), words
        )
        return [
            each
            for each, there in found.items()
            if is_enough(there, there_was[old].words, len(bare(words.get(each, ""))))
        ]

    def _found_in_parts(self, name: str, old: str, to: Sequence[str], words: Mapping[str, str]) -> dict[str, There]:
        """Count the words of a line by where they stood in one that was divided, and no word of it changed."""
        whole = bare(words.get(old, ""))
        parts = [(each, word) for each in to for word in bare(words.get(each, ""))]
        if [word for _, word in parts] != whole:
            return {}
        found: dict[str, There] = {}
        matcher = SequenceMatcher(None, self._words.get(name, ()), whole, autojunk=False)
        for block in matcher.get_matching_blocks():
            sizes = Counter(each for each, _ in parts[block.b : block.b + block.size])
            for each, size in sizes.items():
                there = found.get(each, There())
                found[each] = There(there.words + size, max(there.run, size))
        return found

    def _found(self, name: str, to: Sequence[str], words: Mapping[str, str]) -> dict[str, There]:
        """Count the words of a line in each of some."""
        found = {}
        for each in to:
            matcher = SequenceMatcher(None, self._words.get(name, ()), bare(words.get(each, "")), autojunk=False)
            sizes = [block.size for block in matcher.get_matching_blocks()]
            if any(sizes):
                found[each] = There(sum(sizes), max(sizes))
        return found
