"""Writes a clip's file: its sound, in one of the formats that clips have, and its provenance in the tags.

pydub's own ``export`` writes the sound to a temporary WAV, and leaves that and its output behind where the encoder
fails or is interrupted; and it holds everything in memory. So only the head of its WAV is used, and ffmpeg gets the
samples through a pipe, a piece at a time.

Sources of the tags: ID3v2.3.0 (1999); Vorbis I, section 5, and RFC 7845, section 5.2; mutagen's list of MP4 atoms;
Multimedia Programming Interface and Data Specifications 1.0, chapter 2 (RIFF INFO). What these have no field for goes
into fields of the same names in each: RECORDING, SPAN, SOURCE, CITATION and others.
"""

from __future__ import annotations

import re
import struct
import sys
from contextlib import closing, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from player.archive.machine import UNKNOWN
from player.audio import ffmpeg
from player.audio.decode.samples import Samples, piped
from player.clips import id3
from player.clips.machine_words import without_label
from player.clips.provenance import made_by
from player.errors import WriteError, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.audio.decode.samples import Decoding
    from player.audio.formats import Format
    from player.clips.provenance import Provenance

# What a WAV's head can say: bytes of one sample of every channel, of a second, and of the whole file.
_MOST_IN_FRAME: Final = 0xFFFF
_MOST_IN_SECOND: Final = 0xFFFFFFFF
_LARGEST: Final = 0xFFFFFFFF
_CHUNK_HEAD: Final = struct.Struct("<4sI")
# The part of an EDTF date that a tag's date can hold: a year, a month, a day.
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")


def encode(
    sound: Decoding | Samples,
    target: Path,
    kind: Format,
    *,
    title: str,
    bitrate: int | None = None,
    fields: Mapping[str, str] | None = None,
    beside: Sequence[str] = (),
    chunks: bytes = b"",
) -> None:
    """Write the sound to ``target`` with a title in its tags; ``bitrate`` is in kbit/s, where the format has one.

    ``fields`` are more fields for a WAV's LIST INFO; the tags of other formats are written into the finished file.
    ``beside`` is what an encoder is given beside the sound, as ffmpeg's arguments; ``chunks`` are what a WAV has after
    all else.

    :raise WriteError: where ffmpeg fails, or the format cannot hold so much.
    :raise AudioError: where the sound cannot be decoded.
    :raise OSError: where the file cannot be written.
    """
    if sound.length < kind.shortest:
        few = f"{sound.length} sample{'' if sound.length == 1 else 's'}"
        raise WriteError(f"{kind.name.upper()} has at least {kind.shortest} samples, and the clip {few}; choose WAV")
    if not kind.is_encoded:
        _write_wav(sound, target, {"INAM": title, **(fields or {})}, chunks)
        return
    rate = bitrate or (kind.bitrates[sound.channels > 1] if kind.bitrates else None)
    arguments = [
        *piped(sound),
        *beside,
        *kind.options,
        *(("-b:a", f"{rate}k") if rate else ()),
        # The same samples make the same file: no version of the encoder, no random serial number.
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-metadata", f"title={title}", "-y", "-f", kind.muxer, f"file:{target.absolute()}"),
    ]
    with closing(sound.pieces()) as pieces:
        ffmpeg.encode(pieces, arguments)


def wav_around(empty: bytes, size: int, fields: Mapping[str, str], chunks: bytes = b"") -> tuple[bytes, bytes] | None:
    """Give what goes before and after ``size`` bytes of samples in a WAV file; None where no WAV can hold so many.

    ``empty`` is such a file without samples. After them comes a LIST INFO chunk with ``fields``, by their ids of four
    letters, in UTF-8 (Multimedia Programming Interface and Data Specifications 1.0, chapter 2), and then ``chunks``.
    """
    info = b"INFO"
    for name, text in fields.items():
        content = text.replace("\0", "").encode() + b"\0"
        info += _CHUNK_HEAD.pack(name.encode("ascii"), len(content)) + content + b"\0" * (len(content) % 2)
    # Chunks begin at even bytes.
    after = b"\0" * (size % 2) + _CHUNK_HEAD.pack(b"LIST", len(info)) + info + chunks
    whole = len(empty) - _CHUNK_HEAD.size + size + len(after)
    if whole > _LARGEST:
        return None
    before = (
        _CHUNK_HEAD.pack(b"RIFF", whole) + empty[_CHUNK_HEAD.size : -_CHUNK_HEAD.size] + _CHUNK_HEAD.pack(b"data", size)
    )
    return before, after


