"""The page's pure modules, by node's own test runner: one case per file of tests/js."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from programs import node

FILES = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_passes(path: Path) -> None:
    run = subprocess.run([node(), "--test", path], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_there_are_files_to_run() -> None:
    assert FILES
