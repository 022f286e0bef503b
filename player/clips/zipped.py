"""Puts clips of several recordings into one ZIP, or one clip joined of them: with accounts, words, a text about all.

What is coded is not compressed again: the files are stored as they are. The same clips make the same ZIP.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from player.clips.clip import make
from player.clips.joined_account import NOT_COPIED, PASSAGES
from player.clips.make_joined import make_joined
from player.clips.provenance import clip_name, sidecars
from player.publish.rights import NOT_STATED
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.cut import Cut
    from player.clips.joined import Joined

#: The file in the ZIP that says of each clip where it comes from and on what terms.
ABOUT: Final = "sources-and-rights.txt"
# The first day that a ZIP can name: when a file in it was made says nothing of the clip.
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_PIECE: Final = 1 << 20  # bytes


def zip_clips(passages: Sequence[tuple[Recording, Cut]], target: Path, sources: Mapping[str, Source]) -> bool:
    """Cut a clip of each passage, and write them and what belongs to them into the ZIP ``target``.

    Tell whether each is what was asked for: none was encoded that was to be a copy.

    They are cut in the folder of ``target``, one after another, and removed from there.

    :raise ClipError: where one cannot be cut.
    :raise AudioError: where a sound cannot be read.
    """
    about: list[str] = []
    is_as_asked = True
    with ZipFile(target, "w", ZIP_STORED) as into:
        for number, (recording, cut) in enumerate(passages, start=1):
            place = target.with_name(f"{number:02d}_{clip_name(recording, cut.spans[0], cut.suffix)}")
            made = make(recording, cut, place, sources)
            is_as_asked &= made.not_copied is None
            _move(into, place)
            about += _about(made.path.name, made.title, made.sidecar or {})
        into.writestr(_entry(ABOUT), "\n".join(about))
    return is_as_asked


def zip_joined(joined: Joined, name: str, target: Path, sources: Mapping[str, Source]) -> bool:
    """Join passages into a clip of that name, and write it and what belongs to it into the ZIP ``target``.

    Tell whether it is what was asked for: it was not encoded where it was to be a copy.

    :raise ClipError: where it cannot be made.
    :raise AudioError: where a sound cannot be read.
    """
    made = make_joined(joined, target.with_name(name), sources)
    with ZipFile(target, "w", ZIP_STORED) as into:
        _move(into, made.path)
        about = [made.path.name, f"  {made.title}", *_why_not(made.sidecar), ""]
        for said in made.sidecar[PASSAGES]:
            chapter = said["chapter"]
            about += _about(f"{display(chapter['start'])} to {display(chapter['end'])}", chapter["title"], said)
        into.writestr(_entry(ABOUT), "\n".join(about))
    return made.not_copied is None


def _move(into: ZipFile, clip: Path) -> None:
    """Write a clip and what is beside it into a ZIP, and remove them."""
    for path in (clip, *sidecars(clip)):
        if path.exists():
            _add(into, path)
            path.unlink()


def _add(into: ZipFile, path: Path) -> None:
    with path.open("rb") as file, into.open(_entry(path.name), "w") as entry:
        shutil.copyfileobj(file, entry, _PIECE)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _DAY)
    entry.external_attr = _READABLE
    return entry


def _about(name: str, title: str, said: Mapping[str, Any]) -> Iterator[str]:
    machine = said.get("machine") or {}
    yield name
    yield f"  {title}"
    yield from _why_not(said)
    for text in (said.get("notice"), said.get("advice"), machine.get("label"), *(said.get("labels") or ())):
        if text:
            yield f"  {text}"
    yield f"  Cite as: {said.get('citation', title)}"
    for each in said.get("rights") or (NOT_STATED,):
        yield f"  Rights: {each}"
    for each in said.get("sources") or ():
        yield f"  Source: {each}"
    yield ""


def _why_not(said: Mapping[str, Any]) -> Iterator[str]:
    if said.get(NOT_COPIED):
        yield f"  Encoded, not copied: {said[NOT_COPIED]}"
