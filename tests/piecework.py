"""Small work for tests of work in pieces: done in the processes that it starts, and counted in a file."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def loudest(samples: Any, settings: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Give the loudest of the samples between two; each time a line is written to the file ``log``, if one is named."""

    def do(values: Any) -> Any:
        first, last = values
        if "log" in settings:
            with Path(settings["log"]).open("a", encoding="utf-8") as log:
                log.write(f"{first}\n")
        return {"loudest": int(abs(samples[first:last].astype(int)).max()), "of": values}

    return do


def refusing(_samples: Any, _settings: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Do the first five, and refuse the rest."""

    def do(values: Any) -> Any:
        if values >= 5:
            raise AudioError(f"{values}: this is refused")
        return values

    return do


def endless(_samples: Any, settings: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Write down which process this is, and work without end; ``how`` says whether other threads may run."""

    def do(_values: Any) -> Any:
        with Path(settings["log"]).open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()}\n")
        if settings["how"] == "holds all":
            sum(range(10**15))  # one call that never lets another thread run
        while True:
            time.sleep(1)

    return do
