"""Finds out what the tiers of an annotation program hold: what a voice says, the words of that, or parts of words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.errors import quoted
from player.intake.transcripts.programs.words import Word, line_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from player.intake.transcripts.imported import ImportedLine
    from player.intake.transcripts.told import Told

#: In milliseconds: so much a word may stand outside what it is a word of.
_TOLERANCE: Final = 20
#: Shares that decide: of words that are within, of lines whose words are theirs, of labels that are single words.
_WITHIN: Final = 0.9
_SAME: Final = 0.5
_SINGLE: Final = 0.9
#: Fewer single words are short answers.
_FEWEST_WORDS: Final = 5
#: In milliseconds: words of one tier follow one another; short answers do not.
_CLOSE: Final = 300

_WORDS_NAME: Final = re.compile(r"(?:(.*?)[ _.:-]+)?(?:words?|ort(?:-mau)?)", re.IGNORECASE)
_PARTS_NAME: Final = re.compile(
    r"(?:(.*?)[ _.:-]+)?(?:phone?s?|phonemes?|segments?|syllables?|mau|kan|mas)", re.IGNORECASE
)
#: What a tier is called where its name is nobody's; before it or, with @, behind it there may be that of a voice.
_KIND: Final = (
    r"(?:utterance|utt|phrase|sentence|line|text|txt|tx|ref|transcript|transcription|speech|trans|default|tier)"
)
_NOBODY: Final = re.compile(rf"{_KIND}[s ]?[0-9]*", re.IGNORECASE)
_AT: Final = re.compile(r"[^@\s]{1,20}@(.+)")
#: What a tier is called that holds what a transcriber thinks of what is said, of one voice or of all.
_COMMENTS: Final = re.compile(
    r"(?:.+[ _.:-])?"
    r"(?:comments?|notes?|remarks?|kommentare?|anmerkung(?:en)?|bemerkung(?:en)?|commentaires?|comentarios?)"
    r"[ _-]?[0-9]*(?:@.+)?",
    re.IGNORECASE,
)
_BEFORE_KIND: Final = re.compile(rf"(.+?)[ _.:-]+{_KIND}s?", re.IGNORECASE)
#: So many tiers are compared with one another, by so many of their marks first.
_MOST: Final = 24
_SAMPLE: Final = 50
#: In signs: no name of a tier of comments is as long.
_LONGEST: Final = 100
_FORMS: Final = (_WORDS_NAME, _PARTS_NAME, _AT, _BEFORE_KIND)
_LETTERS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands on a tier from a time to a time, in milliseconds; ``line`` is its line in the file."""

    start: int
    end: int
    text: str
    line: int | None = None


@dataclass(frozen=True)
class Tier:
    """A tier with what is marked on it, in order, and whose voice it is, where the file says so beside its name."""

    name: str
    marks: list[Mark] = field(default_factory=list)
    speaker: str | None = None


def lines_of_tiers(tiers: Sequence[Tier], told: Told) -> list[ImportedLine]:
    """Make lines of tiers, in the order of their starts; a tier's name is that of the voice."""
    tiers = [tier for tier in tiers if tier.marks]
    explaining = comments_in({tier.name: [mark.line for mark in tier.marks if mark.text] for tier in tiers}, told)
    tiers = [tier for tier in tiers if tier.name not in explaining]
    words = _words_of(tiers)
    taken = {id(tier) for tier in words.values()}
    parts = {id(tier) for tier in tiers if id(tier) not in taken and _is_parts(tier, tiers)}
    found: list[ImportedLine] = []
    for tier in tiers:
        if id(tier) in taken:
            _tell(told.read, "as the times of another's words", tier)
        elif id(tier) in parts:
            _tell(told.left_out, "of parts of words", tier)
        elif id(tier) not in words and is_only_words(tier):
            _tell(told.read, "of single words, joined into lines", tier)
            speaker = tier.speaker or voice_of(tier.name)
            found += lines_of([Word(mark.text, mark.start, mark.end, speaker=speaker) for mark in tier.marks], told)
        else:
            found += _lines(tier, words.get(id(tier)), told)
    return sorted(found, key=lambda line: line.start or 0)


