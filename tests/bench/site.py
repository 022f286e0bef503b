"""What a copy of the site as files costs, beside having the same pages from the server's own code, each once.

``PLAYER_BENCH_RECORDINGS`` says of how many recordings, 2,000 if nothing is said.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player import processes

from . import _thousands as thousands
from ._processes import cost
from ._thousands import MANY, row
from ._watched import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

# Asks the application for what a copy has: its list names the files, which are the addresses.
_ASKED: Final = """
    import json, sys
    from pathlib import Path
    from player.web.app import create_app

    app = create_app(Path(sys.argv[1]), is_copied=True)
    app.testing = True
    client = app.test_client()
    for address in json.loads(Path(sys.argv[2]).read_text()):
        client.get(address).get_data()
"""
_MOST: Final = "at most 1.2x"
_MEMORY: Final = 200  # MB
#: Lines of a recording: an hour of them is not usual.
_LINES: Final = 100


def measure() -> Iterator[str]:
    """Make a copy, then have the same pages in one process."""
    count = int(os.environ.get("PLAYER_BENCH_RECORDINGS", MANY))
    place = thousands.place(count, _LINES)
    with tempfile.TemporaryDirectory() as folder:
        target, asked = Path(folder) / "copy", Path(folder) / "asked.json"
        # Outlines are made once, for the server as for the copy.
        first = place.cost("export", "--site", str(target))
        shutil.rmtree(target)
        ours = watched(place.command("export", "--site", str(target)), PLAYER_CACHE=str(place.cache))
        assert ours.code == 0, ours.said
        files = json.loads((target / "static-copy.json").read_text(encoding="utf-8"))["files"]
        asked.write_text(json.dumps(list(_addresses(files))), encoding="utf-8")
        beside = cost(
            [sys.executable, "-c", textwrap.dedent(_ASKED), str(place.archive), str(asked)],
            PLAYER_CACHE=str(place.cache),
        )
        pages = sum(name.endswith(".html") for name in files)
        size = sum(size for size, _ in files.values()) / 1e6
    yield (
        f"site: a copy of {count:,} recordings of {_LINES} lines: {pages:,} pages, {len(files):,} files, {size:,.0f} MB"
    )
    yield thousands.HEAD
    ratio = ours.cpu / beside
    yield row("a copy / its pages by the server's code, CPU", f"{ours.cpu:.1f} s", f"{beside:.1f} s", ratio, _MOST)
    yield f"  the first time, with outlines that nobody had made: {first:.1f} s"
    yield f"  at once, on {processes.count()} processors: {ours.cpu / ours.wall:.2f} of them busy, {ours.wall:.1f} s"
    yield (
        f"  memory of all its processes: {ours.peak:.0f} MB (at most {_MEMORY}); {ours.apart:.0f} MB where what they "
        "share counts for each"
    )


def _addresses(files: dict[str, object]) -> Iterator[str]:
    """Give the addresses of a copy's files on the server: not those of sounds, and of what only the copy has."""
    for name in files:
        if name.startswith(("static/", "media/", "search/")):
            continue
        path, _, asked = name.removesuffix("index.html").partition("/-")
        kept = path.endswith(("lines/", "recordings/")) or not path
        query = f"?{asked.rstrip('/').replace('-', '=', 1)}" if asked else ""
        yield f"/{path if kept else path.rstrip('/')}{query}"
