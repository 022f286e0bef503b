"""Collects what a reader did with what, and tells it in one remark for each kind."""

from __future__ import annotations

from typing import Final

from player.intake.transcripts.imported import Deed, Remark

#: The most lines of a file that one remark names.
_LINES: Final = 1_000


class Told:
    """What a reader has done, in the order in which it did each kind first."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Deed, str, str], int] = {}
        self._lines: dict[tuple[Deed, str, str], list[int]] = {}

    def add(self, deed: Deed, one: str, several: str, line: int | None = None, count: int = 1) -> None:
        """Note that something was done, on a line of the file where one can be named.

        ``one`` and ``several`` say what, without the number. That stands before it, or where ``{}`` is:
        ``told.add(Deed.LEFT_OUT, "page number", "page numbers", 12)``.
        """
        if not count:
            return
        kind = (deed, one, several)
        self._counts[kind] = self._counts.get(kind, 0) + count
        if line is not None:
            self._lines.setdefault(kind, []).append(line)

    def read(self, one: str, several: str, count: int = 1) -> None:
        """Note that something was read."""
        self.add(Deed.READ, one, several, count=count)

    def mended(self, one: str, several: str, *, line: int | None = None, count: int = 1) -> None:
        """Note that something was mended."""
        self.add(Deed.MENDED, one, several, line, count)

    def left_out(self, one: str, several: str, *, line: int | None = None, count: int = 1) -> None:
        """Note that something was left out."""
        self.add(Deed.LEFT_OUT, one, several, line, count)

    def remarks(self) -> tuple[Remark, ...]:
        """Give a remark for each kind, with its number."""
        return tuple(
            Remark(
                deed,
                _numbered(one if count == 1 else several, count),
                tuple(sorted(set(self._lines.get((deed, one, several), ())))[:_LINES]),
            )
            for (deed, one, several), count in self._counts.items()
        )


def _numbered(what: str, count: int) -> str:
    # Not by format(): what a file calls its parts stands in it too, braces and all.
    return what.replace("{}", f"{count:,}", 1) if "{}" in what else f"{count:,} {what}"
