"""What is taken for a number is what ``int`` reads: ``str.isdigit`` is true of ² and ①, too, which it refuses."""

from __future__ import annotations

import ast
from pathlib import Path

PLAYER = Path(__file__).parents[1] / "player"


def asks(source: str) -> list[int]:
    """Give the lines that ask it."""
    # To parse what does not even name it took a second.
    if "isdigit" not in source:
        return []
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr == "isdigit"
    ]


def test_such_a_question_is_recognised() -> None:
    assert asks("a = 1\nfound = map(str.isdigit, 'a²')\nb = text.isdigit()") == [2, 3]


def test_nothing_is_asked_whether_it_is_a_digit() -> None:
    files = sorted(PLAYER.rglob("*.py"))
    assert files
    assert not [f"{path.name}:{line}" for path in files for line in asks(path.read_text(encoding="utf-8"))]
