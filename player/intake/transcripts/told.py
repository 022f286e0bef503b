"""Collects what a reader did with what, line by line, and tells it in one remark for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.intake.transcripts.imported import Remark

if TYPE_CHECKING:
    from player.intake.transcripts.imported import Deed


class Told:
    """What a reader has done, in the order in which it did each kind first."""

    def __init__(self) -> None:
        self._lines: dict[tuple[Deed, str, str], list[int]] = {}

    def add(self, deed: Deed, one: str, several: str, line: int) -> None:
        """Note that something was done on a line of the file; ``one`` and ``several`` say what, without the number.

        The number stands before it, or where ``{}`` is: ``told.add(Deed.LEFT_OUT, "page number", "page numbers", 12)``.
        """
        self._lines.setdefault((deed, one, several), []).append(line)

    def remarks(self) -> tuple[Remark, ...]:
        """Give a remark for each kind, with its number."""
        return tuple(
            Remark(deed, _numbered(one if len(lines) == 1 else several, len(lines)), tuple(sorted(set(lines))))
            for (deed, one, several), lines in self._lines.items()
        )


def _numbered(what: str, number: int) -> str:
    shown = f"{number:,}" if number > 1 else "a"
    return what.format(shown) if "{}" in what else f"{shown} {what}"
