"""Counts what a reader reads, mends and leaves out, and says it in few words."""

from __future__ import annotations

from typing import Final

from player.intake.transcripts.imported import Deed, Remark

#: The most lines of a file that one remark names.
_LINES: Final = 1_000


class Deeds:
    """What a reader has done, one remark a kind, in the order in which the kinds came up."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Deed, str, str], int] = {}
        self._lines: dict[tuple[Deed, str, str], list[int]] = {}

    def read(self, one: str, many: str, count: int = 1) -> None:
        """Note that something was read; what is said is ``one`` of it, or ``many``, with its number before it."""
        self._add(Deed.READ, one, many, None, count)

    def mended(self, one: str, many: str, *, line: int | None = None, count: int = 1) -> None:
        """Note that something was mended, on a line of the file where one can be named."""
        self._add(Deed.MENDED, one, many, line, count)

    def left_out(self, one: str, many: str, *, line: int | None = None, count: int = 1) -> None:
        """Note that something was left out, on a line of the file where one can be named."""
        self._add(Deed.LEFT_OUT, one, many, line, count)

    def remarks(self) -> tuple[Remark, ...]:
        """Say what was noted."""
        return tuple(
            Remark(key[0], f"{count} {key[1] if count == 1 else key[2]}", tuple(self._lines.get(key, ())))
            for key, count in self._counts.items()
        )

    def _add(self, deed: Deed, one: str, many: str, line: int | None, count: int) -> None:
        if not count:
            return
        key = (deed, one, many)
        self._counts[key] = self._counts.get(key, 0) + count
        if line is not None:
            lines = self._lines.setdefault(key, [])
            if len(lines) < _LINES and lines[-1:] != [line]:
                lines.append(line)
