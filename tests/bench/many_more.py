"""What ten thousand recordings cost, where two thousand must not cost more than two do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from programs import find

from . import _thousands as thousands
from ._thousands import FEW, missing
from .many import COMMON, RARE
from .many_pages import warm
from .many_search import Searching
from .many_server import ask_for_all_kinds, held, looking

if TYPE_CHECKING:
    from collections.abc import Iterator

MORE: Final = 10_000


def measure() -> Iterator[str]:
    """Measure the same as for two thousand, where the number might show."""
    yield f"many_more: {MORE:,} recordings, beside {FEW}, or beside rg -i -c"
    yield thousands.HEAD
    if not thousands.is_there("index"):
        yield missing("a recording's page, search, memory, looking for changes")
        return
    few, more = thousands.place(FEW), thousands.place(MORE)
    with few.served() as beside, more.served() as ours:
        yield warm(ours, beside, MORE)
        for client, count in ((beside, FEW), (ours, MORE)):
            ask_for_all_kinds(client, count)
        yield held(ours, beside, MORE)
        yield looking(ours, beside)
    if find("rg"):
        os.environ["PLAYER_CACHE"] = str(more.cache)
        searching = Searching(more)
        yield from searching.rows("search for a rare word", RARE, "0.1x")
        yield from searching.rows("search for a word in half of all lines", COMMON, "1x")
