"""Makes a copy of the site: finds every page by the links that lead to it, and puts all in place at once.

Everything is written into a folder beside the one that is asked for, which then takes its place: a copy is whole, or it
is the one that was there before. Files that are as they were keep their times.
"""

from __future__ import annotations

import gc
import json
import zlib
from collections import Counter
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from player import files, processes
from player.archive.archive import Archive
from player.errors import WriteError, reason, shown
from player.forking import Forked
from player.index import lists
from player.index.index import Index
from player.web.site import in_place
from player.web.site.addresses import ABOUT, SEARCH
from player.web.site.earlier import LIST, VERSION, closed_since, refuse_unfit, states
from player.web.site.elsewhere import made_by
from player.web.site.made import Batch, Told, batches
from player.web.site.placing import UNFINISHED, Placed
from player.web.site.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from player.web.site.earlier import Earlier
    from player.web.site.made import Made, Plan
    from player.web.site.making import Maker
    from player.workers import Workers

    # Gives who makes a copy elsewhere, into a folder that they see.
    Elsewhere = Callable[[Path], AbstractContextManager[Workers]]
    # Makes batches, in whatever order.
    Make = Callable[[Sequence[Batch]], Iterable[Made]]

# Recordings in a batch, or pages of one thing: few enough that no process has much more to do than another.
_RECORDINGS: Final = 4
_PAGES: Final = 40
# So few pages are made sooner than a process is started.
_FEW: Final = 60
# So many batches are made by the same processes; then others take their place, which are ready in a second. Two that
# had made 100 batches had 20 MB more than in the beginning.
_BATCHES: Final = 25
# Of what a page leaves in memory, most hangs together in circles: left to gather as in other processes, it took 120 MB.
_CIRCLES: Final = (700, 10, 10)
# As zlib counts: digests hardly become smaller whatever is done.
_QUICKLY: Final = 1
#: What no page leads to.
_BESIDE: Final = ("/", "/recordings/", ABOUT, SEARCH)


@dataclass
class Copy:
    """What a copy holds, and what it does not: counted by kind, addresses without a page, recordings without sound."""

    #: Its files, as JSON of each batch, compressed: of 2,000 recordings they take 4 MB, as Python's values 24.
    listed_files: list[bytes] = field(default_factory=list)
    #: The recordings that have their sound in it.
    heard: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unheard: list[tuple[str, str]] = field(default_factory=list)
    unbound: dict[str, str | None] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    #: Recordings of which nothing was said to be closed, so that nobody need look what is left out of them.
    open: set[str] = field(default_factory=set)
    #: The dates and titles of recordings.
    listed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The bytes of the list of its files, which is one more.
    list_size: int = 0

    @property
    def recordings(self) -> int:
        """How many recordings it has."""
        return len(self.states)

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return sum(name.endswith(".html") for name in self.files)

    @cached_property
    def files(self) -> dict[str, tuple[int, str]]:
        """Its files by their names, each with its size and digest; asked for when all are there."""
        every = {
            name: each for listed in self.listed_files for name, each in json.loads(zlib.decompress(listed)).items()
        }
        return {name: every[name] for name in sorted(every)}

    @property
    def count(self) -> int:
        """How many files it has, with their list."""
        return len(self.files) + 1

    @property
    def size(self) -> int:
        """How many bytes they have together."""
        return sum(size for size, _ in self.files.values()) + self.list_size

    def add_files(self, files: Mapping[str, tuple[int, str]]) -> None:
        """Count some files."""
        self.listed_files.append(zlib.compress(json.dumps(files).encode(), _QUICKLY))
        self.heard.update(name.split("/")[1].partition(".")[0] for name in files if name.startswith("media/"))

    def add(self, made: Made) -> None:
        """Count what a process has made."""
        self.add_files(made.files)
        self.left_out.update(made.left_out)
        self.refused += made.refused
        self.unheard += made.unheard
        self.unbound.update(made.unbound)
        self.places.update(made.places)
        self.states.update(made.states)
        self.open.update(made.open)
        for slug, words in made.words.items():
            date, title = self.listed[slug]
            self.words.add(f"recordings/{slug}/", title, "recording", words, (date, slug))


def export(
    plan: Plan, day: str, *, replaces: bool, progress: Callable[[int, int], object], elsewhere: Elsewhere | None = None
) -> Copy:
    """Make a copy in ``plan.folder``, or make the one that is there anew; ``progress`` is told how many are done.

    Its files are made here, or by those whom ``elsewhere`` gives.

    :raise WriteError: where the folder is no place for it; where an older copy there has what is closed now, and it is
        not asked for that it ``replaces`` this; where the archive changes meanwhile.
    """
    target, earlier = refuse_unfit(plan.folder, plan.root)
    index = Index.of(Archive(plan.root))
    _bring_up_to_date(index)
    since, today = index.generation, index.archive.day()
    people = sorted(index.people)
    if earlier is not None and not replaces:
        _refuse_open(target, earlier, index.archive, people)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.sweep(target.parent)
        with files.unfinished_folder(target.parent) as folder:
            found = replace(plan, folder=folder, before=target if earlier else None)
            with _makers(found, len(index.recordings) + len(people) + len(index.sources), elsewhere) as make:
                made = _made(found, make, people, index, progress)
                _tell(make, made, day)
            # Whoever worked for this one has ended, and what they had in memory is there for what follows.
            _gather(found, made, index)
            _list(found, made, day, people)
            # Nothing has changed if nothing that can be asked for has; if something has, it may yet close nothing.
            is_same = not index.look() and (index.generation, index.archive.day()) == (since, today)
            if not is_same and states(index.archive) != made.states:
                raise WriteError(f"{shown(target)}: the archive was changed while it was copied; try again")
            in_place.put(folder, target)
    except OSError as error:
        raise WriteError(f"{shown(target)}: the copy cannot be written ({reason(error)})") from None
    return made


