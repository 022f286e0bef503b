"""Says whether the words of a line fit where they are held to be better than any other words would.

How well words fit depends on the noise, and on how long they are; that other words fit the same sound less does not
(a cohort of competitors, as in R. Sukkar and C.-H. Lee, "Vocabulary independent discriminative utterance verification
for nonkeyword rejection in subword based speech recognition", IEEE Transactions on Speech and Audio Processing, 1996).
The others here are words of the same text whose phones are turned round, so that nobody can have said them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.align import acoustics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.align.acoustic_model import AcousticModel

Array = np.ndarray[Any, Any]
#: Words one after another, each of phones by number.
Words = list[list[int]]

# How many others there are.
_OTHERS: Final = 12
# What others of as many phones fit spreads by about this, in nepers a frame, over the root of the frames.
_SPREAD: Final = 5.0
# What stands out fits so much better, in nepers a frame, than the best of the others.
_BEST: Final = 0.25
_NEVER: Final = -1e9


@dataclass(frozen=True, eq=False)
class Sound:
    """Some frames: ``streams``, what any sound fits them, and, above that, silence and any speech."""

    streams: Array
    any_sound: Array
    silence: Array
    speech: Array

    def within(self, frames: slice) -> Sound:
        """Give some of its frames."""
        return Sound(self.streams[:, frames], self.any_sound[frames], self.silence[frames], self.speech[frames])


def stands_out(model: AcousticModel, sound: Sound, words: Words, text: Words) -> float:
    """Tell by how much some words fit a sound better than words of ``text`` turned round, of as many phones.

    In standard deviations of these; 0 where one of them fits about as well.
    """
    frames = len(sound.speech)
    own, *fits = _fits(model, sound, [words, *_others(text, sum(map(len, words)))])
    # Some have a phone more, and no room.
    others = [fit for fit in fits if fit > _NEVER / frames / 2]
    if len(others) < _OTHERS / 2 or own <= max(others) + _BEST:
        return 0.0
    return float((own - np.mean(others)) * np.sqrt(frames) / _SPREAD)


def _others(text: Words, phones: int) -> list[Words]:
    """Give words that have at least so many phones, from places all over the text."""
    found = []
    for number in range(_OTHERS):
        at, count = number * len(text) // _OTHERS, 0
        chosen: Words = []
        while count < phones:
            chosen.append(text[at % len(text)][::-1])
            count += len(chosen[-1])
            at += 1
        found.append(chosen)
    return found


def _fits(model: AcousticModel, sound: Sound, texts: Sequence[Words]) -> list[float]:
    """Give how well each text fits all of the sound, in nepers a frame above any speech, with pauses where they help.

    The Viterbi algorithm over the states of all texts at once, each word's with one of silence behind.
    """
    senones: list[Array] = []
    firsts: list[int] = []
    before: list[int] = []
    lasts: list[int] = []
    at = 0
    for words in texts:
        for index, word in enumerate(words):
            left = words[index - 1][-1] if index else model.silence
            right = words[index + 1][0] if index + 1 < len(words) else model.silence
            own = model.senones(word, left, right)
            senones.append(np.append(own, -1))
            firsts.append(at)
            before.append(at - 2 if index else -1)
            at += len(own) + 1
        lasts.append(at - 2)
    needed, columns = np.unique(np.concatenate(senones), return_inverse=True)
    # The first is silence.
    fits = np.empty((len(sound.speech), len(needed)), np.float32)
    fits[:, 0] = sound.silence - sound.speech
    fits[:, 1:] = acoustics.scores(model, sound.streams, needed[1:]) - sound.any_sound - sound.speech[:, None]
    score = np.full(at, _NEVER)
    score[[first for first, last in zip(firsts, before, strict=True) if last < 0]] = 0.0
    inner = np.array([first for first, last in zip(firsts, before, strict=True) if last >= 0], np.intp)
    ended = np.array([last for last in before if last >= 0], np.intp)
    goes_on = np.ones(at, bool)
    goes_on[firsts] = False
    goes_on = goes_on[1:]
    for frame, row in enumerate(fits):
        if frame:
            # From the state before, or, into a word, from the last of the word before, or from the silence behind it.
            came = score.copy()
            np.maximum(score[1:], score[:-1], out=came[1:], where=goes_on)
            came[inner] = np.maximum(score[inner], np.maximum(score[ended], score[ended + 1]))
            score = came
        score = score + row[columns]
    return [float(max(score[last], score[last + 1])) / len(fits) for last in lasts]
