"""What the program says of itself has straight quotation marks; curly ones are those of texts that people wrote."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import player

PACKAGE = Path(player.__file__).parent
CURLY = "“”"
#: Where the signs belong to a text that is printed, or are looked for, by the beginnings of paths.
TEXTS = {
    "align/": "signs around words, which are not spoken",
    "archive/about.py": "docs/files.md",
    "archive/prose.py": "signs of prose",
    "archive/webvtt/head.py": "a sign that is looked for",
    "checks/machine.py": "quotations of sources",
    "checks/quotations.py": "quotations of sources",
    "checks/readings.py": "quotations of sources",
    "clips/provenance.py": "the title in a citation",
    "folding.py": "a sign that is looked for",
    "intake/sounds.py": "what a record says of its holding",
    "intake/transcripts/decoding.py": "signs of text",
    "intake/transcripts/documents/": "signs of text",
    "intake/transcripts/name_forms.py": "signs of text",
    "intake/transcripts/programs/": "signs of text",
    "publish/citation.py": "the title in a citation",
    "publish/csl/style.py": "signs of citations",
    "publish/transcripts/": "doubtful words, in documents for readers",
    "reading/spoken.py": "signs of prose",
    "search/needles.py": "signs around what is searched",
    "web/pages/found.py": "signs around what is searched",
    "web/pages/prose.py": "signs of prose",
    "web/pages/surroundings.py": "titles within the prose of a page",
    "web/site/links.py": "a sign that ends an address",
}


def said(tree: ast.Module) -> list[tuple[int, str]]:
    """Give the texts in a module that are no docstrings, with their lines."""
    nodes = list(ast.walk(tree))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]


def curly(path: Path) -> list[str]:
    """Give the texts of a module that have curly marks."""
    found = said(ast.parse(path.read_text(encoding="utf-8")))
    name = path.relative_to(PACKAGE).as_posix()
    return [f"{name}:{line}: {text}" for line, text in found if set(CURLY) & set(text)]


@pytest.mark.long
def test_messages_have_straight_marks() -> None:
    modules = [(path, path.relative_to(PACKAGE).as_posix()) for path in sorted(PACKAGE.rglob("*.py"))]
    assert [each for path, name in modules if not name.startswith(tuple(TEXTS)) for each in curly(path)] == []


@pytest.mark.long
def test_each_place_of_curly_marks_has_some() -> None:
    for beginning in TEXTS:
        paths = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).as_posix().startswith(beginning)]
        assert any(curly(path) for path in paths), beginning
