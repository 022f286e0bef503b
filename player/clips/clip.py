"""A recording and a span into a clip: a file of exactly that passage, whole or not there at all."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from player.audio.decode.window import PastEndError
from player.clips import cut as cutting
from player.clips.cut import FADE, Cut
from player.clips.encode import encode
from player.clips.names import clip_name, clip_title, in_words
from player.errors import ClipError, WriteError, shown
from player.files import new_files
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.names import Recorded

__all__ = ["FADE", "Clip", "Cut", "check_targets", "clip", "clip_name", "clip_title", "make"]


@dataclass(frozen=True)
class Clip:
    """The file at ``path``, cut from the passages ``spans`` of ``recording`` (its slug); ``length`` is in samples.

    ``sidecar`` is what the file beside it says; None where a clip was made without.
    """

    path: Path
    recording: str
    spans: tuple[Span, ...]
    title: str
    rate: int
    channels: int
    length: int
    sidecar: Mapping[str, Any] | None = None

    @property
    def span(self) -> Span:
        """From the first start to the last end of its passages."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))

    def as_json(self) -> dict[str, Any]:
        """Describe it in what JSON can hold."""
        return {
            "path": str(self.path),
            "recording": self.recording,
            "title": self.title,
            "start": self.span.start,
            "end": self.span.end,
            "rate": self.rate,
            "channels": self.channels,
            "length": self.length,
            "sidecar": self.sidecar,
        }

    def __str__(self) -> str:
        return f"{self.path}: {in_words(self.spans)} of {self.recording}"


def clip(
    recording: Recorded,
    span: Span,
    target: Path | str,
    *,
    fade_in: int = FADE,
    fade_out: int = FADE,
    force: bool = False,
    bitrate: int | None = None,
) -> Clip:
    """Cut ``span`` of the recording into the file ``target``, in the format that its suffix names, with a title only.

    Fades are in milliseconds; with 0 no sample is touched. ``bitrate`` is in kbit/s. What is at ``target`` is replaced
    only with ``force``.

    :raise ClipError: where it cannot be cut as asked; nothing is left behind.
    :raise AudioError: where the recording's sound cannot be read.
    """
    target = Path(target)
    cut = Cut((span,), cutting.suffix_of(target), fade_in, fade_out, bitrate=bitrate)
    return _made(recording, cut, target, _Alone(), force=force)


def make(
    recording: Recording,
    cut: Cut,
    target: Path,
    sources: Mapping[str, Source] | None,
    *,
    beside: bool = True,
    force: bool = False,
) -> Clip:
    """Make the clip ``target`` as ``cut`` says, with its provenance in its tags and in two files ``beside`` it.

    These are ``<target>.json``, its sidecar, and ``<target>.vtt``, its words, where there is a transcript. What is at
    any of the three is replaced only with ``force``; all are put in place, or none. ``sources`` is the bibliography;
    where it is None, the clip goes without provenance but for its title.

    :raise ClipError: where it cannot be cut as asked; nothing is left behind.
    :raise AudioError: where the recording's sound cannot be read.
    """
    cut.check()
    with_it = _Alone() if sources is None else _WithProvenance(recording, cut, sources, beside=beside)
    return _made(recording, cut, target, with_it, force=force)


def check_targets(targets: list[Path], *, force: bool) -> None:
    """Refuse files that cannot be made, before anything is cut.

    :raise ClipError: naming the first.
    """
    for target in targets:
        try:
            _check_target(target, force=force)
        except OSError as error:
            raise ClipError(_unwritable(target, error)) from None


class _Alone:
    """What goes with a clip that goes alone: nothing."""

    def targets(self, _: Path) -> list[Path]:
        """List the files that go beside the clip, its sidecar the last."""
        return []

    def info(self) -> dict[str, str]:
        """Give the tags that are written with the sound."""
        return {}

    def finish(self, _sound: cutting.Sound, _target: Path, _place: Path, _beside: list[Path]) -> dict[str, Any] | None:
        """Write all else for the clip at ``place``, which will be ``target``, and give its sidecar."""
        return None


