"""Imports run one way, and what is particular stays in its room."""

from __future__ import annotations

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from player.web.app import create_app

PACKAGE = Path(__file__).resolve().parents[1] / "player"
# Each step may import those before it, and itself; within a step, only as ``ASIDE`` says.
STEPS = (
    ("values", "elsewhere"),
    ("errors", "timecode"),
    (
        "locks",
        "files",
        "folding",
        "letters",
        "stamp",
        "roots",
        "processes",
        "forking",
        "workers",
        "cluster",
        "arenas",
        "spreadsheets",
    ),
    ("storage",),
    ("archive",),
    ("search",),
    ("audio",),
    ("index",),
    ("history",),
    ("checks", "publish", "clips", "align", "reading", "intake", "preserve"),
    ("desk",),
    ("web",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
ASIDE = {
    ("errors", "timecode"),
    ("timecode", "errors"),
    ("files", "locks"),
    ("stamp", "files"),
    ("forking", "processes"),
    ("forking", "arenas"),
    ("workers", "processes"),
    ("cluster", "workers"),
    ("cluster", "roots"),
    ("clips", "publish"),
    ("reading", "clips"),
    ("align", "intake"),
    ("intake", "publish"),
}
# A library that only some places import, with the beginnings of their paths.
ROOMS = {
    "bagit": ("preserve/bag.py",),
    "citeproc": ("publish/csl/",),
    "flask": ("web/",),
    "obstore": ("storage/s3.py",),
    "markdown_it": ("archive/prose.py", "web/pages/prose.py"),
    "markupsafe": ("web/",),
    "psycopg": ("index/postgres/",),
    "pydub": ("audio/segment.py",),
    "waitress": ("web/serving/",),
    "docx": ("publish/transcripts/word.py", "publish/transcripts/word_page.py"),
    "webvtt": ("archive/webvtt/", "intake/", "publish/transcripts/subrip.py"),
    "werkzeug": ("web/",),
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def inside(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """Give the full names of all that a module imports, where a name may be a module's or that of something in it."""
    nodes = list(ast.walk(tree(path)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def room(name: str) -> str:
    return name.split(".")[1]


def step(name: str) -> int:
    return next(number for number, names in enumerate(STEPS) if name in names)


def test_imports_run_one_way() -> None:
    wrong = [
        f"{inside(path)} imports {there}"
        for path in MODULES
        for here in [inside(path).split("/")[0].removesuffix(".py")]
        for there in {room(name) for name in imported(path) if name.startswith("player.")}
        if not (there == here or (here, there) in ASIDE or step(there) < step(here))
    ]
    assert wrong == []


def test_a_library_is_imported_where_it_belongs() -> None:
    wrong = [
        f"{inside(path)} imports {root}"
        for path in MODULES
        for root in {name.split(".")[0] for name in imported(path)} & set(ROOMS)
        if not inside(path).startswith(ROOMS[root])
    ]
    assert wrong == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    """Types count too: who reads one of them has to read the other."""
    names = {f"player.{inside(path).removesuffix('.py').replace('/', '.')}": path for path in MODULES}
    try:
        TopologicalSorter({name: imported(path) & names.keys() for name, path in names.items()}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {inside(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 350} == {}


def test_no_room_is_for_anything() -> None:
    names = {part for path in PACKAGE.rglob("*.py") for part in inside(path).removesuffix(".py").split("/")}
    assert not names & {"utils", "helpers", "manager", "common", "data", "models"}


def test_pages_render_prose_below_the_path_of_the_site() -> None:
    names = {"player.archive.prose.markdown", "player.web.pages.prose.to_html", "player.web.pages.prose.to_inline_html"}
    assert {inside(path) for path in MODULES if imported(path) & names} == {"web/pages/prose.py"}


def test_an_archive_and_its_checks_know_no_address_of_the_site() -> None:
    rules = create_app(PACKAGE.parent).url_map.iter_rules()
    beginnings = tuple(f"/{rule.rule.split('/')[1]}" for rule in rules if rule.rule != "/")
    wrong = [
        f"{inside(path)}: {node.value}"
        for path in MODULES
        if inside(path).startswith(("archive/", "checks/"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(beginnings)
    ]
    assert wrong == []


def test_an_address_with_a_host_is_made_in_one_place() -> None:
    made = ("_external", "url_root", "host_url", "base_url", "request.url", "request.host")
    files = [*(PACKAGE / "web").rglob("*.py"), *(PACKAGE.parent / "templates").glob("*.html")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in made if re.search(rf"{re.escape(word)}\b", text)], path.name


def test_a_test_of_a_browser_waits_for_what_it_expects_to_see() -> None:
    """A look straight after a click sees the page that is being left; `expect` waits for the next."""
    at_once = [
        f"{path.name}:{asked.lineno}"
        for path in Path(__file__).with_name("browser").glob("*.py")
        for statement in ast.walk(tree(path))
        if isinstance(statement, ast.Assert)
        for asked in ast.walk(statement)
        if isinstance(asked, ast.Attribute) and asked.attr in {"is_visible", "is_hidden"}
    ]
    assert at_once == []


def test_no_two_files_of_tests_have_one_name() -> None:
    """Together they could not be run: their folders are no packages."""
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert [name for name in set(names) if names.count(name) > 1] == []
