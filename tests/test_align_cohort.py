"""Words that are said fit a sound better than other words, and others do not, whatever the noise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

np = pytest.importorskip("numpy")

from player.align import acoustics, cohort  # noqa: E402  # of an extra

if TYPE_CHECKING:
    from player.align.acoustic_model import AcousticModel

PHONES, SILENCE = 24, 23
MODEL = cast(
    "AcousticModel",
    SimpleNamespace(
        silence=SILENCE,
        senones=lambda phones, _before, _after: np.array([3 * phone + state for phone in phones for state in range(3)]),
    ),
)
SAID = [[0, 1, 2], [3, 4, 5, 6], [7, 8, 9], [1, 5, 9, 2]]
OTHER = [[10, 11, 12], [13, 14, 15, 16], [17, 18, 19], [11, 15, 19, 12]]
TEXT = SAID + OTHER


@pytest.fixture(autouse=True)
def scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the streams for what senones fit."""
    monkeypatch.setattr(acoustics, "scores", lambda _model, streams, senones: streams[0][:, senones])


def sound(words: list[list[int]], noise: float, *, pause: int = 0) -> cohort.Sound:
    """Say words, three frames a state; a wrong state fits 4 nepers less than the right one, give or take noise."""
    said: list[int] = []
    for word in words:
        said += [3 * phone + state for phone in word for state in range(3) for _ in range(3)] + [-1] * pause
    fits = np.random.default_rng(1).normal(-4, noise, (1, len(said), 3 * PHONES)).astype(np.float32)
    rows = np.arange(len(said))
    is_said = np.array(said) >= 0
    fits[0, rows[is_said], np.array(said)[is_said]] += 4
    nothing = np.zeros(len(said))
    return cohort.Sound(fits, np.zeros((len(said), 1)), np.where(is_said, -4.0, 0.0), nothing)


@pytest.mark.parametrize("noise", [0.1, 1.5])
@pytest.mark.parametrize("pause", [0, 20])
def test_words_that_are_said_stand_out_and_others_do_not(noise: float, pause: int) -> None:
    heard: Any = sound(SAID, noise, pause=pause)
    assert cohort.stands_out(MODEL, heard, SAID, TEXT) > 4
    assert cohort.stands_out(MODEL, heard, OTHER, TEXT) < 1


def test_in_noise_no_words_stand_out() -> None:
    heard = sound(SAID, 1.0)
    heard.streams[:] = np.random.default_rng(2).normal(-4, 1, heard.streams.shape)
    assert cohort.stands_out(MODEL, heard, SAID, TEXT) < 1


def test_of_a_text_of_one_word_others_can_be_made_too() -> None:
    heard = sound([[0, 1, 2]], 0.1)
    assert cohort.stands_out(MODEL, heard, [[0, 1, 2]], [[0, 1, 2]]) > 1


def test_where_most_others_have_no_room_nothing_is_said() -> None:
    heard = sound([[0, 1, 2]], 0.1).within(slice(0, 12))
    assert cohort.stands_out(MODEL, heard, [[0, 1, 2]], [[0, 1, 2]]) > 0.5
    assert cohort.stands_out(MODEL, heard, [[0, 1, 2]], [[3, 4, 5, 6, 7, 8]]) == 0
