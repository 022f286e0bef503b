"""Speaks a line of a script, and finds the moments at which its printed words begin.

What is said differs from the print where the script's ``[say]`` gives a word or phrase a spelling for the ear; the
print never changes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from player.audio.segment import AudioSegment
from player.errors import ReadingError
from player.reading.flite import synthesise
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.script import Script, ScriptLine
    from player.reading.flite import Token

#: flite's own rate. It has 16 samples to the millisecond, so that what starts on a millisecond starts on a sample.
RATE: Final = 16_000

# Of the silence that flite leaves around a line, in milliseconds: enough for a soft onset and a last echo.
_LEAD, _ECHO = 20, 60
_FADE: Final = 5

# In dBFS. At this level every voice measures -22 LUFS within 1; kal16 has peaks 20 dB above it.
_LEVEL, _PEAK = -21.0, -1.0
# Loudness is that of the 50 ms frames within 30 dB of the loudest: pauses do not count (cf. the gate of EBU R 128).
_FRAME, _GATE = 50, 10**-3

# flite reads ASCII. NFKD takes care of accents, ligatures and the ellipsis; these are the marks that it leaves.
_MARKS: Final = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": " -- ",
    }
)


@dataclass(frozen=True)
class SpokenLine:
    """One line, spoken: a pydub segment at ``RATE``, one channel, 16 bits, and when each printed word begins, in ms."""

    sound: Any
    starts: tuple[int, ...]

    @property
    def duration(self) -> int:
        """How long it is, in milliseconds, exactly."""
        return len(self.sound)


@dataclass(frozen=True)
class Respelling:
    """What is said for a printed line. ``owners`` has, for each character of it that is no white space, the first and
    last printed word it belongs to.
    """

    text: str
    printed: tuple[str, ...]
    owners: tuple[tuple[int, int], ...]

    def starts(self, tokens: Sequence[Token]) -> tuple[int, ...]:
        """Give when each printed word begins, in samples, from the tokens that were spoken for ``text``.

        Several printed words said as one phrase share its time by their letters; a word of which nothing is said, such
        as a dash, begins where the one before it ends.

        :raise ReadingError: where the tokens are not those of ``text``.
        """
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        for owner, token in zip(self._owners_of(tokens), tokens, strict=True):
            start, _ = spans.get(owner, (token.start, token.end))
            spans[owner] = start, token.end
        times: dict[int, tuple[int, int]] = {}
        for (first, last), span in spans.items():
            shares = _shared(span, self.printed[first : last + 1])
            for index, (start, end) in enumerate(shares, first):
                times[index] = times.get(index, (start, end))[0], end
        starts: list[int] = []
        latest = min((start for start, _ in times.values()), default=0)
        for index in range(len(self.printed)):
            start, end = times.get(index, (latest, latest))
            starts.append(start)
            latest = end
        return tuple(starts)

    def _owners_of(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Find each token among the letters said. flite leaves punctuation out of a token, and nothing else."""
        letters = "".join(self.text.split())
        position = 0
        for token in tokens:
            found = letters.find(token.text, position)
            if found < 0 or any(letter.isalnum() for letter in letters[position:found]):
                raise ReadingError(
                    f'flite spoke "{token.text}" instead of "{letters[position:][:20]}"; give it a spelling in [say]'
                )
            yield self.owners[found]
            position = found + len(token.text)


@dataclass(frozen=True)
class _Piece:
    """Spoken letters, and the printed words ``[first, last]`` that they stand for."""

    said: str
    first: int
    last: int


def speak(script: Script, line: ScriptLine) -> SpokenLine:
    """Speak one line, trimmed and levelled; as a whole, so that its melody is that of a sentence.

    :raise ReadingError: naming the line, where it cannot be spoken; where flite is missing.
    """
    try:
        said = respell(line.text, script.say)
    except ReadingError as error:
        what, _, remedy = str(error).partition("; ")
        raise ReadingError(str(line.refusal(what, remedy))) from None
    voice = script.voices[line.voice]
    speech = synthesise(said.text, voice.flite, voice.stretch)
    if not speech.tokens:
        raise ReadingError(str(line.refusal("it contains nothing that can be spoken", "write words")))
    starts = [round(start * SECOND / speech.frame_rate) for start in said.starts(speech.tokens)]
    begins = max(0, starts[0] - _LEAD)
    ends = math.ceil(speech.tokens[-1].end * SECOND / speech.frame_rate) + _ECHO
    sound = AudioSegment(data=speech.samples, sample_width=2, frame_rate=speech.frame_rate, channels=1)
    sound = sound.set_frame_rate(RATE)[begins : min(ends, len(sound))]
    return SpokenLine(_levelled(sound).fade_in(_FADE).fade_out(_FADE), tuple(start - begins for start in starts))


