"""Reads what Amazon Transcribe writes as JSON: ``results`` with ``items``, words and signs, and who says them.

A number is a text (``"1.15"``); a sign has no time and joins the word before it; a voice stands with the item, or in
``speaker_labels`` or ``channel_labels`` with the time at which its words begin.
https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.machine import MachineMade
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
from player.intake.transcripts.programs.words import Word, is_unspaced, line_of, lines_of
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

NAME: Final = "aws-transcribe"
SUFFIXES: Final = (".json",)


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file seems to be Amazon Transcribe's."""
    return looks_like(content, b'"results"', b'"transcripts"') and (
        b'"items"' in content or b'"audio_segments"' in content
    )


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    results = table(table(parsed(path, content, told)).get("results"))
    channels = tables(table(results.get("channel_labels")).get("channels"))
    if channels:
        # Each has its own items; together they stand channel after channel, and words of two may begin at one time.
        found = [line for channel in channels for line in lines_of(_words(channel, {}, told), told)]
    else:
        found = list(lines_of(_words(results, _voices(results), told), told))
    found = found or list(_segments(results, told))
    lines = tuple(sorted(found, key=lambda line: -1 if line.start is None else line.start))
    if not lines:
        raise nothing(path, "a file of Amazon Transcribe's has items in its results")
    return Imported(
        "JSON by Amazon Transcribe",
        lines,
        told.remarks(),
        language=tag_of(results.get("language_code")),
        machine=MachineMade("Amazon Transcribe"),
    )


def _words(holder: dict[str, object], voices: dict[int, str], told: Told) -> Iterator[Word]:
    """Read the items of the results or of a channel; ``voices`` says who speaks where they themselves do not."""
    channel = name_of(string(holder.get("channel_label")))
    speaker = channel
    last = ""
    for item in tables(holder.get("items")):
        first = next(iter(tables(item.get("alternatives"))), {})
        text = string(first.get("content"))
        if not text.strip():
            told.left_out("word without letters", "words without letters")
            continue
        if item.get("type") == "punctuation":
            yield Word(text, speaker=speaker, joins=True)
            continue
        start, end = moment(item.get("start_time"), told), moment(item.get("end_time"), told)
        label = name_of(string(item.get("speaker_label")))
        speaker = label or channel or (voices.get(start) if start is not None else None)
        yield Word(text, start, end, confidence(first.get("confidence")), speaker, joins=is_unspaced(last, text))
        last = text


def _voices(results: dict[str, object]) -> dict[int, str]:
    """Give who speaks at each moment at which a word begins."""
    quiet = Told()  # the same times are told of where the words are read
    found: dict[int, str] = {}
    for segment in tables(table(results.get("speaker_labels")).get("segments")):
        own = name_of(string(segment.get("speaker_label")))
        for item in tables(segment.get("items")):
            start = moment(item.get("start_time"), quiet)
            name = name_of(string(item.get("speaker_label"))) or own
            if start is not None and name:
                found[start] = name
    return found


def _segments(results: dict[str, object], told: Told) -> Iterator[ImportedLine]:
    for each in tables(results.get("audio_segments")):
        line = line_of(
            (),
            told,
            text=string(each.get("transcript")),
            start=moment(each.get("start_time"), told),
            end=moment(each.get("end_time"), told),
            speaker=name_of(string(each.get("speaker_label"))),
        )
        if line is not None:
            yield line