class _WithProvenance(_Alone):
    """What goes with a clip that says where it comes from: tags, sidecar, words."""

    def __init__(self, recording: Recording, cut: Cut, sources: Mapping[str, Source], *, beside: bool) -> None:
        # Transcripts and tags take 40 ms to import.
        from player.clips import provenance, tags  # noqa: PLC0415

        self._recording, self._cut, self._beside = recording, cut, beside
        self._provenance, self._tags = provenance, tags
        self._told = provenance.of_clip(recording, cut, sources)

    def targets(self, target: Path) -> list[Path]:
        if not self._beside:
            return []
        sidecar, words = self._provenance.sidecars(target)
        return [words, sidecar] if self._provenance.follows(self._recording) else [sidecar]

    def info(self) -> dict[str, str]:
        return self._tags.info(self._told) if not self._cut.format.is_encoded else {}

    def finish(self, sound: cutting.Sound, target: Path, place: Path, beside: list[Path]) -> dict[str, Any]:
        from player.archive.webvtt.writing import write_transcript  # noqa: PLC0415

        self._tags.write(place, self._cut.suffix, self._told)
        digest = _digest(place)
        files = {"clip": (target.name, digest)}
        if len(beside) > 1:
            lines = self._provenance.words(self._recording, self._cut, sound)
            header = self._provenance.words_header(self._recording, self._told, target, digest)
            write_transcript(beside[0], lines, header)
            files["transcript"] = (self._provenance.sidecars(target)[1].name, _digest(beside[0]))
        sidecar = self._provenance.sidecar(self._told, self._cut, sound, files)
        if beside:
            beside[-1].write_text(json.dumps(sidecar, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return sidecar


def _made(recording: Recorded, cut: Cut, target: Path, with_it: _Alone, *, force: bool) -> Clip:
    cut.check()
    others = with_it.targets(target)
    check_targets([target, *others], force=force)
    if target.exists() and target.samefile(cutting.held(recording)):
        raise ClipError(f"{shown(target)}: that is the recording itself; give the clip another name")
    sound = cutting.sound(recording, cut)
    title = clip_title(recording, *cut.spans)
    # The sidecar is put in place last: a process that is killed before leaves a clip that nothing vouches for.
    targets = [*others[:-1], target, *others[-1:]]
    try:
        with new_files(targets, force=force) as besides:
            places = dict(zip(targets, besides, strict=True))
            place = places[target]
            named: dict[str, Any] = {"title": title, "bitrate": cut.bitrate, "info": with_it.info()}
            try:
                encode(sound.passage, place, cut.format, **named)
            except PastEndError:
                # Its file does not tell how long the sound is, and now that is known.
                sound = cutting.sound(recording, cut)
                encode(sound.passage, place, cut.format, **named)
            sidecar = with_it.finish(sound, target, place, [places[other] for other in others])
    except FileExistsError as error:
        raise ClipError(_in_the_way(Path(error.filename))) from None
    except WriteError as error:
        raise ClipError(f"{shown(target)}: {error}") from None
    except PastEndError as error:
        raise ClipError(str(error)) from None
    except OSError as error:
        raise ClipError(_unwritable(target, error)) from None
    passage = sound.passage
    return Clip(target, recording.slug, cut.spans, title, passage.rate, passage.channels, passage.length, sidecar)


def _digest(path: Path) -> str:
    import hashlib  # noqa: PLC0415

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_target(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise ClipError(f"{shown(target)}: that is a folder; give the name of a file in it")
    if not target.parent.is_dir():
        raise ClipError(f"{shown(target)}: there is no folder {shown(target.parent)}; make it, or write elsewhere")
    if target.exists() and not target.is_file():
        raise ClipError(f"{shown(target)}: that is no file but a device; write to a file, or with -o - to a pipe")
    if os.path.lexists(target) and not force:
        raise ClipError(_in_the_way(target))


def _in_the_way(target: Path) -> str:
    return f"{shown(target)}: there is a file of that name; give another name, or --force to replace it"


def _unwritable(target: Path, error: OSError) -> str:
    return (
        f"{shown(target)}: the clip cannot be written ({error.strerror}); "
        "write it to a folder that you can write to, with room on its disk"
    )
