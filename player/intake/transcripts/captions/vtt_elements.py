"""Takes the elements that say what a WebVTT file is (FADGI) into its header, where they stand below it.

Version 2.0 of the guidelines has them in a comment, and many files have an empty line above them
(``player.archive.webvtt.fadgi``).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from player.archive.webvtt.fadgi import elements_in
from player.intake.transcripts.imported import Deed

if TYPE_CHECKING:
    from player.archive.webvtt.blocks import Scan
    from player.intake.transcripts.told import Told


def with_elements(scan: Scan, told: Told, shift: int) -> Scan:
    """Give a file with such blocks above the first cue as part of its header, and say so.

    ``shift`` is by how many lines it has moved since it was read.
    """
    above = takewhile(lambda block: block.arrow is None, scan.blocks)
    found = {block.line: pairs for block in above if (pairs := elements_in(block.lines))}
    if not found:
        return scan
    for line in found:
        what = "that say what the file is, below the header or in a comment; they are in the header now"
        told.add(Deed.MENDED, f"block of elements {what}", f"blocks of elements {what}", line - shift)
    header = (*scan.header, *(f"{name}: {value}" for pairs in found.values() for name, value in pairs))
    return replace(scan, header=header, blocks=tuple(each for each in scan.blocks if each.line not in found))
