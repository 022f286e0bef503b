"""A program that a test needs is there, or the test is skipped; in CI nothing is skipped for want of one."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import programs
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


TESTS = Path(__file__).parent
SKIPS = """
import pytest
import programs

def test_program(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(programs, "_SYSTEM", ())
    programs.program("nginx")

def test_reason():
    pytest.skip("no drum is installed")

@pytest.mark.skipif(True, reason="no flute is installed")
def test_mark():
    pass

def test_machine():
    pytest.skip("no IPv6 here")

@pytest.mark.xfail
def test_known():
    assert False
"""


def run(folder: Path, name: str, *, ci: bool) -> str:
    """Run one file of tests under the plugin alone; give what is told of it."""
    environment = {**os.environ, "PYTHONPATH": str(TESTS)} | ({"CI": "true"} if ci else {})
    if not ci:
        environment.pop("CI", None)
    command = [sys.executable, "-m", "pytest", "-p", "ci_skips", "-p", "no:cacheprovider", "-q", "-rA", name]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.long
def test_what_is_missing_is_skipped_here_with_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS, encoding="utf-8")
    told = run(tmp_path, "test_skips.py", ci=False)
    assert "4 skipped, 1 xfailed" in told
    assert "nginx is not installed (on Debian: apt-get install nginx-light)" in told


@pytest.mark.long
def test_what_is_missing_fails_in_ci_however_it_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS, encoding="utf-8")
    told = run(tmp_path, "test_skips.py", ci=True)
    assert "2 failed, 1 skipped, 1 xfailed, 1 error" in told
    assert "nginx is not installed (on Debian: apt-get install nginx-light)" in told
    assert "CI may not skip this: no drum is installed" in told
    assert "CI may not skip this: no flute is installed" in told


@pytest.mark.long
def test_a_whole_file_is_not_skipped_in_ci(tmp_path: Path) -> None:
    text = 'import pytest\npytest.importorskip("no_such_module")\ndef test_it(): pass\n'
    (tmp_path / "test_skips.py").write_text(text, encoding="utf-8")
    assert "1 skipped" in run(tmp_path, "test_skips.py", ci=False)
    told = run(tmp_path, "test_skips.py", ci=True)
    assert "1 error" in told
    assert "CI may not skip this" in told


def test_a_program_is_found_where_debian_keeps_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tmp_path / "nginx"
    server.write_text("#!/bin/sh\n", encoding="utf-8")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(programs, "_SYSTEM", (str(tmp_path),))
    assert programs.program("nginx") == server


def calls() -> Iterator[tuple[str, str, str]]:
    """Find the calls in all tests whose first argument is a text: the file, what is called, the text."""
    for path in TESTS.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        # To take each file apart takes seconds.
        for call in ast.walk(ast.parse(text)) if "program(" in text or "which(" in text else ():
            match call:
                case ast.Call(func=called, args=[ast.Constant(value=str(text)), *_]):
                    yield path.name, ast.unparse(called).rpartition(".")[2], text


def test_what_the_tests_ask_for_is_what_ci_installs() -> None:
    asked = {text for _, called, text in calls() if called == "program"}
    assert {"java", "pdftotext"} <= asked
    assert asked <= set(programs.PACKAGES)


def test_no_test_looks_for_a_program_in_a_way_of_its_own() -> None:
    found = {(name, text) for name, called, text in calls() if called == "which"}
    assert found <= {("get_browser.py", "apt-get")}  # which installs what is missing
