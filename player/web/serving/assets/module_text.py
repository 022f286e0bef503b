"""Reads the text of a JavaScript module: what it imports, what it exports, and the rest of it without comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from player.web.serving.assets.tokens import UnclearError, of_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.web.serving.assets.tokens import Token

_NAMES = r"[\w$]+(?: as [\w$]+)?"
_IMPORT = re.compile(rf"""import ?\{{ ?({_NAMES}(?: ?, ?{_NAMES})*) ?,? ?\}} ?from ?(["'])(\.[\w./-]+)\2 ?;""")
_EXPORT = re.compile(r"export (?:const ([\w$]+) ?=|(?:class|(?:async )?function ?\*?) ?([\w$]+)\b)")
_OWN_ADDRESS = "import.meta.url"
_LINKED = re.compile(r"\$\d+")


@dataclass(frozen=True)
class Import:
    """One import: the path as it is written, the names (there, here), and where in the text it stands."""

    path: str
    names: tuple[tuple[str, str], ...]
    at: int


@dataclass
class Module:
    """A module: what it imports and exports, and its text without either."""

    imports: list[Import] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)
    body: str = ""


def linked(number: int) -> str:
    """Give the name that stands for a module among those linked. ``read`` refuses a module with such a name in it."""
    return f"${number}"


@lru_cache(maxsize=256)  # many are linked into several files
def read(text: str, path: str) -> Module:
    """Read a module, which nobody changes. ``path`` leads to it from the folder of the file that it will be a part of.

    :raise UnclearError: where it has a form that this project's modules do not use.
    """
    module = Module()
    stream = list(of_script(text))
    body: list[str] = []
    last = ""
    at = 0
    while at < len(stream):
        token = stream[at]
        is_name = token.kind == "word" and last not in (".", "?.")
        end = _declaration(stream, at, module) if is_name else at
        if end > at:
            at = end
        elif is_name and token.text == "import" and _flat(stream[at : at + 5]) == _OWN_ADDRESS:
            body.append(f'new URL("{path}",{_OWN_ADDRESS}).href')
            at += 5
            last = "href"
        else:
            body.append(token.text)
            last = token.text if token.kind != "gap" else last
            at += 1
    _refuse_reassignment(stream, module)
    module.body = "".join(body).strip()
    return module


def _declaration(stream: Sequence[Token], at: int, module: Module) -> int:
    """Record what a word declares of the module; return where the text that stays goes on."""
    token = stream[at]
    ahead = _flat(stream[at : at + 12]) if token.text in ("import", "export") else ""
    is_known_then = ahead.startswith("import(") and not ahead.startswith(("import('", 'import("'))
    if token.text == "import" and (is_known_then or ahead.startswith(_OWN_ADDRESS)):
        pass
    elif token.text == "import":
        end = next((place for place in range(at, len(stream)) if stream[place].text == ";"), at) + 1
        found = _IMPORT.fullmatch(_flat(stream[at:end]))
        if not found or token.depth:
            remedy = 'write import { a, b as c } from "./module.js"; or import(address), or import.meta.url'
            raise UnclearError(token.at, "this form of import is not supported", remedy)
        pairs = (each.strip().partition(" as ") for each in found[1].split(","))
        names = tuple((there, here or there) for there, _, here in pairs)
        module.imports.append(Import(found[3], names, token.at))
        return end
    elif token.text == "export":
        found = _EXPORT.match(ahead)
        if not found or token.depth:
            remedy = "write export before the const, the function or the class"
            raise UnclearError(token.at, "this form of export is not supported", remedy)
        module.exports.append(found[1] or found[2])
        return at + 2  # and the space after it
    elif token.text == "await" and not token.depth:
        raise UnclearError(token.at, "a module that waits would delay all others", "await inside a function")
    elif _LINKED.fullmatch(token.text):
        raise UnclearError(token.at, f"{token.text} is reserved for a joined module", "choose another name")
    return at


def _refuse_reassignment(stream: Sequence[Token], module: Module) -> None:
    """Refuse what assigns to an exported name: importers are given its value once."""
    signs = [token for token in stream if token.kind != "gap"]
    for before, token, after, next_but_one in zip(signs, signs[1:], signs[2:], signs[3:], strict=False):
        is_assigned = after.text == "=" and next_but_one.text != "="
        if token.text in module.exports and is_assigned and before.text not in (".", "const", "let", "var"):
            raise UnclearError(
                token.at, f"{token.text} is exported and must not be reassigned", "export a function that returns it"
            )


def _flat(stream: Sequence[Token]) -> str:
    return "".join(token.text for token in stream).replace("\n", " ")
