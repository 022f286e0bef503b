"""The small archive with lines that are not timed, or only roughly, taken from the pages of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from small_archive import write_archive

if TYPE_CHECKING:
    from pathlib import Path

#: Of ten seconds: two lines without a time, one with a rough one, on three pages.
IN_PART = """\
WEBVTT
Language: en

NOTE page: 12

opening
00:00:00.000 --> 00:00:02.000
<v Ada>Silence &amp; hum.

NOTE source: log, p. 1

NOTE untimed middle
<v Ada>Nobody noted &lt;when&gt;.

NOTE page: 13

NOTE approximate

first
00:00:02.000 --> 00:00:04.500
<v Ada>One <00:00:02.500>two <00:00:03.000>three.

NOTE untimed second
<v Ben>A second voice.

NOTE page: 14

last
00:00:08.000 --> 00:00:10.000
<v Ada>The end.
"""
NOT_AT_ALL = """\
WEBVTT
Language: en

NOTE page: 12

NOTE untimed one
<v Ada>The ferry left at six.

NOTE untimed two
<v Ben>Which ferry?

NOTE page: iv

NOTE untimed three
<v Ada>The old ferry.
"""
NOTES = """\
[[annotation]]
id = "ferry"
kind = "term"
title = "The ferry"
body = "It is gone."
sources = ["log"]
cue = "{line}"

[[annotation]]
id = "late"
kind = "event"
title = "Something late"
body = "Near the end."
sources = ["log"]
start = "0:08.5"
end = "0:10"
"""


def write_untimed(root: Path, transcript: str = NOT_AT_ALL, *, line: str | None = None) -> Path:
    """Write the archive at ``root``, with notes where a ``line`` is named that one of them belongs to."""
    write_archive(root)
    give(root, transcript, line=line)
    return root


def give(root: Path, transcript: str, *, line: str | None = None) -> None:
    """Give the recording of an archive that is there another transcript."""
    folder = root / "transcripts" / "tones"
    (folder / "transcript.vtt").write_text(transcript, encoding="utf-8")
    if line is None:
        (folder / "annotations.toml").unlink(missing_ok=True)
    else:
        (folder / "annotations.toml").write_text(NOTES.format(line=line), encoding="utf-8")
