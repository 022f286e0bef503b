"""Writes a line of a transcript as a value of JSON, for the desk and its files, and reads it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.archive.doubts import doubts
from player.archive.line_marks import aligned, doubtful, heard
from player.archive.references import IDENTIFIER, parse_citation
from player.archive.transcript import Cue, Turn, UntimedLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.transcript import Line

# The most letters of a text, items of a list, and milliseconds: beyond it a value is a slip, or an attack. A file may
# have times of a million years.
_LONGEST: Final = 1_000_000
_LATEST: Final = 10**17

# What a line is read from; the others follow from these.
_OWN: Final = frozenset({
    *("id", "start", "end", "text", "turns", "words", "approximate"),
    *("paragraph", "unchecked", "page", "sources", "comments"),
})  # fmt: skip
_FOLLOWS: Final = frozenset({"aligned", "heard", "doubtful", "doubts", "older"})


def described(line: Line, older: Sequence[str] = ()) -> dict[str, object]:
    """Give a line as a value of JSON; ``older`` are the languages whose translations are of its former words."""
    cue = line if isinstance(line, Cue) else None
    return {
        "id": line.id,
        "start": cue and cue.start,
        "end": cue and cue.end,
        "text": line.text,
        "turns": [{"speaker": turn.speaker, "text": turn.text} for turn in line.turns],
        "words": list(cue.words) if cue else [],
        "approximate": cue is not None and cue.is_approximate,
        "paragraph": line.opens_paragraph,
        "unchecked": line.is_unchecked,
        "page": line.page,
        "sources": [str(each) for each in line.citations],
        "comments": list(line.comments),
        "aligned": aligned(line),
        "heard": [{"date": each.date, "name": each.name} for each in heard(line)],
        "doubtful": list(doubtful(line)),
        "doubts": [
            {
                "first": doubt.first,
                "last": doubt.last,
                "doubtful": doubt.is_doubtful,
                "readings": [{"text": each.text, "by": each.by} for each in doubt.readings],
            }
            for doubt in doubts(line)
        ],
        "older": list(older),
    }


def line_of(value: object) -> Line:
    """Read a line from such a value; what follows from the rest of it is not looked at.

    :raise ValueError: where it is no such value; the message says what is wrong with it.
    """
    told = _object(value, "a line")
    if missing := sorted(_OWN - told.keys()):
        raise ValueError(f"a line has no {missing[0]}")
    if unknown := sorted(told.keys() - _OWN - _FOLLOWS):
        raise ValueError(f"a line has {unknown[0]!r}, which is not known")
    name = _text(told["id"], "the id")
    if IDENTIFIER.fullmatch(name) is None:
        raise ValueError(f"{name!r} is not an id")
    text = _text(told["text"], "the text")
    turns = tuple(map(_turn, _list(told["turns"], "turns")))
    _refuse_other_words(text, turns)
    sources = tuple(parse_citation(_text(each, "a source")) for each in _list(told["sources"], "sources"))
    citations = tuple(each for each in sources if each is not None)
    if len(citations) != len(sources):
        raise ValueError("a source is not an id, or an id, locator")
    page = None if told["page"] is None else _text(told["page"], "the page")
    comments = tuple(_text(each, "a comment") for each in _list(told["comments"], "comments"))
    opens, is_unchecked = _truth(told["paragraph"], "paragraph"), _truth(told["unchecked"], "unchecked")
    words = tuple(None if each is None else _moment(each, "a word") for each in _list(told["words"], "words"))
    is_approximate = _truth(told["approximate"], "approximate")
    if told["start"] is None and told["end"] is None:
        if words or is_approximate:
            raise ValueError("a line without times has those of words, or rough ones")
        return UntimedLine(name, text, turns, citations, 0, opens, page, comments, is_unchecked=is_unchecked)
    if words and len(words) != len(text.split()):
        raise ValueError(f"{len(text.split())} words have {len(words)} times")
    start, end = _moment(told["start"], "start"), _moment(told["end"], "end")
    return Cue(
        *(name, start, end, text, turns, words, citations, 0, opens),
        is_approximate=is_approximate,
        page=page,
        comments=comments,
        is_unchecked=is_unchecked,
    )


def _turn(value: object) -> Turn:
    told = _object(value, "a turn")
    if told.keys() != {"speaker", "text"}:
        raise ValueError("a turn has a speaker and a text")
    speaker = None if told["speaker"] is None else _text(told["speaker"], "a speaker")
    return Turn(speaker, _text(told["text"], "the text of a turn"))


def _refuse_other_words(text: str, turns: Sequence[Turn]) -> None:
    """Refuse turns that are not the text, in order, but for white space between them."""
    rest = text
    for turn in turns:
        rest = rest.lstrip()
        if not turn.text.strip() or not rest.startswith(turn.text):
            raise ValueError("the words of the turns are not those of the text")
        rest = rest.removeprefix(turn.text)
    if rest.strip():
        raise ValueError("the words of the turns are not those of the text")


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")  # noqa: TRY004  # all that is wrong with a value is one error
    return value


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list) or len(value) > _LONGEST:
        raise ValueError(f"{what} is not a list of at most {_LONGEST:,}")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError(f"{what} is not a text of at most {_LONGEST:,} letters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{what} has half a character in it") from None
    return value


def _truth(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{what} is not true or false")  # noqa: TRY004  # as above
    return value


def _moment(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LATEST:
        raise ValueError(f"{what} is not a number of milliseconds from 0 on")
    return value
