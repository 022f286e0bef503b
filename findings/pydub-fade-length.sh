#!/usr/bin/env bash
# pydub 0.25.1: a fade changes how long a sound is, by a few samples.
#
# Expected: AudioSegment.fade_in and fade_out change how loud samples are, not how many there are. Seen: for a sound whose
# length is no whole number of milliseconds, fade_in(5) and then fade_out(5) give 1 sample more at 8,000 Hz, 3 more at 11,025 Hz,
# 8 fewer at 22,050 and 44,100 Hz and 7 fewer at 48,000 Hz. A clip that is cut to the sample no longer is, and what is joined behind it comes
# early or late. (The middle is sliced by whole milliseconds.)
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pydub==0.25.1 "audioop-lts==0.2.2; python_version >= '3.13'"
cd "$work"
venv/bin/python -W ignore - <<'PYTHON'
from pydub import AudioSegment

changes = {}
for rate in (8000, 11025, 22050, 44100, 48000):
    count = rate + 7
    sound = AudioSegment(data=b"\x10\x27" * count, sample_width=2, frame_rate=rate, channels=1)
    changes[rate] = int(sound.fade_in(5).fade_out(5).frame_count()) - count
print(f"a second and seven samples, faded in and out over 5 ms; samples gained: {changes}")
raise SystemExit(changes != {8000: 1, 11025: 3, 22050: -8, 44100: -8, 48000: -7})
PYTHON
