"""Has work done by a cluster of Dask's: by whatever machines its scheduler knows, which see the same archive.

The scheduler is the one whose address the user gives, and no other is asked. Dask's own configuration says how it is
talked to, such as which certificates are shown to one at ``tls://``. Dask begins a task again whose worker was ended.
"""

from __future__ import annotations

import logging
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import player
from player.errors import ClusterError, ProcessError, quoted
from player.roots import installing
from player.workers import AGAIN, ByExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor, Future

    from player.workers import Elsewhere

_log = logging.getLogger(__name__)

#: The addresses at which a scheduler may be, in the way that Dask writes them.
_ADDRESS: Final = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
# So many tasks are handed to the scheduler at a time: enough for hundreds of workers, of thousands of recordings.
_AHEAD: Final = 500
# So many seconds a scheduler may take to answer, and so many may pass before it is looked whether it is there.
_ANSWERS: Final = 10
_PATIENCE: Final = 5
#: At most so many workers that cannot be used are each named.
_NAMED: Final = 5


def is_address(text: str) -> bool:
    """Tell whether a text is the address of a scheduler."""
    return bool(_ADDRESS.fullmatch(text))


@contextmanager
def cluster(
    address: str, about: Callable[..., Mapping[str, Any]], *asked: Any, needs_processes: bool = False
) -> Iterator[Cluster]:
    """Give the cluster whose scheduler is at ``address``, after each of its workers was asked whether it is fit.

    ``about``, a function of a module, tells of a process what it sees: it is called with ``asked`` here and in each
    worker, which has to see the same. With ``needs_processes``, workers have to be such as may start processes.

    :raise ClusterError: where there is no cluster, or a worker that is not fit.
    """
    client = _client(address)
    try:
        _refuse_unfit(client, address, about, asked, needs_processes=needs_processes)
        yield Cluster(client, address)
    finally:
        # What is waiting is forgotten by the scheduler, and what is being made is finished.
        client.close(timeout=_ANSWERS)


class Cluster(ByExecutor):
    """Has tasks done by the workers of a cluster, with whose scheduler ``client`` is in touch."""

    patience = _PATIENCE

    def __init__(self, client: Any, address: str) -> None:
        super().__init__(_AHEAD)
        self._executor: Executor = client.get_executor(pure=False)
        self._client, self._address = client, address
        self._is_told = False

    def everywhere(self, work: Callable[..., object], *asked: object) -> None:
        """Have something done once by each worker that is there."""
        # Whoever is gone has no cache that could be asked, and will be told the next time.
        with suppress(Exception):
            self._client.run(work, *asked, on_error="ignore")

    def _begin(self, work: Elsewhere, task: Any) -> Future[Any]:
        return self._executor.submit(work, task)

    def _look(self) -> None:
        try:
            there = self._client.nthreads()
        except Exception as error:  # Dask lets through whatever its connection raises
            raise self._gone() from error
        if not there and not self._is_told:
            _log.warning("%s: no worker is left; waiting until one comes. Ctrl-C ends this", self._address)
        self._is_told = not there

    def _outcome(self, future: Future[Any]) -> Any:
        from concurrent.futures import CancelledError  # noqa: PLC0415  # as all that this module needs

        from distributed.scheduler import KilledWorker  # noqa: PLC0415  # slow: a second

        try:
            return future.result()
        except CancelledError as error:
            raise self._gone() from error
        except KilledWorker:
            return ProcessError(f"{AGAIN + 1} workers were ended while they did this; look into their logs")

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"{self._address}: the scheduler is gone; what is done is kept, and the same command goes on from there"
        )


def _client(address: str) -> Any:
    """Get in touch with a scheduler.

    :raise ClusterError: where that cannot be.
    """
    try:
        import dask  # noqa: PLC0415  # a second, for who has a cluster

        # What it would print of a connection that is lost, and of workers that are not fit, is told here.
        dask.config.set({"logging": dict.fromkeys(("distributed", "distributed.client"), "critical")})
        import distributed  # noqa: PLC0415  # as above
    except ImportError:
        raise ClusterError(f"a cluster needs the package distributed; {installing('cluster')}") from None
    begin: Any = distributed.Client  # it has no types
    try:
        return begin(address, timeout=_ANSWERS, set_as_default=False)
    except Exception as error:  # noqa: BLE001  # OSError, and what TLS and Dask's own configuration raise
        why = str(error).partition("\n")[0]
        check = "check the address, and that it runs"
        if address.startswith("tls:"):
            check += ", and which certificates Dask's configuration names (distributed.comm.tls)"
        raise ClusterError(f"{address}: no scheduler of Dask's answers there ({why}); {check}") from None


def _refuse_unfit(
    client: Any, address: str, about: Callable[..., Mapping[str, Any]], asked: tuple[Any, ...], *, needs_processes: bool
) -> None:
    """Refuse workers that are not as this process.

    :raise ClusterError: naming them, or saying that there are none.
    """
    here = seen(about, asked)
    there: Mapping[str, Any] = client.run(seen, about, asked, on_error="return")
    if not there:
        raise ClusterError(f"{address}: no worker is there; start some, and try again")
    wrong = [
        f"the worker {name} {unfit}"
        for name, each in sorted(there.items())
        if (unfit := _unfit(here, each, needs_processes=needs_processes))
    ]
    if wrong:
        more = [f"and {len(wrong) - _NAMED} more"] if len(wrong) > _NAMED else []
        raise ClusterError("\n".join([*wrong[:_NAMED], *more]))


def seen(about: Callable[..., Mapping[str, Any]], asked: tuple[Any, ...]) -> Mapping[str, Any]:
    """Tell what this process is, and what it sees."""
    import multiprocessing  # noqa: PLC0415  # where there is a cluster
    from importlib.metadata import version  # noqa: PLC0415  # as above

    return {
        "program": player.__version__,
        "Python": ".".join(map(str, sys.version_info[:2])),
        "distributed": version("distributed"),
        "may start processes": not multiprocessing.current_process().daemon,
        **about(*asked),
    }


def _unfit(here: Mapping[str, Any], there: Any, *, needs_processes: bool) -> str | None:
    """Say what keeps a worker from being used; None where nothing does."""
    # Of what a worker could not even read, some is told as a text.
    if isinstance(there, ImportError) or "ModuleNotFoundError" in str(there):
        return f"has not this version of the program; install {player.__version__} there"
    if not hasattr(there, "keys"):
        return f"cannot be used ({quoted(str(there))})"
    for name, what in (("program", "of the program"), ("Python", "of Python"), ("distributed", "of distributed")):
        if there[name] != here[name]:
            return f"has version {there[name]} {what}, and here it is {here[name]}; install the same"
    if needs_processes and not there["may start processes"]:
        return "may start no processes, which this needs; start it with --no-nanny"
    for name, value in here.items():
        if there.get(name) != value and name != "may start processes":
            return str(there.get("wrong") or f"has another {name}: {there.get(name)}; here it is {value}")
    return None
