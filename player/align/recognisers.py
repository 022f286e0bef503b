"""Finds the model that a sound is transcribed with: in a folder that is named, or among those on this computer's disk.

Models of Whisper for CTranslate2 are what faster-whisper fetches from Hugging Face's hub, and keeps in the hub's own
folder. Looking there asks nobody; a model is fetched only where that is wanted.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive import languages
from player.archive.machine import UNKNOWN
from player.errors import TranscribeError, reason, shown
from player.files import content, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where models come from when one is fetched.
HUB: Final = "huggingface.co"
#: The names that people know; what the hub calls each, and how many megabytes are fetched, roughly.
_KNOWN: Final = {
    "tiny": ("Systran/faster-whisper-tiny", 78),
    "tiny.en": ("Systran/faster-whisper-tiny.en", 78),
    "base": ("Systran/faster-whisper-base", 148),
    "base.en": ("Systran/faster-whisper-base.en", 148),
    "small": ("Systran/faster-whisper-small", 486),
    "small.en": ("Systran/faster-whisper-small.en", 486),
    "medium": ("Systran/faster-whisper-medium", 1530),
    "medium.en": ("Systran/faster-whisper-medium.en", 1530),
    "large-v2": ("Systran/faster-whisper-large-v2", 3090),
    "large-v3": ("Systran/faster-whisper-large-v3", 3090),
    "large-v3-turbo": ("mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620),
}
#: In which order one is taken where none is named: what a processor can do in about the time of the sound comes first.
_ORDER: Final = ("small", "medium", "large-v3-turbo", "base", "large-v3", "large-v2", "tiny")
_ENGLISH: Final = "en"
#: How many tokens Whisper's models of English have; the others have one more at least.
_ENGLISH_TOKENS: Final = 51_864
#: The largest of the files of a model.
MODEL: Final = "model.bin"
#: What has to be in the folder of a model.
_FILES: Final = ("config.json", MODEL, "tokenizer.json")
#: What the model's file says, in its first bytes, that it is.
_KIND: Final = b"WhisperSpec"
_BEGINNING: Final = 64
_VOCABULARIES: Final = ("vocabulary.txt", "vocabulary.json")
#: The hub's folder for a model: models--Systran--faster-whisper-tiny.en/snapshots/0123…
_HUBS_OWN: Final = re.compile(r"models--.+?--(.+)")
#: What the folder of any model may be called.
_ANYTHING: Final = frozenset(
    {"", "model", "models", "whisper", "faster-whisper", "whisper-model", "ct2", "ctranslate2", "snapshot", "snapshots"}
)
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?", re.ASCII)


@dataclass(frozen=True)
class Recogniser:
    """A model on the disk: what it is called, ``unknown`` where nothing says so, and its folder."""

    name: str
    folder: Path

    @property
    def called(self) -> str:
        """Name it within a sentence."""
        return "this model" if self.name == UNKNOWN else f"the model {self.name}"

    @property
    def stamp(self) -> list[int]:
        """Give what changes where the model is another: the size of its file, and when that was written."""
        state = (self.folder / MODEL).stat()
        return [state.st_size, state.st_mtime_ns]

    @property
    def knows_languages(self) -> bool:
        """Tell whether it knows other languages than English: its vocabulary has one token more.

        :raise TranscribeError: where that cannot be read.
        """
        path = next(each for name in _VOCABULARIES if (each := self.folder / name).is_file())
        try:
            data = content(path)
            size = len(json.loads(data)) if path.suffix == ".json" else data.count(b"\n")
        except (OSError, ValueError, TypeError, RecursionError) as error:
            what = reason(error) if isinstance(error, OSError) else "it is not a list of tokens"
            raise TranscribeError(f"{shown(path)}: this cannot be read ({what}); {_REMEDY}") from None
        return size != _ENGLISH_TOKENS


_REMEDY: Final = (
    "name a folder with a Whisper model for CTranslate2: config.json, model.bin, tokenizer.json, vocabulary"
)


class NoModelError(TranscribeError):
    """No model is on the disk. ``name`` is the one that would be fetched, of ``megabytes``, from ``place``."""

    def __init__(self, name: str, *, is_named: bool) -> None:
        self.name = name
        self.place, self.megabytes = _source(name)
        what = f"the model {name} is not on this computer" if is_named else "there is no model on this computer"
        super().__init__(
            f"{what}; --download fetches {name} ({self.size}) from {self.place}, and --model-dir names a folder that "
            "has one"
        )

    @property
    def size(self) -> str:
        """Say how much is fetched."""
        return "of a size that is not known" if self.megabytes is None else f"about {self.megabytes:,} MB"


def in_folder(folder: Path, name: str | None) -> Recogniser:
    """Give the model in a folder; ``name`` is what it is called, where that is said.

    :raise TranscribeError: where there is none.
    """
    if not folder.is_dir():
        raise TranscribeError(f"{shown(folder)}: there is no such folder; {_REMEDY}")
    missing = [each for each in _FILES if not (folder / each).is_file()]
    if not any((folder / each).is_file() for each in _VOCABULARIES):
        missing.append("vocabulary.txt")
    if missing:
        *others, last = missing
        names = f"{', '.join(others)} or {last}" if others else last
        raise TranscribeError(f"{shown(folder)}: this folder has no {names}; {_REMEDY}")
    path = folder / "model.bin"
    try:
        with opened(path) as file:
            beginning = file.read(_BEGINNING)
    except OSError as error:
        raise TranscribeError(f"{shown(path)}: this cannot be read ({reason(error)}); {_REMEDY}") from None
    if _KIND not in beginning:
        raise TranscribeError(f"{shown(path)}: this is no model of Whisper's for CTranslate2; {_REMEDY}")
    return Recogniser(name or _name_of(folder), folder)


def on_disk(name: str | None, language: str) -> Recogniser:
    """Give the model of a name, or the most suitable for a language (``en``), of those on this computer's disk.

    :raise NoModelError: where it is not there.
    :raise TranscribeError: where the name can be none.
    """
    if name is not None and _NAME.fullmatch(name) is None:
        raise TranscribeError(
            f"{name!r} is no name of a model; it is one of {', '.join(_KNOWN)}, or OWNER/NAME on {HUB}"
        )
    if name is not None and "/" not in name and name not in _KNOWN:
        raise TranscribeError(f"there is no model {name}; it is one of {', '.join(_KNOWN)}, or OWNER/NAME on {HUB}")
    names = [name] if name is not None else list(_suitable(language))
    for each in names:
        if (folder := _kept(each)) is not None:
            return Recogniser(each, folder)
    raise NoModelError(names[0], is_named=name is not None)


def fetched(name: str) -> Recogniser:
    """Fetch a model from the hub.

    :raise TranscribeError: where it cannot be had.
    """
    from faster_whisper import download_model  # noqa: PLC0415  # an extra

    place, _ = _source(name)
    try:
        return Recogniser(name, Path(download_model(place.removeprefix(f"{HUB}/"))))
    except Exception as error:  # noqa: BLE001  # the hub's library raises many kinds, of no class of its own
        what = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise TranscribeError(
            f"{place}: the model cannot be fetched ({what}); check the name and the connection, or name a folder "
            "that has one with --model-dir"
        ) from None


def _kept(name: str) -> Path | None:
    """Give the folder of a model that the hub's library has fetched; None where it has not, or not all of it."""
    from faster_whisper import download_model  # noqa: PLC0415  # an extra

    place, _ = _source(name)
    try:
        folder = Path(download_model(place.removeprefix(f"{HUB}/"), local_files_only=True))
        return in_folder(folder, name).folder
    except Exception:  # noqa: BLE001  # as above; whatever it is, no model was found
        return None


