"""No pattern of the player is of a kind that Python 3.11.2, Debian 12's own, misreads: it finds less than 3.11.7."""

from __future__ import annotations

import ast
import warnings
from importlib import import_module
from pathlib import Path
from re import error
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# Private: it alone takes a pattern apart.
PARSER = import_module("re._parser")
# Without one of these no pattern is of such a kind; to take each text apart takes seconds.
SIGNS = ("*+", "++", "?+", "}+", "(?>")
MISREAD = ("POSSESSIVE_REPEAT", "ATOMIC_GROUP")


def is_misread(text: str) -> bool:
    """Tell whether a text, read as a pattern, is of such a kind. A text that is no pattern is not."""
    if not any(sign in text for sign in SIGNS):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is no pattern may look like a doubtful one
            parts = repr(PARSER.parse(text))
    except (error, OverflowError, RecursionError):
        return False
    return any(kind in parts for kind in MISREAD)


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Give each text of a module, wherever it stands, with its line; what is put into one counts as a sign."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)):
                yield node.lineno, text
            case ast.JoinedStr(values=parts):
                yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


@pytest.mark.parametrize("pattern", [r"(?:a|b)*+", r"a++", r"a?+", r"a{2,}+", r"(?>a|b)c"])
def test_such_a_pattern_is_recognised(pattern: str) -> None:
    assert is_misread(pattern)
    assert [text for _, text in texts(f'P = re.compile(f"{{start}}" r"{pattern}")') if is_misread(text)]


def test_no_pattern_is_possessive_or_atomic() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "player").rglob("*.py"))
        for line, text in texts(path.read_text(encoding="utf-8"))
        if is_misread(text)
    ]
    assert found == []
