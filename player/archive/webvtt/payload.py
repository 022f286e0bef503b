"""Reads, and writes, the words below a cue's times: their text, the voices that say it, and the moments of its words.

The rules are those of WebVTT (https://www.w3.org/TR/webvtt1/), section 6.4, cue text parsing: what a browser's
``getCueAsHTML().textContent`` gives. A nested voice speaks its own words, as the element around them would be named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from player.archive.transcript import Turn
from player.archive.webvtt.blocks import timestamp
from player.errors import quoted
from player.timecode import display, vtt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    #: Takes one fault: where it stands, what is wrong, what to do. For ``read_payload``, where is how many lines below
    #: the first; within this module, how many signs after the first.
    Report = Callable[[int, str, str], None]

_TOKEN = re.compile(r"<([^>]*)(>?)|[^<]+")
_START_TAG = re.compile(r"([^\t\n\f .]*)(?:\.[^\t\n\f ]*)?([\t\n\f ].*)?", re.DOTALL)
_NAMES = frozenset({"b", "c", "i", "lang", "ruby", "u", "v"})
_SPACE = re.compile(r"[\t\n\f\r ]+")
_REFERENCE = re.compile(r"&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|[^\t\n\f <&#;]{1,32};?)")
_WORD = re.compile(r"\S+")
_BREAK = re.compile("\n")
_ONLY_VOICE = re.compile(r"<v ([^\s<>&]+(?: [^\s<>&]+)*)>")
_STAMP = re.compile(r"<((?:[0-9]+:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3})>")
# Around words without other tags, it says nothing of them that is kept.
_SPAN = re.compile(r"<([bciu])(?:\.[^\s<>&]*)?>([^<]*)</\1>")
# A line of a payload cannot be empty, for that ends it; a line feed as a character reference is none to the scan.
_EMPTY_LINE = re.compile(r"\A\n|\n(?=\n|\Z)")


class Payload(NamedTuple):
    """The text of a cue without its tags, its turns, and the moment of each of its words, counted from its start.

    ``words`` has an entry for each of ``text.split()``, None where a word is untimed; it is empty where all are.
    """

    text: str
    turns: tuple[Turn, ...]
    words: tuple[int | None, ...]


def read_payload(raw: str, start: int, end: int, report: Report) -> Payload:
    """Read the payload of a cue from ``start`` to ``end``, in milliseconds; ``report`` what is dropped or mended.

    Where a word is timed, a first word without a time of its own is at 0: no timestamp may stand for the cue's start.
    """
    return read_usual(raw, start, end) or read_any(raw, start, end, report)


def read_any(raw: str, start: int, end: int, report: Report) -> Payload:
    """Read a payload of any shape, as the rules have it."""
    breaks: list[int] = []

    def report_at(place: int, what: str, remedy: str) -> None:
        # Found once, and only where something is told: a payload may have a million faults.
        if not breaks:
            breaks.extend((-1, *(match.start() for match in _BREAK.finditer(raw))))
        report(bisect_left(breaks, place) - 1, what, remedy)

    reader = _Reader(report_at)
    for match in _TOKEN.finditer(raw):
        if match[1] is None:
            reader.text(decoded(match[0]))
        else:
            reader.tag(match[1], match.start(), is_closed=bool(match[2]))
    text = "".join(piece for _, piece in reader.runs)
    words = _words(text, _within(reader.stamps, start, end, report_at), start, report_at)
    return Payload(text, _turns(reader.runs), words)


def read_usual(raw: str, start: int, end: int) -> Payload | None:
    """Read, four times as fast, what ``read_any`` reads the same and without a fault; None where it might not.

    It is what most lines are: at most one voice, which says all of it, and times in order, each before words.
    """
    voice = _ONLY_VOICE.match(raw)
    speaker, said = (voice[1], raw[voice.end() :].removesuffix("</v>")) if voice else (None, raw)
    texts = _STAMP.split(said)
    stamps = texts[1::2]
    del texts[1::2]
    text = "".join(texts)
    if "</" in text:
        if "&" in text:
            return None  # a tag may divide what would be a character reference without it
        texts = [_SPAN.sub(r"\2", piece) for piece in texts]
        text = "".join(texts)
    if "<" in text:
        return None
    if "&" in text:
        texts = [decoded(piece) for piece in texts]
        text = "".join(texts)
    stripped = text.strip()
    turns = (Turn(speaker, stripped),) if stripped else ()
    words: list[int | None] = []
    if stamps:
        times = [_whole_second(stamp[:-4]) + int(stamp[-3:]) for stamp in stamps]
        counts = [len(piece.split()) for piece in texts]
        first = counts.pop(0)
        are_before_words = min(counts) > 0 and first + sum(counts) == len(text.split())
        if not (are_before_words and start <= times[0] and times[-1] < end and times == sorted(times)):
            return None
        words = [0, *[None] * (first - 1)] if first else []
        for time, count in zip(times, counts, strict=True):
            words.append(time - start)
            if count > 1:
                words += [None] * (count - 1)
    return Payload(text, turns, tuple(words))


def write_payload(payload: Payload, start: int) -> str:
    """Write what ``read_payload`` reads as ``payload``, in a cue that starts at ``start`` milliseconds.

    :raise ValueError: where its turns are not in the text in order, or its words' times not one for each word.
    """
    text, turns, words = payload
    tags: list[tuple[int, str]] = []
    position = 0
    for turn in turns:
        word = _WORD.search(text, position)
        position = len(text) if word is None else word.start()
        if not turn.text or not text.startswith(turn.text, position):
            raise ValueError(f"the words of {turn.speaker or 'a voice'} are not those of the line")
        tags.append((position, "" if turn.speaker is None else f"<v {name_written(turn.speaker)}>"))
        position += len(turn.text)
        tags.append((position, "" if turn.speaker is None or len(turns) == 1 else "</v>"))
    if words:
        places = [match.start() for match in _WORD.finditer(text)]
        if len(words) != len(places):
            raise ValueError(f"{len(places)} words have {len(words)} times")
        stamps = zip(places, words, strict=True)
        tags += [
            (at, f"<{vtt(start + time)}>") for at, time in stamps if time is not None and (time or at != places[0])
        ]
    # The sort is stable: at one place, an end tag comes first, then a voice, then a time.
    tags.sort(key=lambda tag: tag[0])
    broken = _EMPTY_LINE.sub("\0", text)
    cuts = [0, *(at for at, _ in tags), len(text)]
    pieces = (_escaped(broken[first:last]).replace("\0", "&#10;") for first, last in pairwise(cuts))
    return "".join(piece + tag for piece, tag in zip(pieces, [*(tag for _, tag in tags), ""], strict=True))


class _Reader:
    """Collects what is said, by whom, and the timestamps with the place in the text at which each stands."""

    def __init__(self, report: Report) -> None:
        self.runs: list[tuple[str | None, str]] = []
        self.stamps: list[tuple[int, int, int]] = []
        self._length = 0
        self._open: list[tuple[str, str | None]] = []
        self._report = report

    @property
    def _speaker(self) -> str | None:
        return self._open[-1][1] if self._open else None

    def text(self, piece: str) -> None:
        self.runs.append((self._speaker, piece))
        self._length += len(piece)

    def tag(self, inner: str, place: int, *, is_closed: bool) -> None:
        if not is_closed:
            what = f'the words after "<" are lost because no ">" follows: {quoted(inner)}'
            self._report(place, what, "write &lt; for the character itself, or close the tag")
        if inner.startswith("/"):
            self._end(inner[1:], place)
        elif "0" <= inner[:1] <= "9":
            time = timestamp(inner)
            if time is None:
                what = f"the time {quoted(f'<{inner}>')} within a line cannot be read, and is dropped"
                self._report(place, what, "write it as <00:01:02.500>")
            else:
                self.stamps.append((self._length, time, place))
        else:
            self._start(inner, place, is_closed=is_closed)

    def _start(self, inner: str, place: int, *, is_closed: bool) -> None:
        match = _START_TAG.fullmatch(inner)
        name, annotation = (match[1], match[2]) if match else ("", None)
        is_known = name in _NAMES or (name == "rt" and bool(self._open) and self._open[-1][0] == "ruby")
        if not is_known:
            if is_closed:
                self._unknown(inner, place)
            return
        speaker = self._speaker
        if name == "v":
            speaker = spoken_by(annotation or "")
            if speaker is None:
                self._report(place, "a voice has no name", "write who speaks as <v Name>")
        self._open.append((name, speaker))

    def _end(self, name: str, place: int) -> None:
        innermost = self._open[-1][0] if self._open else ""
        if name == innermost and name:
            self._open.pop()
        elif name == "ruby" and innermost == "rt":
            del self._open[-2:]
        elif name not in _NAMES and name != "rt":
            self._unknown(f"/{name}", place)
        else:
            what = f"the end tag {quoted(f'</{name}>')} does not match the tag opened last, and is dropped"
            self._report(place, what, "remove it, or close first the tag that was opened last")

    def _unknown(self, inner: str, place: int) -> None:
        what = f"the tag {quoted(f'<{inner}>')} is not one of WebVTT's, and is dropped"
        self._report(place, what, "remove it, or write &lt; for the character itself")


def _turns(runs: Iterable[tuple[str | None, str]]) -> tuple[Turn, ...]:
    """Join what one voice says without another between; white space between voices is no one's."""
    turns: list[tuple[str | None, list[str]]] = []
    for speaker, piece in runs:
        if turns and (speaker == turns[-1][0] or not piece.strip()):
            turns[-1][1].append(piece)
        elif piece.strip():
            turns.append((speaker, [piece]))
    return tuple(Turn(speaker, "".join(pieces).strip()) for speaker, pieces in turns)


