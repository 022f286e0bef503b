"""Makes a copy of the site: finds every page by the links that lead to it, and puts all in place at once.

Everything is written into a folder beside the one that is asked for, which then takes its place: a copy is whole, or it
is the one that was there before. Files that are as they were keep their times.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from player import files, processes
from player.archive.archive import Archive
from player.archive.statements import Spot
from player.errors import WriteError, reason, shown
from player.index.index import Index
from player.web.pages.surroundings import address
from player.web.site.addresses import ABOUT, SEARCH, There, public, there
from player.web.site.earlier import LIST, VERSION, closed_since, refuse_unfit, states
from player.web.site.making import Made, Maker, Plan, batches, maker
from player.web.site.whole import Told
from player.web.site.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from player.web.site.earlier import Earlier

# Recordings in a batch, or pages of one thing: few enough that no process has much more to do than another.
_RECORDINGS: Final = 4
_PAGES: Final = 40
# So few pages are made sooner than a process is started.
_FEW: Final = 60
_OPEN: Final = 0o777
#: What no page leads to.
_BESIDE: Final = ("/", "/recordings/", ABOUT, SEARCH)


@dataclass
class Copy:
    """What a copy holds, and what it does not: counted by kind, addresses without a page, recordings without sound."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unheard: list[tuple[str, str]] = field(default_factory=list)
    unbound: dict[str, str | None] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)
    recordings: int = 0

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return sum(name.endswith(".html") for name in self.files)

    @property
    def sounds(self) -> int:
        """How many recordings have their sound in it."""
        return len({name.split("/")[1].partition(".")[0] for name in self.files if name.startswith("media/")})

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(size for size, _ in self.files.values())

    def add(self, made: Made) -> None:
        """Count what a process has made."""
        self.files.update(made.files)
        self.left_out.update(made.left_out)
        self.refused += made.refused
        self.unheard += made.unheard
        self.unbound.update(made.unbound)
        self.words.update(made.words)


def export(plan: Plan, day: str, *, replaces: bool, progress: Callable[[int, int], object]) -> Copy:
    """Make a copy in ``plan.folder``, or make the one that is there anew; ``progress`` is told how many are done.

    :raise WriteError: where the folder is no place for it; where an older copy there has what is closed now, and it is
        not asked for that it ``replaces`` this; where the archive changes meanwhile.
    """
    target = plan.folder
    earlier = refuse_unfit(target, plan.root)
    archive = Archive(plan.root)
    index = Index.of(archive)
    index.look()
    now, people = states(index.archive), sorted(index.people)
    if earlier is not None and not replaces:
        _refuse_open(target, earlier, now, people)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.sweep(target.parent)
        with files.unfinished_folder(target.parent) as folder:
            found = replace(plan, folder=folder, before=target if earlier else None)
            own = Maker(found)
            made = _made(found, own, list(now), people, index, progress)
            made.recordings = len(now)
            _finish(found, own, made, day, index, now, people)
            if states(index.archive) != now:
                raise WriteError(f"{shown(target)}: the archive was changed while it was copied; try again")
            _put(folder, target)
    except OSError as error:
        raise WriteError(f"{shown(target)}: the copy cannot be written ({reason(error)})") from None
    return made


def _refuse_open(target: Path, earlier: Earlier, now: Mapping[str, Mapping[str, Any]], people: Sequence[str]) -> None:
    closed = list(closed_since(earlier, now, people))
    if closed:
        raise WriteError(
            f"{shown(target)}: the copy of {earlier.day} that is there has what is closed now: {'; '.join(closed)}. "
            "--replace removes that copy; what was uploaded or handed on of it has to be removed there"
        )


