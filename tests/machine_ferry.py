"""An archive with one recording whose words a machine wrote, each kind of line with a rare word of its own.

The sound is that of ``small_archive``: ten seconds of tones. Wherever ``UNHEARD``, ``DOUBTFUL`` or ``UNTIMED`` comes
out, ``LABEL`` has to stand beside it; ``HEARD`` may stand alone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from small_archive import SOURCES, write_tones

from player.archive.machine import LABEL

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DOUBTFUL", "HEARD", "KEEPER", "LABEL", "SLUG", "UNCHECKED", "UNHEARD", "UNTIMED", "write_archive"]

SLUG: Final = "ferry"
#: A word of a line that nobody has heard; of one that somebody has; one of which the recogniser is not sure, in a line
#: that nobody has heard; and one of a line without times.
UNHEARD: Final = "quillwort"
HEARD: Final = "brambling"
DOUBTFUL: Final = "tamarack"
UNTIMED: Final = "mudlark"
#: Those beside which the label has to stand.
UNCHECKED: Final = (UNHEARD, DOUBTFUL, UNTIMED)
#: Who has heard the one line.
KEEPER: Final = "Ines Keeper"

RECORD: Final = """\
title = "The ferry at low water"
date = "1971-06-02"
place = "The quay"
sources = ["log"]
media = "ferry.wav"

[[speaker]]
name = "Speaker 1"
kind = "unidentified"

[[speaker]]
name = "Speaker 2"
kind = "unidentified"
"""

TRANSCRIPT: Final = f"""\
WEBVTT
Type: caption
Language: en
Origin History: Made by a machine from the sound; nobody has checked it.
Local Usage Element: [Machine Transcript] faster-whisper 1.2.1, tiny.en, 2026-11-27
Local Usage Element: [Aligned] soundswallower 0.6.7, en-us, 2026-11-27
Local Usage Element: [Media SHA-256] {{digest}}

NOTE confidence: 0.91

NOTE word confidence: 0.98 0.95 0.87 - 0.90

c1
00:00:00.500 --> 00:00:02.500
<v Speaker 1>The <00:00:00.900>ferry <00:00:01.200>carried <00:00:01.600>{UNHEARD} <00:00:02.000>upstream.

NOTE confidence: 0.88

NOTE heard: 2026-11-28, {KEEPER}

c2
00:00:02.500 --> 00:00:04.500
<v Speaker 2>Nobody saw a {HEARD} on the quay.

NOTE confidence: 0.61

NOTE word confidence: 0.97 0.31 0.95

c3
00:00:05.000 --> 00:00:07.000
<v Speaker 1>Under <00:00:05.500>{DOUBTFUL} <00:00:06.200>planks.

NOTE aligned: 0.93

c4
00:00:07.500 --> 00:00:09.000
<v Speaker 2>They sold {UNHEARD} by the basket.

NOTE untimed c5
<v Speaker 2>And the {UNTIMED} went home.
"""

ANNOTATIONS: Final = """\
[[annotation]]
id = "basket"
kind = "term"
title = "Baskets on the quay"
body = "How they were sold."
sources = ["log"]
cue = "c4"
"""


def write_archive(root: Path, *, drafts: str = "labelled", access: str = "", reviewed: bool = False) -> Path:
    """Write the archive at ``root``, which must not be there.

    ``drafts`` is what archive.toml says of a machine's drafts, ``access`` the text of the record's ``[access]``. With
    ``reviewed``, somebody says that the whole was reviewed.
    """
    folder = root / "transcripts" / SLUG
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    write_tones(root / "media" / "ferry.wav", seconds=10)
    digest = hashlib.sha256((root / "media" / "ferry.wav").read_bytes()).hexdigest()
    text = TRANSCRIPT.replace("{digest}", digest)
    if reviewed:
        text = text.replace("Type: caption", f"Local Usage Element: [Reviewed] 2026-11-28, {KEEPER}")
    (root / "transcripts" / "archive.toml").write_text(f'name = "Low water"\nmachine_drafts = "{drafts}"\n')
    (root / "transcripts" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (folder / "recording.toml").write_text(RECORD + (f"\n[access]\n{access}\n" if access else ""), encoding="utf-8")
    (folder / "transcript.vtt").write_text(text, encoding="utf-8")
    (folder / "annotations.toml").write_text(ANNOTATIONS, encoding="utf-8")
    return root