def _within(stamps: Sequence[tuple[int, int, int]], start: int, end: int, report: Report) -> list[tuple[int, int, int]]:
    """Keep the timestamps that lie in the cue and do not run backwards."""
    kept: list[tuple[int, int, int]] = []
    latest = start
    for at, time, place in stamps:
        if not start <= time < end:
            what = f"the time {display(time)} within a line lies outside its cue ({display(start)} to {display(end)})"
        elif time < latest:
            what = f"the time {display(time)} within a line runs backwards: it comes after {display(latest)}"
        else:
            latest = time
            kept.append((at, time, place))
            continue
        report(place, f"{what}, so its word is left without a time", "correct the time")
    return kept


def _words(text: str, stamps: Sequence[tuple[int, int, int]], start: int, report: Report) -> tuple[int | None, ...]:
    """Give each word the last timestamp that stands between the word before it and its own first letter."""
    if not stamps:
        return ()
    words: list[int | None] = []
    pending = list(reversed(stamps))
    for word in _WORD.finditer(text):
        moment = None
        while pending and pending[-1][0] <= word.start():
            moment = pending.pop()[1] - start
        words.append(moment)
        while pending and pending[-1][0] < word.end():
            _, time, place = pending.pop()
            what = f"the time {display(time)} is inside the word {quoted(word[0])}, and is dropped"
            report(place, what, "put it before a word")
    if all(moment is None for moment in words):
        return ()
    return (words[0] or 0, *words[1:])