def write_tags(path: Path, kind: Format, provenance: Provenance) -> None:
    """Write the tags of the clip at ``path``, in the format ``kind``; those of a WAV are written with its sound.

    :raise WriteError: where they cannot be written.
    """
    writer = _WRITERS.get(kind.tags)
    with tagging(kind):
        if writer is not None:
            writer(path, provenance)


@contextmanager
def tagging(kind: Format) -> Iterator[None]:
    """Say in words why what a block writes into the tags of a file cannot be written.

    :raise WriteError: in place of the system's errors, and of mutagen's.
    """
    try:
        yield
    except Exception as error:
        # Only what has been imported can have raised anything.
        mutagen: Any = sys.modules.get("mutagen")
        is_own = mutagen is not None and isinstance(error, mutagen.MutagenError)
        if not is_own and not isinstance(error, OSError):
            raise
        refused = error.args[0] if is_own and error.args else error
        if isinstance(refused, OSError):
            why, remedy = reason(refused), "check that the disk has free space"
        else:
            why, remedy = str(error), f"the file is not one that holds {kind.tags} tags: correct its format's entry"
        raise WriteError(f"the tags cannot be written ({why}); {remedy}") from None


def write_title(path: Path, kind: Format, title: str) -> None:
    """Write a title, and nothing else, into the tags of the copy at ``path``, in the format ``kind``.

    :raise WriteError: where it cannot be written.
    """
    with tagging(kind):
        if kind.tags == "ID3":
            id3.put(path, id3.frames_of({"TIT2": _plain(title)}))
        else:
            file = _module("mp4").MP4(path)
            file.add_tags()
            file.tags["\xa9nam"] = [_plain(title)]
            file.save(padding=_no_padding)


def wav_fields(provenance: Provenance) -> dict[str, str]:
    """Give the fields of a WAV's LIST INFO chunk but for its title."""
    fields = {
        "IPRD": provenance.recording_title,
        "ICRD": _date(provenance),
        "IART": "; ".join(provenance.speakers),
        "ICOP": "; ".join(provenance.rights),
        "ISRC": "; ".join(provenance.sources),
        "ISBJ": _words(provenance),
        "ICMT": _comment(provenance, f"{provenance.passages} of {provenance.recording}."),
        "ISFT": made_by(),
    }
    return {name: _plain(text) for name, text in fields.items() if text}


def _write_wav(sound: Decoding | Samples, target: Path, fields: Mapping[str, str], chunks: bytes) -> None:
    from player.audio import segment  # noqa: PLC0415  # pydub takes 40 ms to import

    frame = sound.channels * sound.width
    parts = None
    if frame <= _MOST_IN_FRAME and sound.rate * frame <= _MOST_IN_SECOND:
        empty = segment.wav(Samples(b"", sound.rate, sound.channels, sound.width))
        parts = wav_around(empty, sound.length * frame, fields, chunks)
    if parts is None:
        raise WriteError("a WAV file can hold no more than 4 GB; cut a shorter clip, or write a .flac")
    before, after = parts
    with closing(sound.pieces()) as pieces, target.open("wb") as file:
        file.write(before)
        for samples in pieces:
            file.write(samples)
        file.write(after)


def _own(provenance: Provenance) -> dict[str, str]:
    """Give the fields that no kind of tags has a place for."""
    fields = {
        "RECORDING": provenance.recording,
        "RECORDING_DATE": provenance.date,
        "RECORDING_PLACE": provenance.place,
        "RECORDING_SHA256": provenance.media_sha256,
        "SPAN": provenance.passages,
        "PART": "; ".join(
            f"{each.title}, {each.passage}, SHA-256 {each.media_sha256}" for each in provenance.parts or ()
        ),
        "SOURCE": "; ".join(provenance.sources),
        "RIGHTS": "; ".join(provenance.rights),
        "CITATION": provenance.citation,
        "NOTICE": provenance.notice,
        "ADVICE": provenance.advice,
        "LABEL": "\n\n".join(provenance.labels or ()),
        "CLOSED": "; ".join(provenance.closed or ()),
        "APPROXIMATE": provenance.approximate,
        "MACHINE": _machine(provenance),
        "COPY": f"{provenance.copied}." if provenance.copied else "",
    }
    return {name: _plain(text) for name, text in fields.items() if text}


