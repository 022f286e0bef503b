#!/usr/bin/env bash
# ffmpeg 7.0.2 (imageio-ffmpeg 0.6.0; 5.1.9 and 9.0.2 as well) stops reading WebVTT at the first block that is no cue.
#
# YouTube's automatic captions have a line of one blank above the words. An editor that takes blanks off the ends of lines makes
# that line empty, and so the words below it a block of their own, without times. Section 6.1 of WebVTT says that such a block is
# dropped, and reading goes on: browsers and webvtt-py 0.6.0 have every other cue. Seen: ffmpeg ends there. What comes after is
# lost, with exit code 0 and without a word at "-loglevel warning".
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check imageio-ffmpeg==0.6.0 webvtt-py==0.6.0
cd "$work"
venv/bin/python - <<'PYTHON'
import subprocess
from pathlib import Path

import imageio_ffmpeg
import webvtt

Path("talk.vtt").write_text(
    "WEBVTT\n\n"
    "00:01.000 --> 00:02.000\nthe first boat\n\n"
    "00:03.000 --> 00:04.000\n\ncame in late\n\n"
    "00:05.000 --> 00:06.000\nthe second boat\n\n"
    "00:07.000 --> 00:08.000\ndid not come\n",
    encoding="utf-8",
)
done = subprocess.run(
    [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "warning", "-i", "talk.vtt", "talk.srt"],
    capture_output=True,
    text=True,
    check=False,
)
theirs = [cue.text for cue in webvtt.from_srt("talk.srt")]
read = [cue.text for cue in webvtt.read("talk.vtt") if cue.text]
print(f"exit code {done.returncode}, told {done.stderr!r}, written {theirs}; webvtt-py reads {read}")
seen = done.returncode == 0 and not done.stderr and theirs == ["the first boat"] and read[-1] == "did not come"
raise SystemExit(not seen)
PYTHON