@lru_cache(maxsize=256)
def _whole_second(text: str) -> int:
    """Read a timestamp without its fraction into milliseconds; those near each other have most such in common."""
    return timestamp(f"{text}.000") or 0


def decoded(text: str) -> str:
    """Decode HTML's character references (https://html.spec.whatwg.org, section 13.2.5.72)."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    import html  # noqa: PLC0415  # 1 ms, with the names of all characters, which few lines use

    decimal, hexadecimal = match.groups()
    digits = decimal or hexadecimal
    if digits is None:
        return html.unescape(match[0])
    # Eight digits are past Unicode's end already, and more could be past what int() takes.
    number = int(digits.lstrip("0")[:8] or "0", 10 if decimal else 16)
    # html.unescape drops the characters that HTML calls errors and keeps all the same, such as &#1;.
    return html.unescape(f"&#{number};") or chr(number)


def spoken_by(annotation: str) -> str | None:
    """Read who speaks from what stands behind ``v`` in its tag; None where nobody is named."""
    return _SPACE.sub(" ", decoded(annotation)).strip(" ") or None


def name_written(speaker: str) -> str:
    """Write a name within its tag; the sign that closes that would make an arrow of two hyphens at its end."""
    name = _escaped(speaker)
    return f"{name[:-1]}&#45;" if name.endswith("--") else name


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
