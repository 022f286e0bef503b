"""However long a passage is, and of how many samples, the program holds some megabytes of it at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench._watched import watched
from bench.many import Many, write_archive
from tones import EXECUTABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux's /proc"),
]

#: Megabytes that a command may hold over what it holds when it cuts a second.
MOST = 64
#: Megabytes that all processes of a copy of the site may hold together, where there are two that make pages.
MOST_OF_A_COPY = 200
#: The commands, one after the other, and after each the most memory that the process has had.
RUN = """
import json, sys
from player.cli import main
for command in json.loads(sys.argv[1]):
    try:
        main(command, standalone_mode=False)
    finally:
        peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
        print("peak", int(peak.split()[1]) / 1024, file=sys.stderr, flush=True)
"""


@pytest.fixture(scope="module")
def wide_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A FLAC of 18 seconds of 8 channels at 192 kHz in 24 bits: 110 MB when decoded, in 32."""
    sound = tmp_path_factory.mktemp("wide") / "tones.flac"
    source = ["-f", "lavfi", "-i", "aevalsrc=0.1*sin(t*t)|0|0|0|0|0|0|0.1*sin(3*t*t):c=7.1:s=192000:d=18"]
    subprocess.run([EXECUTABLE, "-v", "error", *source, "-sample_fmt", "s32", str(sound)], check=True)
    return sound


@pytest.fixture
def wide(archive: Path, wide_sound: Path) -> Path:
    """The small archive with that sound."""
    sound = archive / "media" / wide_sound.name
    os.link(wide_sound, sound)
    return held(archive, sound)


@pytest.fixture
def long(archive: Path) -> Path:
    """The small archive with 9 minutes of two channels as MP3: 95 MB when decoded."""
    sound = archive / "media" / "tones.mp3"
    source = ["-f", "lavfi", "-i", "sine=d=540:r=44100:f=300", "-ac", "2", "-b:a", "64k", "-compression_level", "9"]
    subprocess.run([EXECUTABLE, "-v", "error", *source, str(sound)], check=True)
    return held(archive, sound)


@pytest.fixture
def plain(archive: Path) -> Path:
    """The small archive with 9 minutes of two channels as a WAV that has no blocks on the disk: 95 MB."""
    sound = archive / "media" / "tones.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((2, 2, 44_100, 0, "NONE", ""))
        file.setnframes(540 * 44_100)
        file.writeframesraw(b"\0\0\0\0")
        file._patchheader = lambda: None  # type: ignore[attr-defined]  # noqa: SLF001  # the rest is a hole
    os.truncate(sound, 44 + 540 * 44_100 * 4)
    return held(archive, sound)


def held(archive: Path, sound: Path) -> Path:
    """Let the record name another sound, without what was timed to the first."""
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", sound.name), encoding="utf-8")
    os.utime(sound, (1_000_000_000, 1_000_000_000))
    return archive


def peaks(archive: Path, *commands: Sequence[str]) -> list[float]:
    """Run commands in one process of its own, and give its peak after each, in megabytes."""
    told = [[*command, "--archive", str(archive)] for command in commands]
    done = subprocess.run([sys.executable, "-c", RUN, json.dumps(told)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [float(line.split()[1]) for line in done.stderr.splitlines() if line.startswith("peak")]


@pytest.mark.parametrize("suffix", ["flac", "wav", "mp3"])
def test_a_clip_of_many_channels_and_a_high_rate_takes_little_memory_and_so_do_joins_and_verification(
    wide: Path, tmp_path: Path, suffix: str
) -> None:
    first, large = tmp_path / f"first.{suffix}", tmp_path / f"large.{suffix}"
    rest, clip, verify, join = peaks(
        wide,
        ("clip", "tones", "--from", "5", "--to", "6", "-o", str(first)),
        ("clip", "tones", "--from", "2", "--to", "17", "-o", str(large)),
        ("verify", str(large)),
        ("clip", "tones", "--match", "two|voice", "--join", "--gap", "15", "-o", str(tmp_path / f"join.{suffix}")),
    )
    assert clip - rest < MOST
    assert join - rest < MOST, "the silence between is 92 MB"
    assert verify - rest < MOST


@pytest.mark.parametrize("kind", ["long", "plain"])
def test_a_long_clip_takes_little_memory_and_so_does_a_long_fade(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> None:
    archive: Path = request.getfixturevalue(kind)
    rest, *others = peaks(
        archive,
        ("clip", "tones", "--from", "20", "--to", "21", "-o", str(tmp_path / "first.flac")),
        ("clip", "tones", "--from", "2", "--to", "530", "-o", str(tmp_path / "long.flac")),
        ("clip", "tones", "--from", "2", "--to", "530", "--fade-in", "9000", "-o", str(tmp_path / "long.wav")),
    )
    assert max(others) - rest < MOST


def test_a_sound_that_is_much_larger_than_its_file_is_drawn_with_little_memory(wide: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from player.audio import probe, segment, waveform\n"
        "def peak(): return int(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])\n"
        "rest = peak(); sound = Path(sys.argv[1]); waveform.peaks(sound); probe.probe(sound); print(peak() - rest)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(wide / "media" / "tones.flac")], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) / 1024 < MOST


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="how many work for a copy is told by Linux alone")
def test_a_copy_of_many_recordings_takes_little_memory_in_all_its_processes_together(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", Many(recordings=24, lines=20, beside=24))
    two = "os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])"
    script = f"import os, sys; {two}; os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-m", "player", "export", "--site", str(tmp_path / "copy"), "--archive", str(archive)]
    ours = watched([sys.executable, "-c", script, *command], PLAYER_CACHE=str(tmp_path / "cache"))
    assert ours.code == 0, ours.said
    assert (tmp_path / "copy/recordings/talk-00024/recording.epub").is_file()
    assert ours.peak < MOST_OF_A_COPY, ours.said
