"""Makes lines of words that have times: joins them, keeps what is known of each, and divides where a format does not.

The rule for formats that have words and no lines: a line ends where another voice begins, before a pause of a second
and a half, and after a sentence, unless the line would be shorter than sixty signs and goes on within 0.3 seconds. One
that grows longer than 240 signs is divided at the longest pause in its second half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.transcript import Turn
from player.intake.transcripts.cleaning import clean
from player.intake.transcripts.imported import Deed, ImportedLine
from player.intake.transcripts.programs.seconds import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.intake.transcripts.told import Told

#: In milliseconds: before such a pause a line ends; after one, a sentence that has ended is a line of its own.
PAUSE: Final = 1_500
BREATH: Final = 300
#: In signs: what is enough for a line, and the most of one.
ENOUGH: Final = 60
MOST: Final = 240
#: In milliseconds: by so much a line is widened to hold its words.
_SLACK: Final = 1_000
#: So many words may be skipped while a text's words are looked for among those with times.
_AHEAD: Final = 8

_SENTENCE: Final = re.compile("[.?!…。？！؟।]+[\"'’”»)\\]]*$")  # noqa: RUF001  # full width signs end sentences in Chinese
# "Mr.", "St." and initials end no sentence.
_SHORT: Final = re.compile(r"[^\W\d_]{1,2}\.")
#: Scripts that put no space between words.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
#: So many lines, nearly all of one word, are words.
_FEWEST: Final = 5
_SINGLE: Final = 0.9
_LETTERS: Final = re.compile(r"[^\w]+")
#: In place of a voice: several say what has no space in it.
_SEVERAL: Final = "\0"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a part of one that ``joins`` what stands before it, such as a comma. Times are in milliseconds."""

    text: str
    start: int | None = None
    end: int | None = None
    confidence: float | None = None
    speaker: str | None = None
    joins: bool = False


class _Token(NamedTuple):
    """One of ``text.split()``: when it begins and ends, how sure the producer is of it, and who says it."""

    text: str
    start: int | None
    end: int | None
    confidence: float | None
    speaker: str | None = None


def lines_of(words: Iterable[Word], told: Told) -> Iterator[ImportedLine]:
    """Divide words into lines by the rule above; each has the voice of its first word."""
    yield from lines_of_groups(groups(words), told)


def lines_of_groups(divided: Iterable[Sequence[Word]], told: Told) -> Iterator[ImportedLine]:
    """Make a line of each group of words; it has the voice of its first word."""
    for group in divided:
        line = line_of(group, told, speaker=group[0].speaker)
        if line is not None:
            yield line


def line_of(  # each is a field of the line, or what it is made from
    words: Sequence[Word],
    told: Told,
    *,
    text: str | None = None,
    start: int | None = None,
    end: int | None = None,
    speaker: str | None = None,
    confidence: float | None = None,
    origin: int | None = None,
) -> ImportedLine | None:
    """Make one line of words; ``text`` is what it says where the file has that apart. None where it says nothing.

    Its times are those given, widened where words are a little outside, or else those of its words. Words that have
    another voice than the line are that voice's.
    """
    tokens = _tokens(words)
    said = " ".join(token.text for token in tokens) if text is None else clean(text)
    if not said:
        return None
    tokens = _matched(said.split(), tokens, told)
    timed = [token for token in tokens if token.start is not None]
    if start is None and timed:
        start, end = timed[0].start, max(token.end or token.start or 0 for token in timed)
    elif start is not None and timed:
        start, end = _widened(start, end, timed)
    start, end = span(start, end, told, origin)
    sure = tuple(token.confidence for token in tokens)
    return ImportedLine(
        said,
        _turns(tokens, speaker, told, origin),
        start,
        end,
        words=() if start is None else _offsets(tokens, start, end, told),
        confidence=confidence,
        word_confidences=sure if any(each is not None for each in sure) else (),
        origin=origin,
    )


