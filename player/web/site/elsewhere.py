"""Makes the files of a copy in processes that are not this one's own, such as the workers of a cluster.

Such a process may make several batches at a time, and has an index of its own, which it looks after once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from player.errors import PlayerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.web.site.made import Batch, Made, Plan
    from player.workers import Workers

_lock = threading.Lock()
# What makes batches of the latest copy, and is not at work.
_idle: dict[Plan, list[Any]] = {}


def made_by(workers: Workers, plan: Plan, batches: Sequence[Batch]) -> Iterator[Made]:
    """Have batches made, and give what came of each.

    :raise PlayerError: where one could not be made.
    """
    for _, made in workers.done(made_of, [(plan, batch) for batch in batches]):
        if isinstance(made, PlayerError):
            raise made
        yield made


def made_of(asked: tuple[Plan, Batch]) -> Made:
    """Make a batch."""
    plan, batch = asked
    with _lock:
        if plan not in _idle:
            _idle.clear()
            _idle[plan] = []
        idle = _idle[plan]
        maker = idle.pop() if idle else _maker(plan)
    made: Made = maker(batch)
    with _lock:
        idle.append(maker)
    return made


def _maker(plan: Plan) -> Any:
    from player.web.site.making import Maker  # noqa: PLC0415  # so that who only hands out work does not have it

    maker = Maker(plan)
    maker.app.extensions["index"].look()
    return maker
