"""A recording and a span into a clip: a file of exactly that passage, whole or not there at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from player.audio import window
from player.audio.encode import FORMATS, encode
from player.audio.stream import header
from player.errors import AudioError, ClipError, shown
from player.new_file import new_file
from player.timecode import HOUR, MINUTE, SECOND, display

if TYPE_CHECKING:
    from player.audio.encode import Format
    from player.timecode import Span

#: How long a clip comes up and goes down where nothing else is asked, in milliseconds: enough against clicks.
FADE: Final = 5
#: What a reading's clip is called before anything else.
NOTICE: Final = "Synthetic reading, not the tape"

_BITRATES: Final = range(8, 513)


class Recorded(Protocol):
    """What a clip needs to know of a recording."""

    @property
    def slug(self) -> str:
        """Its name in the archive."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def media(self) -> Path | None:
        """The file of its sound; None where the archive does not hold it."""

    @property
    def is_reading(self) -> bool:
        """Whether voices give a script, rather than the thing itself."""


@dataclass(frozen=True)
class Clip:
    """A passage of ``recording`` (its slug) that was cut into the file at ``path``; ``length`` is in samples."""

    path: Path
    recording: str
    span: Span
    title: str
    rate: int
    channels: int
    length: int


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
    """Cut ``span`` of the recording into the file ``target``, in the format that its suffix names.

    Fades are in milliseconds; with 0 no sample is touched. ``bitrate`` is in kbit/s. What is at ``target`` is replaced
    only with ``force``.

    :raise ClipError: where it cannot be cut as asked; nothing is left behind.
    :raise AudioError: where the recording's sound cannot be read.
    """
    target = Path(target)
    kind = _format(target, bitrate)
    _check_fades(span, fade_in, fade_out)
    try:
        _check_target(target, force=force)
    except OSError as error:
        raise ClipError(_unwritable(target, error)) from None
    passage = _passage(recording, span)
    if fade_in or fade_out:
        # pydub takes 40 ms to import.
        from player.audio import segment  # noqa: PLC0415

        passage = segment.faded(passage, fade_in, fade_out)
    title = clip_title(recording, span)
    try:
        with new_file(target, force=force) as beside:
            encode(passage, beside, kind, title=title, bitrate=bitrate)
    except FileExistsError:
        raise ClipError(_in_the_way(target)) from None
    except AudioError as error:
        raise ClipError(f"{shown(target)}: {error}") from None
    except OSError as error:
        raise ClipError(_unwritable(target, error)) from None
    return Clip(target, recording.slug, span, title, passage.rate, passage.channels, passage.length)


def clip_name(recording: Recorded, span: Span, suffix: str = ".mp3") -> str:
    """Give a clip its file name, ``<slug>_0m25s000-1m20s000.mp3``; a reading's says that it is one."""
    slug = recording.slug if not recording.is_reading or "reading" in recording.slug else f"{recording.slug}-reading"
    return f"{slug}_{_in_name(span.start)}-{_in_name(span.end)}{suffix}"


def clip_title(recording: Recorded, span: Span) -> str:
    """Give a clip its title; a reading's begins by saying that it is one."""
    title = f"{recording.title}, {span}"
    return f"{NOTICE}: {title}" if recording.is_reading else title


def _format(target: Path, bitrate: int | None) -> Format:
    kind = FORMATS.get(target.suffix.lower())
    if kind is None:
        known = ", ".join(FORMATS)
        named = f'the suffix "{target.suffix}"' if target.suffix else "a name without a suffix"
        raise ClipError(f"{shown(target)}: {named} names no format that clips have; use one of {known}")
    if bitrate is not None and kind.bitrates is None:
        raise ClipError(f"{shown(target)}: {target.suffix} files have no bitrate; leave it out, or write an .mp3")
    if bitrate is not None and bitrate not in _BITRATES:
        raise ClipError(
            f"a bitrate of {bitrate} kbit/s is not possible; give one from {_BITRATES[0]} to {_BITRATES[-1]}"
        )
    return kind


def _check_fades(span: Span, fade_in: int, fade_out: int) -> None:
    if fade_in < 0 or fade_out < 0:
        raise ClipError("a fade cannot be shorter than nothing; give 0 or more milliseconds")
    if fade_in + fade_out > span.duration:
        raise ClipError(
            f"fades of {fade_in} ms and {fade_out} ms do not fit into a clip of {span.duration} ms; "
            "make them shorter, or the clip longer"
        )


def _check_target(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise ClipError(f"{shown(target)}: that is a folder; give the name of a file in it")
    if not target.parent.is_dir():
        raise ClipError(f"{shown(target)}: there is no folder {shown(target.parent)}; make it, or write elsewhere")
    if os.path.lexists(target) and not force:
        raise ClipError(_in_the_way(target))


def _in_the_way(target: Path) -> str:
    return f"{shown(target)}: there is a file of that name; give another name, or --force to replace it"


def _unwritable(target: Path, error: OSError) -> str:
    return (
        f"{shown(target)}: the clip cannot be written ({error.strerror}); "
        "write it to a folder that you can write to, with room on its disk"
    )


def _passage(recording: Recorded, span: Span) -> window.Passage:
    media = recording.media
    if media is None:
        raise ClipError(
            f"{recording.slug}: the archive does not hold this recording's sound; "
            "add the file to media/ and name it in recording.toml, or cut from a recording that is held"
        )
    if not media.is_file():
        raise ClipError(f"{shown(media)}: the sound of {recording.slug} is not there; put the file back to cut from it")
    rate = header(media).rate
    first, last = window.sample_at(span.start, rate), window.sample_at(span.end, rate)
    if first == last:
        raise ClipError(f"from {span} there is not one sample in {recording.slug}; give a longer passage")
    try:
        return window.decode(media, first, last)
    except window.PastEndError as past:
        # An end that was rounded up to a whole millisecond is the end.
        if past.length <= first or span.end > -(-past.length * SECOND // rate):
            raise ClipError(
                f"{recording.slug} is {display(past.duration)} long, the clip would go from {span}; "
                f"end it at {display(past.duration)} or before"
            ) from None
        return window.decode(media, first, past.length)


def _in_name(moment: int) -> str:
    hours, rest = divmod(moment, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    text = f"{minutes}m{rest // SECOND:02d}s{rest % SECOND:03d}"
    return f"{hours}h{text:0>9}" if hours else text