def respell(text: str, say: Mapping[str, str]) -> Respelling:
    """Write a printed line in the ASCII that flite reads, each phrase of ``say`` in its spelling for the ear.

    Where such a phrase is said in as many words as are printed they answer one to one.

    :raise ReadingError: where a character is left that flite cannot speak.
    """
    printed = [match.span() for match in re.finditer(r"\S+", text)]
    said = ""
    owners: list[tuple[int, int]] = []
    reached = 0
    for piece, start, end in _pieces(text, say, printed):
        if text[reached:start].strip() != text[reached:start]:
            said += " "
        reached = end
        ascii_text = _ascii(piece.said)
        said += ascii_text
        owners += [(piece.first, piece.last)] * len("".join(ascii_text.split()))
    return Respelling(" ".join(said.split()), tuple(text[start:end] for start, end in printed), tuple(owners))


def _levelled(sound: Any) -> Any:
    """Bring speech to the common loudness, as far as its peaks allow."""
    powers = [sound[start : start + _FRAME].rms ** 2 for start in range(0, len(sound), _FRAME)]
    loud = [power for power in powers if power > max(powers) * _GATE]
    if not loud:
        return sound
    level = 10 * math.log10(sum(loud) / len(loud) / sound.max_possible_amplitude**2)
    return sound.apply_gain(min(_LEVEL - level, _PEAK - sound.max_dBFS))


def _pieces(text: str, say: Mapping[str, str], printed: Sequence[tuple[int, int]]) -> Iterator[tuple[_Piece, int, int]]:
    """Split a line into pieces, in order, each with where it stands in ``text``."""
    for start, end, respelt in _parts(text, say):
        words = [index for index, (begins, ends) in enumerate(printed) if begins < end and ends > start]
        if respelt is None:
            for index in words:
                begins, ends = max(start, printed[index][0]), min(end, printed[index][1])
                yield _Piece(text[begins:ends], index, index), begins, ends
        elif len(words) == len(respelt.split()):
            for index, word in zip(words, respelt.split(), strict=True):
                begins, ends = max(start, printed[index][0]), min(end, printed[index][1])
                yield _Piece(word, index, index), begins, ends
        else:
            yield _Piece(respelt, words[0], words[-1]), start, end


def _parts(text: str, say: Mapping[str, str]) -> Iterator[tuple[int, int, str | None]]:
    """Split a line at the phrases of ``say``, the longest first: where each part stands, and its respelling if any."""
    phrases = {" ".join(phrase.split()): respelt for phrase, respelt in say.items()}
    reached = 0
    if phrases:
        longest_first = sorted(phrases, key=len, reverse=True)
        choices = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
        for match in re.finditer(rf"(?<!\w)(?:{choices})(?!\w)", text):
            yield reached, match.start(), None
            yield match.start(), match.end(), phrases[" ".join(match.group().split())]
            reached = match.end()
    yield reached, len(text), None


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.translate(_MARKS))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    for letter in plain:
        if not ("!" <= letter <= "~" or letter.isspace()):
            raise ReadingError(
                f"flite cannot speak {_quoted(letter)}, in {_quoted(text)}; give the word a spelling in [say]"
            )
    return plain


def _shared(span: tuple[int, int], words: Sequence[str]) -> list[tuple[int, int]]:
    """Divide a time among words by their lengths."""
    start, end = span
    total = sum(map(len, words))
    edges = [start]
    letters = 0
    for word in words:
        letters += len(word)
        edges.append(start + (end - start) * letters // total)
    return list(pairwise(edges))


def _quoted(text: str) -> str:
    return f'"{text}"' if text.isprintable() else ascii(text)
