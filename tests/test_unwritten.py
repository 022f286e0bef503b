"""What is said between two lines, and that no line has, is told; pauses, tones and hiss are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import dialogues
import numpy as np
import pytest

from player.align.samples import RATE, Samples
from player.align.unwritten import gaps, unwritten
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

#: Two lines, and ten seconds between them.
BEFORE: Final = Span(0, 5000)
AFTER: Final = Span(15_000, 20_000)
WHOLE: Final = Span(0, 20_000)


def voice(seconds: float, seed: int = 1) -> Any:
    """Make noise that comes and goes four times a second, as syllables do."""
    time = np.arange(round(seconds * RATE)) / RATE
    swell = np.clip(np.sin(2 * np.pi * 4 * time), 0.01, 1)
    return 3000 * swell * np.random.default_rng(seed).normal(size=time.size)


def tone(seconds: float) -> Any:
    return 5000 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)


def hiss(seconds: float) -> Any:
    return np.random.default_rng(5).normal(0, 3000, round(seconds * RATE))


def silence(seconds: float) -> Any:
    return np.zeros(round(seconds * RATE))


def samples(path: Path, *parts: Any, floor: float = 20) -> Samples:
    sound = np.concatenate(parts)
    sound = np.clip(sound + np.random.default_rng(9).normal(0, floor, sound.size), -32768, 32767).astype("<i2")
    return held(path, sound)


def held(path: Path, sound: Any) -> Samples:
    path.write_bytes(sound.tobytes())
    return Samples(path, "", path, len(sound))


def found(path: Path, between: Any, floor: float = 20) -> list[Span]:
    sound = samples(path, voice(5), between, voice(5), floor=floor)
    return unwritten(gaps([BEFORE, AFTER], WHOLE), [BEFORE, AFTER], sound)


def test_speech_between_two_lines_is_found(tmp_path: Path) -> None:
    (span,) = found(tmp_path / "s", np.concatenate([silence(2), voice(6), silence(2)]))
    assert abs(span.start - 7000) < 150
    assert abs(span.end - 13_000) < 150


@pytest.mark.parametrize("what", [silence, tone, hiss])
def test_what_is_not_like_speech_is_not(what: Any, tmp_path: Path) -> None:
    assert found(tmp_path / "s", what(10)) == []


def test_what_is_short_or_much_softer_is_not(tmp_path: Path) -> None:
    assert found(tmp_path / "s", np.concatenate([silence(4), voice(2), silence(4)])) == []
    assert found(tmp_path / "s", voice(10) * 0.05) == []


def test_in_loud_noise_nothing_is_found(tmp_path: Path) -> None:
    assert found(tmp_path / "s", voice(10), floor=3000) == []


def test_between_lines_of_which_one_is_not_timed_nothing_is_looked_for() -> None:
    assert list(gaps([BEFORE, None, AFTER], WHOLE)) == []
    assert list(gaps([None, BEFORE, AFTER, None], Span(0, 90_000))) == [Span(5000, 15_000)]
    spans = [BEFORE, Span(2000, 16_000), AFTER, Span(21_000, 22_000)]
    assert list(gaps(spans, Span(0, 22_000))) == [Span(20_000, 21_000)]


def test_before_the_first_line_and_after_the_last_it_is_looked_for_too() -> None:
    assert list(gaps([AFTER], Span(0, 30_000))) == [Span(0, 15_000), Span(20_000, 30_000)]
    # Of a passage that was named, what is outside is none of it.
    assert list(gaps([BEFORE, AFTER], Span(7000, 18_000))) == [Span(7000, 15_000)]
    assert list(gaps([BEFORE, AFTER], Span(7000, 12_000))) == [Span(7000, 12_000)]
    assert list(gaps([BEFORE, AFTER], Span(21_000, 22_000))) == [Span(21_000, 22_000)]


def test_without_lines_or_sound_nothing_is_found(tmp_path: Path) -> None:
    assert unwritten([Span(0, 9000)], [], samples(tmp_path / "s", voice(9))) == []
    assert unwritten([Span(0, 9000)], [Span(0, 10)], samples(tmp_path / "s", silence(0.01))) == []


@pytest.mark.long
@pytest.mark.skipif(not dialogues.available(), reason="flite is not installed")
@pytest.mark.parametrize("snr", [None, 10, 0])
def test_of_a_dialogue_the_lines_that_were_left_out_are_found_and_nothing_else(
    snr: float | None, tmp_path: Path
) -> None:
    sound = dialogues.dialogue("harbour", snr)
    heard = held(tmp_path / "s", dialogues.read_samples(sound.path))
    spans, whole = [Span(min(line.starts), line.end) for line in sound.lines], Span(0, sound.duration)
    assert unwritten(gaps(spans, whole), spans, heard) == []
    longest = max(range(1, len(spans) - 1), key=lambda number: spans[number].duration)
    # The first and the last are some of the lines that are long enough to be told.
    for number in (longest, *(at for at in (0, len(spans) - 1) if spans[at].duration > 4000)):
        rest = [*spans[:number], *spans[number + 1 :]]
        told = unwritten(gaps(rest, whole), rest, heard)
        assert [spans[number].overlaps(each) for each in told] == ([] if snr == 0 else [True])
