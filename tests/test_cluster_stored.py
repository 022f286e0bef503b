"""Long work on a cluster where the sounds lie in object storage: a worker is killed in the middle, and nothing is lost.

The storage is moto's server, which stands in for S3; the scheduler and its workers are real.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from clusters import LIMIT, cluster, until
from s3_server import BUCKET, s3
from tones import ffmpeg

from player.archive.archive import Archive
from player.audio import access, ahead

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
pytestmark = pytest.mark.long

SLUGS: Final = [f"ferry-{number}" for number in range(8)]
# Waits with the encoding of each copy until there is a file, as long as who started it lives.
HOLDING: Final = """\
#!/bin/sh
wait_for() {{ while [ ! -e "$1" ]; do kill -0 $PPID 2>/dev/null || exit 1; sleep 0.05; done; }}
case "$*" in *"-c:a aac"*) wait_for "{go}";; esac
exec "{ffmpeg}" "$@"
"""


def write_archive(root: Path, sound: str) -> Path:
    (root / "media").mkdir(parents=True)
    for number, slug in enumerate(SLUGS):
        folder = root / "transcripts" / slug
        folder.mkdir(parents=True)
        place = "nothing.mp3" if slug == "ferry-5" else sound
        record = f'title = "Ferry {number}"\ndate = "1971"\nmedia = "s3://{BUCKET}/{place}"\n'
        (folder / "recording.toml").write_text(record, encoding="utf-8")
    return root


def test_a_worker_killed_in_the_middle_loses_nothing_of_sounds_in_object_storage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tmp_path / "tape.mp3"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=a=0.1:r=16000:seed=7", "-t", "6", "-b:a", "32k", str(held))
    found = [sys.executable, "-c", "from player.audio.ffmpeg import executable; print(executable())"]
    real = subprocess.run(found, capture_output=True, text=True, check=True)
    holding = tmp_path / "holding"
    holding.write_text(HOLDING.format(go=tmp_path / "go", ffmpeg=real.stdout.strip()), encoding="utf-8")
    holding.chmod(0o755)
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    with s3() as storage:
        storage.put(held, "1971/tape.mp3")
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        root = write_archive(tmp_path / "ferries", "1971/tape.mp3")
        copies = root / "media" / "access"
        with cluster(tmp_path / "cluster", workers=3, IMAGEIO_FFMPEG_EXE=str(holding)) as there:
            command = [sys.executable, "-W", "error", "-m", "player", "access", "--all", "--cluster", there.address]
            process = subprocess.Popen(
                [*command, "--archive", str(root)],
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            until(lambda: len(list(copies.glob(".tape-player-*"))) >= 6, "each worker writes a copy")
            os.kill(there.workers[1].pid, signal.SIGKILL)
            there.workers[1].wait()
            (tmp_path / "go").touch()
            said, complained = process.communicate(timeout=LIMIT)
            # What those who are left find in the sounds comes back, though another file stands for each here.
            outlines = [*command, "--outlines", "--archive", str(root)]
            measured = subprocess.run(outlines, capture_output=True, text=True, check=False, timeout=LIMIT)
        archive = Archive(root)
        media = archive.record("ferry-7").media
        assert media is not None
        assert ahead.is_there(media), measured.stderr
        right = [
            slug
            for slug in SLUGS
            if (media := archive.record(slug).media)
            and slug != "ferry-5"
            and access.shipped(root / "media", slug, media)
        ]
    assert measured.stdout.splitlines()[-1] == "7 sounds measured for their pages"
    assert process.returncode == 1
    assert [line for line in complained.splitlines() if f"s3://{BUCKET}/nothing.mp3: " not in line] == []
    done = [slug for slug in SLUGS if slug != "ferry-5"]
    assert [said.count(f"ferries/media/access/{slug}.m4a: 0:06, ") for slug in done] == [1] * len(done)
    assert said.splitlines()[len(done) :] == [f"{len(done)} copies made, 1 not made"]
    assert right == done
    assert list(copies.glob(".tape-player-*")) == []
