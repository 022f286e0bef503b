"""The small archive, of whose recording something is closed, and what of it must then be nowhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from small_archive import bind, write_archive

from player.archive.translation import words_digest
from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from pathlib import Path

#: Whom to ask.
CONTACT: Final = "desk@archive.example"
REASON: Final = "At the wish of <those> who sang"
#: The line "A sarabande." of Ben, sound and words.
PASSAGE: Final = f"""
[[closed]]
start = "0:05.5"
end = "0:06"
until = "2999"
reason = "{REASON}"
decided_by = "Quillon"
"""
#: The same, of which the sound is heard.
WORDS: Final = PASSAGE.replace('end = "0:06"', 'end = "0:06"\nwhat = "words"')
#: Within the line "One two three.", which stays to be read.
SILENCE: Final = """
[[closed]]
start = "0:02.5"
end = "0:03"
what = "sound"
reason = "A bell."
"""
#: What the passage holds, in the words, the note and the translation that it closes, and who decided it.
CLOSED_WORDS: Final = ("sarabande", "zarabanda", "Quarrel", "Quillon")
NOTE: Final = """
[[annotation]]
id = "quarrel"
kind = "term"
title = "Quarrel"
body = "About the closed line."
sources = ["log"]
start = "0:05"
end = "0:05.2"
"""
SPANISH: Final = """\
WEBVTT
Language: spa
Local Usage Element: [Translated by] Eve; [Transcript words SHA-256] DIGEST

NOTE the sarabande is left to Eve

opening
00:00.000 --> 00:02.000
Silencio.

first
00:02.000 --> 00:04.500
Uno dos tres.

c3
00:05.000 --> 00:07.000
Una zarabanda.

last
00:08.000 --> 00:10.000
El fin.
"""


def write_shut(root: Path, *tables: str, slug: str = "tones") -> Path:
    """Write the archive at ``root``, which must not be there, with ``tables`` at the end of its record."""
    write_archive(root)
    bind(root)
    folder = root / "transcripts" / "tones"
    words = (folder / "transcript.vtt").read_text(encoding="utf-8")
    (folder / "transcript.vtt").write_text(words.replace("<b>second</b> voice", "sarabande"), encoding="utf-8")
    (root / "transcripts" / "archive.toml").write_text(f'contact = "{CONTACT}"\n', encoding="utf-8")
    add(folder / "recording.toml", *tables)
    add(folder / "annotations.toml", NOTE)
    if slug != "tones":
        folder.rename(folder.with_name(slug))
    return root


def add(path: Path, *texts: str) -> None:
    """Put texts at the end of a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(texts))


def translate(root: Path) -> None:
    """Put the Spanish translation beside the transcript, with the digest of the words that it was made from."""
    folder = root / "transcripts" / "tones"
    digest = words_digest(read_transcript(folder / "transcript.vtt").cues)
    (folder / "transcript.es.vtt").write_text(SPANISH.replace("DIGEST", digest), encoding="utf-8")


def settle(root: Path) -> None:
    """Let all files be so old that any further change would show: only then is a page of them kept."""
    for path in root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
