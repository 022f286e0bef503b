"""Finds names that recordings had before, and that lead nowhere or to another: somebody else has them too."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING

from player.errors import ArchiveError, Fault, NotFoundError, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from player.archive.archive import Archive


def former_name_faults(
    archive: Archive, former: Mapping[str, Sequence[str]], slugs: Collection[str]
) -> Iterator[Fault]:
    """Give the former names, listed by the recordings that had them, that another of the ``slugs`` has or had."""
    had = defaultdict(list)
    for slug, names in former.items():
        for name in dict.fromkeys(names):
            had[name].append(slug)
    for name, slugs_then in had.items():
        for slug in slugs_then:
            others = [other for other in slugs_then if other != slug]
            if name in slugs:
                what = f"another recording is called {quoted(name)} now, and is what stands at its address"
                yield _fault(archive, slug, what)
            elif others:
                yield _fault(archive, slug, f"{quoted(name)} is a former name of {quoted(others[0])} too")


def _fault(archive: Archive, slug: str, what: str) -> Fault:
    path, line = archive.transcripts / slug / "recording.toml", None
    with contextlib.suppress(ArchiveError, NotFoundError):  # told where it is examined
        line = archive.record(slug).line_of("formerly")
    return Fault(path, line, what, 'take that name out of "formerly"')
