"""Makes one access copy for a command, with its progress, and says what was made."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from player.commands import output
from player.commands.output import counted
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.access_make import Made
    from player.timecode import Span

#: Why a sound needs no copy.
EXACT: Final = "browsers play this exactly, so it needs no copy; --force makes one all the same"


@value
class Copying:
    """A copy that is to be made of a recording of the archive at ``root``; its progress on the terminal, or none."""

    root: Path
    slug: str
    kind: str | None
    force: bool
    is_followed: bool = True
    #: Whether it is to be put beside the sound, where that lies in S3, and not into the archive.
    is_beside: bool = False


@value
class Outcome:
    """What came of a recording, said in a ``line``, and whether a copy was made, or put beside its sound."""

    line: str
    is_made: bool = False


def copied(
    slug: str, held: Path, target: Path, kind: str, silent: Sequence[Span] = (), *, is_followed: bool = True
) -> Made:
    """Make a copy, by default with its progress on the terminal; what is at ``target`` is replaced."""
    from player.audio import access as copies

    with output.progress(f"Copying {slug}") if is_followed else nullcontext() as progress:
        return copies.make(held, target, kind=kind, progress=progress, force=True, silent=silent)


def described(made: Made, held: Path, silent: Sequence[Span] = (), where: str = "") -> str:
    """Say in a line what was made, with ``silent`` passages in it, and ``where`` it lies, if not where it was made."""
    from player import timecode
    from player.clips.provenance import in_words
    from player.errors import shown
    from player.timecode import SECOND

    length = timecode.display(made.length * SECOND // made.rate)
    proven = made.remark or f"in step with it, compared in {counted(made.compared, 'place')}"
    hushed = f", silent from {in_words(silent)}" if silent else ""
    instead = ", in FLAC since M4A could not be proven exact" if made.is_instead else ""
    lies = where or shown(made.path)
    return f"{lies}: {length}, {made.size / 1e6:.1f} MB, made from {held.name}{hushed}{instead}; {proven}"
