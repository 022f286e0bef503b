"""What a server over 2,000 recordings keeps in memory, and what looking for changes costs it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from player.files import new_file

from . import _thousands as thousands
from ._processes import memory, with_children, worked
from ._thousands import FEW, MANY, missing, row
from .many import COMMON, RARE, slug

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ._thousands import Client

#: Recordings, people and sources that are asked for before memory is looked at.
ASKED: Final = 100
IDLE: Final = 30  # seconds in which nobody asks for anything
CHANGES: Final = 5
_STEP: Final = 0.05  # seconds between two looks at whether a change shows


def measure() -> Iterator[str]:
    """Ask for many pages, then for none; then change records and wait until it shows."""
    yield f"many_server: all processes of a server over {MANY:,} recordings, beside one over {FEW}"
    yield thousands.HEAD
    if not thousands.is_there("index"):
        yield missing("memory, looking for changes")
        return
    few, many = thousands.place(FEW), thousands.place(MANY)
    with few.served() as beside, many.served() as ours:
        for client, count in ((beside, FEW), (ours, MANY)):
            ask_for_all_kinds(client, count)
        yield held(ours, beside, MANY)
        yield looking(ours, beside)
        waited = sorted(_until_it_shows(ours, many.archive, number) for number in range(CHANGES))
    middle, worst = waited[CHANGES // 2], waited[-1]
    what = f"until a change shows: median and worst of {CHANGES}"
    yield f"  {what:56}{middle:14.2f} s{worst:14.2f} s{'':8}   2 s"


def ask_for_all_kinds(client: Client, count: int) -> None:
    """Ask for pages of all kinds, as visitors do."""
    for number in range(ASKED):
        client.get(f"/recordings/{slug(number * 19 % count)}")
        client.get(f"/people/person-{number * 19 % count + 1}")
        client.get(f"/sources/source-{number * 19 % count + 1}")
    for path in ("/", "/recordings/", "/people", "/sources", "/chronology"):
        client.get(path)
    for words in (COMMON, RARE) if thousands.is_there("web.routes.search") else ():
        client.get(f"/search?q={quote(words)}")


def held(ours: Client, beside: Client, many: int) -> str:
    """Look at the memory of both."""
    mine, theirs = (memory(with_children(each.processes)) for each in (ours, beside))
    what = f"memory after {3 * ASKED} pages (PSS): in {many:,}, in {FEW}"
    return row(what, f"{mine:.0f} MB", f"{theirs:.0f} MB", mine / theirs, "150 MB")


def looking(ours: Client, beside: Client) -> str:
    """Give the part of a processor's time that servers take while nobody asks."""
    processes = [with_children(each.processes) for each in (ours, beside)]
    before = [sum(map(worked, each)) for each in processes]
    time.sleep(IDLE)
    mine, theirs = (
        (sum(map(worked, each)) - spent) / IDLE / 1000 for each, spent in zip(processes, before, strict=True)
    )
    what = f"of a processor, while nobody asks for {IDLE} s"
    return row(what, f"{mine:.2%}", f"{theirs:.2%}", mine / max(theirs, 1e-9), "2 %")


def _until_it_shows(client: Client, archive: Path, number: int) -> float:
    """Give a recording a title that comes first, and wait until the shelf has it; then give it its own again."""
    path = archive / "transcripts" / slug(number * 397) / "recording.toml"
    text = path.read_text(encoding="utf-8")
    title = f"AAA changed {os.getpid()} {number}"
    try:
        _replace(path, f'title = "{title}"\n{text.partition(chr(10))[2]}')
        begun = time.perf_counter()
        while title.encode() not in client.get("/recordings/?sort=title", {}):
            time.sleep(_STEP)
            assert time.perf_counter() - begun < thousands.PATIENCE
        return time.perf_counter() - begun
    finally:
        _replace(path, text)


def _replace(path: Path, text: str) -> None:
    with new_file(path, force=True) as beside:
        beside.write_text(text, encoding="utf-8")
