"""Writes a transcript as a WebVTT file, which is read back before it is put in place or sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import webvtt

from player.archive.transcript import Cue, Turn
from player.archive.webvtt.payload import Payload, write_payload
from player.archive.webvtt.reading import PARAGRAPH, parse
from player.errors import ArchiveError, Fault
from player.files import new_file
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write_transcript(path: Path, cues: Sequence[Cue], header: Sequence[tuple[str, str]]) -> None:
    """Write ``cues``, in the order of their starts, under the lines of ``header``, in place of what is at ``path``.

    :raise ArchiveError: where WebVTT cannot hold them.
    :raise OSError: where the file cannot be written; what is there is then left as it was.
    """
    content = written(path, cues, header)
    with new_file(path, force=True) as beside:
        beside.write_bytes(content)


def written(path: Path, cues: Sequence[Cue], header: Sequence[tuple[str, str]]) -> bytes:
    """Give the bytes of such a file; faults are told of ``path``.

    They have been read back, and are the same but for ``Cue.line`` and what goes without saying: words without turns
    are no one's; a first word is at 0 where another is timed, and is not timed where it alone is, at 0.

    :raise ArchiveError: where WebVTT cannot hold them.
    """
    ordered = sorted(cues, key=lambda cue: cue.start)
    content = _rendered(path, ordered, header)
    found = parse(path, content.decode())
    for cue, again in zip(ordered, found.cues, strict=False):
        if replace(again, line=cue.line) != _as_read(cue):
            raise _unwritable(path, f"cue {cue.id}", "it would be read back as something else")
    if len(ordered) != len(found.cues) or found.header != tuple(header):
        raise _unwritable(path, "the header", "it would be read back as something else")
    return content


def _rendered(path: Path, cues: Sequence[Cue], header: Sequence[tuple[str, str]]) -> bytes:
    captions = []
    for cue in cues:
        try:
            payload = write_payload(Payload(cue.text, cue.turns, cue.words), cue.start)
            caption = webvtt.Caption(vtt(cue.start), vtt(cue.end), payload, cue.id)
            caption.comments = [
                *([PARAGRAPH] if cue.opens_paragraph else ()),
                *(f"source: {citation}" for citation in cue.citations),
            ]
            webvtt.WebVTT(captions=[caption]).content.encode()
        except (ValueError, webvtt.errors.MalformedCaptionError) as error:
            raise _unwritable(path, f"cue {cue.id}", str(error)) from None
        captions.append(caption)
    try:
        metadata = [f"{name}: {value}" for name, value in header]
        return webvtt.WebVTT(captions=captions, metadata=metadata).content.encode()
    except ValueError as error:
        raise _unwritable(path, "the header", str(error)) from None


def _as_read(cue: Cue) -> Cue:
    """Give a cue as it is read, where there is more than one way to say the same."""
    words, turns, text = cue.words, cue.turns, cue.text.strip()
    is_timed = any(time is not None and (time or index) for index, time in enumerate(words))
    if text and not turns:
        turns = (Turn(None, text),)
    return replace(cue, turns=turns, words=(words[0] or 0, *words[1:]) if is_timed else ())


def _unwritable(path: Path, part: str, reason: str) -> ArchiveError:
    remedy = "look for control characters, repeated names and times that run backwards"
    return ArchiveError([Fault(path, None, f"{part} cannot be written as WebVTT ({reason})", remedy)])
