"""Writes the provenance of a clip into the tags of its file: ID3, Vorbis comments, MP4 atoms, and RIFF INFO for WAV.

Sources: ID3v2.3.0 (1999); Vorbis I, section 5, and RFC 7845, section 5.2; mutagen's list of MP4 atoms; Multimedia
Programming Interface and Data Specifications 1.0, chapter 2 (RIFF INFO). What these have no field for goes into fields
of the same names in each: RECORDING, SPAN, SOURCE, CITATION and others.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import mutagen

from player.clips.provenance import made_by
from player.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.audio.formats import Format
    from player.clips.provenance import Provenance

# Of an EDTF date, what a tag's date can hold: a year, a month, a day.
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")


def write(path: Path, kind: Format, provenance: Provenance) -> None:
    """Write the tags of the clip at ``path``, which is in the format ``kind``; a WAV's are in ``info``.

    :raise WriteError: where they cannot be written.
    """
    writer = _WRITERS.get(kind.tags)
    try:
        if writer is not None:
            writer(path, provenance)
    except mutagen.MutagenError as error:
        raise WriteError(f"the tags cannot be written ({error}); check that the disk has free space") from None


def info(provenance: Provenance) -> dict[str, str]:
    """Give the fields of a WAV's LIST INFO chunk but for its title."""
    fields = {
        "IPRD": provenance.recording_title,
        "ICRD": _date(provenance),
        "IART": "; ".join(provenance.speakers),
        "ICOP": "; ".join(provenance.rights),
        "ISRC": "; ".join(provenance.sources),
        "ISBJ": _words(provenance),
        "ICMT": f"{provenance.passages} of {provenance.recording}. {provenance.citation}",
        "ISFT": made_by(),
    }
    return {name: _plain(text) for name, text in fields.items() if text}


def _own(provenance: Provenance) -> dict[str, str]:
    """Give the fields that no kind of tags has a place for."""
    fields = {
        "RECORDING": provenance.recording,
        "RECORDING_DATE": provenance.date,
        "RECORDING_PLACE": provenance.place,
        "RECORDING_SHA256": provenance.media_sha256,
        "SPAN": provenance.passages,
        "SOURCE": "; ".join(provenance.sources),
        "RIGHTS": "; ".join(provenance.rights),
        "CITATION": provenance.citation,
        "NOTICE": provenance.notice,
    }
    return {name: _plain(text) for name, text in fields.items() if text}


def _module(name: str) -> Any:
    """Give one of mutagen's modules, which have no types; all together take 20 ms to import."""
    return import_module(f"mutagen.{name}")


def _write_id3(path: Path, provenance: Provenance) -> None:
    id3 = _module("id3")
    tags = id3.ID3()
    # Encoding 1 is UTF-16, the only one of ID3v2.3 that holds every letter.
    frames = {
        id3.TIT2: provenance.title,
        id3.TALB: provenance.recording_title,
        id3.TPE1: "; ".join(provenance.speakers),
        id3.TDRC: _date(provenance),
        id3.TCOP: "; ".join(provenance.rights),
        id3.TENC: made_by(),
    }
    for frame, text in frames.items():
        if text:
            tags.add(frame(encoding=1, text=[_plain(text)]))
    tags.add(id3.COMM(encoding=1, lang="eng", desc="", text=[_plain(provenance.citation)]))
    if _words(provenance):
        tags.add(id3.USLT(encoding=1, lang="und", desc="", text=_words(provenance)))
    for name, text in _own(provenance).items():
        tags.add(id3.TXXX(encoding=1, desc=name, text=[text]))
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3, padding=_no_padding)


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
            "DESCRIPTION": provenance.citation,
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
        "\xa9cmt": provenance.citation,
        "\xa9lyr": _words(provenance),
        "\xa9too": made_by(),
    }
    for name, text in fields.items():
        if text:
            file.tags[name] = [_plain(text)]
    for name, text in _own(provenance).items():
        # The namespace under which players look for fields of one's own.
        file.tags[f"----:com.apple.iTunes:{name}"] = [mp4.MP4FreeForm(text.encode())]
    file.save(padding=_no_padding)


# By what ``audio.formats`` calls them; RIFF INFO is written by ``info``, with the sound.
_WRITERS: dict[str, Callable[[Path, Provenance], None]] = {
    "ID3": _write_id3,
    "FLAC": _vorbis_writer("flac", "FLAC"),
    "Ogg Opus": _vorbis_writer("oggopus", "OggOpus"),
    "MP4": _write_mp4,
}


def _no_padding(_: Any) -> int:
    return 0


def _words(provenance: Provenance) -> str:
    return _plain("\n".join(filter(None, provenance.words)))


def _date(provenance: Provenance) -> str:
    match = _DATE.match(provenance.date)
    return match[0] if match is not None else ""


def _plain(text: str) -> str:
    """Give the text without what ends a field, or a file's head, before its time."""
    return _CONTROL.sub(" ", text)
