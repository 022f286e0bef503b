"""Which lines sound as if one voice said them: seldom two voices as one, and none where it is not known."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import dialogues
import numpy as np
import pytest
from programs import program

from player.align import voices
from player.align.timbre import Timbre, has_voice, timbres
from player.align.voices import groups, likeness, named_turns, numbered
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogues import Sound
    from numpy.typing import NDArray

RATE = 16_000
COLUMNS = 20


def spoken(voice: int, start: int, *, rows: int = 8, seed: int = 0) -> Timbre:
    """Make up a line of a voice: its rows are about what the voice is, by as much as rows of speech are."""
    own = np.random.default_rng(voice).normal(0, 2, COLUMNS)
    made = own + np.random.default_rng([voice, start, seed]).normal(0, 1, (rows, COLUMNS))
    return Timbre(start, rows * 400, made)


def in_turn(said: Sequence[int], **more: int) -> list[Timbre]:
    return [spoken(voice, 5_000 * number, **more) for number, voice in enumerate(said)]


def sets(found: Sequence[int | None]) -> set[frozenset[int]]:
    return {frozenset(index for index, group in enumerate(found) if group == each) for each in set(found) - {None}}


def buzz(pitch: float, peaks: Sequence[float], seconds: float, seed: int) -> NDArray[np.int16]:
    """Make something like a voice: a buzz with peaks, each now louder and now softer, as in vowels; and pauses."""
    chance = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    at = np.arange(0, seconds + 1, 0.1)
    turns = 2 * np.pi * np.cumsum(pitch * 2 ** np.interp(time, at, chance.normal(0, 0.05, len(at)))) / RATE
    sound = chance.normal(0, 0.01, len(time))
    for peak in peaks:
        near = [number for number in range(1, 60) if abs(number * pitch - peak) < 400]
        part = sum(np.sin(number * turns) / (1 + ((number * pitch - peak) / 150) ** 2) for number in near)
        sound += part * 2 ** np.interp(time, at, chance.normal(0, 1, len(at)))
    sound[(time % 1.2) > 1] = 0
    made: NDArray[np.int16] = (sound / np.abs(sound).max() * 8000).astype(np.int16)
    return made


def test_lines_of_one_voice_are_a_group() -> None:
    said = [1, 2, 1, 1, 3, 2, 2, 3, 1, 3, 3, 2]
    found = groups(in_turn(said))
    assert sets(found) == {frozenset(i for i, voice in enumerate(said) if voice == each) for each in (1, 2, 3)}
    spans = [Span(5_000 * number, 5_000 * number + 4_000) for number in range(len(said))]
    assert numbered(spans, found) == said


def test_one_voice_is_one_group() -> None:
    for seed in range(5):
        assert len(sets(groups(in_turn([1] * 30, seed=seed)))) == 1


def test_the_order_in_which_lines_are_given_is_nothing() -> None:
    heard: list[Timbre | None] = [*in_turn([1, 2, 3, 1, 2, 3, 1, 2, 3, 1]), None]
    found = groups(heard)
    order = [7, 10, 2, 5, 0, 9, 4, 1, 8, 3, 6]
    again = groups([heard[index] for index in order])
    back = [again[order.index(index)] for index in range(len(heard))]
    assert back == found
    assert found[-1] is None


def test_a_line_like_no_other_is_in_no_group_unless_it_is_long() -> None:
    short = [*in_turn([1] * 10), spoken(2, 60_000, rows=4)]
    long = [*in_turn([1] * 10), spoken(2, 60_000, rows=12)]
    assert groups(short)[-1] is None
    assert sets(groups(long)) == {frozenset(range(10)), frozenset({10})}


def test_a_line_in_which_another_voice_goes_on_is_in_no_group() -> None:
    heard = in_turn([1, 2] * 8)
    answered = Timbre(200_000, 4_000, np.concatenate([heard[0].rows[:5], heard[1].rows[:5]]))
    found = groups([*heard, answered])
    assert found[-1] is None
    assert sets(found) == {frozenset(range(0, 16, 2)), frozenset(range(1, 16, 2))}


def test_what_a_person_named_differently_is_never_one_group() -> None:
    heard = in_turn([1] * 12)
    names = ["Ada", "Ben", *[None] * 10]
    found = groups(heard, names)
    assert found[0] != found[1]
    assert len(sets(found)) <= 2


def test_of_a_few_rows_nothing_is_said() -> None:
    assert groups([]) == []
    assert groups([spoken(1, 0, rows=3)]) == [None]
    assert groups([None, None]) == [None, None]
    assert likeness([spoken(1, 0, rows=3), None], {0}) == [None, None]


def test_the_likest_lines_are_of_the_same_voice() -> None:
    said = [1, 2, 1, 2, 1, 2, 1]
    found = likeness([*in_turn(said), None], {0})
    assert found[-1] is None
    like = [found[index] or 0 for index in range(len(said))]
    assert like[0] == 1
    assert min(like[2], like[4], like[6]) > 0.5 > 2 * max(like[1], like[3], like[5])


def test_many_lines_are_joined_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [1 + number % 3 for number in range(60)]
    monkeypatch.setattr(voices, "_PIECE", 16)
    found = groups([*in_turn(said), spoken(9, 900_000, rows=4)])
    assert sets(found) == {frozenset(i for i, voice in enumerate(said) if voice == each) for each in (1, 2, 3)}
    # Where there is no room for all, those with the least speech stay apart: none is lost.
    monkeypatch.setattr(voices, "_MOST_COMPARED", 40)
    apart = groups(in_turn(said))
    assert None not in apart
    assert all(len({said[index] for index in group}) == 1 for group in sets(apart))


def test_sounds_are_told_apart_and_what_is_short_or_silent_is_not() -> None:
    one, other = (110.0, (500.0, 1500.0, 2500.0)), (190.0, (650.0, 1900.0, 2900.0))
    parts = [buzz(*(one if number % 2 else other), 1.6, number) for number in range(7)]
    parts += [np.zeros(3 * RATE, np.int16), buzz(*one, 0.9, 20)]
    starts = np.cumsum([0, *(len(part) for part in parts)]) * 1000 // RATE
    lines = [Span(int(start), int(end)) for start, end in pairwise(starts)]
    sound = np.concatenate(parts)
    told: list[float] = []
    found = named_turns(lines, sound, told.append)
    assert found[-1] is None
    assert {found[0], found[2], found[4], found[6]} & {found[1], found[3], found[5]} <= {None}
    assert found.count(None) < len(lines) / 2
    assert told == [number / len(lines) for number in range(1, len(lines) + 1)]
    pitches = [2 ** float(each.rows[:, -1].mean()) for each in timbres(lines[:2], sound) if each]
    assert pitches == pytest.approx([190, 110], rel=0.05)


def test_a_line_past_the_end_of_the_sound_has_no_timbre() -> None:
    sound = buzz(120, (500,), 2, 1)
    assert timbres([Span(60_000, 64_000), Span(1_500, 9_000)], sound) == [None, None]


TIME = np.arange(3 * RATE) / RATE


def made(sound: NDArray[np.float64], noise: float = 0, seed: int = 0) -> NDArray[np.int16]:
    sound = sound / np.abs(sound).max() + noise * np.random.default_rng(seed).normal(size=len(sound))
    whole: NDArray[np.int16] = (sound / np.abs(sound).max() * 8000).astype(np.int16)
    return whole


def tone(*pitches: float, tremolo: float = 0) -> NDArray[np.float64]:
    sound: NDArray[np.float64] = np.sum([np.sin(2 * np.pi * pitch * TIME) for pitch in pitches], axis=0)
    return sound * (1 + 0.9 * np.sin(2 * np.pi * tremolo * TIME))


def noise(seed: int, power: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=len(TIME)))
    return np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum))) ** (power / 2), len(TIME))


def tune(seed: int) -> NDArray[np.float64]:
    steps = np.random.default_rng(seed).integers(0, 12, 9)
    return np.concatenate([np.sin(2 * np.pi * 220 * 2 ** (step / 12) * TIME[: RATE // 3]) for step in steps])


@pytest.mark.parametrize(
    "sound",
    [
        *(tone(pitch) for pitch in (110, 220, 440, 1000)),
        *(tone(pitch, pitch * 1.25, pitch * 1.5, tremolo=rate) for pitch in (110, 220, 440) for rate in (0, 1, 3, 5)),
        *(tone(*range(50, 600, 50)), tune(1), tune(2)),
        *(noise(seed, power) for seed in range(3) for power in (0, 1, 2)),
        *(noise(seed, 1) * (1 + 0.9 * np.sin(2 * np.pi * 3 * TIME)) for seed in range(3)),
    ],
)
@pytest.mark.parametrize("hiss", [0, 0.03])
def test_what_is_no_voice_has_no_timbre(sound: NDArray[np.float64], hiss: float) -> None:
    whole = Span(0, 3000)
    assert timbres([whole], made(sound, hiss)) == [None]
    assert not has_voice(whole, made(sound, hiss))


def test_a_voice_is_heard_in_a_line_that_is_too_short_to_compare() -> None:
    sound = buzz(120, (500, 1500, 2500), 2, 1)
    assert has_voice(Span(0, 2000), sound)
    assert has_voice(Span(100, 900), sound)
    assert not has_voice(Span(0, 20), sound)
    assert not has_voice(Span(60_000, 61_000), sound)


@pytest.fixture
def _flite() -> None:
    program("flite")


def judged(sound: Sound) -> tuple[int, int, int]:
    """Count the lines that are given a voice, the voices, and the lines in a voice that is mostly another's."""
    found = named_turns([Span(line.start, line.end) for line in sound.lines], sound.samples())
    by_voice: dict[int, list[str]] = {}
    for voice, line in zip(found, sound.lines, strict=True):
        if voice is not None:
            by_voice.setdefault(voice, []).append(line.speaker)
    known = sum(map(len, by_voice.values()))
    return known, len(by_voice), known - sum(Counter(those).most_common(1)[0][1] for those in by_voice.values())


@pytest.mark.sampled(2)
@pytest.mark.long
@pytest.mark.usefixtures("_flite")
@pytest.mark.parametrize("snr", [None, 10.0, 5.0])
@pytest.mark.parametrize("name", ["harbour", "reading"])
def test_the_voices_of_a_dialogue_are_not_taken_for_each_other(name: dialogues.Name, snr: float | None) -> None:
    """Clean, and over a telephone with noise."""
    sound = dialogues.dialogue(name, snr)
    known, count, wrong = judged(sound)
    there = len({line.speaker for line in sound.lines})
    assert wrong == 0
    assert known >= len(sound.lines) * 0.9
    assert there <= count <= there + 2
