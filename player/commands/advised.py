"""Names the archive in the commands that a message advises, where the command that says so was given one.

Whoever types what they read would otherwise be answered by another archive.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from pathlib import Path

_KEY: Final = f"{__name__}.root"
# A word of a command, as a shell reads it, without the sign at its end that belongs to the sentence.
_WORD: Final = r"(?:'[^']*'|\"[^\"]*\"|[\w@%+=:,./-]*[\w@%+=./-])+"
_ALONE: Final = "check|fixity|index|serve"
_WITH_WORDS: Final = "access|add|align|annotations|bind|import|invite|join|publish|remove|rename|reviewed|withdraw"
_COMMAND: Final = re.compile(
    rf"(?:(?<=: )|(?<=with ))player (?:(?:{_ALONE})(?: --[a-z]+)*(?! ?[\w(])|(?:{_WITH_WORDS})(?: {_WORD})+)"
)


def remember(context: click.Context, parameter: click.Parameter, root: Path) -> Path:
    """Remember the archive that a command was given; what click calls with the value of ``--archive``."""
    if parameter.name is not None:
        source = context.get_parameter_source(parameter.name)
        context.meta[_KEY] = root if source is click.core.ParameterSource.COMMANDLINE else None
    return root


def option() -> str:
    """Give the option that names the archive, after a space; empty where the command was given none."""
    context = click.get_current_context(silent=True)
    root = None if context is None else context.meta.get(_KEY)
    return "" if root is None else f" --archive {shlex.quote(str(root))}"


def with_archive(text: str) -> str:
    """Name the archive in each command that a text advises."""
    named = option()
    if not named:
        return text

    def completed(found: re.Match[str]) -> str:
        is_there = " --archive" in found[0] or text.startswith(" --archive", found.end())
        return found[0] if is_there else f"{found[0]}{named}"

    return _COMMAND.sub(completed, text)
