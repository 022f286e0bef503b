#!/usr/bin/env bash
# ffmpeg 7.0.2 (imageio-ffmpeg 0.6.0) makes WebVTT of a SubRip transcript in which a typist marked a gap as <inaudible>.
#
# SubRip knows the tags b, i, u, s and font; anything else between angle brackets is text. Expected: <inaudible> stays, as
# &lt;inaudible&gt;, and "&" and "<" are escaped, as WebVTT's section 4.2.2 asks. Seen: the mark is gone from the file, with a warning
# ("Unrecognized tag inaudible") and exit code 0, so that a gap in what could be heard reads as if there were none; and "&" and
# "<" stand bare, so that a reader of WebVTT (here webvtt-py 0.6.0) loses the "<" of "1 < 2" as well.
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

Path("talk.srt").write_text(
    "1\n00:00:01,000 --> 00:00:02,000\nthen <inaudible> said yes\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\nif 1 < 2 & 3 > 2\n",
    encoding="utf-8",
)
done = subprocess.run(
    [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "warning", "-i", "talk.srt", "talk.vtt"],
    capture_output=True,
    text=True,
    check=False,
)
written = Path("talk.vtt").read_text(encoding="utf-8")
read = [cue.text for cue in webvtt.read("talk.vtt")]
print(written)
print(f"exit code {done.returncode}, told {done.stderr!r}, read as {read}")
seen = (
    done.returncode == 0
    and "Unrecognized tag inaudible" in done.stderr
    and "inaudible" not in written
    and "if 1 < 2 & 3 > 2" in written
    and read == ["then  said yes", "if 1  2"]
)
raise SystemExit(not seen)
PYTHON