def _made(
    plan: Plan,
    own: Maker,
    slugs: Sequence[str],
    people: Sequence[str],
    index: Index,
    progress: Callable[[int, int], object],
) -> Copy:
    """Make the pages of recordings side by side, and then whatever these lead to."""
    found = Copy()
    seen = {f"/recordings/{slug}" for slug in slugs}
    beside = [f"/people/{name}" for name in people] + [f"/sources/{name}" for name in index.sources]
    seen.update(beside)
    work = batches((f"/recordings/{slug}" for slug in slugs), _RECORDINGS) + batches(beside, _PAGES)
    done, total = 0, len(slugs) + len(beside)
    waiting = {source: None for source in (*_BESIDE, *_for_robots(plan, index.archive)) if source != ABOUT}
    answers = processes.answers(work, maker, plan) if total > _FEW else map(own, work)
    for made in answers:
        found.add(made)
        waiting.update(made.sources)
        done += sum(name.endswith("/index.html") and name.count("/") == 2 for name in made.files)  # noqa: PLR2004  # a recording's, a person's own page
        progress(min(done, total), total)
    found.add(own.statics())
    while new := [source for source in waiting if source not in seen and source != ABOUT]:
        seen.update(new)
        waiting = {}
        work = batches(new, _PAGES)
        for made in processes.answers(work, maker, plan) if len(new) > _FEW else map(own, work):
            found.add(made)
            waiting.update(made.sources)
    return found


def _for_robots(plan: Plan, archive: Archive) -> Iterator[str]:
    """Name what robots look for, which have to be told whole addresses, and look for their rules at a host alone."""
    if plan.address is None:
        return
    if archive.about.search_engines:
        yield "/sitemap.xml"
    if not urlsplit(plan.address).path:
        yield "/robots.txt"


def _finish(
    plan: Plan,
    own: Maker,
    made: Copy,
    day: str,
    index: Index,
    now: Mapping[str, Mapping[str, Any]],
    people: Sequence[str],
) -> None:
    """Write the page about the copy, and the list of what is in it."""
    titles = {slug: card.title for slug, card in index.recordings.items()}
    without = [
        (titles[slug], _why(slug, now[slug], made)) for slug in now if slug in titles and not _is_heard(slug, made)
    ]
    made.add(_searched(own, made, index))
    own.told(Told(day, len(now), made.sounds, without))
    made.add(own([ABOUT]))
    told = {
        "version": VERSION,
        "made": day,
        "address": plan.address,
        "recordings": now,
        "people": people,
        "files": {name: made.files[name] for name in sorted(made.files)},
    }
    (plan.folder / LIST).write_text(json.dumps(told, ensure_ascii=False, indent=0), encoding="utf-8")


def _searched(maker: Maker, made: Copy, index: Index) -> Made:
    """Write what is searched: recordings by their dates, then people and sources."""
    gathered = Words()
    cards = index.recordings
    for slug in sorted(made.words, key=lambda slug: (cards[slug].date or "~", slug) if slug in cards else ("~", slug)):
        title = cards[slug].title if slug in cards else slug
        gathered.add(f"recordings/{slug}/", title, "recording", made.words.pop(slug))
    with maker.app.test_request_context("/"):
        gathered.add_things(index, lambda kind, name: _place(index, kind, name))
    for name, content in gathered.files():
        maker.write(name, content)
    return maker.taken()


def _place(index: Index, kind: str, name: str) -> str:
    """Give the address in a copy, from its beginning, of a person, a source, an entry, an account or a set."""
    spot = Spot("chronology", part=("entry", name)) if kind == "entry" else Spot(kind, name)
    to = there(address(index, spot))
    return f"{public(to.file)}{to.end}" if isinstance(to, There) else "./"


def _is_heard(slug: str, made: Copy) -> bool:
    return any(name.startswith(f"media/{slug}.") for name in made.files)


def _why(slug: str, shown_of_it: Mapping[str, Any], made: Copy) -> str:
    if not shown_of_it["sound"]:
        return "its sound is closed"
    return "its sound could not be copied" if slug in dict(made.unheard) else "its sound is not held"


def _put(folder: Path, target: Path) -> None:
    """Put a whole copy in the place of what is there."""
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(_OPEN & ~mask)
    if not target.is_dir() or not any(target.iterdir()):
        folder.replace(target)
        return
    with files.unfinished_folder(target.parent) as aside:
        before = aside / "before"
        target.replace(before)
        try:
            folder.replace(target)
        except OSError:
            before.replace(target)
            raise
        shutil.rmtree(before, ignore_errors=True)
