"""A browser is found, downloaded or installed, in that order, and what happens is said."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from browser import get_browser

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A machine with an empty PATH and no download; gives the commands that would have been run."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(get_browser, "_downloaded", lambda: tmp_path / "downloaded")
    monkeypatch.setattr(get_browser, "_run", lambda *command: commands.append(command))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return commands


LACK = "cannot open shared object file: libheard.so.1"


def put(place: Path, name: str, code: int = 0) -> Path:
    program = place / name
    program.write_text(f"#!/bin/sh\necho {LACK} >&2\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.usefixtures("ran")
def test_one_that_is_named_comes_before_one_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = put(tmp_path, "chromium")
    assert get_browser.find_browser() == on_path
    (tmp_path / "other").mkdir()
    named = put(tmp_path / "other", "mine")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert get_browser.find_browser() == named


@pytest.mark.usefixtures("ran")
def test_one_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "chromium", code=127)
    chrome = put(tmp_path, "google-chrome")
    assert get_browser.find_browser() == chrome


@pytest.mark.usefixtures("ran")
def test_playwrights_own_is_the_last_that_is_looked_for(tmp_path: Path) -> None:
    downloaded = put(tmp_path, "downloaded")
    assert get_browser.find_browser() == downloaded
    assert get_browser.find_browser() != put(tmp_path, "chromium-browser")


@pytest.mark.usefixtures("ran")
def test_one_without_windows_is_taken_for_most_tests_where_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = put(tmp_path, "chromium")
    assert get_browser.find_shell() == whole
    shell = put(tmp_path, "chromium-headless-shell")
    assert get_browser.find_shell() == shell
    assert get_browser.find_browser() == whole
    put(tmp_path, "chromium-headless-shell", code=127)
    assert get_browser.find_shell() == whole
    put(tmp_path, "chromium-headless-shell")
    monkeypatch.setenv("CHROMIUM", str(whole))
    assert get_browser.find_shell() == whole


@pytest.mark.usefixtures("ran")
def test_ci_takes_a_whole_one_as_readers_have_it_unless_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, shell = put(tmp_path, "chromium"), put(tmp_path, "chromium-headless-shell")
    monkeypatch.setenv("CI", "true")
    assert get_browser.find_shell() == whole
    monkeypatch.setenv("CHROMIUM", str(shell))
    assert get_browser.find_shell() == shell


def test_where_none_is_found_it_is_downloaded_and_then_installed(
    tmp_path: Path, ran: list[tuple[str, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "apt-get")
    assert get_browser.main() == 1
    assert ran[0][1:] == ("-m", "playwright", "install", "chromium")
    assert [command[-1] for command in ran[1:]] == ["-qq", "chromium", "chromium-headless-shell"]
    out, err = capsys.readouterr()
    assert "downloading" in out
    assert err.startswith("No Chromium could be had")


def test_nobody_but_root_installs(tmp_path: Path, ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert get_browser.main() == 1
    assert len(ran) == 1


def test_what_is_found_is_named(tmp_path: Path, ran: list[tuple[str, ...]], capsys: pytest.CaptureFixture[str]) -> None:
    found = put(tmp_path, "chromium")
    assert get_browser.main() == 0
    assert ran == []
    assert str(found) in capsys.readouterr().out


def test_one_that_does_not_start_is_named_with_its_reason(
    tmp_path: Path, ran: list[tuple[str, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    stub = put(tmp_path, "chromium", code=127)
    assert get_browser.main() == 1
    assert len(ran) == 1
    assert f"{stub} does not start: {LACK}\n" in capsys.readouterr().err


def test_the_node_that_does_not_start_is_told_in_words_with_what_to_install(
    tmp_path: Path,
    ran: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(tmp_path, "chromium")
    monkeypatch.setattr(get_browser, "find_node", lambda: put(tmp_path, "node", code=127))
    assert get_browser.main() == 1
    assert ran == []
    told = capsys.readouterr().err
    assert "apt-get install libatomic1" in told
    assert LACK in told
    assert "Traceback" not in told


def test_root_has_installed_what_the_node_needs(
    tmp_path: Path, ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "chromium")
    put(tmp_path, "apt-get")
    node = put(tmp_path, "node", code=127)
    monkeypatch.setattr(get_browser, "find_node", lambda: node)

    def install(*command: str) -> None:
        ran.append(command)
        if command[-1] == "libatomic1":
            put(tmp_path, "node")

    monkeypatch.setattr(get_browser, "_run", install)
    assert get_browser.main() == 0
    assert [command[-1] for command in ran] == ["-qq", "libatomic1"]
