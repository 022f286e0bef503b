"""Finds the files of an archive that nothing reads: those with nearly the name of one that is read, and the others.

The first are faults, because what somebody wrote is not shown. The others may well have a reason to lie there.
"""

from __future__ import annotations

import os
import re
import shlex
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive import parts
from player.archive.invitations import INVITATIONS
from player.archive.recording import HISTORY, SUGGESTIONS, WORKING
from player.archive.translation_names import stray_files, translation_files
from player.audio.access_faults import FOLDER
from player.audio.formats import TYPES
from player.errors import Advice, ArchiveError, Fault, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from player.archive.archive import Archive

# What is read in the folder of a recording, but for translations, and beside those folders.
_OF_RECORDING: Final = ("recording.toml", "transcript.vtt", "annotations.toml", "script.toml", INVITATIONS)
_BESIDE: Final = ("archive.toml", "sources.toml", "people.toml", "chronology.toml")

# What transcripts come as, by the suffix of the file's name: with times, and without.
_TIMED: Final = {
    ".srt": "SubRip",
    ".sbv": "YouTube's SBV",
    ".ttml": "TTML",
    ".dfxp": "TTML",
    ".eaf": "ELAN's EAF",
    ".textgrid": "a TextGrid of Praat",
    ".ass": "SubStation Alpha",
    ".ssa": "SubStation Alpha",
    ".lrc": "LRC",
    ".stl": "EBU STL",
    ".scc": "SCC",
    ".json": "JSON",
    ".xml": "XML",
    ".csv": "a table",
    ".tsv": "a table",
}
_UNTIMED: Final = frozenset({".txt", ".md", ".docx", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm"})
# Those of them that ``player import`` reads.
_IMPORTED: Final = frozenset(
    {".srt", ".sbv", ".eaf", ".textgrid", ".json", ".xml", ".txt", ".docx", ".odt", ".rtf", ".pdf"}
)

_SAVE: Final = "bring its words to transcript.vtt: save them in a format that player import reads, or as WebVTT"

# What an access copy and its sidecar may end in, after the name of their recording.
_COPIES: Final = (".m4a", ".flac", ".json")

# What is for people, for file managers, and for those who look after files.
_FOR_OTHERS: Final = re.compile(
    r"(?:readme|license|licence|copying|notice)(?:\.\w+)?|thumbs\.db|desktop\.ini"
    r"|(?:md5|sha1|sha256|sha512)sums(?:\.txt)?|.*\.(?:md5|sha1|sha256|sha512)",
    re.IGNORECASE | re.DOTALL,
)
# What is added to a suffix where programs hide it, and what hands put between the words of a name.
_ADDED: Final = re.compile(r"(?<=\.vtt)\.txt$|(?<=\.toml)\.txt$|[\s_-]+")


def stray_faults(archive: Archive, strays: Iterable[Path]) -> Iterator[Fault]:
    """Give what looks like a recording or a file of the archive but is not read, so that no page would ever show it.

    ``strays`` are the folders beside the recordings that are none.
    """
    for folder in strays:
        if folder.name in _BESIDE:
            continue  # reported where it is to be read
        if os.path.isfile(folder / "recording.toml"):  # noqa: PTH113  # is_file raises where the folder cannot be read
            remedy = "use only letters, digits, hyphens and underscores"
            yield Fault(
                folder,
                None,
                "the name of this folder cannot stand in an address, so its recording is not shown",
                remedy,
            )
        elif nearly := _nearly_named(folder, ["recording.toml"]):
            name = next(iter(nearly)).name
            what = f"this folder is not a recording: {quoted(name)} in it is not named exactly recording.toml"
            yield Fault(folder, None, what, "rename it recording.toml")
        else:
            what = 'this folder is not a recording: it has no file "recording.toml" that can be read'
            yield Fault(folder, None, what, "write one, or move the folder out of transcripts")
    yield from _name_faults(archive.transcripts, _BESIDE)
    for shelf in (archive.dossiers, archive.sets):
        try:
            files, known = shelf.files(), shelf.slugs()
        except ArchiveError as error:
            yield from error.faults
            continue
        for path in files:
            if path.suffix != ".toml" or path.stem not in known:
                remedy = "use only letters, digits, hyphens and underscores before .toml, or remove it"
                yield Fault(path, None, f"this is not read as a {shelf.noun}", remedy)


def nearly_named(folder: Path) -> Iterator[Fault]:
    """Give the files in the folder of a recording that are named nearly as one that is read."""
    yield from _name_faults(folder, _OF_RECORDING)


def of_recording(folder: Path) -> Iterator[Advice]:
    """Give what lies in the folder of a recording and is ignored."""
    known = {*_OF_RECORDING, HISTORY, WORKING, SUGGESTIONS, *(path.name for path in translation_files(folder).values())}
    reported = {*_nearly_named(folder, _OF_RECORDING), *stray_files(folder)}
    has_transcript = os.path.lexists(folder / "transcript.vtt")
    for path in _listed(folder):
        if not _is_known(path, known) and path not in reported:
            yield Advice(path, None, *_in_recording(path, has_transcript=has_transcript))


def beside_recordings(folder: Path) -> Iterator[Advice]:
    """Give the files of ``transcripts`` itself that are ignored."""
    reported = _nearly_named(folder, _BESIDE)
    for path in _listed(folder):
        if os.path.isdir(path) or _is_known(path, _BESIDE) or path in reported:  # noqa: PTH112  # is_dir can raise
            continue
        if _is_like_transcript(path):
            yield Advice(path, None, *_elsewhere(path))
        else:
            what = f"this is ignored: beside the recordings, only {_and(_BESIDE)} are read"
            yield Advice(path, None, what, "move it elsewhere, or give it one of these names")


def if_empty(path: Path, listed: Collection[object], table: str) -> Iterator[Advice]:
    """Give the file of a page on which nothing stands; ``table`` is what it lists."""
    if not listed and os.path.lexists(path):
        yield Advice(
            path, None, "nothing is in this, and its page is empty", f"write a [[{table}]], or remove the file"
        )


def in_media(folder: Path, named: Iterable[Path]) -> Iterator[Advice]:
    """Give what lies in ``media`` and is named nowhere; ``named`` are the sounds of records, and the logo."""
    known = {_plain_letters(path.name) for path in named}
    there = {path.name for path in _listed(folder)}
    for path in _listed(folder):
        # Where a record names a sound, what stands in place of the folder of copies is told with the sound.
        is_for_copies = path.name == FOLDER and (known or os.path.isdir(path))  # noqa: PTH112  # is_dir can raise
        is_for_parts = path.name == parts.FOLDER and os.path.isdir(path)  # noqa: PTH112  # is_dir can raise
        if _plain_letters(path.name) in known or is_for_copies or is_for_parts:
            continue
        if os.path.isdir(path):  # noqa: PTH112  # is_dir raises where a name is too long
            yield Advice(path, None, "this folder is ignored: sounds belong in media itself", "move them there")
        elif path.suffix in {".json", ".vtt"} and path.stem in there:
            continue  # goes with a clip, which has advice of its own
        elif _is_like_transcript(path):
            yield Advice(path, None, *_elsewhere(path))
        else:
            remedy = f"name it in a recording.toml, as media = {quoted(path.name)}, or remove it"
            if path.suffix.lower() in TYPES:
                remedy += f", or move it out of media, and add it from there: player add {shlex.quote(path.name)}"
            yield Advice(path, None, "no record names this file", remedy)


def in_access(media: Path, slugs: Collection[str]) -> Iterator[Advice]:
    """Give what lies in the folder of access copies and is of no recording; ``slugs`` are those that have a sound."""
    known = {f"{slug}{suffix}" for slug in slugs for suffix in _COPIES}
    folder = media / FOLDER
    if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(media)):
        return  # a link to another folder, of which nothing is read
    for path in _listed(folder):
        if path.name not in known:
            what = "this is ignored: no recording with a sound has this name"
            yield Advice(path, None, what, "remove it; player access makes the copies that are read here")


def in_parts(media: Path, named: Mapping[str, Collection[str]]) -> Iterator[Advice]:
    """Give what lies among the parts of recordings and is none; ``named`` are the files of each that has parts."""
    folder = media / parts.FOLDER
    if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(media)):
        return  # a link to another folder, of which nothing is read
    for entry in _listed(folder):
        if entry.name not in named:
            what = "this is ignored: no recording of this name was joined from parts"
            yield Advice(entry, None, what, "remove it, or move it elsewhere")
            continue
        known = {_plain_letters(name) for name in named[entry.name]}
        for path in _listed(entry):
            if _plain_letters(path.name) not in known:
                remedy = "name it in a [[part]] of its recording.toml, or move it elsewhere"
                yield Advice(path, None, "no record names this file", remedy)


