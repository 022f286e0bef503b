"""Tells of letters that Unicode leaves to the fonts: what they show is known by the font alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from player.errors import quoted
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.intake.transcripts.imported import ImportedLine

_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
#: So many kinds of letters are named, and so many pages.
_FEW: Final = 5


def of_private_letters(lines: Sequence[ImportedLine]) -> Iterator[Remark]:
    """Tell of private-use letters in lines: which, how many, and where."""
    found = [(line, letters) for line in lines if (letters := _PRIVATE.findall(line.text))]
    if not found:
        return
    counts = Counter(letter for _, letters in found for letter in letters)
    codes = ", ".join(f"U+{ord(letter):04X}" for letter, _ in counts.most_common(_FEW))
    more = len(counts) - _FEW
    codes += f" and {more} more" if more > 0 else ""
    total = counts.total()
    count = "a letter" if total == 1 else f"{total} letters"
    where = tuple(dict.fromkeys(line.origin for line, _ in found if line.origin is not None))
    pages = [] if where else list(dict.fromkeys(line.page for line, _ in found if line.page is not None))
    on = f" on page{'' if len(pages) == 1 else 's'} {', '.join(pages[:_FEW])}" if pages else ""
    on += ", …" if len(pages) > _FEW else ""
    text = found[0][0].text
    first = _PRIVATE.search(text)
    begin = text.rfind(" ", 0, first.start()) + 1 if first else 0
    what = f"{count} that no font but its own shows ({codes}){on}, as in {quoted(text[begin:])}: correct the words"
    yield Remark(Deed.READ, what, where)
