"""An archive whose sound says words that ``tiny_engine`` hears; run as a program, aligns it, doomed if that is asked.

    python tests/tiny_align.py ARCHIVE [MOMENT SIGNAL]

ends itself by a signal just before it does the MOMENT-th thing to a file of the archive or of the cache beside it. With
``TINY_ENGINE_KILLS=N`` in the environment, a process of it that begins the N-th piece ends its parent by SIGKILL.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import tiny_engine
from tones import write_tones

from player.intake.beginning import begin

#: Of twelve words, one for each second, in lines of two; the last line is not in the sound.
SECONDS: Final = 12
LINES: Final = (
    *(f"{one} {other}." for one, other in zip(*[iter(tiny_engine.WORDS[:SECONDS])] * 2, strict=True)),
    "Crane.",
)
RECORD: Final = 'title = "Tones"\ndate = "1971"\nmedia = "tones.wav"\n'


def write_archive(root: Path) -> Path:
    """Make an archive with the record "tones", and give the place of its transcript."""
    begin(root)
    folder = root / "transcripts/tones"
    folder.mkdir()
    (folder / "recording.toml").write_text(RECORD, encoding="utf-8")
    blocks = [f"NOTE untimed k{number}\n{line}\n" for number, line in enumerate(LINES, 1)]
    (folder / "transcript.vtt").write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8")
    write_tones(root / "media/tones.wav", seconds=SECONDS)
    return folder / "transcript.vtt"


if __name__ == "__main__":
    from player.cli import main

    root, *doom = sys.argv[1:]
    tiny_engine.install()
    if doom:
        sys.addaudithook(tiny_engine.kill_before(str(Path(root).parent), int(doom[0]), int(doom[1])))
    main(["align", "tones", "--archive", root])
