"""Readers of podcasts that npm has: got once, into the environment that the tests run in, and run by Playwright's node.

None of their own scripts is run while they are installed.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from programs import missing, node, program

#: What each is for: the Podcast Index's own reader of feeds; a reader of the transcripts that feeds lead to.
READERS: Final = {"podcast-partytime": "5.0.0", "transcriptator": "1.1.4"}
_PATIENCE: Final = 300


def run(script: str, *paths: Path) -> Any:
    """Run a script that finds the readers and files by ``process.argv``; give the JSON that it prints."""
    done = subprocess.run(
        [node(), "-e", script, *paths],
        env={**os.environ, "NODE_PATH": str(_folder() / "node_modules"), "LOG": "silent", "PARTYTIME_LOG": "silent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _folder() -> Path:
    """Give the folder in which they are, after they were put there where they are not."""
    folder = Path(sys.prefix) / "npm"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of the processes that test
        if not all(_version(folder, name) == version for name, version in READERS.items()):
            names = [f"{name}@{version}" for name, version in READERS.items()]
            options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder)]
            done = subprocess.run(
                [str(program("npm")), "install", *options, *names],
                capture_output=True,
                text=True,
                check=False,
                timeout=_PATIENCE,
            )
            if done.returncode:
                missing(f"npm cannot install {' '.join(names)}: {done.stderr}")
    return folder


def _version(folder: Path, name: str) -> str | None:
    try:
        found = json.loads((folder / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(found["version"])
