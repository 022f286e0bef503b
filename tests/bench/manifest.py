"""What the manifest of a recording of 20,000 lines costs, and its captions, beside its page."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import long_talk

from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES = 20_000
TIMES = 5
#: Of the page's processor time; captions are of no figure.
MOST = 1.5


def measure() -> Iterator[str]:
    """Ask each a few times, once its files have been read; the page with ``?t=``, so that no kept one is sent."""
    with tempfile.TemporaryDirectory() as folder:
        root = long_talk.write_archive(Path(folder) / "archive", LINES)
        client = create_app(root).test_client()
        page = f"/recordings/{long_talk.SLUG}"
        found = {}
        for path in (f"{page}?t=25", f"{page}/manifest.json", f"{page}/captions.vtt"):
            client.get(path)
            took = []
            for _ in range(TIMES):
                begun = time.process_time()
                answer = client.get(path)
                took.append(time.process_time() - begun)
                assert answer.status_code == 200, path
            found[path] = statistics.median(took)
        (_, whole), (_, manifest), (_, captions) = found.items()
        yield f"page of {LINES:,} lines: {whole * 1000:.0f} ms of a processor"
        yield f"its manifest / the page: {manifest / whole:.3f} (at most {MOST}); captions: {captions / whole:.2f}"
