"""Holds several sounds as the parts of one recording, and joins the sound that plays from them.

Each is copied as it came, and it is from the copies that the sound is joined.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from player import files
from player.archive.media_names import compared
from player.archive.parts import folder_of
from player.audio import cache, joining
from player.errors import AddError, AudioError, WriteError, shown
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# What a part may be called, with its letter or its number behind it.
_NOUNS: Final = frozenset(
    {
        "band",
        "bande",
        "cara",
        "cassette",
        "cd",
        "cinta",
        "disc",
        "disco",
        "disk",
        "disque",
        "face",
        "file",
        "kassette",
        "lado",
        "part",
        "parte",
        "partie",
        "piece",
        "reel",
        "rolle",
        "session",
        "side",
        "seite",
        "spule",
        "tape",
        "teil",
        "track",
        "volume",
    }
)
_PART: Final = "Part"
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
# What the name of a file may not have in an archive, or begins as a hidden file's.
_UNSAFE: Final = re.compile(r"^\.+|[/\\\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Joined:
    """What was joined: ``beside`` has the sound that is to be ``target``, with its SHA-256 and its length.

    ``parts`` are the [[part]] tables of its record, as ``toml.editing.with_tables`` takes them. ``duration`` is in
    milliseconds, and so are ``starts``.
    """

    target: Path
    beside: Path
    sha256: str
    duration: int
    starts: tuple[int, ...]
    parts: tuple[dict[str, str], ...]


def refuse_unlike(sounds: Sequence[Path]) -> joining.Shape:
    """Refuse sounds that cannot be joined, and say how those are sampled that can.

    :raise AudioError: where one holds no sound, or they differ in rate or channels.
    """
    return joining.shape_of(sounds)


def refuse_twice(sounds: Sequence[Path], names: Sequence[str]) -> None:
    """Refuse sounds of which one is given twice, under whatever name: that is a slip.

    :raise AddError: naming both.
    """
    sizes = Counter(path.stat().st_size for path in sounds)
    seen: dict[str, str] = {}
    for path, name in zip(sounds, names, strict=True):
        if sizes[path.stat().st_size] == 1:
            continue
        if (digest := cache.digest(path)) in seen:
            raise AddError(f"{name}: this is the same sound as {seen[digest]}; give each part once")
        seen[digest] = name


def shared_title(names: Sequence[str]) -> str | None:
    """Give what the names of files begin with, as a title: of ``quay talk, side a.wav`` and so on, ``Quay talk``.

    None where they have nothing in common but what a part is called.
    """
    words = [_WORD.findall(PurePath(name).stem) for name in names]
    same = list(takewhile(lambda each: len({word.casefold() for word in each}) == 1, zip(*words, strict=False)))
    found = [each[0] for each in same]
    while found and (found[-1].casefold() in _NOUNS or found[-1].isdecimal()):
        found.pop()
    return _raised(" ".join(found)) or None


def titles(names: Sequence[str], tagged: Sequence[str | None]) -> list[str]:
    """Give each part a title: that in its tags where all have one of their own, else what differs in their names.

    ``side-a.wav`` and ``side-b.wav`` are ``Side A`` and ``Side B``; ``tape 01.wav`` is ``Tape 1``.
    """
    own = [" ".join(each.split()) for each in tagged if each and each.split()]
    if len(own) == len(names) == len(set(own)):
        return own
    words = [_WORD.findall(PurePath(name).stem) for name in names]
    folded = [[word.casefold() for word in each] for each in words]
    same = [first[0] for first in takewhile(lambda each: len(set(each)) == 1, zip(*folded, strict=False))]
    keeps_noun = bool(same) and same[-1] in _NOUNS
    rest = [each[len(same) - keeps_noun :] for each in words]
    found = [_title(each) for each in rest]
    if all(found) and len({each.casefold() for each in found}) == len(found):
        return found
    return [f"{_PART} {number}" for number in range(1, len(names) + 1)]


def joined(
    new: Callable[[Path], Path],
    copy: Callable[[Path, Path], str],
    media: Path,
    slug: str,
    sounds: Sequence[Path],
    names: Sequence[str],
    called: Sequence[str],
    progress: Callable[[str, float], object],
) -> Joined:
    """Copy sounds into ``media/parts/<slug>/``, and join them into ``media/<slug>.flac`` or ``.wav``.

    ``new`` gives a path beside a file that is to be made, ``copy`` copies a file to such a path and gives its SHA-256.
    ``names`` are what the sounds' files were called, ``called`` the titles of the parts.

    :raise AudioError: where one holds no sound, they differ in rate or channels, or one cannot be decoded to its end.
    :raise WriteError: where the joined sound cannot be written, or is not to the sample what its parts are.
    """
    shape = joining.shape_of(sounds)
    folder = folder_of(media, slug)
    kept = file_names(names)
    copies, digests = [], []
    for path, name in zip(sounds, kept, strict=True):
        copies.append(new(folder / name))
        digests.append(copy(path, copies[-1]))
    target = media / f"{slug}{shape.suffix}"
    beside = new(target)
    try:
        made = joining.join(copies, beside, shape, lambda done: progress(f"Joining {len(sounds)} sounds", done))
    except WriteError as error:
        raise WriteError(f"{shown(target)}: {error}") from None
    except AudioError as error:
        raise AudioError(_by_their_names(str(error), copies, sounds)) from None
    parts = tuple(
        {"media": name, "title": title, "start": display(start), "sha256": digest}
        for name, title, start, digest in zip(kept, called, made.starts, digests, strict=True)
    )
    return Joined(target, beside, _digest(beside), made.duration, made.starts, parts)


def described(name: str, titles: Sequence[str], starts: Sequence[int], duration: int | None) -> str:
    """Say of which parts a sound is joined, where each begins, and how long it is; times are in milliseconds."""
    begin = ", ".join(f"{title} from {display(at)}" for title, at in zip(titles, starts, strict=True))
    return f"{name}: {begin}; {display(duration or 0)} in all"


def file_names(names: Sequence[str]) -> list[str]:
    """Give files of these names each a name of its own, also where capitals and forms of letters do not count."""
    taken: set[str] = set()
    found = []
    for name in names:
        plain = _UNSAFE.sub("", PurePath(name).name) or "sound"
        path, number, own = PurePath(plain), 1, plain
        while compared(own) in taken:
            number += 1
            own = f"{path.stem}-{number}{path.suffix}"
        taken.add(compared(own))
        found.append(own)
    return found


def _digest(path: Path) -> str:
    """Read back what was written, and give its SHA-256."""
    with files.opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _title(words: Sequence[str]) -> str:
    """Write the words in which a name differs as a title; a bare number is that of a part."""
    text = " ".join(word.lstrip("0") or word if word.isdecimal() else _raised(word) for word in words)
    return f"{_PART} {text}" if text.isdecimal() or len(text) == 1 else text


def _raised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _by_their_names(text: str, copies: Sequence[Path], sounds: Sequence[Path]) -> str:
    """Write what is said of copies, which are not in their place yet, of the files that they were made from."""
    for copied, path in zip(copies, sounds, strict=True):
        text = text.replace(shown(copied), shown(path)).replace(copied.name, path.name)
    return text
