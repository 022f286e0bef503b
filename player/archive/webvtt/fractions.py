"""The times of a WebVTT file into what a fraction of a second with fewer than three digits means in it.

Some programs write the milliseconds as a number, so that ``.60`` is 60 of them; some leave off the zeros at the end, so
that ``.6`` is 600; some always write one digit, or two. The file's own times show which, or show nothing.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_FRACTION: Final = re.compile(r"[0-9]:[0-9]{1,2}[.,]([0-9]+)")
_WHOLE: Final = len("000")


class Fractions(Enum):
    """How the fractions of a file are written."""

    #: As in ``.6`` for 600 milliseconds.
    DECIMAL = "decimal"
    #: As in ``.60`` for 60 milliseconds.
    NUMBER = "number"
    UNCLEAR = "unclear"

    def readings(self, digits: str) -> tuple[int, ...]:
        """Give how many milliseconds ``digits`` are; as decimal and as number where the file does not show which."""
        decimal = int(digits[:_WHOLE].ljust(_WHOLE, "0"))
        number = int(digits or "0") if len(digits) < _WHOLE else decimal
        if self is Fractions.UNCLEAR:
            return decimal, number
        return (decimal,) if self is Fractions.DECIMAL else (number,)


def fractions_of(lines: Iterable[str]) -> Fractions:
    """Tell how the fractions in the timing lines of a file are written.

    No number begins with a zero, and no decimal fraction whose zeros are left off ends in one.
    """
    found = {digits for line in lines for digits in _FRACTION.findall(line)}
    lengths = {len(digits) for digits in found}
    if len(lengths) == 1 or max(lengths, default=0) > _WHOLE:
        return Fractions.DECIMAL
    several = [digits for digits in found if len(digits) > 1]
    begins = any(digits.startswith("0") for digits in several)
    ends = any(digits.endswith("0") for digits in several)
    if begins == ends:
        return Fractions.UNCLEAR
    return Fractions.DECIMAL if begins else Fractions.NUMBER
