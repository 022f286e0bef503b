#!/usr/bin/env bash
# pydub 0.25.1 opens a WAV of 32-bit floating point samples whose head is WAVE_FORMAT_EXTENSIBLE.
#
# Field recorders and editors write such files (here libsndfile does, by soundfile 0.14.0). Expected: the sound, or an error. Seen:
# no error, and the floats' bits are read as integers: a sine of half the full scale comes out distorted (correlation with what
# was written about 0.9 instead of 1.0) and 3 dB too loud, so it still sounds like something. The same samples behind a plain
# head are not read in this way.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pydub==0.25.1 soundfile==0.14.0 numpy==2.4.6 \
    "audioop-lts==0.2.2; python_version >= '3.13'"
cd "$work"
venv/bin/python -W ignore - <<'PYTHON'
import numpy as np
import soundfile
from pydub import AudioSegment

RATE = 8000
written = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)
soundfile.write("tone.wav", written, RATE, format="WAVEX", subtype="FLOAT")
sound = AudioSegment.from_file("tone.wav", format="wav")
read = np.array(sound.get_array_of_samples())
right = np.corrcoef(read, written)[0, 1]
print(f"written: -9.03 dBFS; read: {sound.dBFS:.2f} dBFS, correlation with what was written {right:.4f}")
raise SystemExit(not (0.85 < right < 0.95 and round(sound.dBFS, 1) == -6.0))
PYTHON
