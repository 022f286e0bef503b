#!/usr/bin/env bash
# ffmpeg 7.0.2 and 9.0.2: an MP3 that comes through a pipe keeps the padding at its end, which the same file loses.
#
# The header frame of an MP3 (Info, or Xing) states how many samples the encoder put before and after the sound, and ffmpeg leaves
# both out. Expected: the same bytes give the same samples, from a file or through a pipe. Seen: through a pipe those before are left
# out, and those after are not: a second of 44,100 samples becomes 44,975. As ffmpeg cannot see how long the input is, it takes a whole file
# for one that others were joined to, says so in a warning that is not true ("invalid concatenated file detected"), and ends with exit
# code 0. So whoever joins MP3s through pipes, for a programme without gaps, has gaps.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for version in 0.6.0 0.8.1; do
  python3 -m venv "$work/$version"
  "$work/$version/bin/pip" install --quiet --disable-pip-version-check "imageio-ffmpeg==$version"
  "$work/$version/bin/python" - "$work" <<'PYTHON'
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg

FFMPEG, SOUND = imageio_ffmpeg.get_ffmpeg_exe(), Path(sys.argv[1]) / "tone.mp3"


def samples(source: str, **how: object) -> tuple[int, str]:
    command = [FFMPEG, "-hide_banner", "-v", "warning", "-f", "mp3", "-i", source, "-f", "s16le", "pipe:1"]
    done = subprocess.run(command, check=True, capture_output=True, **how)
    return len(done.stdout) // 2, done.stderr.decode()


tone = ["-f", "lavfi", "-i", "sine=d=1:r=44100", "-ac", "1", "-c:a", "libmp3lame", "-b:a", "64k", str(SOUND)]
subprocess.run([FFMPEG, "-v", "error", "-y", *tone], check=True)
from_file, through_pipe = samples(str(SOUND)), samples("pipe:0", input=SOUND.read_bytes())
print(f"{imageio_ffmpeg.get_ffmpeg_version()}: samples from a file {from_file}, through a pipe {through_pipe}")
warned = "invalid concatenated file detected" in through_pipe[1]
raise SystemExit(not (from_file == (44_100, "") and through_pipe[0] == 44_975 and warned))
PYTHON
done
