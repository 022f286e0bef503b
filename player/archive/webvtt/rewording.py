"""Writes other words, voices and times into what stands below a cue's times; the tags around words that stay do too.

What is written is read back: where the tags could not be kept so that it says what is meant, it is written without.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.payload import Payload, decoded, name_written, read_payload, spoken_by, write_payload
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Sequence

_TOKEN: Final = re.compile(r"<([^>]*)>|([^<]+)")
_SIGN: Final = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)|.", re.DOTALL)
_TAG: Final = re.compile(r"(/?)([^\t\n\f .]*)(?:\.[^\t\n\f ]*)?([\t\n\f ].*)?", re.DOTALL)
_NAMES: Final = frozenset({"b", "c", "i", "lang", "ruby", "u", "v"})
_WORD: Final = re.compile(r"\S+")
_WORDS: Final = re.compile(r"(\s+)")
_EMPTY_LINE: Final = re.compile(r"\A\n|\n\n|\n\Z|\A\Z")
_EMPTY_TAG: Final = re.compile(r"<(b|c|i|lang|u|v)(?:[.\s][^<>]*)?>\s*</\1>|<v(?:[.\s][^<>]*)?>\s*(?=<v[.\s>]|\Z)")
# Beyond so many pairs of words, none is looked for that has stayed.
_MOST_PAIRS: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class _Tag:
    """A tag that stands around signs; each is one of its own, also where two are written alike."""

    name: str
    written: str
    speaker: str | None = None
    is_closed: bool = True


class _Sign(NamedTuple):
    """A sign as it is written, what it means, and the tags around it, the outermost first."""

    written: str
    means: str
    tags: tuple[_Tag, ...]


def written_payloads(old: Sequence[str], new: Sequence[tuple[Payload, int, int]]) -> list[str]:
    """Write the payloads of cues, each with its start and end, that stand in place of ``old`` ones.

    :raise ValueError: where one cannot be written, or would be read as something else.
    """
    signs: list[_Sign] = []
    for raw in old:
        signs += (_Sign("\n", "\n", ()), *_signs(raw)) if signs else _signs(raw)
    texts = [payload.text for payload, _, _ in new]
    kept = _kept(signs, "\n".join(texts))
    worded = {tag for sign in signs if sign.means.strip() for tag in sign.tags if tag.name != "v"}
    worded |= {tag for sign in signs if sign.means.strip() and (tag := _voice(sign.tags)) is not None}
    found = []
    at = 0
    for payload, start, end in new:
        there = kept[at : at + len(payload.text)]
        at += len(payload.text) + 1
        found.append(_written(there, payload, start, end, worded))
    return found


def _written(signs: Sequence[_Sign], payload: Payload, start: int, end: int, worded: Collection[_Tag]) -> str:
    """Write a payload; ``worded`` are the tags that stood around words of their own."""
    with_tags = _with_tags(signs, payload, start, worded)
    # Of voices that are left open within others, some may be opened again only to be closed.
    was_empty = any(tag not in worded for sign in signs for tag in sign.tags)
    if _says(with_tags, payload, start, end) and (was_empty or _EMPTY_TAG.search(with_tags) is None):
        return with_tags
    plain = write_payload(payload, start)
    if not _says(plain, payload, start, end):
        raise ValueError("it would be read back as something else")
    return plain


def _says(raw: str, payload: Payload, start: int, end: int) -> bool:
    """Tell whether a payload is read so, and without a fault."""
    faults: list[object] = []
    read = read_payload(raw, start, end, lambda *told: faults.append(told))
    return read == payload and not faults and ARROW not in raw and _EMPTY_LINE.search(raw) is None


def _signs(raw: str) -> Iterator[_Sign]:
    """Give the signs of a payload; the tags are those that ``payload`` reads."""
    pieces: list[tuple[str, tuple[_Tag, ...]]] = []
    tags: list[_Tag] = []
    closed: set[_Tag] = set()
    for token in _TOKEN.finditer(raw):
        if token[1] is None:
            pieces.append((token[2], tuple(tags)))
            continue
        match = _TAG.fullmatch(token[1])
        name = match[2] if match else ""
        is_end = bool(match and match[1])
        if not is_end and (name in _NAMES or (name == "rt" and tags and tags[-1].name == "ruby")):
            tags.append(_Tag(name, token[0], spoken_by(match[3] or "") if match and name == "v" else None))
        elif is_end and tags and tags[-1].name == name:
            closed.add(tags.pop())
        elif is_end and name == "ruby" and len(tags) > 1 and tags[-1].name == "rt":
            closed |= {tags.pop(), tags.pop()}
    # Whoever speaks to the end may be left open.
    opened = {tag: tag if tag in closed else replace(tag, is_closed=False) for _, of in pieces for tag in of}
    for piece, of in pieces:
        around = tuple(opened[tag] for tag in of)
        for sign in _SIGN.findall(piece):
            yield _Sign(sign, decoded(sign), around)


def _kept(signs: Sequence[_Sign], text: str) -> list[_Sign]:
    """Give the signs of a text: those that have stayed as they were written, and those that are new between them."""
    old = _WORDS.split("".join(sign.means for sign in signs))
    new = _WORDS.split(text)
    by_letter = [number for number, sign in enumerate(signs) for _ in sign.means]
    found: list[_Sign] = []
    for kind, begin, end, now in _changes(old, new):
        first, last = (by_letter[begin] if begin < len(by_letter) else len(signs)), _after(by_letter, end)
        there = signs[first:last]
        if kind == "equal" and "".join(sign.means for sign in there) == now:
            for sign in there:
                # What means several signs is written at the first of them.
                found += (sign, *(_Sign("", "", sign.tags) for _ in sign.means[1:]))
            continue
        found += _replaced(there or signs[max(first - 1, 0) : first + 1], now, is_insert=not there)
    return found


def _replaced(there: Sequence[_Sign], now: str, *, is_insert: bool) -> Iterator[_Sign]:
    """Give the signs of a text that stands in place of signs, or between two: those at its ends may be the same."""
    head = tail = 0
    if not is_insert:
        most = min(len(there), len(now))
        head = next((at for at in range(most) if there[at].means != now[at]), most)
        tail = next((at for at in range(most - head) if there[-1 - at].means != now[-1 - at]), most - head)
    yield from there[:head]
    around = _shared([sign.tags for sign in there[head : len(there) - tail] or there])
    yield from (_Sign(_escaped(sign), sign, around) for sign in now[head : len(now) - tail])
    yield from there[len(there) - tail :]


def _after(by_letter: Sequence[int], end: int) -> int:
    return by_letter[end - 1] + 1 if end else 0


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, str]]:
    """Give each run of a text: whether it stayed, from which letter to which it stood, and what stands there now."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    middle, now = old[head : len(old) - tail], new[head : len(new) - tail]
    codes: list[tuple[str, int, int, int, int]] = [("equal", 0, head, 0, head)]
    if len(middle) * len(now) > _MOST_PAIRS:
        codes.append(("replace", head, len(old) - tail, head, len(new) - tail))
    else:
        found = SequenceMatcher(None, middle, now, autojunk=False).get_opcodes()
        codes += [(kind, a + head, b + head, c + head, d + head) for kind, a, b, c, d in found]
    codes.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    places = [0]
    for word in old:
        places.append(places[-1] + len(word))
    for kind, first, last, now_first, now_last in codes:
        if first < last or now_first < now_last:
            yield kind, places[first], places[last], "".join(new[now_first:now_last])


