"""Finds where in a recording a Web Annotation belongs: at lines, at times, or to the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.archive.transcript import Cue
from player.archive.whole_text import Words
from player.errors import TimecodeError
from player.timecode import LONGEST, SECOND, Span, display, fragment, parse_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.annotations import Annotation
    from player.archive.recording import Recording

# So many places of the same words are looked at.
_MOST: Final = 1_000
_NOWHERE: Final = {"start": "", "end": "", "line": ""}


@dataclass(frozen=True)
class Placed:
    """The cells of a row that say where; it ``is_lost`` where a passage is meant that is not there."""

    cells: dict[str, str] = field(default_factory=lambda: dict(_NOWHERE))
    is_lost: bool = False


class _Selected(NamedTuple):
    times: tuple[int, int | None] | None
    quote: dict[str, Any] | None
    others: int


def placed(target: Any, recording: Recording, known: Annotation | None) -> Placed:
    """Give where an annotation belongs; a note that is ``known`` and is there stays as it is written."""
    chosen = _selected(target)
    lines = _lines(chosen.quote, recording, chosen.times) if chosen.quote else None
    span = _span(chosen.times, recording)
    if known is not None and known.cue is None and span is not None and known.span == span:
        return _at(span)
    if lines is not None and (span is None or span == _of_lines(recording, lines)):
        first, last = lines
        return Placed({**_NOWHERE, "line": first if first == last else f"{first}..{last}"})
    if span is not None:
        return _at(span)
    return Placed(is_lost=bool(chosen.quote or chosen.others or chosen.times))


def _at(span: Span) -> Placed:
    return Placed({**_NOWHERE, "start": display(span.start), "end": display(span.end)})


def _selected(target: Any) -> _Selected:
    times, quote, others = None, None, 0
    for each in target if isinstance(target, list) else [target]:
        for selector in _selectors(each):
            kind = selector.get("type")
            if kind == "FragmentSelector":
                read = _times(selector.get("value"))
                times, others = (times or read), others + (read is None)
            elif kind == "PointSelector" and isinstance(selector.get("t"), (int, float)):
                read = _times(f"t={selector['t']}")
                times, others = (times or read), others + (read is None)
            elif kind == "TextQuoteSelector" and isinstance(selector.get("exact"), str):
                quote = quote or selector
            else:
                others += 1
    return _Selected(times, quote, others)


def _selectors(target: Any) -> Iterator[dict[str, Any]]:
    """Give the selectors of a target; a fragment of its address is one."""
    address = target
    if isinstance(target, dict):
        source = target.get("source", target.get("id"))
        address = source.get("id") if isinstance(source, dict) else source
        found = target.get("selector")
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict):
                yield each
    if isinstance(address, str) and "#" in address and _names_times(address.partition("#")[2]):
        yield {"type": "FragmentSelector", "value": address.partition("#")[2]}


def _names_times(text: str) -> bool:
    return any(part.startswith("t=") for part in text.split("&"))


def _times(value: Any) -> tuple[int, int | None] | None:
    if not isinstance(value, str):
        return None
    part = next((part for part in value.removeprefix("#").split("&") if part.startswith("t=")), None)
    if part is None:
        return None
    try:
        return parse_fragment(part.removeprefix("t="))
    except TimecodeError:
        return None


def _span(times: tuple[int, int | None] | None, recording: Recording) -> Span | None:
    """Give a passage; where it has no end, it is that of the line that is spoken then, or a second."""
    if times is None:
        return None
    start, end = times
    if end is None:
        cues = recording.transcript.cues if recording.transcript else ()
        end = next((cue.end for cue in cues if cue.start <= start < cue.end), start + SECOND)
    return Span(start, end) if start < end <= LONGEST else None


def _lines(quote: dict[str, Any], recording: Recording, times: tuple[int, int | None] | None) -> tuple[str, str] | None:
    """Give the first and the last line in which quoted words stand; None where they stand nowhere, or anywhere."""
    words = Words(recording.transcript.lines if recording.transcript else ())
    exact = " ".join(quote["exact"].split())
    found = list(_places(words.text, exact)) if exact else []
    if len(found) > 1:
        found = _best(found, words.text, quote)
    if len(found) > 1 and times is not None:
        found = [at for at in found if _begins(words, at) == fragment(times[0])] or found
    if len(found) != 1:
        return None
    start, end = found[0], found[0] + len(exact)
    within = [number for number, (first, last) in enumerate(words.places) if first < end and start < last]
    return (words.lines[within[0]].id, words.lines[within[-1]].id) if within else None


def _places(text: str, exact: str) -> Iterator[int]:
    at = text.find(exact)
    count = 0
    while at >= 0 and count < _MOST:
        yield at
        at = text.find(exact, at + 1)
        count += 1


def _best(found: list[int], text: str, quote: dict[str, Any]) -> list[int]:
    """Give those of several places whose surroundings are most as the quotation says."""
    length = len(" ".join(quote["exact"].split()))
    before, after = (
        " ".join(each.split()) if isinstance(each := quote.get(name), str) else "" for name in ("prefix", "suffix")
    )
    scores = {
        at: _shared(text[:at].rstrip()[-len(before) :][::-1] if before else "", before[::-1])
        + _shared(text[at + length :][: len(after) + 1].lstrip(), after)
        for at in found
    }
    most = max(scores.values())
    return [at for at in found if scores[at] == most]


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _begins(words: Words, at: int) -> str:
    line = next(
        (line for line, (first, last) in zip(words.lines, words.places, strict=True) if first <= at < last), None
    )
    return fragment(line.start) if isinstance(line, Cue) else ""


def _of_lines(recording: Recording, lines: tuple[str, str]) -> Span | None:
    cues = {cue.id: cue for cue in recording.transcript.cues} if recording.transcript else {}
    first, last = (cues.get(name) for name in lines)
    if first is None or last is None:
        return None
    start, end = first.span.start, last.span.end
    return Span(start, end) if start < end else None