def _bring_up_to_date(index: Index) -> None:
    """Have what has changed read into the index; of a large archive, in a process that ends.

    Looking at 2,000 recordings had left 6 MB in this one, and reading them 30.
    """
    index.database.patiently(lambda: index.is_whole)  # whether it is in a file is known when it has been asked
    if len(index.archive.folders()) > _FEW and not index.database.is_in_memory:
        with Forked(1, _reader, index.archive.root, most=1) as there:
            list(there.answers([None]))
    else:
        index.look()
        index.let_go()


@contextmanager
def _makers(plan: Plan, total: int, elsewhere: Elsewhere | None) -> Iterator[Make]:
    """Give what makes batches: who is elsewhere, processes side by side, or this one where there is little to do.

    With processes, this one knows nothing of the application: with it, it would take three times as much memory.
    """
    if elsewhere is not None:
        with elsewhere(plan.folder) as workers:
            yield partial(made_by, workers, plan)
        for left in plan.folder.glob(f"media/*{UNFINISHED}"):
            left.unlink(missing_ok=True)
        return
    if total <= _FEW:
        own = _maker(plan)
        yield lambda work: map(own, work)
        return
    with Forked(processes.count(), _ready_maker, plan, most=_BATCHES) as there:
        yield there.answers


def _maker(plan: Plan) -> Maker:
    """Give what makes batches."""
    from player.web.site.making import Maker  # noqa: PLC0415  # so that who has them made elsewhere does not have it

    return Maker(plan)


def _ready_maker(plan: Plan) -> Maker:
    """Give what makes batches, with all that it needs for that, in a process that others are forked of."""
    maker = _maker(plan)
    gc.set_threshold(*_CIRCLES)
    maker.prepare()
    return maker


def _reader(root: Path) -> Callable[[None], int]:
    """Give what brings the index of an archive up to date."""
    return lambda _: Index.of(Archive(root)).look()


def _refuse_open(target: Path, earlier: Earlier, visitors: Archive, people: Sequence[str]) -> None:
    closed = list(closed_since(earlier, states(visitors), people, visitors))
    if closed:
        raise WriteError(
            f"{shown(target)}: the copy of {earlier.day} that is there has what is closed now: {'; '.join(closed)}. "
            "--replace removes that copy; what was uploaded or handed on of it has to be removed there"
        )


def _made(plan: Plan, make: Make, people: Sequence[str], index: Index, progress: Callable[[int, int], object]) -> Copy:
    """Make the pages of recordings side by side, and then whatever these lead to."""
    listed = {slug: (card.date or "~", card.title) for slug, card in index.recordings.items()}
    found = Copy(listed=listed)
    beside = [f"/people/{name}" for name in people] + [f"/sources/{name}" for name in index.sources]
    seen = {f"/recordings/{slug}" for slug in listed} | set(beside) | {ABOUT}
    work = [*batches((f"/recordings/{slug}" for slug in listed), _RECORDINGS), *batches(beside, _PAGES)]
    done, total = 0, len(listed) + len(beside)
    waiting = dict.fromkeys((*_BESIDE, *_for_others(plan, index)))
    for made in make([*work, Batch(statics=True, places=True)]):
        found.add(made)
        waiting.update(dict.fromkeys(source for source in made.sources if source not in seen))
        done += sum(name.endswith("/index.html") and name.count("/") == 2 for name in made.files)  # noqa: PLR2004  # a recording's, a person's own page
        progress(min(done, total), total)
    while new := [source for source in waiting if source not in seen]:
        seen.update(new)
        waiting = {}
        for made in make(batches(new, _PAGES)):
            found.add(made)
            waiting.update(made.sources)
    return found


def _for_others(plan: Plan, index: Index) -> Iterator[str]:
    """Name what robots, viewers and apps look for: all are told whole addresses. Rules are looked for at a host."""
    if plan.address is None:
        return
    yield "/iiif/collection.json"
    about = index.archive.about
    if about.feed:
        yield from (f"/feed.xml?{urlencode({'series': name})}" for name in lists.heard_series(index))
    if about.search_engines:
        yield "/sitemap.xml"
    if not urlsplit(plan.address).path:
        yield "/robots.txt"


def _tell(make: Make, made: Copy, day: str) -> None:
    """Have the page about the copy made."""
    without = [
        (made.listed[slug][1], _why(slug, made.states[slug], made))
        for slug in sorted(made.states)
        if slug not in made.heard
    ]
    for about in make([Batch([ABOUT], told=Told(day, made.recordings, len(made.heard), without))]):
        made.add(about)


def _gather(plan: Plan, made: Copy, index: Index) -> None:
    """Write what is searched."""
    placed = Placed(plan)
    made.words.add_things(index, lambda kind, name: made.places.get((kind, name), "./"))
    for name, content in made.words.files():
        placed.write(name, content)
    made.add_files(placed.taken())


def _list(plan: Plan, made: Copy, day: str, people: Sequence[str]) -> None:
    """Write the list of what is in the copy."""
    told = {
        "version": VERSION,
        "made": day,
        "address": plan.address,
        "recordings": dict(sorted(made.states.items())),
        "people": people,
        "files": made.files,
    }
    with (plan.folder / LIST).open("x", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=0)
    made.list_size = (plan.folder / LIST).stat().st_size


def _why(slug: str, shown_of_it: Mapping[str, Any], made: Copy) -> str:
    if not shown_of_it["sound"]:
        return "its sound is closed"
    return "its sound could not be copied" if slug in dict(made.unheard) else "its sound is not held"
