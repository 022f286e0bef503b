"""A server of drafts over the recording of talk.py, which is one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from browser import talk
from closings import record_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def serving_drafts(folder: Path, cache: Path) -> Iterator[tuple[str, str]]:
    """Serve it from a process of its own; give the address, and the query that lets a browser in."""
    root = talk.write_archive(folder / "archive")
    record = record_of(root, talk.SLUG)
    record.write_text(f'{record.read_text(encoding="utf-8")}\n[access]\nrecord = "draft"\n', encoding="utf-8")
    told = [sys.executable, "-m", "player", "serve", "--drafts", "--port", "0", "--archive", str(root)]
    environment = {**os.environ, "PLAYER_CACHE": str(cache)}
    with subprocess.Popen(told, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"(http://\S+)/(\?token=\S+)", process.stdout.readline())
            assert found
            yield found[1], found[2]
        finally:
            process.terminate()
