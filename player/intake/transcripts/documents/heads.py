"""Finds what stands at the head of the paragraphs of a typescript: who speaks, and when.

The house styles of archives and the exports of transcription services: ``HOLT: …``, ``Holt  03:12``, ``[00:03:12] …``,
``Speaker 1 (00:03): …``, ``Q. …`` and ``A. …``, a name before a tab. A name is taken for a speaker's only where the
document's own style says so: beside a time, or because the same few names come again and again.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.name_forms import any_head, is_nobody, may_be_head

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOCK: Final = r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9](?:[.,;:][0-9]{1,3})?"
#: A time as it stands in a typescript; the second of a pair is where the passage ends.
CLOCK: Final = re.compile(
    r"(?:(?P<hours>[0-9]{1,3}):)?(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-5][0-9])"
    r"(?:(?P<mark>[.,;:])(?P<fraction>[0-9]{1,3}))?"
)
_PAIR: Final = rf"{_CLOCK}(?:\s{{0,3}}(?:-|–|—|-->|to)\s{{0,3}}{_CLOCK})?"
_BRACKETED: Final = rf"[\[({{<]\s{{0,3}}(?P<bracketed>{_PAIR})\s{{0,3}}[\])}}>]"
_TIMED: Final = re.compile(rf"{_BRACKETED}[\s:.,\u2013\u2014-]{{0,4}}")
_BARE: Final = re.compile(rf"(?P<bare>{_PAIR})(?:\s{{1,9}}[\u2013\u2014-]\s{{1,9}}|:?\s{{1,9}}|$)")
# Letters, then whatever a name has: "MRS. O'NEILL-GRANT", "Speaker 1", "Unidentified man #2".
_NAME: Final = r"(?P<name>[^\W\d_][^:\uff1a\n\t\[\](){}<>?!;\"“”*=/\\|]{0,48})"
_COLON: Final = re.compile(rf"\*{{0,2}}{_NAME}\*{{0,2}}\s{{0,3}}[:\uff1a]\*{{0,2}}(?:\s{{1,9}}|(?<=\uff1a)|$)")
_TABBED: Final = re.compile(rf"{_NAME}\t\s{{0,9}}(?=\S)")
_NAME_TIME: Final = re.compile(
    rf"\*{{0,2}}{_NAME}\*{{0,2}}(?:(?P<wide>\s{{2,9}}|\t)|,?\s)(?:{_BRACKETED}|(?P<bare>{_PAIR}))\s{{0,3}}(?P<colon>:)?\*{{0,2}}"
    r"(?:\s{1,9}|$)"
)
_ASKED: Final = re.compile(
    r"(?P<name>[QA]|Question|Answer|QUESTION|ANSWER)\s{0,3}(?:[.:)\u2013\u2014-]|\t)\s{0,9}(?=\S)"
)
_SPEECH_SIGN: Final = re.compile(r"(?:>>|[\u2013\u2014])\s{0,3}")
#: In typescripts these stand before a colon too, beside those that are nobody in captions.
_NO_NAMES: Final = frozenset(
    re.findall(
        r"\S+",
        "also archive audio because by collection comment comments contents creator description disc editor exhibit "
        "footage footnote format history however index instance interview item keywords language licence license "
        "location medium namely project ps p.s publisher recorded recording rem remark repository rights see series "
        "session start subjects terms timecode transcriber transcripts url",
    )
)
#: What a stranger is called in typescripts; a name beside others even where it stands once.
_STRANGERS: Final = re.compile(
    r"(?:unidentified|unknown|speaker|interviewer|interviewee|narrator|moderator|man|woman|male|female|voice|several|all|"
    r"audience|participant|operator|child|boy|girl)\b[\w #.’'-]{0,30}",
    re.IGNORECASE,
)
_SMALL: Final = frozenset(
    re.findall(
        r"\S+",
        "and de del della der des di du el la le of st the ter van von y zu voice man woman male female speaker child",
    )
)
_MOST_WORDS: Final = 6
#: A name that stands so often is a speaker's, in capitals or not; and so many turns make a style.
_OFTEN_CAPITALS, _OFTEN, _TURNS = 2, 3, 3
#: So many times without brackets, at the head of lines and in order, are times of the recording.
_BARE_TIMES: Final = 3
#: Where a name, a time in brackets and words make up so many of the lines, that is the style.
_SHARE: Final = 0.3


@dataclass(frozen=True)
class Head:
    """What stands before the words of a paragraph; ``rest`` are the words. ``time`` is as written, in part or pair."""

    name: str | None
    time: str | None
    rest: str


@dataclass(frozen=True)
class Style:
    """How a document marks its speakers and times."""

    names: frozenset[str] = frozenset()
    has_questions: bool = False
    has_bare_times: bool = False
    has_tabs: bool = False
    #: Whether a time in brackets parts a name from its words, without a colon.
    has_times_between: bool = False

    @property
    def marks_speakers(self) -> bool:
        """Tell whether names are marked before the words, other than beside times."""
        return bool(self.names) or self.has_questions

    def head(self, text: str) -> Head | None:
        """Read the head of a paragraph, or of a line; None where it begins with its words."""
        time, name = None, None
        rest = text.lstrip()
        timed = self._time(rest)
        if timed is not None:
            time, rest = timed
        named = self._name(rest)
        if named is not None:
            name, beside, rest = named
            time = time or beside
            if time is None and (timed := self._time(rest)) is not None:
                time, rest = timed
        return None if time is None and name is None else Head(name, time, rest.strip())

    def begins(self, text: str) -> bool:
        """Tell whether a paragraph begins with this line."""
        return self.head(text) is not None

    def stands_alone(self, text: str) -> bool:
        """Tell whether the line is nothing but a head, the words following on the next."""
        head = self.head(text)
        return head is not None and not head.rest

    def _time(self, text: str) -> tuple[str, str] | None:
        match = _TIMED.match(text)
        if match is not None:
            return match["bracketed"], text[match.end() :]
        match = _BARE.match(text)
        if match is not None and self.has_bare_times:
            return match["bare"], text[match.end() :]
        return None

    def _name(self, text: str) -> tuple[str, str | None, str] | None:
        asked = _ASKED.match(text) if self.has_questions else None
        if asked is not None:
            return asked["name"][0].upper(), None, text[asked.end() :]
        beside = _beside_time(text, has_times_between=self.has_times_between)
        if beside is not None:
            return beside
        for pattern in (_COLON, _TABBED) if self.has_tabs else (_COLON,):
            match = pattern.match(text)
            if match is not None and _plain(match["name"]) in self.names:
                return _plain(match["name"]), None, text[match.end() :]
        # "ANNA (crying): No." is Anna's, and what she does stays with the words.
        doing = any_head(text) if self.names and not self.has_tabs else None
        return (doing.name, None, doing.rest) if doing is not None and doing.name in self.names else None

    def may_be_others(self, text: str) -> bool:
        """Tell whether somebody else may begin to speak here, who is not known: no voice goes on past it."""
        return bool(self.names) and may_be_head(text, self.names)


def style(starts: Iterable[str]) -> Style:
    """Find out how a document marks its speakers and times, from the beginnings of its lines or paragraphs."""
    texts = [text.lstrip()[:200] for text in starts if text.strip()]
    bare = [_seconds(match["bare"]) for text in texts if (match := _BARE.match(text))]
    in_order = sum(before <= after for before, after in pairwise(bare))
    has_bare_times = len(bare) >= _BARE_TIMES and in_order >= 0.9 * (len(bare) - 1)
    without = [_without_time(text, has_bare_times=has_bare_times) for text in texts]
    asked = Counter(match["name"][0].upper() for text in without if (match := _ASKED.match(text)))
    has_questions = min(asked["Q"], asked["A"]) >= 1 and asked.total() >= _TURNS
    colons = _names(without, _COLON)
    tabs = Counter({name: count for name, count in _names(without, _TABBED).items() if name.isupper()})
    count = sum(not text.startswith(("[", "(")) for text in without)
    by_colon, by_tab = _speakers(colons, count), _speakers(tabs, count)
    has_tabs = len(by_tab) > 1 and not by_colon
    between = sum(_beside_time(text, has_times_between=True) is not None for text in texts)
    return Style(
        names=by_tab if has_tabs else by_colon,
        has_questions=has_questions,
        has_bare_times=has_bare_times,
        has_tabs=has_tabs,
        has_times_between=between >= _TURNS and between >= _SHARE * len(texts),
    )


def lookalikes(starts: Iterable[str], found: Style) -> Counter[str]:
    """Give what looks like a speaker's name and was not taken for one."""
    others = [text for text in starts if found.head(text) is None]
    return _names(others, _COLON)