def comments_in(tiers: Mapping[str, Sequence[int | None]], told: Told) -> frozenset[str]:
    """Give the names of the tiers of comments, which nobody says, beside others; tell of what they hold, by its lines.

    :param tiers: by their names, the line in the file of whatever is written on each.
    """
    found = {name: lines for name, lines in tiers.items() if _COMMENTS.fullmatch(name[:_LONGEST]) is not None}
    if all(name in found for name, lines in tiers.items() if lines):
        return frozenset()
    for name, lines in found.items():
        for line in lines:
            told.left_out(
                f"{{}} comment, on the tier {quoted(name)}", f"{{}} comments, on the tier {quoted(name)}", line=line
            )
    return frozenset(found)


def are_words_of(finer: Sequence[Mark], coarser: Sequence[Mark]) -> bool:
    """Tell whether marks are the words of others: they lie within them, and together say the same."""
    if len(finer) <= len(coarser) // 2 or not any(contained(finer[:_SAMPLE], coarser)):
        return False
    held = [each for each in contained(finer, coarser) if each]
    if len(finer) <= len(held) or sum(map(len, held)) < _WITHIN * len(finer):
        return False
    texts = (_letters(coarser[place].text) for place, each in enumerate(contained(finer, coarser)) if each)
    same = sum(text == _letters("".join(mark.text for mark in each)) for text, each in zip(texts, held, strict=True))
    return same >= _SAME * len(held)


def contained(finer: Sequence[Mark], coarser: Sequence[Mark]) -> list[list[Mark]]:
    """Give for each of the coarser marks the finer ones within it; both are in order."""
    found: list[list[Mark]] = [[] for _ in coarser]
    place = 0
    for mark in finer:
        middle = (mark.start + mark.end) // 2
        while place < len(coarser) and coarser[place].end <= middle:
            place += 1
        if place == len(coarser):
            break
        whole = coarser[place]
        if whole.start - _TOLERANCE <= mark.start and mark.end <= whole.end + _TOLERANCE:
            found[place].append(mark)
    return found


def is_only_words(tier: Tier) -> bool:
    """Tell whether a tier has one word in each place, and so no lines."""
    single = sum(len(mark.text.split()) == 1 for mark in tier.marks)
    if single < _SINGLE * len(tier.marks):
        return False
    if _WORDS_NAME.fullmatch(tier.name) is not None:
        return True
    close = sum(after.start - before.end < _CLOSE for before, after in pairwise(tier.marks))
    return len(tier.marks) >= _FEWEST_WORDS and 2 * close > len(tier.marks)


def _words_of(tiers: Sequence[Tier]) -> dict[int, Tier]:
    """Give the tier of words of each tier that has one, by the identity of the tier."""
    compared = [tier for tier in tiers[:_MOST] if _PARTS_NAME.fullmatch(tier.name) is None]
    single = {id(tier) for tier in compared if is_only_words(tier)}
    found: dict[int, Tier] = {}
    for finer in (tier for tier in compared if id(tier) in single):
        for coarser in (tier for tier in compared if id(tier) not in single and id(tier) not in found):
            if are_words_of(finer.marks, coarser.marks):
                found[id(coarser)] = finer
                break
    return found


def _is_parts(tier: Tier, tiers: Sequence[Tier]) -> bool:
    """Tell whether a tier has parts of words, such as phones: by its name, beside tiers with other names."""
    others = any(_PARTS_NAME.fullmatch(other.name) is None for other in tiers)
    return others and _PARTS_NAME.fullmatch(tier.name) is not None and is_only_words(Tier("words", tier.marks))


def _lines(tier: Tier, words: Tier | None, told: Told) -> Iterator[ImportedLine]:
    held = contained(words.marks, tier.marks) if words else [[] for _ in tier.marks]
    speaker = tier.speaker or voice_of(tier.name)
    for mark, own in zip(tier.marks, held, strict=True):
        given = [Word(each.text, each.start, each.end) for each in own]
        line = line_of(given, told, text=mark.text, start=mark.start, end=mark.end, speaker=speaker, origin=mark.line)
        if line is not None:
            yield line


def voice_of(name: str) -> str | None:
    """Give the voice that a tier's name is, without what says what is on it; None where it is nobody's."""
    if _COMMENTS.fullmatch(name[:_LONGEST]) is not None:
        return None
    match = next((found for form in _FORMS if (found := form.fullmatch(name))), None)
    voice = name if match is None else match[1]
    return None if not voice or _NOBODY.fullmatch(voice) else voice


def _tell(tell: Callable[[str, str], None], what: str, tier: Tier) -> None:
    """Tell of a tier by its name."""
    tell(f"tier {what}, {quoted(tier.name)}", f"tiers {what}, each called {quoted(tier.name)}")


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
