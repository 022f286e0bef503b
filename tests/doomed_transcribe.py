"""Transcribes the recording of an archive by a real model, and ends where it is told to.

    python tests/doomed_transcribe.py ARCHIVE MODEL heard
    python tests/doomed_transcribe.py ARCHIVE MODEL MOMENT SIGNAL

ends once all is heard and before anything is written, with all its pieces kept; or by a signal, just before it does the
MOMENT-th thing to a file of the archive or of the cache beside it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import tiny_engine
from imports import SLUG

if __name__ == "__main__":
    from player.align import draft_files
    from player.cli import main

    def heard(*_: Any) -> None:
        sys.exit("heard")

    root, model, *doom = sys.argv[1:]
    if doom == ["heard"]:
        draft_files.put = heard  # type: ignore[assignment]  # it never answers
    else:
        sys.addaudithook(tiny_engine.kill_before(str(Path(root).parent), int(doom[0]), int(doom[1])))
    main(["transcribe", SLUG, "--model-dir", model, "--model", "tiny.en", "--archive", root])