def _names(texts: Iterable[str], pattern: re.Pattern[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        match = pattern.match(text)
        if match is not None and is_name(match["name"]):
            found[_plain(match["name"])] += 1
    return found


def _speakers(counts: Counter[str], texts: int) -> frozenset[str]:
    """Give the names that come again and again, and those that are like them."""
    often = {
        name: count
        for name, count in counts.items()
        if count >= (_OFTEN_CAPITALS if name.isupper() else _OFTEN) or (count > 1 and len(counts) > 1)
    }
    are_all = len(counts) > 1 and counts.total() == texts
    if are_all:
        return frozenset(counts)
    if sum(often.values()) < _TURNS:
        return frozenset()
    in_capitals = all(name.isupper() for name in often)
    words = {word for name in often for word in name.split() if len(word) > 1}
    like = {
        name
        for name in counts
        if (in_capitals and name.isupper()) or _STRANGERS.fullmatch(name) or words & set(name.split())
    }
    return frozenset(often) | like


def is_name(text: str) -> bool:
    """Tell whether what stands before a colon may be somebody's name."""
    words = _plain(text).split()
    if not words or len(words) > _MOST_WORDS or words[0].lower().rstrip(".") in _NO_NAMES:
        return False
    if is_nobody(_plain(text)) or any(
        word.lower().strip(".,") in {"by", "is", "was", "said", "with"} for word in words
    ):
        return False
    # Many scripts have no capitals.
    return not words[0][0].islower() and all(
        not word[0].islower() or word[0] in "#&" or word.lower() in _SMALL for word in words
    )


def _beside_time(text: str, *, has_times_between: bool = False) -> tuple[str, str, str] | None:
    match = _NAME_TIME.match(text)
    if match is None or not is_name(match["name"]):
        return None
    rest = text[match.end() :]
    # "We met Anna 10:30 at the gate": without a mark the time ends the line.
    is_marked = match["bracketed"] and (match["colon"] or not rest or has_times_between)
    if not (is_marked or (not rest and match["bare"]) or (match["wide"] and match["bare"])):
        return None
    return _plain(match["name"]), match["bracketed"] or match["bare"], rest


def _without_time(text: str, *, has_bare_times: bool) -> str:
    match = _TIMED.match(text) or (_BARE.match(text) if has_bare_times else None)
    text = text[match.end() :] if match else text
    return text[sign.end() :] if (sign := _SPEECH_SIGN.match(text)) else text


def _plain(name: str) -> str:
    return " ".join(name.strip(" *_,-").split())


def _seconds(written: str) -> int:
    match = CLOCK.match(written)
    if match is None:
        return 0
    return int(match["hours"] or 0) * 3600 + int(match["minutes"]) * 60 + int(match["seconds"])