def _listed(folder: Path) -> list[Path]:
    """List what lies in a folder, but for hidden files and what is for others than the player; nothing without one."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []  # reported where it is read from
    return [each for each in entries if not each.name.startswith(".") and not _FOR_OTHERS.fullmatch(each.name)]


def _nearly_named(folder: Path, names: Collection[str]) -> dict[Path, str]:
    """Find the files that nothing reads, for they are named nearly as one of ``names``, and as which."""
    wanted = {_plain(name): name for name in names}
    found = {}
    for path in _listed(folder):
        name = wanted.get(_plain(path.name))
        # A file system that does not tell capitals apart gives the file under either name.
        if name is not None and path.name != name and not _is_same(path, folder / name):
            found[path] = name
    return found


def _name_faults(folder: Path, names: Collection[str]) -> Iterator[Fault]:
    """Give the files of a folder that are named nearly as one that is read."""
    for path, name in _nearly_named(folder, names).items():
        remedy = f"rename it {name}" + (", or remove one of the two" if os.path.lexists(folder / name) else "")
        yield Fault(path, None, f"this file is not read, because its name is not exactly {name}", remedy)


def _in_recording(path: Path, *, has_transcript: bool) -> tuple[str, str]:
    """Say why a file in the folder of a recording is ignored, and what to do."""
    suffix = path.suffix.lower()
    if os.path.isdir(path):  # noqa: PTH112  # is_dir raises where a name is too long
        return "this folder is ignored: a recording's folder has none in it", "move it elsewhere"
    if suffix == ".vtt":
        what = "this is ignored: a transcript is called transcript.vtt, its translation into Spanish transcript.es.vtt"
        return what, "rename it, or move it elsewhere" if has_transcript else _bring(path, path.parent.name)
    if has_transcript and _is_like_transcript(path):
        return "this is ignored: only transcript.vtt is read as the transcript", "move it elsewhere if you need it"
    if suffix in _TIMED or suffix in _UNTIMED:
        return _not_webvtt(path)
    what = f"this is ignored: of a recording, only {_and((*_OF_RECORDING, 'translations'))} are read"
    return what, "move it elsewhere, or give it one of these names"


def _not_webvtt(path: Path) -> tuple[str, str]:
    """Say of what may well be a transcript that it is not read, and how to bring it in."""
    suffix = path.suffix.lower()
    what = "this is ignored: only WebVTT is read as a transcript"
    if suffix in _TIMED:
        what += f", and by its name this is {_TIMED[suffix]}"
    if suffix in _IMPORTED:
        return what, _bring(path, path.parent.name)
    return what, _SAVE


def _elsewhere(path: Path) -> tuple[str, str]:
    """Say of what may well be a transcript, and lies in no recording's folder, how to bring it there."""
    what = "this is ignored: a transcript belongs in the folder of its recording"
    is_read = path.suffix.lower() in {".vtt", *_IMPORTED}
    return what, _bring(path, "SLUG") if is_read else _SAVE


def _bring(path: Path, slug: str) -> str:
    return f"bring its lines in: player import {slug} {shlex.quote(shown(path))}"


def _is_like_transcript(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix == ".vtt" or suffix in _TIMED or suffix in _UNTIMED


def _is_known(path: Path, names: Collection[str]) -> bool:
    return path.name in names or any(
        _plain(path.name) == _plain(name) and _is_same(path, path.with_name(name)) for name in names
    )


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _plain(name: str) -> str:
    return _ADDED.sub("", _plain_letters(name))


def _plain_letters(name: str) -> str:
    """Write a name as all are alike that differ in capitals, or in how Unicode composes their letters."""
    return unicodedata.normalize("NFKC", name).casefold()


def _and(names: Collection[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}"
