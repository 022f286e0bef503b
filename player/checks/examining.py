"""Examines the parts of an archive that have changed, many of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player import processes
from player.archive.archive import Archive
from player.checks.kept import Row, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.checks.examine import Examiner
    from player.checks.walking import Part, Walk

    #: Makes what examines an archive, in the process that is to do it: a function of a module, so that it can be named.
    MakeExaminer = Callable[[Archive, Walk], Examiner]

#: A process takes a third of a second to start: what fewer parts take is done sooner without.
FEW: Final = 100
#: How many are handed to a process at a time.
BATCH: Final = 20


def examined(archive: Archive, parts: Sequence[Part], seen: Walk, make: MakeExaminer) -> Iterator[list[Row]]:
    """Examine parts of an archive, and give what was found about a few of them at a time."""
    batches = [parts[at : at + BATCH] for at in range(0, len(parts), BATCH)]
    if len(parts) < FEW or processes.count() == 1:
        examiner = make(archive, seen)
        yield from ([row(part, examiner.examine(part), seen, archive.root) for part in batch] for batch in batches)
    else:
        yield from processes.answers(batches, _examine_elsewhere, archive.root, seen, make)


def _examine_elsewhere(root: Path, seen: Walk, make: MakeExaminer) -> Callable[[Sequence[Part]], list[Row]]:
    archive = Archive(root)
    examiner = make(archive, seen)
    return lambda parts: [row(part, examiner.examine(part), seen, archive.root) for part in parts]
