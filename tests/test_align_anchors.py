"""Lines that rough passes heard: those that agree in order are anchors, and what a person fixed stands."""

from __future__ import annotations

from player.align.anchors import Heard, chain


def heard(*each: tuple[int, int]) -> list[Heard]:
    return [Heard(line, start, start + 900, 0.9, 4) for line, start in each]


def lines(found: list[Heard]) -> list[tuple[int, int]]:
    return [(each.line, each.start) for each in found]


def test_what_is_heard_in_order_is_kept() -> None:
    said = heard((0, 0), (1, 2000), (2, 4000))
    assert lines(chain(said)) == [(0, 0), (1, 2000), (2, 4000)]


def test_a_line_heard_out_of_order_goes() -> None:
    said = heard((0, 0), (1, 2000), (7, 3000), (2, 4000), (3, 6000))
    assert lines(chain(said)) == [(0, 0), (1, 2000), (2, 4000), (3, 6000)]


def test_a_line_heard_twice_by_overlapping_passes_is_one() -> None:
    assert lines(chain(heard((0, 0), (1, 2000), (1, 2010), (2, 4000)))) in (
        [(0, 0), (1, 2000), (2, 4000)],
        [(0, 0), (1, 2010), (2, 4000)],
    )


def test_a_short_line_that_stands_alone_is_no_anchor() -> None:
    assert lines(chain(heard((0, 0), (1, 2000), (40, 90_000)))) == [(0, 0), (1, 2000)]


def test_a_long_line_needs_no_other() -> None:
    long = Heard(40, 90_000, 95_000, 0.9, 12)
    assert chain([*heard((0, 0), (1, 2000)), long])[-1] is long


def test_what_a_person_fixed_stands_and_is_not_crossed() -> None:
    fixed = [Heard(3, 5000, 6000, 1.0)]
    said = heard((0, 0), (1, 2000), (2, 5500), (3, 9000), (4, 5200), (5, 8000))
    assert lines(chain(said, fixed)) == [(0, 0), (1, 2000), (3, 5000), (5, 8000)]


def test_nothing_heard_gives_no_anchor() -> None:
    assert chain([]) == []
