"""Writes the transcript of a podcast as JSON, as apps of the Podcasting 2.0 namespace show it in step with the sound.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
It has segments with a beginning, an end, a body and who speaks, and nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from player.publish.transcripts.exported_lines import by_turn
from player.publish.transcripts.marked_words import marked
from player.publish.transcripts.subrip import head
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine


def write(exported: Exported) -> bytes:
    """Write the lines that are timed, each turn a segment, below what has to be known first."""
    told = head(exported)
    first = [_segment(None, told[0], told[1], told[2].replace("\n", " "))] if told else []
    segments = [*first, *(each for line in exported.timed for each in _segments(line))]
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=1).encode() + b"\n"


def _segments(line: ExportedLine) -> Iterator[dict[str, Any]]:
    """Give a segment for each turn; one that is not the first begins with its first word, where that is timed."""
    begin = 0
    start, end = line.start or 0, line.until or 1
    turns = list(by_turn(line))
    begins = []
    for turn in turns:
        time = line.words[begin] if begin < len(line.words) else None
        begins.append(start + time if begin and time is not None else start)
        begin += len(turn.text.split())
    for turn, at, after in zip(turns, begins, [*begins[1:], end], strict=True):
        voice = turn.voices[0] if turn.voices else None
        yield _segment(voice, at, after if after > at else end, " ".join(marked(turn, with_unsure=False).split()))


def _segment(speaker: str | None, start: int, end: int, body: str) -> dict[str, Any]:
    times = {"startTime": start / SECOND, "endTime": end / SECOND, "body": body}
    return {"speaker": speaker, **times} if speaker else times