def _shared(around: Sequence[tuple[_Tag, ...]]) -> tuple[_Tag, ...]:
    """Give the tags, from the outermost, that stand around all."""
    found = []
    for tags in zip(*around, strict=False):
        if any(tag is not tags[0] for tag in tags):
            break
        found.append(tags[0])
    return tuple(found)


def _with_tags(signs: Sequence[_Sign], payload: Payload, start: int, worded: Collection[_Tag]) -> str:
    """Write signs with the tags around them, the voices as they are now, and the times of words."""
    stamps = _stamps(payload, start)
    parts: list[str] = []
    opened: tuple[_Tag, ...] = ()
    for at, (sign, tags) in enumerate(zip(signs, _around(signs, payload, stamps, worded), strict=True)):
        if tags != opened and (sign.written or at in stamps):
            shared = len(_shared([opened, tags]))
            parts += (f"</{tag.name}>" for tag in reversed(opened[shared:]))
            parts += (tag.written for tag in tags[shared:])
            opened = tags
        parts += (*stamps.get(at, ()), sign.written)
    while opened and opened[-1].is_closed:
        parts.append(f"</{opened[-1].name}>")
        opened = opened[:-1]
    return "".join(parts)


def _around(
    signs: Sequence[_Sign], payload: Payload, stamps: Container[int], worded: Collection[_Tag]
) -> list[tuple[_Tag, ...]]:
    """Give the tags around each sign: no longer around white space alone those that stood around words, now gone."""
    voices = _voices(payload)
    found: list[tuple[_Tag, ...]] = []
    opened: tuple[_Tag, ...] = ()
    for at, sign in enumerate(signs):
        tags = _spoken(sign.tags, *voices[at], _voice(opened)) if at in voices else sign.tags
        found.append(tags)
        if tags != opened and (sign.written or at in stamps):
            opened = tags
    at = 0
    while at < len(found):
        if signs[at].means.strip() or not found[at]:
            at += 1
            continue
        end = next((each for each in range(at, len(signs)) if signs[each].means.strip()), len(signs))
        there = {*(found[at - 1] if at else ()), *(found[end] if end < len(found) else ())}
        for each in range(at, end):
            found[each] = tuple(tag for tag in found[each] if tag in there or tag not in worded)
        at = end
    # A voice that is left open goes on around the next: without words of its own, it is none.
    speaking = {_voice(tags) for sign, tags in zip(signs, found, strict=True) if sign.means.strip()}
    silent = {tag for tags in found for tag in tags if tag.name == "v" and tag in worded} - speaking
    return [tuple(tag for tag in tags if tag not in silent) for tags in found] if silent else found


