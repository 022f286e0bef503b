"""Reads what Whisper and its kin write as JSON: openai-whisper, OpenAI's service, whisper.cpp, faster-whisper's values.

openai-whisper and OpenAI's ``verbose_json`` have ``segments`` with times in seconds, and ``words`` in them or beside
them, each with the space before it. whisper.cpp has ``transcription`` with ``offsets`` in milliseconds; with
``--output-json-full``, ``tokens``, and with ``--max-len 1`` a segment for each. faster-whisper's segments, dumped, are
objects or, being tuples, lists. Hugging Face's Transformers have ``chunks``, each with a ``timestamp`` of two times.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.machine import MachineMade
from player.archive.machine_origin import called
from player.intake.transcripts.cleaning import name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.programs.json_values import (
    confidence,
    items,
    looks_like,
    moment,
    nothing,
    parsed,
    string,
    table,
    tables,
)
from player.intake.transcripts.programs.seconds import number
from player.intake.transcripts.programs.words import MOST, Word, are_single, line_of, lines_of, voices
from player.intake.transcripts.told import Told
from player.timecode import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

NAME: Final = "whisper"
SUFFIXES: Final = (".json",)

#: What whisper.cpp puts among the tokens that is no word: ``[_BEG_]``, ``[_TT_150]``.
_MARK: Final = re.compile(r"\[_[A-Z]+_(?:[0-9]+\])?\]?|<\|[^|>]{0,40}\|>")
#: How faster-whisper's tuples begin: id, seek, start, end, text.
_TUPLES: Final = re.compile(rb'\s*\[\s*\[\s*[0-9]+,\s*[0-9]+,\s*[0-9.]+,\s*[0-9.]+,\s*"')
#: A chunk of Transformers.
_CHUNKS: Final = re.compile(rb'"timestamp"\s*:\s*\[\s*[0-9.]+\s*,\s*(?:[0-9.]+|null)\s*\]')
#: A line of more than this many signs whose words are timed is divided as words without lines are.
_LONG: Final = 2 * MOST


class Segment(NamedTuple):
    """A line as the program has it: times in milliseconds."""

    text: str
    start: int | None
    end: int | None
    speaker: str | None
    confidence: float | None
    words: list[Word]


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file seems to be Whisper's."""
    marks = (b'"transcription"', b'"offsets"'), (b'"avg_logprob"', b'"text"'), (b'"segments"', b'"start"')
    if any(looks_like(content, *each) for each in marks) or _TUPLES.match(content) is not None:
        return True
    return looks_like(content, b'"text"') and _CHUNKS.search(content) is not None


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    document = parsed(path, content, told)
    whole = table(document)
    if "transcription" in whole:
        kind, segments = "whisper.cpp", _of_whisper_cpp(whole, told)
        language = table(whole.get("result")).get("language")
    else:
        kind, segments = "Whisper", _of_whisper(document, told)
        language = whole.get("language")
    lines = tuple(_lines(list(segments), told))
    if not lines:
        raise nothing(path, "a file of Whisper's has segments with text")
    length = moment(whole.get("duration"), told)
    return Imported(
        f"JSON by {kind}",
        lines,
        told.remarks(),
        language=tag_of(language),
        length=length if length is not None and length > 0 else None,
        machine=MachineMade(kind, _model(whole)),
    )


def _model(whole: dict[str, object]) -> str | None:
    """Give the model that whisper.cpp names: ``base.en``, of ``models/ggml-base.en.bin``; others name none."""
    name = string(table(whole.get("params")).get("model")).replace("\\", "/").rpartition("/")[2]
    return called(name.removeprefix("ggml-").removesuffix(".bin") or string(table(whole.get("model")).get("type")))


def _lines(segments: list[Segment], told: Told) -> Iterator[ImportedLine]:
    """Make lines of segments; those that are words are joined into lines first."""
    said = [segment for segment in segments if segment.text.strip()]
    if not are_single([segment.text for segment in said]):
        for segment in segments:
            yield from lines_of_segment(segment, told)
        return
    spaced = any(segment.text[:1].isspace() for segment in said)
    yield from lines_of(
        (
            Word(
                segment.text,
                segment.start,
                segment.end,
                segment.words[0].confidence if len(segment.words) == 1 else segment.confidence,
                segment.speaker,
                joins=spaced and at > 0 and not segment.text[:1].isspace(),
            )
            for at, segment in enumerate(said)
        ),
        told,
    )


def lines_of_segment(segment: Segment, told: Told) -> Iterator[ImportedLine]:
    """Make of a segment a line, or several where it is long and its words have times."""
    if len(segment.text) > _LONG and _say(segment.words, segment.text):
        said_by = voices([word.speaker for word in segment.words], segment.speaker)
        yield from lines_of(map(_with_voice, segment.words, said_by), told)
        return
    line = line_of(
        segment.words,
        told,
        text=segment.text or None,
        start=segment.start,
        end=segment.end,
        speaker=segment.speaker,
        confidence=segment.confidence,
    )
    if line is None:
        told.left_out("line without words", "lines without words")
    else:
        yield line


