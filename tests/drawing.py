"""Draws what a run of the tests does, by a seed that a failure tells: a part of it, and in ``make bench`` the whole.

Of a test that is marked ``sampled`` and has many cases, a run has as many as show each value of each parameter once, or
as many as the mark says, and another run has others; a walk draws its own (``drawn``). ``PLAYER_TEST_SEED`` says which:
the same in each process that collects tests. ``PLAYER_TEST_WHOLE=1`` does all.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Final, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Hashable, Iterable, Sequence

T = TypeVar("T")

SEED: Final = int(os.environ.get("PLAYER_TEST_SEED", "1963"))
IS_WHOLE: Final = os.environ.get("PLAYER_TEST_WHOLE", "") not in {"", "0"}
#: How many times as many random examples, which ``make bench`` sets.
_TIMES: Final = int(os.environ.get("PLAYER_TEST_EXAMPLES", "1"))
_MARK: Final = "sampled"
# The test that is at work, if any.
_AT_WORK: Final[list[pytest.Item]] = []


def examples(count: int) -> int:
    """Give the number of examples to draw where ``make test`` draws ``count``."""
    return count * _TIMES


def kills(few: int) -> int:
    """Give how many times what works is killed: ``few``, or as many as ``make bench`` sets."""
    return int(os.environ.get("PLAYER_TEST_KILLS", few))


def some(few: int, *, whole: int) -> int:
    """Give how many of something a walk does in one run, ``few``, or where the whole is wanted."""
    _refuse_unmarked()
    return whole if IS_WHOLE else few


def drawn(cases: Iterable[T], count: int, *, seed: int = SEED, is_whole: bool = IS_WHOLE) -> list[T]:
    """Draw so many of some cases, in their order; all where the whole is wanted."""
    every = list(cases)
    if is_whole or count >= len(every):
        return every
    _refuse_unmarked()
    places = _chance(seed, len(every)).sample(range(len(every)), count)
    return [every[place] for place in sorted(places)]


def covering(
    cases: Sequence[Iterable[Hashable]], count: int | None = None, *, seed: int = SEED, is_whole: bool = IS_WHOLE
) -> list[int]:
    """Draw of cases, by the values that each has, few that have each value between them; give their places.

    With ``count`` it is so many: with fewer values, if there are more of these, or with others besides.
    """
    every = [set(values) for values in cases]
    if is_whole:
        return list(range(len(every)))
    order = _chance(seed, len(every)).sample(range(len(every)), len(every))
    missing = set().union(*every)
    chosen: dict[int, None] = {}
    # Those first that have most of what is missing: what one has of it only becomes less.
    for least in range(max(map(len, every), default=0), 0, -1):
        for place in order:
            if len(every[place] & missing) >= least:
                chosen[place] = None
                missing -= every[place]
    wanted = [*chosen, *(place for place in order if place not in chosen)]
    # Never none: a test of which no case is run would say nothing, and nobody would see it.
    return sorted(wanted[: max(1, len(chosen) if count is None else count)])


def _refuse_unmarked() -> None:
    """Refuse to draw for a test that is not marked, which ``make bench`` would not do whole.

    :raise RuntimeError: where that is so.
    """
    if _AT_WORK and _AT_WORK[-1].get_closest_marker(_MARK) is None:
        raise RuntimeError(
            f"mark {_AT_WORK[-1].name} {_MARK}: it draws what it does, and make bench is to do all of it"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Know which test is at work, with its fixtures."""
    _AT_WORK.append(item)
    try:
        return (yield)
    finally:
        _AT_WORK.pop()


def _chance(seed: int, *of: int) -> random.Random:
    return random.Random(f"{seed} {of}")  # noqa: S311  # which cases, not a secret


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases of a sampled test that this run has not drawn."""
    families: dict[tuple[str, str], list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker(_MARK) and hasattr(item, "callspec"):
            families.setdefault((str(item.path), item.nodeid.partition("[")[0]), []).append(item)
    left: set[pytest.Item] = set()
    for cases in families.values():
        mark = cases[0].get_closest_marker(_MARK)
        assert mark is not None
        chosen = set(covering([_values(case) for case in cases], *mark.args))
        left.update(case for place, case in enumerate(cases) if place not in chosen)
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def _values(item: pytest.Item) -> list[tuple[str, str]]:
    params: dict[str, object] = item.callspec.params  # type: ignore[attr-defined]  # the case has parameters
    # pytest's own numbers tell a value from itself where another parameter differs; what it looks like does not.
    return [(name, repr(value)) for name, value in params.items()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with each failure how to draw the same again."""
    report = yield
    if report.failed:
        report.sections.append(("drawn by", f"PLAYER_TEST_SEED={SEED}{' PLAYER_TEST_WHOLE=1' * IS_WHOLE}"))
    return report
