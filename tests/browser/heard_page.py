"""The page of an MP3 of constant bitrate, as the archive that ships holds one, with its access copy; and ears at it.

Played itself, such a file is heard 24 or 50 ms from where Chromium says it is after a jump, and 26 ms in Firefox.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from browser import hearing
from browser.burst_kinds import SHIPPED, control, write_archive, write_record
from browser.bursts import write
from browser.conftest import serving
from clipping import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLUG: Final = SHIPPED.slug
_SECONDS: Final = 60
#: Milliseconds that a page may be from what is heard.
LIMIT: Final = 10
#: Milliseconds by which one sound is late on purpose: what the ears are to find.
LATE: Final = 30
_JUMPS: Final = 10


@contextmanager
def heard_site(folder: Path) -> Iterator[str]:
    """Serve the archive, which knows the recorder too."""
    archive = write_archive(folder / "archive", [SHIPPED], _SECONDS)
    write(archive / "media" / "late.wav", SHIPPED.rate, _SECONDS, late=LATE / 1000)
    write_record(archive, "late", "late.wav")
    told = run(archive, "access", "--all")
    assert told.exit_code == 0, told.output
    with serving(archive, folder / "cache") as server, hearing.with_recorder(server) as site:
        yield site


def hear(page: hearing.Runs) -> None:
    """Jump on the page, which the reader has touched, beside a WAV: each burst is heard where the page says it is."""
    opened = hearing.begin(page, [f"/media/{control(SHIPPED.rate)}", "audio", "/media/late"])
    assert f"/media/{SLUG}/access?" in opened[1]["source"]
    plan = hearing.jumps(_JUMPS, seconds=_SECONDS, asks=True)
    hearing.start(page, plan)
    heard = hearing.listen(page, plan, _SECONDS)
    for each in heard:
        _, ahead, late = each.ahead
        assert each.is_steady, each
        assert late is not None, each
        assert abs(late - LATE) < LIMIT, each
        assert ahead is not None, each
        assert abs(ahead) <= LIMIT, each