def _spoken(tags: tuple[_Tag, ...], speaker: str | None, voice: _Tag | None, opened: _Tag | None) -> tuple[_Tag, ...]:
    """Give tags with that of who speaks in place of those that are there; one that is open stays open."""
    there = _voice(tags)
    is_other = there is None or there.speaker != speaker
    if opened is not None and opened.speaker == speaker and (is_other or (there and there.written == opened.written)):
        return tags if there is opened else (opened, *(tag for tag in tags if tag.name != "v"))
    if speaker == (there and there.speaker):
        return tags
    others = tuple(tag for tag in tags if tag.name != "v")
    return others if voice is None else (voice, *others)


def _voice(tags: Sequence[_Tag]) -> _Tag | None:
    return next((tag for tag in reversed(tags) if tag.name == "v"), None)


def _voices(payload: Payload) -> dict[int, tuple[str | None, _Tag | None]]:
    """Give who says each letter of a text, with a tag of its own; white space between voices is no one's."""
    found: dict[int, tuple[str | None, _Tag | None]] = {}
    position = 0
    for turn in payload.turns:
        word = _WORD.search(payload.text, position)
        position = word.start() if word else len(payload.text)
        tag = None
        if turn.speaker is not None:
            tag = _Tag("v", f"<v {name_written(turn.speaker)}>", turn.speaker, is_closed=len(payload.turns) > 1)
        for at in range(position, position + len(turn.text)):
            found[at] = (turn.speaker, tag)
        position += len(turn.text)
    return found


def _stamps(payload: Payload, start: int) -> dict[int, Iterable[str]]:
    """Give the times that are written before letters."""
    found: dict[int, Iterable[str]] = defaultdict(list)
    if payload.words:
        places = [match.start() for match in _WORD.finditer(payload.text)]
        for at, time in zip(places, payload.words, strict=True):
            if time is not None and (time or at != places[0]):
                found[at] = [f"<{vtt(start + time)}>"]
    return found


def _escaped(sign: str) -> str:
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}.get(sign, sign)
