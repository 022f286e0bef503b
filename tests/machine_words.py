"""The small archive with a transcript that a machine wrote: a rare word in each line, of which one was heard."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

from context_files import add_context
from small_archive import write_archive

if TYPE_CHECKING:
    from pathlib import Path

    State = Literal["hidden", "labelled", "published", "reviewed"]

#: Words of lines that nobody has heard; the machine was not sure of the first. The last is of a line without a time.
UNCHECKED: Final = ("quondle", "brabbit", "frimble")
#: A word of a line that somebody has heard.
HEARD: Final = "sploon"
DOUBTFUL: Final = "quondle"
REVIEWED: Final = "Local Usage Element: [Reviewed] 2026-11-29, Ines Keeper\n"

_TRANSCRIPT: Final = """\
WEBVTT
Language: en
File Creator: whistler 1.2, model tiny
Local Usage Element: [Media SHA-256] {digest}
Local Usage Element: [Machine Transcript] whistler 1.2, tiny, 2026-11-29
Local Usage Element: [Aligned] swallow 0.6, en, 2026-11-29
{reviewed}
NOTE heard: 2026-11-29, Ines Keeper

opening
00:00:00.000 --> 00:00:02.000
<v Speaker 1>The sploon is &amp; was in the harbour.

NOTE aligned: 0.93

NOTE word confidence: 0.98 0.31 - 0.95

first
00:00:02.000 --> 00:00:04.500
<v Speaker 1>One <00:00:02.500>quondle, <00:00:03.000>said Ada.

NOTE untimed adrift
<v Speaker 2>Nobody has placed the frimble.

NOTE aligned: 0.62

last
00:00:08.000 --> 00:00:10.000
<v Speaker 2>The brabbit ends here.
"""


def write_machine(root: Path, state: State = "labelled") -> Path:
    """Write an archive at ``root``, which must not be there, with what is around its recording.

    A machine's words are ``hidden`` by default, shown by the archive (``labelled``) or by the record (``published``),
    or somebody has ``reviewed`` them.
    """
    write_archive(root)
    add_context(root)
    digest = hashlib.sha256((root / "media" / "tones.wav").read_bytes()).hexdigest()
    folder = root / "transcripts" / "tones"
    text = _TRANSCRIPT.format(digest=digest, reviewed=REVIEWED if state == "reviewed" else "")
    (folder / "transcript.vtt").write_text(text, encoding="utf-8")
    record = folder / "recording.toml"
    said = record.read_text(encoding="utf-8")
    if state == "published":
        said = said.replace("\n[original]", '\n[access]\ntranscript = "open"\n\n[original]', 1)
    speakers = said.replace('name = "Ada"', 'name = "Speaker 1"').replace('name = "Ben"', 'name = "Speaker 2"')
    record.write_text(speakers, encoding="utf-8")
    if state == "labelled":
        (root / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    return root