def voices(given: Sequence[str | None], speaker: str | None) -> list[str | None]:
    """Give who says each word of a line, where some have a voice of their own, and the line has ``speaker``.

    A word without one is said by whoever says those around it; between two voices it is nobody's.
    """
    if all(voice is None or voice == speaker for voice in given):
        return [speaker] * len(given)
    befores, afters = list(given), list(given)
    for at in range(1, len(given)):
        befores[at] = given[at] or befores[at - 1]
        afters[-at - 1] = given[-at - 1] or afters[-at]
    found: list[str | None] = []
    for before, after in zip(befores, afters, strict=True):
        # At the head or the end of a line there is one neighbour alone.
        one = before or after if before is None or after is None else None
        found.append(before if before == after else one if speaker in {None, one} else None)
    return found


def _turns(tokens: Sequence[_Token], speaker: str | None, told: Told, origin: int | None) -> tuple[Turn, ...]:
    said: list[tuple[str | None, list[str]]] = []
    for token, given in zip(tokens, voices([token.speaker for token in tokens], speaker), strict=True):
        voice = None if given == _SEVERAL else given
        if not said or said[-1][0] != voice:
            said.append((voice, []))
        said[-1][1].append(token.text)
    if any(voice != speaker for voice, _ in said) and speaker is not None:
        told.add(
            Deed.READ,
            "line of which some words are another voice’s",
            "lines of which some words are another voice’s",
            origin,
        )
    if all(voice is None for voice, _ in said):
        return ()
    return tuple(Turn(voice, " ".join(texts)) for voice, texts in said)


def are_single(texts: Sequence[str]) -> bool:
    """Tell whether what a format has as lines are single words; in a script without spaces that is not known."""
    single = sum(len(text.split()) <= 1 and not _UNSPACED.search(text) for text in texts)
    return len(texts) >= _FEWEST and single >= _SINGLE * len(texts)


def is_unspaced(before: str, after: str) -> bool:
    """Tell whether no space is put between two words, as in Chinese, Japanese and Thai."""
    return bool(before and after and _UNSPACED.match(before[-1]) and _UNSPACED.match(after[0]))


def groups(words: Iterable[Word], enough: int = ENOUGH, most: int = MOST) -> Iterator[list[Word]]:
    """Divide words into those of each line: ``enough`` signs are a line, and ``most`` the most of one."""
    group: list[Word] = []
    size, last, token = 0, None, ""
    for word in words:
        if not word.text.strip():
            continue
        if group and not word.joins and _ends(group, size >= enough, token, word, last):
            yield group
            group, size, last = [], 0, None
        token = token + word.text if word.joins else word.text
        group.append(word)
        size += len(word.text) + (not word.joins)
        last = word.end or word.start or last
        if size > most and len(group) > 1:
            cut = _cut(group)
            yield group[:cut]
            group = group[cut:]
            size = sum(len(each.text) + (not each.joins) for each in group)
    if group:
        yield group


def _ends(group: Sequence[Word], is_enough: bool, token: str, word: Word, last: int | None) -> bool:
    if word.speaker != group[0].speaker:
        return True
    pause = word.start - last if word.start is not None and last is not None else 0
    if pause >= PAUSE:
        return True
    is_sentence = ends_sentence(token, pause)
    return is_sentence and (is_enough or pause >= BREATH)


def ends_sentence(token: str, pause: int) -> bool:
    """Tell whether a sentence ends with a word, before a pause of so many milliseconds."""
    return _SENTENCE.search(token) is not None and (pause >= BREATH or _SHORT.fullmatch(token) is None)


