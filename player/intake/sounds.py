"""Looks at a sound that is to be added: what kind of file it is, what its name and tags say, where it came from."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.toml.values import without_controls
from player.audio import kinds, tags
from player.audio.decode import stream
from player.audio.formats import CONTAINERS, TYPES
from player.errors import AddError, AudioError, legible, quoted, reason, shown
from player.files import opened
from player.intake import fetching

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.audio.decode.stream import Header
    from player.audio.tags import Tags

#: What names of sounds end in, beside those that browsers play.
_OTHER_SUFFIXES: Final = re.compile(
    r"\.(?:ac3|aif|aifc|aiff|alac|amr|ape|asf|au|bwf|bw64|caf|eac3|m4b|m4r|mka|mkv|mov|mp2|rf64|snd|spx|tta|w64|wave"
    r"|wma|wv|3gp)"
)
# A date at the beginning, and one at the end: a year alone is often of the title, unless a sign parts them.
_DATED: Final = re.compile(r"^[0-9]{4}(?:-?[0-9][0-9](?:-?[0-9][0-9])?)?(?=[\W_]|$)[\W_]*")
_ENDS_DATED: Final = re.compile(
    r"(?:[\W_]+[0-9]{4}-?[0-9][0-9]-?[0-9][0-9]|[\W_]+[0-9]{4}-[0-9][0-9]|\s*[,;(\[_–—-][\W_]*[0-9]{4})[)\]]?$"
)
# Whole dates, and what may be a year, wherever they stand.
_WITHIN: Final = re.compile(r"(?<![\w.])[0-9]{4}-[0-9][0-9]-[0-9][0-9](?![\w-])")
_YEARS: Final = re.compile(r"(?<![A-Za-z0-9.#-])[0-9]{4}(?![A-Za-z0-9]|[.-][0-9])")
_OLDEST: Final = 1850  # no sound is older


@dataclass(frozen=True)
class Sound:
    """A sound that is to be added: the file at ``path``, which its keeper calls ``name``, and what is known of it.

    ``suffix`` is what its name ends in once it is held. ``address`` is what it was fetched from; None where it is a
    file of the person's own.
    """

    path: Path
    name: str
    suffix: str
    size: int
    header: Header
    tags: Tags
    address: str | None = None

    @property
    def obtained_from(self) -> str:
        """What the record says of where it came from: an address without its query, or the name of a file."""
        return self.address or f"the file “{self.name}”"

    @property
    def title(self) -> str | None:
        """A title that its name suggests: without date and suffix, and with spaces; None where nothing is left."""
        stem = Path(self.name).stem
        words = re.sub(r"[_\s]+", " ", _DATED.sub("", _ENDS_DATED.sub("", stem) or stem))
        if " " not in words.strip():
            words = words.replace("-", " ")
        found = tags.plain(words)
        return found[:1].upper() + found[1:] or None

    @property
    def date(self) -> str | None:
        """The date with which its name begins, or the only date in it, or else the only year; None where it has none.

        Whole dates are ISO 8601's; years, from 1850 on.
        """
        stem = Path(self.name).stem
        if _DATED.match(stem) and int(stem[:4]) >= _OLDEST:
            return tags.edtf(stem)
        whole = {found for each in _WITHIN.findall(stem) if (found := tags.edtf(each)) is not None}
        years = {each for each in _YEARS.findall(stem) if _OLDEST <= int(each) <= dt.datetime.now(tz=dt.UTC).year}
        only = whole or years
        return only.pop() if len(only) == 1 else None

    @property
    def described(self) -> str:
        """What it is, in a few words: ``MP3, 44,100 samples a second, 2 channels``."""
        channels = "1 channel" if self.header.channels == 1 else f"{self.header.channels} channels"
        return f"{kinds.kind_of(self.header).name}, {self.header.rate:,} samples a second, {channels}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What its keeper would not expect."""
        own = Path(self.name).suffix.lower()
        if own in TYPES and own != self.suffix:
            kind = kinds.kind_of(self.header).name
            return (f"by its bytes {quoted(self.name)} is {kind}, so it is held as {self.suffix}",)
        return ()


def look(place: Path | str, progress: Callable[[str, float], object]) -> Sound:
    """Look at the sound in a file, or at an address, from which it is fetched first.

    :raise PlayerError: where it is not there, or is no sound.
    """
    if isinstance(place, str):
        fetched = fetching.fetched(place, progress)
        try:
            return _look(fetched.path, fetched.name, fetched.address)
        except AudioError:
            fetching.forget(place)
            raise AddError(
                f"{fetched.address}: what is there is no sound; name the address of the file itself"
            ) from None
    return _look(place, without_controls(legible(place.name), "\ufffd").replace("\n", " "), None)


def _look(path: Path, name: str, address: str | None) -> Sound:
    try:
        with opened(path) as file:
            size = file.seek(0, 2)
    except OSError as error:
        raise AddError(
            f"{shown(path)}: there is no sound that can be read ({reason(error)}); check the name, and that you may "
            "read it"
        ) from None
    header = stream.header(path)
    wav = stream.plain_wav(path)
    if not size or (wav is not None and not wav.length):
        raise AudioError(f"{shown(path)}: the file contains no sound; name one that plays")
    return Sound(path, name, _suffix(name, header), size, header, tags.read(path), address)


def _suffix(name: str, header: Header) -> str:
    """Give what the name of the held file ends in: as its own does, where that is what such files end in."""
    own = Path(name).suffix.lower()
    container = CONTAINERS.get(header.container)
    usual = dict(container.types) if container else {}
    if own in usual or _OTHER_SUFFIXES.fullmatch(own):
        return own
    if header.container == "rf64":
        return ".wav"
    return next(iter(usual), f".{header.container}")
