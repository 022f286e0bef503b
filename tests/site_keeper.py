"""Makes a copy of a site as ``player export --site`` does, but ends before the n-th thing that it does to a file.

``python site_keeper.py ARCHIVE FOLDER MOMENT HOW…``; at moment 0 it goes on to its end, and says how many there were.
``HOW`` is ``beside``, where other processes make the pages however few there are, and ``apart``, where no file system
lets two folders change places.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tiny_engine import kill_before

from player.cli import main
from player.web.site import export, in_place

if __name__ == "__main__":
    archive, folder, moment, *how = sys.argv[1:]
    if "beside" in how:
        export._FEW = 0  # type: ignore[misc]  # noqa: SLF001  # so that a small archive is as a large one
    if "apart" in how:
        in_place.exchange = lambda one, other: False  # noqa: ARG005  # named as what it stands for
    sys.addaudithook(kill_before(str(Path(folder).parent), int(moment), int(signal.SIGKILL)))
    main(["export", "--site", folder, "--replace", "--archive", archive])
