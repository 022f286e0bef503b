"""Lines are placed in sound by what is heard in it: flite speaks, and the real model of soundswallower listens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from player.align.asked import Placed, SpokenLine
from player.align.placing import place
from player.align.spoken_forms import spoken_line
from player.reading import flite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.align.pieces import Job, Work

np = pytest.importorskip("numpy")
pytest.importorskip("soundswallower")
pytestmark = pytest.mark.skipif(not flite.installed(), reason="flite speaks here, and it is not installed")

SAID = ("The ferry left the harbour before the winter.", "Nobody in the village had counted the barrels.")


@dataclass
class Here:
    """Does the jobs in this process, with values that went through JSON as they do on the way to another."""

    sound: Any

    @property
    def samples(self) -> Any:
        return SimpleNamespace(duration=len(self.sound) // 16, mapped=lambda: (self.sound, lambda: None))

    def done(self, jobs: Sequence[Job], make: str, settings: Mapping[str, Any], *, what: str) -> list[Any]:
        from player.align.passes import passer  # noqa: PLC0415  # numpy is an extra

        assert make == "player.align.passes:passer"
        assert what
        do = passer(self.sound, json.loads(json.dumps(settings)))
        return [json.loads(json.dumps(do(json.loads(json.dumps(job.values))))) for job in jobs]


def spoken(*texts: str, pause: int = 8000) -> tuple[Any, list[list[float]]]:
    """Speak texts one after another; also the true starts of their tokens in milliseconds."""
    parts, starts, at = [np.zeros(pause, np.int16)], [], pause
    for number, text in enumerate(texts):
        speech = flite.synthesise(text, ("rms", "slt")[number % 2])
        starts.append([(at + token.start) / 16 for token in speech.tokens])
        parts += [np.frombuffer(speech.samples, np.int16), np.zeros(pause, np.int16)]
        at += len(parts[-2]) + pause
    return np.concatenate(parts), starts


def placed(sound: Any, *texts: str) -> list[Any]:
    lines = [SpokenLine(f"c{number}", spoken_line(text, "en")) for number, text in enumerate(texts)]
    return list(place(lines, cast("Work", Here(sound)), "en"))


@pytest.mark.long
def test_two_sentences_are_placed_within_a_few_hundredths_of_a_second() -> None:
    sound, starts = spoken(*SAID)
    for found, true in zip(placed(sound, *SAID), starts, strict=True):
        assert isinstance(found, Placed)
        assert max(abs((at or 0) - begun) for at, begun in zip(found.words, true, strict=True)) < 80
        assert found.start == found.words[0]
        assert found.confidence > 0.8


@pytest.mark.long
def test_a_line_that_is_not_said_is_not_placed_and_pulls_no_other_along() -> None:
    sound, starts = spoken(*SAID)
    first, never, last = placed(sound, SAID[0], "Seven teachers painted an orchard behind the clock tower.", SAID[1])
    assert abs(first.start - starts[0][0]) < 80
    assert not isinstance(never, Placed)
    assert abs(last.start - starts[1][0]) < 80


@pytest.mark.long
def test_words_that_the_text_has_not_are_passed_over() -> None:
    sound, starts = spoken(SAID[0], "Something else was said between them, and nobody typed it.", SAID[1])
    first, last = placed(sound, *SAID)
    assert abs(first.start - starts[0][0]) < 80
    assert abs(last.start - starts[2][0]) < 80


@pytest.mark.long
def test_nothing_is_placed_on_noise_or_silence_or_other_words() -> None:
    noise = (np.random.default_rng(5).standard_normal(16_000 * 12) * 2000).astype(np.int16)
    other, _ = spoken("We carried yellow blankets across the narrow meadow.", "Their lanterns opened every morning.")
    for sound in (noise, np.zeros(16_000 * 5, np.int16), noise[:16_000], noise[:100], other):
        assert not any(isinstance(each, Placed) for each in placed(sound, *SAID))


@pytest.mark.long
def test_a_line_of_which_nothing_is_spoken_stays_untimed() -> None:
    sound, _ = spoken(*SAID)
    assert placed(sound, "—") == [None]
    assert placed(sound) == []


@pytest.mark.long
def test_numbers_names_and_abbreviations_are_placed_however_they_were_said() -> None:
    sound, starts = spoken(
        "In nineteen hundred and sixty three mister Kelpwick paid five twenty five at half past seven in the evening.",
        "On the fifth of November the you en met doctor Quarrow at fern street.",
    )
    first, last = placed(
        sound,
        "In 1963 Mr. Kelpwick [laughs] paid $5.25 at 7:30 in the evening.",
        "On 5 November the U.N. met Dr. Quarrow at Fern St.",
    )
    assert first.words[4] is None  # nobody says "[laughs]"
    heard = [at for at in first.words if at is not None]
    said = [starts[0][index] for index in (0, 1, 6, 7, 8, 9, 12, 13, 16, 17, 18)]
    assert max(abs(at - begun) for at, begun in zip(heard, said, strict=True)) < 100
    said = [starts[1][index] for index in (0, 1, 4, 5, 6, 8, 9, 10, 11, 12, 13)]
    assert max(abs(at - begun) for at, begun in zip(last.words, said, strict=True)) < 100


@pytest.mark.long
def test_a_line_with_a_word_that_has_no_sounds_is_told_with_that_word() -> None:
    sound, _ = spoken(*SAID)
    first, strange, last = placed(sound, SAID[0], "They called it 港 then.", SAID[1])
    assert isinstance(first, Placed)
    assert isinstance(last, Placed)
    assert strange.why == '"港" cannot be pronounced, for the model has no sounds for "港"'


@pytest.mark.long
def test_the_last_way_of_saying_a_number_is_tried_too() -> None:
    sound, starts = spoken(
        "They opened the harbour in nineteen hundred and sixty three, and sold it in twenty oh five."
    )
    (found,) = placed(sound, "They opened the harbour in 1963, and sold it in 2005.")
    said = [starts[0][index] for index in (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14)]
    assert max(abs(at - begun) for at, begun in zip(found.words, said, strict=True)) < 80
