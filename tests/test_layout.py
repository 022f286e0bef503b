"""Imports run one way, and what is particular stays in its room."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "player"
# Each may import those before it: timecode, errors <- archive <- search, publish <- audio <- web, cli.
FLOORS = [
    *("errors", "timecode", "plain_file", "stamp", "unfinished", "new_file", "temporary", "roots", "letters"),
    *("archive", "search", "publish", "audio", "selection", "passages", "web", "commands", "cli", "__main__"),
]
ROOMS = {"webvtt": {"archive/transcript.py"}, "pydub": {"audio/segment.py"}}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def floor(module: str) -> int:
    return FLOORS.index(module)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    inside = path.relative_to(PACKAGE)
    if inside.name == "__init__.py":
        return
    here = floor(inside.parts[0].removesuffix(".py"))
    for name in imported(path):
        if name.startswith("player."):
            assert floor(name.split(".")[1]) <= here, name
        root = name.split(".")[0]
        if root in ROOMS:
            assert inside.as_posix() in ROOMS[root], name
        if root in {"flask", "werkzeug"}:
            assert inside.parts[0] == "web", name
        if root == "waitress":
            assert inside.parts[:2] == ("web", "serving"), name


def test_pages_render_prose_below_the_path_of_the_site() -> None:
    names = {"player.archive.prose.render", "player.archive.prose.render_inline", "player.archive.prose"}
    rendering = {path.name for path in (PACKAGE / "web").glob("*.py") if imported(path) & names}
    assert rendering == {"prose.py"}


def test_an_address_with_a_host_is_made_in_one_place() -> None:
    made = ("_external", "url_root", "host_url", "base_url", "request.url", "request.host")
    files = [*(PACKAGE / "web").glob("*.py"), *(PACKAGE.parent / "templates").glob("*.html")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in made if re.search(rf"{re.escape(word)}\b", text)], path.name


def test_no_room_is_for_anything() -> None:
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not names & {"utils", "helpers", "manager", "common", "data", "models"}


def test_no_two_files_of_tests_have_one_name() -> None:
    """Together they could not be run: their folders are no packages."""
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert [name for name in set(names) if names.count(name) > 1] == []
