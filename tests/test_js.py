"""Runs the tests of the page's pure modules with node's own runner, one case per file of tests/js."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from programs import node

from player import roots

FILES = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_passes(path: Path) -> None:
    # Without --test, which starts a second node for the file: the outcome is the same, in half the time.
    run = subprocess.run([node(), path], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_there_are_files_to_run() -> None:
    assert FILES


def test_scripts_lie_in_folders_by_subject_and_eight_define_the_elements() -> None:
    # What makes a page of a copy that no server answers for what it is on the server defines none.
    top = sorted(path for path in (roots.STATIC / "js").glob("*.js") if not path.name.startswith("copied"))
    assert [path.name for path in top] == [
        "basket-link.js",
        "basket.js",
        "desk.js",
        "embed.js",
        "found.js",
        "later.js",
        "main.js",
        "site-search.js",
    ]
    for path in top:
        statements = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).split(";")
        begun = {re.split(r"[ (]", each.strip())[0] for each in statements if each.strip()}
        assert begun == {"import", "customElements.define"}


def test_no_script_or_sheet_is_longer_than_a_sitting() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in roots.STATIC.rglob("*.[cj]s*")}
    assert {path.name: length for path, length in lengths.items() if length > 350} == {}
