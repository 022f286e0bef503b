"""What a clip of 55 seconds from the end of ten hours reads where the tape lies elsewhere, and how long that takes."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.cutting import FFMPEG, HOURS, LATE, _costs, _run, make_tapes
from distant_server import Distant, distant
from signing_storage import BUCKET, Signing, signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUNS: Final = 5
#: What a tape of ten hours is made of besides, from the same noise; noise that decoders make up is never cut exactly.
_ENCODED: Final = {"flac": ("-c:a", "flac"), "m4a": ("-c:a", "aac", "-b:a", "64k", "-aac_pns", "0")}


def measure() -> Iterator[str]:
    """Move tapes to a server on this machine, cut from them and from the disk, and give a line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure(Path(folder))


def _measure(folder: Path) -> Iterator[str]:
    os.environ["PLAYER_CACHE"] = str(folder / "cache")
    archive, _ = make_tapes(folder)
    for kind in _ENCODED:
        _encode(folder, archive, kind)
    with distant(folder / "there") as there, signing(folder / "storage") as stored:
        for kind in ("mp3", *_ENCODED):
            os.environ["PLAYER_MEDIA_HOSTS"] = f"{there.address} 127.0.0.0/8"
            yield from _compared(archive, folder, there, there.address, kind)
            os.environ.update(stored.environment)
            yield from _compared(archive, folder, stored, f"s3://{BUCKET}", kind)


def _encode(folder: Path, archive: Path, kind: str) -> None:
    """Make the long tape of another kind: whole, for frames and packets of a file are counted from its beginning."""
    noise, sound = folder / "noise.wav", archive / "media" / f"long.{kind}"
    _run([FFMPEG, "-v", "error", "-stream_loop", str(12 * HOURS - 1), "-i", str(noise), *_ENCODED[kind], str(sound)])
    os.utime(sound, (1_000_000_000, 1_000_000_000))
    _record(archive, f"long-{kind}", sound.name)


def _record(archive: Path, slug: str, media: str) -> None:
    """Write a record like that of the long tape, of another sound."""
    record = archive / "transcripts" / slug / "recording.toml"
    record.parent.mkdir()
    text = (archive / "transcripts" / "long" / "recording.toml").read_text("utf-8")
    record.write_text(text.replace('"long.mp3"', f'"{media}"'), "utf-8")


def _compared(archive: Path, folder: Path, there: Distant | Signing, place: str, kind: str) -> Iterator[str]:
    """Put a tape there, cut from it as a recording of its own, and give a line for each figure."""
    is_s3 = place.startswith("s3:")
    slug, held = f"{'stored' if is_s3 else 'away'}-{kind}", archive / "media" / f"long.{kind}"
    _record(archive, slug, f"{place}/{held.name}")
    (there.folder / (BUCKET if is_s3 else "") / held.name).symlink_to(held)
    here, away = _cutting(archive, folder, "long" if kind == "mp3" else f"long-{kind}"), _cutting(archive, folder, slug)
    for command in (here, away):
        _run(command)
    before = there.sent
    _run(away)
    read = there.sent - before
    passage = round(55 * held.stat().st_size / (HOURS * 3600))
    on_disk, elsewhere = _costs([here, away], RUNS)
    where = "a stand-in for S3" if is_s3 else "another server"
    yield f"a clip of 55 s from the end of ten hours of {kind.upper()} on {where}, index kept, medians of {RUNS} runs"
    yield f"  bytes read {read:,}, of the passage {passage:,}: {read / passage:.3f}, limit 1.05"
    ratio = elsewhere.wall / on_disk.wall
    yield f"  {elsewhere.wall:.2f} s, from the disk {on_disk.wall:.2f} s: {ratio:.2f}, limit 1.5"
    yield f"  the largest process {elsewhere.peak:.0f} MB, from the disk {on_disk.peak:.0f} MB"


def _cutting(archive: Path, folder: Path, slug: str) -> Sequence[str]:
    command = [sys.executable, "-m", "player", "clip", "--archive", str(archive), "--force"]
    return [*command, "-o", str(folder / f"{slug}.mp3"), slug, "--from", str(LATE), "--to", str(LATE + 55)]
