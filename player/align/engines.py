"""Names the programs that find words in a sound, and says of each whether it can begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from player.align.extras import version
from player.archive import languages
from player.errors import AlignError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from player.align.asked import NotPlaced, Placed, SpokenLine
    from player.align.pieces import Work

    #: Places lines in a sound that is in a language (BCP 47): one answer for each line.
    Place = Callable[[Sequence[SpokenLine], Work, str], Sequence[Placed | NotPlaced | None]]


@dataclass(frozen=True)
class Ready:
    """An engine that can begin: the ``program`` with its version, the ``model`` for the language, and what places."""

    program: str
    model: str
    place: Place
    #: Where its model is, if it brings none.
    folder: Path | None = None


DEFAULT: Final = "soundswallower"
_NEEDS: Final = "placing words in a sound"


def ready(name: str, language: str, model: Path | None = None) -> Ready:
    """Give an engine, ready to place words in a language; ``model`` is the folder of its model, where one is named.

    :raise PlayerError: where it is not installed, has no model, or does not know the language.
    """
    return ENGINES[name](languages.shortest(language), model)


def _soundswallower(language: str, model: Path | None) -> Ready:
    found = version("soundswallower", "align", _NEEDS)
    if model is not None:
        raise AlignError("soundswallower brings its own models; a folder of one goes with --engine faster-whisper")
    from player.align.pronouncing import MODELS  # noqa: PLC0415  # it looks for what the extra brings

    name = MODELS.get(language.partition("-")[0].lower())
    if name is None:
        known = " and ".join(languages.language(tag).name for tag in MODELS)
        raise AlignError(
            f"soundswallower knows {known}, and the record says that its words are {languages.language(language).name}"
            "; if that is wrong, correct language = … in recording.toml; else another engine may know it: "
            "--engine faster-whisper"
        )
    from player.align import placing  # noqa: PLC0415  # as above

    return Ready(f"soundswallower {found}", name, placing.place)


def _faster_whisper(language: str, model: Path | None) -> Ready:
    found = version("faster-whisper", "transcribe", _NEEDS)
    from player.align import by_recognition, hearing, recognisers  # noqa: PLC0415  # of another extra

    name = language.partition("-")[0].lower()
    known = recognisers.on_disk(None, name) if model is None else recognisers.in_folder(model, None)
    code = recognisers.code_of(language, known, hearing.languages())
    place = partial(by_recognition.place, recogniser=known, code=code)
    return Ready(f"faster-whisper {found}", known.name, place, known.folder)


#: What each engine is called, and what says whether it can begin.
ENGINES: Final[dict[str, Callable[[str, Path | None], Ready]]] = {
    DEFAULT: _soundswallower,
    "faster-whisper": _faster_whisper,
}
