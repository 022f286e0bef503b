"""Adds a recording to an archive: its sound, its record, and its transcript where there is one; all of it or nothing.

The command, a table of many and several sounds in order all come through ``add``. Nobody is asked anything here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.toml.editing import Value

    #: Is told from time to time what is being done, as ``Copying tape.wav``, and how much of it is, from 0 to 1.
    Progress = Callable[[str, float], object]


@dataclass(frozen=True)
class Wanted:
    """What is to be added: sounds and their transcript, and what is known of them.

    Where there are several sounds, they are one recording, in that order. A sound is a file, or an https address. What
    is None is taken from the sound's tags and the transcript.
    """

    sound: tuple[Path | str, ...]
    transcript: Path | None = None
    #: What ``--format`` names; None where the transcript shows it.
    transcript_format: str | None = None
    title: str | None = None
    #: EDTF.
    date: str | None = None
    slug: str | None = None
    #: A BCP 47 tag.
    language: str | None = None
    series: str | None = None
    tags: tuple[str, ...] = ()
    #: Other keys at the top of recording.toml, such as ``place``, in the form of their file.
    also: Mapping[str, Value] = field(default_factory=dict)
    #: The recording whose speakers and sources are taken over.
    like: str | None = None
    #: The record that is filled, which has no sound yet; then what the record says stays as it is.
    to: str | None = None
    #: Whether visitors see it; None where ``added`` in archive.toml decides.
    publish: bool | None = None
    #: Whether the originals of the sounds are removed, once the copy was read back.
    move: bool = False


@dataclass(frozen=True)
class Added:
    """What was added, or would be: the recording's slug, and what is to be told of it, a sentence each."""

    slug: str
    remarks: tuple[str, ...] = ()


def add(archive: Archive, wanted: Wanted, progress: Progress | None = None, *, dry_run: bool = False) -> Added:
    """Add a recording.

    :raise PlayerError: where it cannot be added, or a title or a date is missing; the archive is then as it was.
    """
    raise NotImplementedError(archive, wanted, progress, dry_run)
