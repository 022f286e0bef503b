"""Whoever fetches a sound has it whole: by wget, curl and ffmpeg, from the player and from nginx in front of it."""

from __future__ import annotations

import random
import subprocess
import wave
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pytest
from deployed import deployed, host_of_its_own, service
from programs import program
from small_archive import write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 120  # seconds until a client is given up; none is measured by it
SECONDS = 600  # of 8,000 samples of two bytes: 9.6 MB


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_archive(tmp_path_factory.mktemp("fetched") / "archive")
    with wave.open(str(root / "media" / "tones.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(random.Random(1963).randbytes(SECONDS * 16_000))  # noqa: S311  # noise
    return root


@pytest.fixture(scope="module", params=["player", "nginx"])
def sound(request: pytest.FixtureRequest, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sound: of the player itself, and behind a plain nginx."""
    folder = tmp_path_factory.mktemp("served")
    if request.param == "nginx":
        with deployed(folder, host_of_its_own(), {"8000": archive}) as (address, _):
            yield f"{address}/media/tones"
    else:
        with service(archive, folder / "cache") as port:
            yield f"http://127.0.0.1:{port}/media/tones"


def run(name: str, *told: object) -> None:
    subprocess.run([str(program(name)), *map(str, told)], check=True, capture_output=True, timeout=LIMIT)


@pytest.fixture
def half(archive: Path, tmp_path: Path) -> Path:
    """A file that holds the first half of the sound."""
    path = tmp_path / "half.wav"
    whole = (archive / "media" / "tones.wav").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


@pytest.mark.long
def test_wget_goes_on_with_a_half_file_to_the_end(sound: str, archive: Path, half: Path) -> None:
    run("wget", "--quiet", "--continue", "--tries=1", f"--output-document={half}", sound)
    assert half.read_bytes() == (archive / "media" / "tones.wav").read_bytes()


@pytest.mark.long
def test_curl_goes_on_with_a_half_file_to_the_end(sound: str, archive: Path, half: Path) -> None:
    run("curl", "--silent", "--show-error", "--fail", "--continue-at", "-", "--output", half, sound)
    assert half.read_bytes() == (archive / "media" / "tones.wav").read_bytes()


@pytest.mark.long
def test_curl_has_an_open_range_to_the_end(sound: str, archive: Path, tmp_path: Path) -> None:
    for first in (0, 100_000):
        run("curl", "--silent", "--fail", "--range", f"{first}-", "--output", tmp_path / "range", sound)
        assert (tmp_path / "range").read_bytes() == (archive / "media" / "tones.wav").read_bytes()[first:]


@pytest.mark.long
@pytest.mark.parametrize("whose", ["Debian", "imageio"])
def test_ffmpeg_hears_all_of_it(sound: str, archive: Path, whose: str) -> None:
    ffmpeg = program("ffmpeg") if whose == "Debian" else imageio_ffmpeg.get_ffmpeg_exe()
    command = [str(ffmpeg), "-v", "error", "-i", sound, "-f", "s16le", "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
    assert done.stderr == b""
    with wave.open(str(archive / "media" / "tones.wav"), "rb") as file:
        assert done.stdout == file.readframes(file.getnframes())
