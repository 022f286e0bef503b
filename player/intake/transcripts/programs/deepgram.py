"""Reads what Deepgram answers, saved as JSON: utterances, or else sentences of paragraphs, or else words.

Speakers are numbers, which Deepgram itself writes as ``Speaker 0``. https://developers.deepgram.com/docs/utterances
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.machine import MachineMade
from player.archive.machine_origin import called
from player.intake.transcripts.cleaning import name_of
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.programs.json_values import (
    confidence,
    looks_like,
    moment,
    nothing,
    parsed,
    string,
    table,
    tables,
)
from player.intake.transcripts.programs.whisper import Segment, lines_of_segment
from player.intake.transcripts.programs.words import Word, lines_of
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

NAME: Final = "deepgram"
SUFFIXES: Final = (".json",)

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T)")


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file seems to be Deepgram's."""
    return looks_like(content, b'"results"', b'"channels"', b'"alternatives"', b'"transcript"')


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    whole = table(parsed(path, content, told))
    results = table(whole.get("results"))
    channels = tables(results.get("channels"))
    utterances = tables(results.get("utterances")) or tables(whole.get("utterances"))
    several = len(channels) > 1
    paragraphs = {start for channel in channels for start in _paragraph_starts(channel)}
    if utterances:
        found = [line for each in utterances for line in _utterance(each, told, several=several)]
    else:
        found = [
            line for index, each in enumerate(channels) for line in _channel(each, index if several else None, told)
        ]
    found.sort(key=lambda line: -1 if line.start is None else line.start)
    lines = tuple(replace(line, opens_paragraph=True) if line.start in paragraphs else line for line in found)
    if not lines:
        raise nothing(path, "an answer of Deepgram's has channels with words in its results")
    length = moment(table(whole.get("metadata")).get("duration"), told)
    language = next(
        (channel.get("detected_language") for channel in channels if channel.get("detected_language")), None
    )
    return Imported(
        "JSON by Deepgram",
        lines,
        told.remarks(),
        language=tag_of(language),
        length=length if length is not None and length > 0 else None,
        machine=_machine(table(whole.get("metadata"))),
    )


def _machine(metadata: dict[str, object]) -> MachineMade:
    """Say with which model, and on which day, it was made."""
    models = [table(each) for each in table(metadata.get("model_info")).values()]
    names = dict.fromkeys(
        filter(None, (called(string(each.get("arch")) or string(each.get("name"))) for each in models))
    )
    day = _DAY.match(string(metadata.get("created")))
    return MachineMade("Deepgram", " and ".join(names) or None, day and day[0])


def _utterance(value: dict[str, object], told: Told, *, several: bool) -> Iterator[ImportedLine]:
    speaker = _voice(value.get("speaker")) or (_channel_name(value.get("channel")) if several else None)
    segment = Segment(
        string(value.get("transcript")),
        moment(value.get("start"), told),
        moment(value.get("end"), told),
        speaker,
        confidence(value.get("confidence")),
        _words(value.get("words"), told),
    )
    yield from lines_of_segment(segment, told)


def _channel(value: dict[str, object], number: int | None, told: Told) -> Iterator[ImportedLine]:
    best = next(iter(tables(value.get("alternatives"))), {})
    words = [replace(word, speaker=word.speaker or _channel_name(number)) for word in _words(best.get("words"), told)]
    at = 0
    paragraphs = tables(table(best.get("paragraphs")).get("paragraphs"))
    for paragraph in paragraphs:
        speaker = _voice(paragraph.get("speaker")) or _channel_name(number)
        for sentence in tables(paragraph.get("sentences")):
            first = at
            end = moment(sentence.get("end"), told)
            while at < len(words) and end is not None and (words[at].start or 0) < end:
                at += 1
            start = moment(sentence.get("start"), told)
            text = string(sentence.get("text"))
            yield from lines_of_segment(Segment(text, start, end, speaker, None, words[first:at]), told)
    if not paragraphs:
        yield from lines_of(words, told)


def _words(values: object, told: Told) -> list[Word]:
    return [
        Word(
            string(each.get("punctuated_word")) or string(each.get("word")),
            moment(each.get("start"), told),
            moment(each.get("end"), told),
            confidence(each.get("confidence")),
            _voice(each.get("speaker")),
        )
        for each in tables(values)
    ]


def _paragraph_starts(channel: dict[str, object]) -> Iterator[int | None]:
    quiet = Told()
    for best in tables(channel.get("alternatives"))[:1]:
        for paragraph in tables(table(best.get("paragraphs")).get("paragraphs")):
            start = moment(paragraph.get("start"), quiet)
            if start is not None:
                yield start


def _voice(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000:  # noqa: PLR2004  # voices
        return f"Speaker {value}"
    return name_of(string(value))


def _channel_name(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return f"Channel {value}" if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100 else None  # noqa: PLR2004  # channels
