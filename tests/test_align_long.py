"""Ten hours of sound take no more memory than a minute does, and leave nothing in the cache; two minutes take little.

An hour is aligned within 600 MB, by the command and two processes that listen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import Final

import pytest
import tiny_align
import tiny_engine
from own_peak import OWN_PEAK
from tones import write_tones

from player.archive.webvtt.reading import read_transcript

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT: Final = 600  # seconds until the test is given up; it is not measured by it
HOURS: Final = 10
RATE: Final = 2000
#: Megabytes that a process may hold: an interpreter with numpy takes some 60, the samples of ten hours 1,150.
MOST: Final = 200
PROGRAM: Final = f"""
{OWN_PEAK}
import atexit, resource, sys
import tiny_engine
from player.cli import main

if __name__ == "__main__":
    tiny_engine.install()
    for taken in (own_peak, lambda: resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024):
        atexit.register(lambda taken=taken: print("megabytes:", taken()))
    main(["align", "tones", "--archive", sys.argv[1]])
"""
#: Of those, the command takes some 100; the rest are for two that listen.
MOST_AT_ONCE: Final = 250
#: As much sound as a pass is ever about, in which 30 lines of 12 words are said, no two of them alike.
TWO_MINUTES: Final = """
import re, sys
from pathlib import Path
import numpy as np
from player.align.passes import passer

rng = np.random.default_rng(1)
moments = np.arange(135 * 16_000) / 16_000
sound = rng.normal(0, 300, len(moments)) * (1.2 + np.sin(2 * np.pi * 3 * moments)) * (np.sin(moments) > -0.5)
phones = "AA AE AH B D EH ER F G HH IH IY JH K L M N OW P R S SH T UW V W Z".split()
said = lambda: [[[phones[number] for number in rng.integers(0, len(phones), 5)]]]
settings = {"model": "en-us", "lines": [[said() for _ in range(12)] for _ in range(30)]}
do = passer(sound.astype(np.int16), settings)
found = do({"pass": "fine", "from": 0, "to": 135_000, "first": 0, "last": 29, "core": [0, 29]})
print("lines:", len(found))
print("megabytes:", int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_the_longest_pass_takes_less_than_half_of_what_an_hour_may() -> None:
    pytest.importorskip("soundswallower")
    ran = subprocess.run(
        [sys.executable, "-c", TWO_MINUTES],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert ran.returncode == 0, ran.stderr
    taken = dict(line.split(": ") for line in ran.stdout.splitlines())
    assert int(taken["lines"]) == 2 * 30
    assert int(taken["megabytes"]) < MOST_AT_ONCE


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_ten_hours_are_aligned_within_a_little_memory(tmp_path: Path) -> None:
    root, program = tmp_path / "archive", tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    path = tiny_align.write_archive(root)
    sound = root / "media/tones.wav"
    write_tones(tmp_path / "end.wav", seconds=tiny_align.SECONDS, rate=RATE)
    with wave.open(str(tmp_path / "end.wav")) as file:
        end = file.readframes(file.getnframes())
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _ in range(HOURS * 60):
            file.writeframes(bytes(2 * 60 * RATE))
        file.writeframes(end)
    cache = tmp_path / "cache"
    path_of_modules = f"{ROOT}{os.pathsep}{Path(tiny_engine.__file__).parent}"
    ran = subprocess.run(
        [sys.executable, str(program), str(root)],
        env={**os.environ, "PYTHONPATH": path_of_modules, "PLAYER_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert ran.returncode == 0, ran.stderr
    starts = [cue.start for cue in read_transcript(path).cues]
    assert starts == [HOURS * 3_600_000 + 2000 * number for number in range(tiny_align.SECONDS // 2)]
    taken = [float(line.split()[1]) for line in ran.stdout.splitlines() if line.startswith("megabytes:")]
    assert len(taken) == 2
    assert max(taken) < MOST, taken
    assert not list(cache.glob("samples-1/*"))
    assert not list(cache.glob("pieces-1/*"))
