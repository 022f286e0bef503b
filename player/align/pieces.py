"""Does long work on a sound in pieces, in separate processes, and keeps the result of each as it is done.

What is kept lies in the cache, one small file a piece, by the sound, by what is done with it, and by the piece. A run
that was ended, even by a signal that nobody hears, goes on where it was: what is kept is not done again. The files go
when what was made of them is written. Where the cache cannot be written, the work goes on without, and says so once.

A piece is a value that JSON can hold, and so is its result. The processes begin afresh (they are spawned), have little
claim on the machine, and end with this one.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import logging
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from player import files, processes
from player.align import samples
from player.errors import reason, shown
from player.files import new_file
from player.roots import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.align.samples import Samples

_log = logging.getLogger(__name__)

#: How many processes work at once, unless another number is asked for: each holds a model.
PROCESSES: Final = 2

_KIND: Final = "pieces-1"
# After so many days what was done is not gone on with.
_OLD: Final = 90
# As "nice" counts: 19 is the least claim on the machine, 0 the usual.
_MODEST: Final = 10
# Where libraries look for how many threads they may start: there are as many processes as are wanted.
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Job:
    """One piece of work: ``values``, which JSON can hold, about ``length`` milliseconds of sound."""

    values: Any
    length: int


@dataclass(frozen=True)
class Progress:
    """How far one step of the work, ``what``, is.

    ``done`` of ``pieces`` are done, ``kept`` of them by an earlier run; ``part`` is how much that is of the sound, from
    0 to 1; ``left`` is the time that the rest will take, in seconds, None where nothing is measured yet.
    """

    what: str
    done: int
    pieces: int
    kept: int
    part: float
    left: float | None


@dataclass
class Work:
    """Work on the sound that ``samples`` are of, in at most ``processes`` processes; ``progress`` is told of it."""

    samples: Samples
    progress: Callable[[Progress], object] = lambda _: None
    processes: int = PROCESSES
    _is_told: bool = field(default=False, init=False)

    def done(self, jobs: Sequence[Job], make: str, settings: Mapping[str, Any], *, what: str) -> list[Any]:
        """Have each job done, and give the results in the order of the jobs, as JSON gives them back.

        ``make`` names a function, ``"module:function"``. It is called once in each process, with the samples (a
        ``numpy`` array of ``int16``) and ``settings``, and gives the function that makes a result of the ``values`` of
        a job. A result is kept by the digest of the sound, ``make``, ``settings`` and ``values``: ``settings`` must
        name whatever else changes it, such as the program that is used, its version, and its model. ``what`` is what is
        being done, in a few words.

        :raise PlayerError: and whatever else that function raises; what was done until then stays kept.
        """
        of = self.samples
        # As a digest: settings may hold a whole text.
        sought = _digest(f"{of.digest} {of.first} {of.length} {make} {_text(settings)}")
        step = _step(make, settings)
        places = [self._place(step, sought, job) for job in jobs]
        results: dict[int, Any] = {}
        for number, place in enumerate(places):
            if place is not None and (kept := _read(place)) is not None:
                results[number] = kept["result"]
        waiting = [number for number in range(len(jobs)) if number not in results]
        meter = _Meter(what, [job.length for job in jobs], results.keys(), self.progress)
        batches = [(number, jobs[number].values) for number in waiting]
        answers = processes.answers(batches, _worker, make, of, dict(settings), most=max(1, self.processes))
        with contextlib.closing(answers):
            for number, text in answers:
                self._keep(places[number], text)
                results[number] = json.loads(text)
                meter.add(number)
        return [results[number] for number in range(len(jobs))]

    def forget(self) -> None:
        """Remove what is kept of the work on this sound, once what was made of it is written."""
        forget(self.samples.sound)

    def _place(self, step: str, sought: str, job: Job) -> Path | None:
        root = cache_folder()
        if root is None:
            return None
        key = hashlib.sha256(f"{sought} {_text(job.values)}".encode()).hexdigest()[:32]
        return root / _KIND / f"{_name(self.samples.sound)}-{step}-{key}.json"

    def _keep(self, place: Path | None, text: str) -> None:
        """Keep a result, whole or not at all."""
        try:
            if place is None:
                raise FileNotFoundError(2, "there is no home folder")
            place.parent.mkdir(parents=True, exist_ok=True)
            with new_file(place, force=True) as beside:
                beside.write_text(f'{{"sha256": "{_digest(text)}", "result": {text}}}', encoding="utf-8")
        except OSError as error:
            if not self._is_told:
                self._is_told = True
                _log.warning(
                    "%s: what is done cannot be kept (%s), so after an interruption it would be done again; "
                    "set PLAYER_CACHE to a folder that can be written",
                    "the cache" if place is None else shown(place.parent),
                    reason(error),
                )


def forget(sound: Path) -> None:
    """Remove what is kept of the work on the sound at ``sound``, its samples, and what nobody has gone on with."""
    root = cache_folder()
    if root is not None:
        old = samples.older((root / _KIND).glob("*.json"), _OLD)
        for each in (*_kept(root, sound), *old):
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)
    samples.forget(sound)


def count(sound: Path, make: str | None = None, settings: Mapping[str, Any] | None = None) -> int:
    """Tell how many pieces of the work on the sound at ``sound`` are kept; or of one step of it, as ``Work.done`` has.

    Of a sound that was there before in that place, they count too.
    """
    root = cache_folder()
    step = "*" if make is None else f"{_step(make, settings or {})}-*"
    return 0 if root is None else sum(1 for _ in _kept(root, sound, step))


class _Meter:
    """Counts what is done by the length of its sound, and tells by what this run has measured how long the rest takes.

    What an earlier run has done counts as done, and not as measured.
    """

    def __init__(
        self, what: str, lengths: Sequence[int], kept: Sequence[int] | Any, progress: Callable[[Progress], object]
    ) -> None:
        self._what, self._lengths, self._progress = what, lengths, progress
        self._kept = self._done = len(kept)
        self._whole = sum(lengths) or 1
        self._passed = sum(lengths[number] for number in kept)
        self._measured = 0
        self._begun = time.monotonic()
        self._tell()

    def add(self, number: int) -> None:
        self._done += 1
        self._passed += self._lengths[number]
        self._measured += self._lengths[number]
        self._tell()

    def _tell(self) -> None:
        left = None
        if self._measured:
            taken = time.monotonic() - self._begun
            left = taken / self._measured * (self._whole - self._passed)
        part = self._passed / self._whole
        self._progress(Progress(self._what, self._done, len(self._lengths), self._kept, part, left))


def _kept(root: Path, sound: Path, step: str = "*") -> Iterator[Path]:
    return (root / _KIND).glob(f"{_name(sound)}-{step}.json")


def _step(make: str, settings: Mapping[str, Any]) -> str:
    """Give a short name of what is done in a step, and how."""
    return _digest(f"{make} {_text(settings)}")[:8]


def _name(sound: Path) -> str:
    """Give the beginning of the names in the cache of all that was derived from a sound."""
    return hashlib.sha256(os.fsencode(os.path.realpath(sound))).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(place: Path) -> dict[str, Any] | None:
    """Read a result that is kept; None where there is none, or it is damaged."""
    try:
        entry = json.loads(files.content(place))
        return entry if entry["sha256"] == _digest(_text(entry["result"])) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _worker(make: str, of: Samples, settings: Mapping[str, Any]) -> Callable[[tuple[int, Any]], tuple[int, str]]:
    """Make what does a job in this process, which has just begun."""
    processes.end_with_parent()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_MODEST)
    for variable in _THREADS:
        os.environ.setdefault(variable, "1")
    module, _, name = make.partition(":")
    held, release = of.mapped()
    do = getattr(importlib.import_module(module), name)(held, settings)

    def answer(job: tuple[int, Any]) -> tuple[int, str]:
        number, values = job
        text = _text(do(values))
        # Else this process would seem to take as much memory as it has seen of the sound.
        release()
        return number, text

    return answer
