"""What is no file is told and passed over, wherever a file is looked for: nobody waits for a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from clip_server import LIMIT
from clipping import cut

from player import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient


def socket_at(path: Path) -> None:
    code = "import os, socket, sys; os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind(sys.argv[2])"
    subprocess.run([sys.executable, "-c", code, str(path.parent), path.name], check=True)


#: What may lie where a file is looked for.
OTHERS: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a socket": socket_at,
    "a folder": lambda path: path.mkdir(),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=list(OTHERS))
def test_only_a_file_is_opened(tmp_path: Path, other: Callable[[Path], object]) -> None:
    other(tmp_path / "it")
    with pytest.raises(OSError, match=r"No such file|[Tt]oo many|it is a folder|it is a pipe or a device"):
        files.opened(tmp_path / "it")


def test_a_file_and_a_link_to_one_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert [files.content(tmp_path / name) for name in ("file", "link")] == [b"content"] * 2


#: Where a file is looked for in an archive.
PLACES = (
    "media/tones.wav",
    "media/other.wav",
    "transcripts/tones/recording.toml",
    "transcripts/tones/transcript.vtt",
    "transcripts/tones/transcript.es.vtt",
    "transcripts/tones/annotations.toml",
    "transcripts/tones/script.toml",
    "transcripts/sources.toml",
    "transcripts/people.toml",
    "transcripts/chronology.toml",
    "transcripts/dossiers/meeting.toml",
    "transcripts/dossiers",
    "transcripts/other",
)


# In a process of its own, which can be given up.
ASK = """
import sys
from pathlib import Path
from click.testing import CliRunner
from player.cli import main
from player.web.app import create_app
for command in ("check", "list"):
    CliRunner().invoke(main, [command, "--archive", sys.argv[1]], catch_exceptions=False)
client = create_app(Path(sys.argv[1])).test_client()
for address in ("/", "/recordings/tones", "/recordings/tones/transcript.vtt", "/recordings/tones/clip.wav?t=2,3"):
    with client.get(address) as answer:
        assert b"The player failed" not in answer.data, address
"""


@pytest.mark.sampled(5)
@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
def test_whatever_lies_in_an_archive_pages_and_checks_come_to_an_end(archive: Path, place: str) -> None:
    path = archive / place
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(archive)], capture_output=True, text=True, check=False, timeout=LIMIT
    )
    assert done.returncode == 0, done.stderr


def test_a_pipe_beside_a_clip_is_not_waited_for(archive: Path, tmp_path: Path) -> None:
    path = cut(archive, tmp_path / "clip.wav")
    for name in ("clip.wav.json", "clip.wav.vtt"):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
        os.mkfifo(tmp_path / name)
        done = subprocess.run(
            [sys.executable, "-m", "player", "verify", str(path), "--archive", str(archive)],
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        (tmp_path / name).unlink()
        (tmp_path / name).write_bytes(kept)


def test_a_cache_that_is_a_pipe_is_done_without(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "cache")
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    assert client.get("/recordings/tones").status_code == 200
    with client.get("/recordings/tones/clip.wav?t=2,3") as clip:
        assert clip.status_code == 200
