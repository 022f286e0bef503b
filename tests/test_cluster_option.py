"""Where no cluster is asked for, nothing of one is imported; one that cannot be is refused in words."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from clipping import run

from player.clips.closed import ClosedError
from player.clips.cut import Cut
from player.commands.cutting_elsewhere import Cutting, cut_of
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = """
[[closed]]
start = "0:03"
end = "0:05"
"""
HEAVY = {"dask", "distributed", "concurrent.futures", "multiprocessing", "tornado"}


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", "inproc://1", "tcp://a:1/../x", ""]
)
def test_only_the_address_of_a_scheduler_is_taken(archive: Path, address: str) -> None:
    result = run(archive, "access", "--all", "--cluster", address)
    assert result.exit_code == 2
    assert f'"{address}" is no address of a scheduler; write one such as tcp://127.0.0.1:8786' in result.stderr


def test_here_and_on_a_cluster_at_once_is_misuse(archive: Path) -> None:
    result = run(archive, "access", "--all", "--cluster", "tls://[::1]:8786", "--jobs", "2")
    assert result.exit_code == 2
    assert "--jobs is for this machine" in result.stderr
    result = run(archive, "access", "tones", "--jobs", "2")
    assert result.exit_code == 2
    assert "--jobs and --cluster go with --all" in result.stderr


def test_without_the_package_it_says_what_to_install(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    result = run(archive, "access", "--all", "--cluster", "tcp://127.0.0.1:8786")
    assert result.exit_code == 1
    assert result.stderr.startswith("a cluster needs the package distributed; install it")
    assert "[cluster]" in result.stderr


def test_no_environment_names_a_cluster(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DASK_SCHEDULER_ADDRESS", "DASK_SCHEDULER__ADDRESS", "PLAYER_CLUSTER"):
        monkeypatch.setenv(name, "tcp://127.0.0.1:1")
    assert run(archive, "access", "--all").exit_code == 0


def test_nothing_of_it_is_imported_where_it_is_not_asked_for(archive: Path) -> None:
    program = (
        "import sys; from player.cli import main; "
        f"main(['access', '--all', '--archive', {str(archive)!r}], standalone_mode=False); "
        f"sys.exit(', '.join({HEAVY!r} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_clip_is_cut_elsewhere_as_its_passage_may_be_seen_then(archive: Path, tmp_path: Path) -> None:
    passage = Cut((Span(2000, 4000),), ".wav")
    asked = Cutting(archive, "tones", tmp_path / "clip.wav", passage, force=False, include_closed=False)
    made = cut_of(asked)
    assert made is not None
    assert made.path == tmp_path / "clip.wav"
    assert cut_of(asked) is None
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8") + CLOSED, encoding="utf-8")
    with pytest.raises(ClosedError):
        cut_of(asked)


@pytest.mark.parametrize("other", [("--join", "-o", "a.mp3"), ("--jobs", "2")])
def test_clips_are_cut_here_or_there(archive: Path, other: tuple[str, ...]) -> None:
    result = run(archive, "clips", "tones", "--all-annotations", "--cluster", "tcp://127.0.0.1:8786", *other)
    assert result.exit_code == 2
    assert "--cluster does not go with --join, --jobs or --sign" in result.stderr
