"""Puts clips of several recordings into one ZIP, in order: each with its account and its words, and a text about all.

What is coded is not compressed again: the files are stored as they are. The same clips make the same ZIP.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from player.clips.clip import make
from player.clips.cut import Cut
from player.clips.provenance import clip_name, sidecars
from player.publish.rights import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip
    from player.timecode import Span

#: The file in the ZIP that says of each clip where it comes from and on what terms.
ABOUT: Final = "sources-and-rights.txt"
# The first day that a ZIP can name: when a file in it was made says nothing of the clip.
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_PIECE: Final = 1 << 20  # bytes


def zip_clips(
    passages: Sequence[tuple[Recording, Span]], suffix: str, target: Path, sources: Mapping[str, Source]
) -> None:
    """Cut a clip of each passage, and write them and what belongs to them into the ZIP ``target``.

    They are cut in the folder of ``target``, one after another, and removed from there.

    :raise ClipError: where one cannot be cut.
    :raise AudioError: where a sound cannot be read.
    """
    made: list[Clip] = []
    with ZipFile(target, "w", ZIP_STORED) as into:
        for number, (recording, span) in enumerate(passages, start=1):
            place = target.with_name(f"{number:02d}_{clip_name(recording, span, suffix)}")
            made.append(make(recording, Cut((span,), suffix), place, sources))
            for path in (place, *sidecars(place)):
                if path.exists():
                    _add(into, path)
                    path.unlink()
        into.writestr(_entry(ABOUT), "\n".join(_about(made)))


def _add(into: ZipFile, path: Path) -> None:
    with path.open("rb") as file, into.open(_entry(path.name), "w") as entry:
        shutil.copyfileobj(file, entry, _PIECE)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _DAY)
    entry.external_attr = _READABLE
    return entry


def _about(made: Sequence[Clip]) -> Iterator[str]:
    for clip in made:
        said: Mapping[str, Any] = clip.sidecar or {}
        machine = said.get("machine") or {}
        yield clip.path.name
        yield f"  {clip.title}"
        for text in (said.get("notice"), said.get("advice"), machine.get("label"), *(said.get("labels") or ())):
            if text:
                yield f"  {text}"
        yield f"  Cite as: {said.get('citation', clip.title)}"
        for each in said.get("rights") or (NOT_STATED,):
            yield f"  Rights: {each}"
        for each in said.get("sources") or ():
            yield f"  Source: {each}"
        yield ""
