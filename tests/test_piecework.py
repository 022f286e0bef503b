"""How far long work is, is shown: on a terminal in a bar, elsewhere in a line now and then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from player.align.pieces import Progress
from player.commands import piecework

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Give what sets the clock, in seconds."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, seconds)


def test_elsewhere_a_line_comes_seldom(clock: Callable[[float], None], capsys: pytest.CaptureFixture[str]) -> None:
    with piecework.shown() as tell:
        for second in range(100):
            clock(second)
            tell(Progress("Placing words", second, 100, 0, second / 100, 100.0 - second))
        tell(Progress("Placing words", 100, 100, 0, 1, 0))
    assert capsys.readouterr().err == (
        "Placing words: 10 of 100 pieces, 10 %, about 2 min left\n"
        "Placing words: 30 of 100 pieces, 30 %, about 1 min left\n"
        "Placing words: 70 of 100 pieces, 70 %, about 30 s left\n"
    )


def test_on_a_terminal_a_bar_is_drawn_over_the_one_before(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    showing = piecework._Shown(is_terminal=True)  # noqa: SLF001  # no terminal is here
    showing.tell(Progress("Placing words", 1, 4, 0, 0.5, 30))
    showing.tell(Progress("Placing words", 4, 4, 0, 1, 0))
    showing.end()
    # What clears the rest of the line is left out where there is no terminal.
    first, second = capsys.readouterr().err.rstrip("\n").split("\r")[1:]
    assert first == "Placing words  [############------------] 1 of 4 pieces, 50 %, about 30 s left"
    assert second == "Placing words  [########################] 4 of 4 pieces, 100 %"


@pytest.mark.parametrize("columns", [20, 60, 80, 200])
def test_a_bar_fits_the_terminal(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    showing = piecework._Shown(is_terminal=True)  # noqa: SLF001  # no terminal is here
    showing.tell(Progress("Telling voices apart", 123, 12_345, 0, 0.5, 5025))
    showing.end()
    bar = capsys.readouterr().err.strip()
    assert len(bar) < columns
    assert bar.startswith("Telling voices")
    if columns > 60:
        assert bar.endswith("] 123 of 12345 pieces, 50 %, about 1 h 24 min left")
        assert 4 <= bar.count("#") + bar.count("-") <= 24


def test_that_all_is_there_from_before_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with piecework.shown() as tell:
        tell(Progress("Listening", 4, 4, 4, 1, None))
        tell(Progress("Placing words", 1, 1, 1, 1, None))
    assert capsys.readouterr().err == (
        "Listening: 4 of 4 pieces are there from before\nPlacing words: 1 of 1 piece is there from before\n"
    )


def test_what_is_there_from_before_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with piecework.shown() as tell:
        tell(Progress("Placing words", 3, 4, 3, 0.7, None))
    assert capsys.readouterr().err == "Placing words: 3 of 4 pieces are there from before; it goes on with the rest\n"


def test_an_interruption_says_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), piecework.shown():
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "stopped; what is done is kept, and the same command goes on from there\n"


def test_decoding_that_takes_a_moment_shows_nothing(clock: Callable[[float], None]) -> None:
    told: list[Progress] = []
    decoded = piecework.decoding(told.append)
    decoded(0.1)
    clock(10)
    decoded(0.5)
    assert told == [Progress("Decoding the sound", 0, 0, 0, 0.5, 10.0)]
