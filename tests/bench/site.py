"""What a copy of the site as files costs, beside having the same pages from the server's own code, each once.

``PLAYER_BENCH_RECORDINGS`` says of how many recordings, 2,000 if nothing is said.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

from . import _thousands as thousands
from ._processes import cost
from ._thousands import MANY, row

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


def measure() -> Iterator[str]:
    """Make a copy, then have the same pages in one process."""
    count = int(os.environ.get("PLAYER_BENCH_RECORDINGS", MANY))
    place = thousands.place(count)
    with tempfile.TemporaryDirectory() as folder:
        target, asked = Path(folder) / "copy", Path(folder) / "asked.json"
        # Outlines are made once, for the server as for the copy.
        first = place.cost("export", "--site", str(target))
        ours = place.cost("export", "--site", str(Path(folder) / "again"))
        files = json.loads((target / "static-copy.json").read_text(encoding="utf-8"))["files"]
        asked.write_text(json.dumps(list(_addresses(files))), encoding="utf-8")
        beside = cost(
            [sys.executable, "-c", textwrap.dedent(_ASKED), str(place.archive), str(asked)],
            PLAYER_CACHE=str(place.cache),
        )
        pages = sum(name.endswith(".html") for name in files)
        size = sum(size for size, _ in files.values()) / 1e6
    yield f"site: a copy of {count:,} recordings: {pages:,} pages, {len(files):,} files, {size:,.0f} MB"
    yield thousands.HEAD
    yield row("a copy / its pages by the server's code, CPU", f"{ours:.1f} s", f"{beside:.1f} s", ours / beside, _MOST)
    yield f"  the first time, with outlines that nobody had made: {first:.1f} s"
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    yield f"  largest of its processes: {largest:.0f} MB (at most 200)"


def _addresses(files: dict[str, object]) -> Iterator[str]:
    """Give the addresses of a copy's files on the server: not those of sounds, and of what only the copy has."""
    for name in files:
        if name.startswith(("static/", "media/", "search/")):
            continue
        path, _, asked = name.removesuffix("index.html").partition("/-")
        kept = path.endswith(("lines/", "recordings/")) or not path
        query = f"?{asked.rstrip('/').replace('-', '=', 1)}" if asked else ""
        yield f"/{path if kept else path.rstrip('/')}{query}"
