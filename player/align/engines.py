"""Names the programs that find words in a sound, and what each needs."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from player.align.extras import version
from player.archive import languages
from player.errors import AlignError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from player.align.asked import NotPlaced, Placed, SpokenLine
    from player.align.pieces import Work

    #: Places lines in a sound that is in a language (BCP 47): one answer for each line.
    Place = Callable[[Sequence[SpokenLine], Work, str], Sequence[Placed | NotPlaced | None]]


@dataclass(frozen=True)
class Engine:
    """A program that places words: the ``package`` that has it, the ``extra`` that brings this, and what calls it.

    ``models`` names the model for each language that it knows, by the first part of its tag. ``place`` is
    ``"module:function"``.
    """

    package: str
    extra: str
    models: Mapping[str, str]
    place: str


@dataclass(frozen=True)
class Ready:
    """An engine that can begin: the ``program`` with its version, the ``model`` for the language, and what places."""

    program: str
    model: str
    place: Place


DEFAULT: Final = "soundswallower"
ENGINES: Final[dict[str, Engine]] = {
    DEFAULT: Engine("soundswallower", "align", {"en": "en-us", "fr": "fr-fr"}, "player.align.placing:place"),
}


def ready(name: str, language: str) -> Ready:
    """Give an engine, ready to place words in a language.

    :raise AlignError: where it is not installed, or does not know the language.
    """
    engine = ENGINES[name]
    program = f"{engine.package} {version(engine.package, engine.extra, 'placing words in a sound')}"
    model = engine.models.get(language.partition("-")[0].lower())
    if model is None:
        known = " and ".join(languages.language(tag).name for tag in engine.models)
        raise AlignError(
            f"{name} knows {known}, and the record says that its words are {languages.language(language).name}; "
            "if that is wrong, correct language = … in recording.toml; else these words have to be timed by hand"
        )
    module, _, function = engine.place.partition(":")
    if importlib.util.find_spec(module) is None:
        raise AlignError(f"{name} cannot be used with this version of the player")
    return Ready(program, model, cast("Place", getattr(importlib.import_module(module), function)))