def _comment(provenance: Provenance, what: str = "") -> str:
    """Give what players show of a clip beside its title: first what a listener should know."""
    advice = f"Before you listen: {provenance.advice}" if provenance.advice else ""
    closed = f"Not to be handed on: {'; '.join(provenance.closed)}." if provenance.closed else ""
    unchecked = f"{provenance.unchecked}." if provenance.unchecked else ""
    # Said first, it need not be said again.
    parts = (closed, advice, what, unchecked, provenance.approximate, str(without_label(provenance.citation)))
    return " ".join(part for part in parts if part)


def _machine(provenance: Provenance) -> str:
    """Say which machine wrote the words, and whether anybody has checked them."""
    machine = provenance.machine
    if machine is None:
        return ""
    checked = f"reviewed {machine.reviewed}" if machine.reviewed else "every line heard"
    named = ", ".join(part or UNKNOWN for part in (machine.program, machine.model, machine.date))
    return f"{machine.label or f'Machine transcript, {checked}'}: {named}"


def _module(name: str) -> Any:
    """Import one of mutagen's modules, which have no types; all of them would take 20 ms."""
    return import_module(f"mutagen.{name}")


def _write_id3(path: Path, provenance: Provenance) -> None:
    texts = {
        "TIT2": provenance.title,
        "TALB": provenance.recording_title,
        "TPE1": "; ".join(provenance.speakers),
        "TYER": _date(provenance),
        "TCOP": "; ".join(provenance.rights),
        "TENC": made_by(),
    }
    plain = {name: _plain(text) for name, text in texts.items()}
    comment = _plain(_comment(provenance))
    id3.put(path, id3.frames_of(plain, _own(provenance), comment=comment, lyrics=_words(provenance)))


def _vorbis_writer(module: str, kind_name: str) -> Callable[[Path, Provenance], None]:
    def write_comments(path: Path, provenance: Provenance) -> None:
        kind = getattr(_module(module), kind_name)
        file = kind(path)
        file.delete()
        file = kind(path)
        if file.tags is None:
            file.add_tags()
        fields = {
            "TITLE": provenance.title,
            "ALBUM": provenance.recording_title,
            "ARTIST": "; ".join(provenance.speakers),
            "DATE": _date(provenance),
            "COPYRIGHT": "; ".join(provenance.rights),
            "DESCRIPTION": _comment(provenance),
            "LYRICS": _words(provenance),
            "ENCODED-BY": made_by(),
            **_own(provenance),
        }
        for name, text in fields.items():
            if text:
                file[name] = [_plain(text)]
        file.save(padding=_no_padding)

    return write_comments


def _write_mp4(path: Path, provenance: Provenance) -> None:
    mp4 = _module("mp4")
    file = mp4.MP4(path)
    if file.tags is None:
        file.add_tags()
    fields = {
        "\xa9nam": provenance.title,
        "\xa9alb": provenance.recording_title,
        "\xa9ART": "; ".join(provenance.speakers),
        "\xa9day": _date(provenance),
        "cprt": "; ".join(provenance.rights),
        "\xa9cmt": _comment(provenance),
        "\xa9lyr": _words(provenance),
        "\xa9too": made_by(),
    }
    for name, text in fields.items():
        if text:
            file.tags[name] = [_plain(text)]
    for name, text in _own(provenance).items():
        # The namespace under which players look for custom fields.
        file.tags[f"----:com.apple.iTunes:{name}"] = [mp4.MP4FreeForm(text.encode())]
    file.save(padding=_no_padding)


# By their names in ``audio.formats``; RIFF INFO is written with the sound.
_WRITERS: dict[str, Callable[[Path, Provenance], None]] = {
    "ID3": _write_id3,
    "FLAC": _vorbis_writer("flac", "FLAC"),
    "Ogg Opus": _vorbis_writer("oggopus", "OggOpus"),
    "MP4": _write_mp4,
}


def _no_padding(_: Any) -> int:
    return 0


def _words(provenance: Provenance) -> str:
    # Players show it without what stands in other fields.
    label = f"[{provenance.unchecked}]" if provenance.unchecked else None
    return _plain("\n".join(filter(None, (label, *provenance.words))))


def _date(provenance: Provenance) -> str:
    match = _DATE.match(provenance.date)
    return match[0] if match is not None else ""


def _plain(text: str) -> str:
    """Remove the characters that would end a field, or a file's head, too early."""
    return _CONTROL.sub(" ", text)