def _say(words: list[Word], text: str) -> bool:
    """Tell whether words have times, nearly all of them, and together are a text."""
    timed = sum(word.start is not None for word in words)
    return 2 * timed > len(words) and "".join("".join(word.text for word in words).split()) == "".join(text.split())


def words_of(values: object, told: Told) -> list[Word]:
    """Read the words of a segment: each has a space before it, or else goes on with the word before."""
    found: list[Word] = []
    spaced = False
    for value in items(values):
        if isinstance(value, list):  # faster-whisper's, as a tuple: start, end, word, probability
            value = dict(zip(("start", "end", "word", "probability"), value, strict=False))  # noqa: PLW2901  # of one form
        each = table(value)
        text = string(each.get("word")) or string(each.get("text"))
        spaced = spaced or text[:1].isspace()
        start, end = (None if each.get(key) is None else moment(each[key], told) for key in ("start", "end"))
        sure = next((each[key] for key in ("probability", "score", "confidence", "p") if key in each), None)
        found.append(Word(text, start, end, confidence(sure), name_of(string(each.get("speaker")))))
    if not spaced:
        return found
    return [
        word if index == 0 or word.text[:1].isspace() else Word(*_fields(word), joins=True)
        for index, word in enumerate(found)
    ]


def _of_whisper(document: object, told: Told) -> Iterator[Segment]:
    whole = table(document)
    # Those of Transformers who say who speaks say all again under "speakers".
    lists = (document, *(whole.get(name) for name in ("segments", "speakers", "chunks")))
    values = next((found for found in map(items, lists) if found), [])
    beside = words_of(whole.get("words"), told)
    if not values and beside:
        yield from _without_segments(beside, told)
        return
    at = 0
    for value in values:
        if isinstance(value, list):
            value = _of_tuple(value)  # noqa: PLW2901  # of one form
        each = table(value)
        times = items(each.get("timestamp")) or [each.get("start"), each.get("end")]
        start, end = (moment(time, told) for time in (*times, None, None)[:2])
        words = words_of(each.get("words"), told)
        if not words and beside:
            first = at
            while at < len(beside) and end is not None and (beside[at].start or 0) < end:
                at += 1
            words = beside[first:at]
        sure = confidence(each.get("confidence"))
        if sure is None:
            sure = _probability(each.get("avg_logprob"))
        speaker = name_of(string(each.get("speaker")))
        yield Segment(string(each.get("text")), start, end, speaker, sure, words)


def _without_segments(words: list[Word], told: Told) -> Iterator[Segment]:
    """Divide words that stand alone, as OpenAI's service gives them where only words are asked for."""
    for line in lines_of(words, told):
        given = [
            Word(text, None if offset is None or line.start is None else line.start + offset)
            for text, offset in zip(line.text.split(), line.words, strict=False)
        ]
        yield Segment(line.text, line.start, line.end, None, None, given)


def _of_tuple(values: list[object]) -> dict[str, object]:
    """Read a segment of faster-whisper that was a tuple: id, seek, start, end, text, tokens, and others by version."""
    found = dict(zip(("id", "seek", "start", "end", "text"), values, strict=False))
    lists = [value for value in values[6:] if isinstance(value, list)]
    return {**found, "words": lists[0] if lists else None}


def _of_whisper_cpp(whole: dict[str, object], told: Told) -> Iterator[Segment]:
    for each in tables(whole.get("transcription")):
        start, end = _offsets(each, told)
        found: list[Word] = []
        for token in tables(each.get("tokens")):
            text = string(token.get("text"))
            if _MARK.fullmatch(text.strip()):
                continue
            first, last = _offsets(token, told)
            joins = bool(found) and not text[:1].isspace()
            found.append(Word(text, first, last, confidence(token.get("p")), joins=joins))
        speaker = string(each.get("speaker"))
        yield Segment(
            string(each.get("text")), start, end, f"Speaker {speaker}" if speaker.isdecimal() else None, None, found
        )


def _offsets(value: dict[str, object], told: Told) -> tuple[int | None, int | None]:
    offsets = table(value.get("offsets"))
    found: list[int | None] = []
    for key in ("from", "to"):
        given = number(offsets.get(key))
        if given is None or abs(given) > LONGEST:
            told.mended("time that is none, left away", "times that are none, left away", count=int(key in offsets))
            given = None
        found.append(None if given is None else round(given))
    return found[0], found[1]


def _probability(logarithm: object) -> float | None:
    """Make of the mean logarithm of a segment's tokens' probabilities their geometric mean."""
    found = number(logarithm)
    return None if found is None or found > 0 else round(math.exp(max(found, -50)), 4)


def _with_voice(word: Word, speaker: str | None) -> Word:
    return Word(word.text, word.start, word.end, word.confidence, speaker, word.joins)


def _fields(word: Word) -> tuple[str, int | None, int | None, float | None, str | None]:
    return word.text, word.start, word.end, word.confidence, word.speaker
