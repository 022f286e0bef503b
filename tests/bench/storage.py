"""What a clip of 55 seconds from the end of ten hours reads where the tape lies elsewhere, and how long that takes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.cutting import LATE, _costs, _run, make_tapes
from distant_server import Distant, distant
from signing_storage import BUCKET, Signing, signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUNS: Final = 5
_BITRATE: Final = 64_000


def measure() -> Iterator[str]:
    """Move a tape to a server on this machine, cut from it and from the disk, and give a line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure(Path(folder))


def _measure(folder: Path) -> Iterator[str]:
    os.environ["PLAYER_CACHE"] = str(folder / "cache")
    archive, _ = make_tapes(folder)
    with distant(folder / "there") as there:
        os.environ["PLAYER_MEDIA_HOSTS"] = f"{there.address} 127.0.0.0/8"
        yield from _compared(archive, folder, there, there.address, "away")
    with signing(folder / "storage") as stored:
        os.environ.update(stored.environment)
        yield from _compared(archive, folder, stored, f"s3://{BUCKET}", "stored")


def _compared(archive: Path, folder: Path, there: Distant | Signing, place: str, slug: str) -> Iterator[str]:
    """Put the tape there, cut from it as a recording ``slug``, and give a line for each figure."""
    shutil.copytree(archive / "transcripts" / "long", archive / "transcripts" / slug)
    kept = there.folder / BUCKET if isinstance(there, Signing) else there.folder
    shutil.copy2(archive / "media" / "long.mp3", kept / "long.mp3")
    record = archive / "transcripts" / slug / "recording.toml"
    record.write_text(record.read_text("utf-8").replace('"long.mp3"', f'"{place}/long.mp3"'), "utf-8")
    here, away = _cutting(archive, folder, "long"), _cutting(archive, folder, slug)
    for command in (here, away):
        _run(command)
    before = there.sent
    _run(away)
    read = there.sent - before
    passage = 55 * _BITRATE // 8
    on_disk, elsewhere = _costs([here, away], RUNS)
    kind = "a stand-in for S3" if place.startswith("s3:") else "another server"
    yield f"a clip of 55 s from the end of ten hours on {kind}, index kept, medians of {RUNS} runs that take turns"
    yield f"  bytes read {read:,}, of the passage {passage:,}: {read / passage:.3f}, limit 1.05"
    ratio = elsewhere.wall / on_disk.wall
    yield f"  {elsewhere.wall:.2f} s, from the disk {on_disk.wall:.2f} s: {ratio:.2f}, limit 1.5"
    yield f"  the largest process {elsewhere.peak:.0f} MB, from the disk {on_disk.peak:.0f} MB"


def _cutting(archive: Path, folder: Path, slug: str) -> Sequence[str]:
    command = [sys.executable, "-m", "player", "clip", "--archive", str(archive), "--force"]
    return [*command, "-o", str(folder / f"{slug}.mp3"), slug, "--from", str(LATE), "--to", str(LATE + 55)]
