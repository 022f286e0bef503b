"""What the gate costs: pages with it beside pages without it, and what it keeps in memory for 10,000 recordings."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.archive import Archive
from player.web.app import create_app

from . import _thousands as thousands
from ._thousands import row
from .many import Many, slug, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask import Flask

    from player.archive.gate.shown import Audience
    from player.archive.people import Person
    from player.archive.recording import Record, Recording

ASKED: Final = 300
HELD: Final = 10_000
#: What is asked, by what it is: one that is made each time, and one that is kept.
PAGES: Final[Mapping[str, str]] = {
    "a recording's page, made each time": f"/recordings/{slug(0)}?t=25",
    "the same, kept": f"/recordings/{slug(0)}",
    "its transcript": f"/recordings/{slug(0)}/transcript.vtt",
    "a list": "/recordings/",
}
#: What is added to every recording of which something is closed.
CLOSING: Final = (
    '\n[access]\nnotes = "closed"\nuntil = "2051"\nopens = "by itself"\nreason = "Made up for measuring."\n'
    '\n[[closed]]\nstart = "0:10"\nend = "0:20"\nuntil = "2041"\nreason = "Made up for measuring."\n'
    'decided_by = "Nobody"\n'
)
#: Reads an archive whole, as visitors see it, and prints the megabytes that Python keeps of it.
_READING: Final = """
    import gc, sys, tracemalloc
    from pathlib import Path
    from player.archive.archive import Archive
    from player.archive.gate.shown import Audience

    tracemalloc.start()
    archive = Archive(Path(sys.argv[1]), Audience.VISITORS)
    for name in archive.slugs():
        archive.record(name), archive.recording(name)
    gc.collect()
    print(tracemalloc.get_traced_memory()[0] / 1e6)
"""
_RECORD: Final = 'title = "Made up, no. {}"\ndate = "1963-05-04"\nstatus = "not held"\n'
_LINES: Final = "WEBVTT\n\n" + "\n".join(
    f"00:00:{at:02d}.000 --> 00:00:{at + 5:02d}.000\nMade up.\n" for at in range(0, 30, 5)
)


class Ungated(Archive):
    """An archive whose values come as they were read."""

    def recording(self, slug: str) -> Recording:
        return self._whole_recording(self._whole_record(slug))

    def record(self, slug: str) -> Record:
        return self._whole_record(slug)

    @property
    def people(self) -> dict[str, Person]:
        return self._everybody

    def seen_by(self, audience: Audience) -> Archive:  # noqa: ARG002  # whoever it is
        return self


def measure() -> Iterator[str]:
    """Make pages in turns, with the gate and without; then read 10,000 records in two processes."""
    yield "closed: the gate, beside none; processors' time, median"
    yield thousands.HEAD
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PLAYER_CACHE"] = str(Path(folder) / "cache")
        many = Many(recordings=20, beside=20)
        plain = write_archive(Path(folder) / "plain", many)
        for what, path in PAGES.items():
            yield _page(what, path, plain)
        _close(plain, many.recordings)
        for what, path in PAGES.items():
            yield _page(f"{what}; a passage closed", path, plain)
        yield _memory(Path(folder))


def _page(what: str, path: str, root: Path) -> str:
    gated, ungated = create_app(root), create_app(root)
    ungated.extensions["archive"] = Ungated(root)
    mine, theirs = _in_turns((gated, ungated), path)
    return row(what, _ms(mine), _ms(theirs), mine / theirs, "1.05x")


def _in_turns(apps: Sequence[Flask], path: str) -> tuple[float, ...]:
    clients = [app.test_client() for app in apps]
    times: list[list[float]] = [[] for _ in apps]
    for number in range(ASKED + 10):
        for client, found in zip(clients, times, strict=True):
            begun = time.process_time_ns()
            assert client.get(path, headers=thousands.HEADERS).status_code == 200, path
            if number >= 10:
                found.append((time.process_time_ns() - begun) / 1e9)
    return tuple(map(statistics.median, times))


def _close(root: Path, recordings: int) -> None:
    for number in range(recordings):
        path = root / "transcripts" / slug(number) / "recording.toml"
        path.write_text(path.read_text(encoding="utf-8") + CLOSING, encoding="utf-8")


def _memory(folder: Path) -> str:
    """Read all records, and all recordings, of an archive in which every one has something closed, and of another."""
    found = []
    for name, closing in (("closed", CLOSING), ("open", "")):
        root = folder / name
        for number in range(HELD):
            place = root / "transcripts" / slug(number)
            place.mkdir(parents=True)
            (place / "recording.toml").write_text(_RECORD.format(number) + closing, encoding="utf-8")
            (place / "transcript.vtt").write_text(_LINES, encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(_READING), str(root)], check=True, capture_output=True, text=True
        ).stdout
        found.append(float(told))
    what = f"memory after reading {HELD:,}, all with closed passages"
    return row(
        what, f"{found[0]:.2f} MB", f"{found[1]:.2f} MB", found[0] / found[1], f"10 MB more: {found[0] - found[1]:.2f}"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms"
