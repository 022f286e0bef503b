"""An archive with one recording, "tones": ten seconds, a pitch for each, four lines, three annotations."""

from __future__ import annotations

import hashlib
import os
import time
import wave
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

RECORD = """\
title = "A tape of tones"
date = "1963-11-05"
place = "Nowhere"
summary = "Each second has its own pitch."
sources = ["log"]
media = "tones.wav"
substance = "0:02"

[original]
description = "Ten tones"

[[speaker]]
name = "Ada"
kind = "person"

[[speaker]]
name = "Ben"
kind = "unidentified"
"""

TRANSCRIPT = """\
WEBVTT
Type: caption
Language: en

NOTE source: log, p. 1

opening
00:00:00.000 --> 00:00:02.000
<v Ada>Silence &amp; hum.

NOTE source: log, p. 2

first
00:00:02.000 --> 00:00:04.500
<v Ada>One <00:00:02.500>two <00:00:03.000>three.

00:00:05.000 --> 00:00:07.000
<v Ben>A <b>second</b> voice.

last
00:00:08.000 --> 00:00:10.000
<v Ada>The end.
"""

ANNOTATIONS = """\
[[annotation]]
id = "who"
kind = "person"
title = "Who Ada is"
body = "A *person*. See [the log](/sources#source-log)."
sources = ["log, p. 1"]
cue = "first"

[[annotation]]
id = "late"
kind = "event"
title = "Something late"
body = "Near the end."
sources = ["log"]
start = "0:08.5"
end = "0:10"

[[annotation]]
id = "around"
kind = "term"
title = "All around"
body = "About the whole."
sources = ["log"]
certainty = "reported"
"""

SOURCES = """\
[[source]]
id = "log"
kind = "primary document"
title = "The log of the tones"
seen = "full"
rights = "US government work"

[[source.excerpt]]
locator = "p. 2"
text = "one two three"
"""


def write_archive(root: Path) -> Path:
    """Write the archive at ``root``, which must not be there."""
    folder = root / "transcripts" / "tones"
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    (folder / "recording.toml").write_text(RECORD, encoding="utf-8")
    (folder / "transcript.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    (folder / "annotations.toml").write_text(ANNOTATIONS, encoding="utf-8")
    (root / "transcripts" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    write_tones(root / "media" / "tones.wav", seconds=10)
    return root


def bind(root: Path) -> None:
    """Bind the transcript to the sound, so that nothing is wrong with the archive."""
    digest = hashlib.sha256((root / "media" / "tones.wav").read_bytes()).hexdigest()
    path = root / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Type: caption", f"Local Usage Element: [Media SHA-256] {digest}"), encoding="utf-8")


def write_tones(path: Path, seconds: int, rate: int = 8000, step: int = 50) -> None:
    """Write a WAV whose second n sounds at 200 + ``step`` n Hz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((_tones if seconds <= 60 else _tones.__wrapped__)(seconds, rate, step))
    let_be_old(path)


def let_be_old(sound: Path) -> Path:
    """Let a sound be a minute old, as those of archives are.

    What is found out about one that was written in the last two seconds (``Stamp.is_settled``) is not kept, so ffmpeg
    is started again for whoever asks: 290 times in a run of the quick tests.
    """
    moment = time.time_ns() - 60_000_000_000
    os.utime(sound, ns=(moment, moment))
    return sound


@lru_cache(maxsize=32)  # thousands of tests have the same; a long one is not kept
def _tones(seconds: int, rate: int, step: int) -> bytes:
    at = np.arange(seconds * rate)
    samples = 12_000 * np.sin(2 * np.pi * (200 + step * (at // rate)) * (at % rate) / rate)
    return samples.astype("<i2").tobytes()
