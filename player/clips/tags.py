"""The provenance of a clip into the tags of its file: ID3, Vorbis comments, MP4 atoms, and RIFF INFO for WAV.

Sources: ID3v2.3.0 (1999); Vorbis I, section 5, and RFC 7845, section 5.2; mutagen's list of MP4 atoms; RIFF INFO as in
``riff``. What has no field of its own has one by the same name in each: RECORDING, SPAN, SOURCE, CITATION and others.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import mutagen

from player.audio.formats import FORMATS
from player.clips.provenance import made_by
from player.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.clips.provenance import Provenance

# Of an EDTF date, what a tag's date can hold: a year, a month, a day.
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")


def write(path: Path, suffix: str, told: Provenance) -> None:
    """Write the tags of the clip at ``path``, made in the format of ``suffix``; a WAV's are put there by ``info``.

    :raise WriteError: where they cannot be written.
    """
    writer = _WRITERS.get(FORMATS[suffix].tags)
    try:
        if writer is not None:
            writer(path, told)
    except mutagen.MutagenError as error:
        raise WriteError(f"the tags cannot be written ({error}); see that there is room on the disk") from None


def info(told: Provenance) -> dict[str, str]:
    """Give the fields of a WAV's LIST INFO chunk but for its title."""
    fields = {
        "IPRD": told.recording_title,
        "ICRD": _date(told),
        "IART": "; ".join(told.speakers),
        "ICOP": "; ".join(told.rights),
        "ISRC": "; ".join(told.sources),
        "ISBJ": _words(told),
        "ICMT": f"{told.passages} of {told.recording}. {told.citation}",
        "ISFT": made_by(),
    }
    return {name: _plain(text) for name, text in fields.items() if text}


def _own(told: Provenance) -> dict[str, str]:
    """Give the fields that no kind of tag has a place for."""
    fields = {
        "RECORDING": told.recording,
        "RECORDING_DATE": told.date,
        "RECORDING_PLACE": told.place,
        "RECORDING_SHA256": told.media_sha256,
        "SPAN": told.passages,
        "SOURCE": "; ".join(told.sources),
        "RIGHTS": "; ".join(told.rights),
        "CITATION": told.citation,
        "NOTICE": told.notice,
    }
    return {name: _plain(text) for name, text in fields.items() if text}


def _module(name: str) -> Any:
    """Give one of mutagen's modules, which have no types; all together take 20 ms to import."""
    return import_module(f"mutagen.{name}")


def _write_id3(path: Path, told: Provenance) -> None:
    id3 = _module("id3")
    tags = id3.ID3()
    # Encoding 1 is UTF-16, the only one of ID3v2.3 that holds every letter.
    frames = {
        id3.TIT2: told.title,
        id3.TALB: told.recording_title,
        id3.TPE1: "; ".join(told.speakers),
        id3.TDRC: _date(told),
        id3.TCOP: "; ".join(told.rights),
        id3.TENC: made_by(),
    }
    for frame, text in frames.items():
        if text:
            tags.add(frame(encoding=1, text=[_plain(text)]))
    tags.add(id3.COMM(encoding=1, lang="eng", desc="", text=[_plain(told.citation)]))
    if _words(told):
        tags.add(id3.USLT(encoding=1, lang="und", desc="", text=_words(told)))
    for name, text in _own(told).items():
        tags.add(id3.TXXX(encoding=1, desc=name, text=[text]))
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3, padding=_no_padding)


def _vorbis_writer(module: str, kind_name: str) -> Callable[[Path, Provenance], None]:
    def write_comments(path: Path, told: Provenance) -> None:
        kind = getattr(_module(module), kind_name)
        file = kind(path)
        file.delete()
        file = kind(path)
        if file.tags is None:
            file.add_tags()
        fields = {
            "TITLE": told.title,
            "ALBUM": told.recording_title,
            "ARTIST": "; ".join(told.speakers),
            "DATE": _date(told),
            "COPYRIGHT": "; ".join(told.rights),
            "DESCRIPTION": told.citation,
            "LYRICS": _words(told),
            "ENCODED-BY": made_by(),
            **_own(told),
        }
        for name, text in fields.items():
            if text:
                file[name] = [_plain(text)]
        file.save(padding=_no_padding)

    return write_comments


def _write_mp4(path: Path, told: Provenance) -> None:
    mp4 = _module("mp4")
    file = mp4.MP4(path)
    if file.tags is None:
        file.add_tags()
    fields = {
        "\xa9nam": told.title,
        "\xa9alb": told.recording_title,
        "\xa9ART": "; ".join(told.speakers),
        "\xa9day": _date(told),
        "cprt": "; ".join(told.rights),
        "\xa9cmt": told.citation,
        "\xa9lyr": _words(told),
        "\xa9too": made_by(),
    }
    for name, text in fields.items():
        if text:
            file.tags[name] = [_plain(text)]
    for name, text in _own(told).items():
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


def _words(told: Provenance) -> str:
    return _plain("\n".join(filter(None, told.words)))


def _date(told: Provenance) -> str:
    match = _DATE.match(told.date)
    return match[0] if match is not None else ""


def _plain(text: str) -> str:
    """Give the text without what ends a field, or a file's head, before its time."""
    return _CONTROL.sub(" ", text)
