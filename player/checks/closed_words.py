"""Finds the words of closed lines where visitors can still read them: in a note, a summary, a translation, a script.

Six words in the same order are not chance. The messages do not repeat them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.errors import Advice, quoted
from player.letters import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from player.archive.recording import Recording
    from player.archive.transcript import Line
    from player.checks.shown_texts import ShownText

#: So many words in a row are a quotation. Of fewer, two people say the same.
RUN: Final = 6


class ClosedWords:
    """The words of the closed lines of one recording. Those of a draft are to be read, and are none."""

    def __init__(self, owners: Recording, editors: Recording | None) -> None:
        """Compare what owners have of a recording with what its editors see of it: None where that is nothing."""
        self._slug = owners.slug
        self._runs = _runs(_closed(owners, editors))

    def __bool__(self) -> bool:
        return bool(self._runs)

    def advice(self, texts: Iterable[ShownText]) -> Iterator[Advice]:
        """Give the texts in which a run of closed words stands, each once."""
        for each in texts:
            words = [] if each.is_name else parts_of(each.text)
            found = next((self._runs[run] for run in _windows(words) if run in self._runs), None)
            if found is not None:
                what = f"{each.name} has words in it of line {found} of {quoted(self._slug)}, which is closed"
                yield Advice(each.path, each.line, what, "write it without them, or close it too")


def _closed(owners: Recording, editors: Recording | None) -> list[list[Line]]:
    """Give the lines that editors do not see, those that follow each other together."""
    if owners.transcript is None:
        return []
    seen = editors.transcript if editors is not None else None
    visible = {line.id for line in seen.lines} if seen is not None else set()
    found: list[list[Line]] = [[]]
    for line in owners.transcript.lines:
        if line.id not in visible:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return found


def _runs(closed: Sequence[Sequence[Line]]) -> Mapping[str, str]:
    """Map each run of words to the line that it begins in."""
    found: dict[str, str] = {}
    for lines in closed:
        words: list[str] = []
        names: list[str] = []
        for line in lines:
            parts = parts_of(line.text)
            words += parts
            names += [line.id] * len(parts)
        for run, name in zip(_windows(words), names, strict=False):  # the last few words begin no run
            found.setdefault(run, name)
    return found


def _windows(words: Sequence[str]) -> Iterator[str]:
    return (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
