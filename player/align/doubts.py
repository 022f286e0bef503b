"""Tells what was said from what a recogniser made up: Whisper finds words in hiss, in silence and in its own last ones.

A segment counts only where the recogniser itself believes in it, does not repeat itself, and where there is a voice.
What is left out is never put back by a guess; where that was is told. The limits of compression, probability and "no
speech" are those at which Whisper's own program tries again (A. Radford and others, 2022, section 4.5). How often
silence becomes words: A. Koenecke and others, "Careless Whisper" (2024), arXiv:2402.08021.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from player.align.windows import joined
from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.align.hearing import Segment
    from player.align.windows import Heard

#: Text that can be compressed so much repeats itself.
_COMPRESSION: Final = 2.4
#: The mean logarithm of the probability of its tokens: below, a segment is noise; below the second, it is where the
#: recogniser thinks, by more than the limit of ``no_speech``, that nobody speaks. Whisper's own limit is -1: of the
#: words between the two, one in five was right, in speech over a telephone with as much noise.
_LOGPROB: Final = -0.8
_DOUBTFUL: Final = -0.5
_NO_SPEECH: Final = 0.6
#: So sure it is of the words of a segment at least, on average; of others, one in six was right.
_MEAN: Final = 0.5
#: The probability of the tokens of clear speech, on average. Of a segment that is less probable, all words are less
#: sure than it says: of those with 0.9, two in three were right.
_USUAL: Final = 0.75
#: By so much Whisper has words begin too late, in milliseconds: by a median of 95 and 103 in two dialogues whose times
#: are known. Taken off, the mean error goes from 110 and 120 to 56 and 78.
_LATE: Final = 100
#: Phrases that it makes up count only where it is as sure as this.
_NO_SPEECH_PHRASE: Final = 0.3
_SURE: Final = 0.7
#: Nobody says more letters in a second; by as many words a segment is long enough to tell.
_LETTERS: Final = 30
_SOME: Final = 6
#: The same words so many times, one after the other, and so many words in all, are a loop; of as many words at most.
_TIMES: Final = 4
_LOOP: Final = 12
_LONGEST_LOOP: Final = 12
#: How far from a voice, in milliseconds, a word may be placed: Whisper's times are late, and uncertain in noise.
_NEAR: Final = 500
#: A voice that is heard for as long, without a word, is told of.
_TOLD: Final = SECOND
#: Between words that are no further apart, nothing was left out.
_BREATH: Final = 2 * SECOND

#: What Whisper writes where nobody speaks: what stood in the subtitles it learnt from. In small letters, without signs.
_PHRASES: Final = frozenset(
    {
        "bye",
        "bye bye",
        "copyright wdr 2021",
        "gracias",
        "ご視聴ありがとうございました",
        "merci d'avoir regardé cette vidéo",
        "oh",
        "okay",
        "please subscribe",
        "please subscribe to my channel",
        "so",
        "sottotitoli creati dalla comunità amara org",
        "sous-titres réalisés par la communauté d'amara org",
        "subtitles by the amara org community",
        "subtítulos realizados por la comunidad de amara org",
        "thank you",
        "thank you for watching",
        "thank you very much",
        "thanks for watching",
        "the end",
        "untertitel der amara org-community",
        "untertitel im auftrag des zdf für funk 2017",
        "untertitelung des zdf 2020",
        "you",
        "字幕由amara org社区提供",
    }
)
_BRACKETS: Final = {"[": "]", "(": ")", "♪": "♪", "*": "*"}


class Sifted(NamedTuple):
    """The words that count, in order of time, and the passages of which the words do not."""

    words: list[Heard]
    left_out: list[Span]


def sifted(segments: Sequence[Segment], voiced: Sequence[Span]) -> Sifted:
    """Give the words of segments that count; ``voiced`` are the passages with voices, in order of time."""
    voices = _Voices(voiced)
    words: list[Heard] = []
    left_out: list[Span] = []
    for segment in segments:
        real = 0 if not segment.words or _is_made_up(segment, voices) else _before_loop(segment.words)
        trust = min(1.0, math.exp(segment.logprob) / _USUAL)
        for place, word in enumerate(segment.words):
            if place < real and voices.are_near(word.start, word.end):
                words.append(voices.placed(word)._replace(sure=round(word.sure * trust, 4)))
            else:
                left_out.append(Span(word.start, max(word.end, word.start + 1)))
    return Sifted(words, joined(sorted(left_out), _BREATH))


def unheard(words: Sequence[Heard], voiced: Sequence[Span], left_out: Sequence[Span]) -> list[Span]:
    """Give the passages with voices of which there are no words, for a second or more, in order of time.

    ``left_out`` are those of which the words do not count; where there is no voice, there was nothing to hear.
    """
    found: list[Span] = []
    covered = joined((Span(word.start, max(word.end, word.start + 1)) for word in words), _BREATH)
    place = 0
    for voice in joined(voiced, _BREATH // 2):
        while place and covered[place - 1].end > voice.start:
            place -= 1
        start = voice.start
        while place < len(covered) and covered[place].start < voice.end:
            if covered[place].start - start >= _TOLD:
                found.append(Span(start, covered[place].start))
            start = max(start, covered[place].end)
            place += 1
        if voice.end - start >= _TOLD:
            found.append(Span(start, voice.end))
    real = _Voices(voiced)
    found += [span for span in left_out if real.are_near(span.start, span.end, 0)]
    return joined(sorted(found), 0)


def _is_made_up(segment: Segment, voices: _Voices) -> bool:
    words = segment.words
    text = "".join(word.text for word in words).strip()
    sure = sum(word.sure for word in words) / len(words)
    if segment.compression > _COMPRESSION or segment.logprob < _LOGPROB or sure < _MEAN:
        return True
    if segment.no_speech > _NO_SPEECH and segment.logprob < _DOUBTFUL:
        return True
    if not any(letter.isalnum() for letter in text) or _BRACKETS.get(text[0]) == text[-1]:
        return True
    if _plain(text) in _PHRASES and (segment.no_speech > _NO_SPEECH_PHRASE or sure < _SURE):
        return True
    first, last = words[0].start, words[-1].end
    if len(words) >= _SOME and len(text) * SECOND > _LETTERS * max(last - first, 1):
        return True
    return not voices.are_near(first, last)


def _plain(text: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "-'" else " " for letter in text.casefold())
    return " ".join(kept.split())


def _before_loop(words: Sequence[Heard]) -> int:
    """Give how many words there are before the recogniser repeats itself, which it does until its window is full."""
    keys = [_plain(word.text) for word in words]
    for start in range(len(keys)):
        for size in range(1, min(_LONGEST_LOOP, (len(keys) - start) // _TIMES) + 1):
            times = max(_TIMES, -(-_LOOP // size))
            if keys[start : start + size] * times == keys[start : start + size * times]:
                return start
    return len(keys)


class _Voices:
    """Where there are voices."""

    def __init__(self, voiced: Sequence[Span]) -> None:
        self._spans = list(voiced)
        self._starts = [span.start for span in voiced]

    def are_near(self, start: int, end: int, near: int = _NEAR) -> bool:
        """Tell whether there is a voice from ``start`` to ``end``, or next to it."""
        at = bisect_right(self._starts, end + near) - 1
        return at >= 0 and self._spans[at].end > start - near

    def placed(self, word: Heard) -> Heard:
        """Give a word with the times at which it is said: earlier, but no earlier than the voice that says it begins.

        The first word of a window is drawn out to the beginning of that.
        """
        start = max(0, word.start - _LATE)
        at = bisect_right(self._starts, word.start) - 1
        if at >= 0 and self._spans[at].end > word.start:
            start = max(start, self._starts[at])
        elif at + 1 < len(self._spans) and self._starts[at + 1] < word.end:
            start = self._starts[at + 1]
        return word._replace(start=start, end=max(start + 1, word.end - _LATE))
