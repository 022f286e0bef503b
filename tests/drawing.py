"""Says how many examples a test draws at random: some in ``make test``, many times as many in ``make bench``."""

from __future__ import annotations

import os
from typing import Final

#: How many times as many, which ``make bench`` sets.
_TIMES: Final = int(os.environ.get("PLAYER_TEST_EXAMPLES", "1"))


def examples(count: int) -> int:
    """Give the number of examples to draw where ``make test`` draws ``count``."""
    return count * _TIMES