def _suitable(language: str) -> Iterator[str]:
    for each in _ORDER:
        if language == _ENGLISH and f"{each}.en" in _KNOWN:
            yield f"{each}.en"
        yield each


def _source(name: str) -> tuple[str, int | None]:
    place, megabytes = _KNOWN.get(name, (name, None))
    return f"{HUB}/{place}", megabytes


def _name_of(folder: Path) -> str:
    place = folder.absolute()
    for part in reversed(place.parts):
        if (found := _HUBS_OWN.fullmatch(part)) is not None:
            return found[1].removeprefix("faster-").replace("whisper-", "", 1)
    name = place.resolve().name
    return UNKNOWN if name.lower() in _ANYTHING else name


def code_of(tag: str, recogniser: Recogniser, codes: Sequence[str]) -> str:
    """Give what Whisper calls the language of a tag, ``pt`` for ``pt-BR``; ``codes`` are those that it knows.

    :raise TranscribeError: where the model does not know it.
    """
    code = {"nb": "no", "fil": "tl", "jv": "jw"}.get(found := languages.shortest(tag).partition("-")[0], found)
    name = languages.language(tag).name
    if code != _ENGLISH and not recogniser.knows_languages:
        raise TranscribeError(
            f"{recogniser.called} knows English alone, and the language is {name}; "
            "take a model that knows others (--model small), or give the language with --language"
        )
    if code not in codes:
        raise TranscribeError(f"no model of Whisper knows {name}; give another language with --language")
    return code
