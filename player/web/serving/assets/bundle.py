"""Joins many modules into one, and many style sheets into one, so that a page asks for one of each.

Each request takes part of a round trip and some 400 bytes of headers, and text compresses better in one piece. Nothing
is renamed: each module keeps a function scope of its own, in the order in which a browser would run them. Modules may
lie in folders. Only the forms that the player's own files use are understood; any other is refused when the server
starts, with its place, rather than joined wrongly.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from player.errors import Fault, ServeError
from player.web.serving.assets import module_text
from player.web.serving.assets.tokens import UnclearError, of_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.web.serving.assets.module_text import Module

_SHEET_IMPORT = re.compile(r"""@import (["'])([\w./-]+)\1 layer\(([\w-]+)\) ?;""")
_LAYERS = re.compile(r"@layer [\w-]+(?: ?, ?[\w-]+)* ?;")
_FIRST_ONLY = frozenset({"@charset", "@import", "@namespace"})


def link_scripts(files: Mapping[str, bytes], main: str, later: str, linked: str) -> tuple[bytes, bytes]:
    """Link ``main`` and all that it imports, near or far, into one module, and ``later`` into a second.

    The second takes from the first what both need: no module is in both, and each is run once. ``files`` holds them by
    name, and may hold others. ``linked`` is what the first is called where it stands, beside the second.

    :raise ServeError: where a module has a form that is not understood here.
    """
    first: dict[str, Module] = {}
    _link(files, main, first, ())
    both = dict(first)
    _link(files, later, both, ())
    second = [name for name in both if name not in first]
    wanted = {_beside(name, each.path) for name in second for each in both[name].imports}
    called = _called(both)
    shared = ",".join(called[name] for name in first if name in wanted)
    return (
        f"{_scopes(first, both)}export{{{shared}}};\n".encode(),
        f'import{{{shared}}}from"./{linked}";\n{_scopes(second, both)}'.encode(),
    )


def link_sheets(files: Mapping[str, bytes], main: str) -> bytes:
    """Link ``main``, which lists layers and imports sheets into them, and those sheets into one that stands beside it.

    ``files`` holds them by name, and may hold others.

    :raise ServeError: where a sheet has a form that is not understood here.
    """
    text = _text(files, main)
    parts = []
    for at, statement in _statements(main, text):
        if found := _SHEET_IMPORT.fullmatch(statement):
            name = _beside(main, found[2])
            if name not in files:
                raise _refusal(main, text, at, f"there is no {name}", "import a sheet that exists")
            if posixpath.dirname(name) != posixpath.dirname(main):
                what = "relative addresses in that sheet would break"
                raise _refusal(main, text, at, what, f"keep it beside {main}")
            parts.append(f"@layer {found[3]} {{\n{_sheet(name, _text(files, name), main)}\n}}\n")
        elif _LAYERS.fullmatch(statement):
            parts.append(f"{statement}\n")
        else:
            remedy = 'write @import "sheet.css" layer(name); and put the rules into that sheet'
            raise _refusal(main, text, at, "this neither lists layers nor imports a sheet into one", remedy)
    return "".join(parts).encode()


def _link(files: Mapping[str, bytes], name: str, modules: dict[str, Module], importers: tuple[str, ...]) -> None:
    """Add a module after those that it imports, in their order: the order in which a browser runs them."""
    text = _text(files, name)
    try:
        module = module_text.read(text, posixpath.relpath(name, posixpath.dirname((*importers, name)[0])))
    except UnclearError as error:
        raise _refusal(name, text, error.at, error.what, error.remedy) from None
    for each in module.imports:
        source = _beside(name, each.path)
        if source not in files:
            raise _refusal(name, text, each.at, f"there is no {source}", "import a module that exists")
        if source in (*importers, name):
            what = f"{source} imports this module too"
            raise _refusal(name, text, each.at, what, "let imports run one way")
        if source not in modules:
            _link(files, source, modules, (*importers, name))
        missing = [there for there, _ in each.names if there not in modules[source].exports]
        if missing:
            what = f"{source} does not export {missing[0]}"
            raise _refusal(name, text, each.at, what, "import a name that it exports")
    modules[name] = module


def _scopes(names: Iterable[str], modules: Mapping[str, Module]) -> str:
    called = _called(modules)
    return "".join(_scope(name, modules, called) for name in names)


def _called(modules: Mapping[str, Module]) -> dict[str, str]:
    return {name: module_text.linked(number) for number, name in enumerate(modules)}


def _scope(name: str, modules: Mapping[str, Module], called: Mapping[str, str]) -> str:
    """Write a module as a function that is run at once and gives what the module exports."""
    module = modules[name]
    head = "".join(
        f"const{{{','.join(here if here == there else f'{there}:{here}' for there, here in each.names)}}}="
        f"{called[_beside(name, each.path)]};\n"
        for each in module.imports
    )
    return f"const {called[name]}=(()=>{{\n{head}{module.body}\nreturn{{{','.join(module.exports)}}}}})();\n"


def _statements(name: str, text: str) -> list[tuple[int, str]]:
    """Give each statement of a sheet that has no rules, and where it stands in the text."""
    found = []
    begun, statement = 0, ""
    for _, piece, at, _ in _sheet_tokens(name, text):
        begun, statement = (begun if statement else at), (statement + piece.replace("\n", " ")).lstrip()
        if piece == ";":
            found.append((begun, statement))
            statement = ""
    return [*found, (begun, statement)] if statement else found


def _sheet(name: str, text: str, main: str) -> str:
    """Give a sheet's rules, as they may stand within a layer."""
    pieces = []
    for _, piece, at, _ in _sheet_tokens(name, text):
        if piece.lower() in _FIRST_ONLY:
            raise _refusal(name, text, at, f"{piece} is allowed only at the head of {main}", "move it there")
        pieces.append(piece)
    return "".join(pieces).strip()


def _sheet_tokens(name: str, text: str) -> list[tuple[str, str, int, int]]:
    try:
        return list(of_sheet(text))
    except UnclearError as error:
        raise _refusal(name, text, error.at, error.what, error.remedy) from None


def _text(files: Mapping[str, bytes], name: str) -> str:
    if name not in files:
        raise ServeError(str(Fault(_shown(name), None, "this file is missing", "reinstall the player")))
    try:
        return files[name].decode()
    except UnicodeDecodeError:
        raise ServeError(str(Fault(_shown(name), None, "this is not UTF-8", "save it as UTF-8"))) from None


def _beside(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _refusal(name: str, text: str, at: int, what: str, remedy: str) -> ServeError:
    return ServeError(str(Fault(_shown(name), text.count("\n", 0, at) + 1, what, remedy)))


def _shown(name: str) -> Path:
    return Path("static", name)
