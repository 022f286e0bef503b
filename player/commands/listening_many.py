"""Has many recordings listened to, here or elsewhere, and writes what was heard, one by one.

Whoever listens writes nothing into the archive: what was heard comes back as a value, and this process alone writes it.
So no two are in each other's way, also where the archive lies on a file system that knows no locks.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from player.commands.output import refuse
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.errors import PlayerError

_Heard = TypeVar("_Heard")


class Task(Protocol):
    """What is to be heard: a recording, and how."""

    @property
    def slug(self) -> str:
        """The name of the recording."""


_Task = TypeVar("_Task", bound=Task)


@value
class Where:
    """Where it is done: in this process alone, in ``jobs`` of them, or on a cluster."""

    jobs: int | None
    cluster: str | None

    @property
    def is_alone(self) -> bool:
        """Whether this process does it all; it then shows how far each recording is."""
        return self.cluster is None and (self.jobs or 1) == 1

    @property
    def processes(self) -> int:
        """How many processes listen to one recording."""
        from player.align.pieces import PROCESSES

        return self.jobs or PROCESSES if self.is_alone else 1


@value
class Put:
    """What came of a recording: lines to be said, of each whether it is a warning, and whether it was done."""

    told: tuple[tuple[str, bool], ...]
    is_done: bool


def each_heard(
    archive: Archive,
    where: Where,
    listen: Callable[[_Task], _Heard],
    tasks: Sequence[_Task],
    put: Callable[[_Task, _Heard], Put],
    *,
    packages: Iterable[str],
    models: Iterable[Path],
    is_dry: bool = False,
) -> tuple[int, int]:
    """Have recordings heard and what was heard ``put`` where it belongs; give how many were done, and how many not.

    ``listen``, a function of a module, writes nothing, and needs ``packages``, and the models in some folders. Where
    it ``is_dry``, nothing is put anywhere, and what was heard is kept.

    :raise ClusterError: where there is no cluster, or it goes away, or one of its workers is not fit.
    """
    from player.commands.where_done import counting, workers
    from player.errors import PlayerError

    if not tasks:
        return 0, 0
    done = 0
    over: list[str] = []
    by = workers(archive, where.cluster, where.jobs, packages=packages, models=models, needs_processes=True)
    with by as there:
        try:
            with counting("listened to", is_shown=not where.is_alone) as count:
                for task, heard in there.done(listen, tasks, count.tell):
                    try:
                        found = put(task, taken(heard))
                    except PlayerError as error:
                        refuse(task.slug, error, count.say)
                        continue
                    for line, is_warning in found.told:
                        count.say(line, err=is_warning)
                    done += found.is_done
                    over.append(task.slug)
        except KeyboardInterrupt:
            # It may take hours yet, and each piece of what was heard is kept.
            there.stop()
            raise
        if not is_dry:
            there.everywhere(forgotten, archive.root, over)
    return done, len(tasks) - done


def taken(outcome: _Heard | PlayerError) -> _Heard:
    """Give what was heard.

    :raise PlayerError: where it is a refusal.
    """
    from player.errors import PlayerError

    if isinstance(outcome, PlayerError):
        raise outcome
    return outcome


def forgotten(root: Path, slugs: Iterable[str]) -> None:
    """Remove from the cache what is kept of listening to recordings, once what was heard is written."""
    from player.align.pieces import forget
    from player.archive.archive import Archive
    from player.errors import PlayerError

    archive = Archive(root)
    for slug in slugs:
        with suppress(PlayerError):
            if (sound := archive.record(slug).media) is not None:
                forget(sound)