def _cut(group: Sequence[Word]) -> int:
    """Find where a long line is divided: before the longest pause of its second half, and the last of equal ones."""
    best, place = (-1, False), len(group) - 1
    for index in range(max(1, len(group) // 2), len(group)):
        word, before = group[index], group[index - 1]
        if word.joins:
            continue
        after = before.end or before.start
        pause = word.start - after if word.start is not None and after is not None else 0
        worth = (pause, before.text[-1] in ",;:")
        if worth >= best:
            best, place = worth, index
    return max(1, place)


def _tokens(words: Iterable[Word]) -> list[_Token]:
    tokens: list[_Token] = []
    for word in words:
        first, *rest = clean(word.text).split(" ")
        if not first:
            continue
        if word.joins and tokens:
            before = tokens[-1]
            known = [each for each in (before.confidence, word.confidence) if each is not None]
            start = word.start if before.start is None else before.start
            voice = before.speaker if word.speaker in {None, before.speaker} else None
            tokens[-1] = _Token(before.text + first, start, word.end or before.end, min(known, default=None), voice)
        else:
            tokens.append(_Token(first, word.start, word.end, word.confidence, word.speaker))
        tokens += [_Token(part, None, word.end, word.confidence, word.speaker) for part in rest]
    return tokens


def _matched(texts: Sequence[str], tokens: Sequence[_Token], told: Told) -> list[_Token]:
    """Give for each word of a text what is known of it."""
    if len(texts) == len(tokens) and all(token.text == text for token, text in zip(tokens, texts, strict=True)):
        return list(tokens)
    if "".join(texts) == "".join(token.text for token in tokens):
        return _by_place(texts, tokens)
    found: list[_Token] = []
    at = 0
    keys = [_key(token.text) for token in tokens]
    for text in texts:
        key = _key(text)
        place = next((each for each in range(at, min(at + _AHEAD, len(tokens))) if key and keys[each] == key), None)
        if place is None:
            found.append(_Token(text, None, None, None))
        else:
            found.append(tokens[place]._replace(text=text))
            at = place + 1
    if any(token.start is not None for token in tokens):
        missing = sum(token.start is None for token in found)
        told.mended("word that has no time of its own", "words that have no times of their own", count=missing)
    return found


def _by_place(texts: Sequence[str], tokens: Sequence[_Token]) -> list[_Token]:
    """Match words whose letters are the same but whose spaces are not, as where a language writes none."""
    starts: dict[int, _Token] = {}
    at = 0
    for token in tokens:
        starts[at] = token
        at += len(token.text)
    found, at = [], 0
    for text in texts:
        begins = starts.get(at)
        held = (starts[place].speaker for place in range(at, at + len(text)) if place in starts)
        said_by = {speaker for speaker in held if speaker is not None}
        voice = _SEVERAL if len(said_by) > 1 else next(iter(said_by), None)
        known = _Token(text, None, None, None) if begins is None else begins
        found.append(known._replace(text=text, speaker=voice))
        at += len(text)
    return found


def _key(text: str) -> str:
    return _LETTERS.sub("", text).casefold()


def _widened(start: int, end: int | None, timed: Sequence[_Token]) -> tuple[int, int | None]:
    """Widen a line to hold its words, where they are outside by no more than a second."""
    first = min(token.start for token in timed if token.start is not None)
    last = max(token.end or token.start or 0 for token in timed)
    if 0 <= start - first <= _SLACK:
        start = max(first, 0)
    if end is not None and 0 <= last - end <= _SLACK:
        end = last
    return start, end


def _offsets(tokens: Sequence[_Token], start: int, end: int | None, told: Told) -> tuple[int | None, ...]:
    """Give how long after the start each word begins; one outside the line, or before the last one, is untimed."""
    found: list[int | None] = []
    latest = 0
    for token in tokens:
        offset = None if token.start is None else token.start - start
        if offset is not None and (offset < 0 or (end is not None and offset >= end - start)):
            told.mended("word outside its line, now untimed", "words outside their lines, now untimed")
            offset = None
        elif offset is not None and offset < latest:
            told.mended("word before the last one, now untimed", "words before the ones before them, now untimed")
            offset = None
        latest = latest if offset is None else offset
        found.append(offset)
    return tuple(found) if any(offset is not None for offset in found) else ()
