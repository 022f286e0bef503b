"""Advises on the lines of a transcript: what programs that write transcripts do, and listeners would not expect."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import OLDER
from player.errors import Advice, quoted, shown
from player.history.reused import reused
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Cue, Transcript
    from player.archive.translation import Translation
    from player.errors import Fault

# "Name: words", as meeting recorders write it: up to five words, none of which ends a sentence.
_HEAD: Final = re.compile(r"\s*(?P<name>[^\W_][\w.'’()&-]*(?: [\w.'’()&-]+){0,4}): (?=\S)")
# What a browser cannot read, and `player import` can.
_OF_PROGRAMS: Final = re.compile(
    "the file (does not begin with WEBVTT|is UTF-16)|byte 0x|the timing line .* is dropped|a cue is dropped because",
    re.DOTALL,
)
# Somebody who says little is named once or twice; fewer than these are a colon in what is said.
_FEWEST_NAMED: Final = 3
# People say "No. No." So short a line may well be said twice: less than these, or in a script without spaces signs.
_FEW_WORDS: Final = 3
_FEW_SIGNS: Final = 8


def line_advice(transcript: Transcript) -> Iterator[Advice]:
    """Give what a listener would not expect of the lines of a transcript, though a browser reads them."""
    yield from _overlaps(transcript)
    yield from _repetitions(transcript)
    yield from _names(transcript)


def older_advice(translations: Iterable[Translation]) -> Iterator[Advice]:
    """Give the lines of translations that are older than the words that they translate."""
    for translation in translations:
        for line in translation.lines:
            day = translation.older.get(line.id)
            if day is not None:
                on = f" on {day}" if day else ""
                what = f"the words that line {line.id} translates were changed{on}, after it was translated"
                yield Advice(translation.path, line.line, what, f"translate it again, and remove NOTE {OLDER} above it")


def reused_advice(record: Record, transcript: Transcript) -> Iterator[Advice]:
    """Give the lines that are called as another line was, which may have been cited."""
    for line in reused(record, transcript.lines):
        what = f"another line was {line.id} before, so what cites that one leads to this"
        yield Advice(transcript.path, line.line, what, "give this line an identifier that none ever had")


def import_advice(path: Path, faults: Iterable[Fault]) -> Iterator[Advice]:
    """Say how a transcript is mended at once, if ``faults`` of it are such as come from how a program wrote it."""
    wrong = [fault for fault in faults if fault.path == path and _OF_PROGRAMS.match(fault.what)]
    if wrong:
        what = "some program seems to have written this file otherwise than browsers read it"
        command = f"player import {path.parent.name} {shlex.quote(shown(path))} --force"
        yield Advice(path, wrong[0].line, what, f"bring it in as what it is, which mends most of that: {command}")


def _overlaps(transcript: Transcript) -> Iterator[Advice]:
    """Give the lines that begin before the one above ends, unless two voices are said to speak at the same time."""
    for above, cue in pairwise(transcript.cues):
        if cue.start < above.end and above.start < cue.end and not _are_two(above, cue):
            what = (
                f"cue {cue.id} starts ({display(cue.start)}) before the cue above it ends ({display(above.end)}), "
                "and from then on only this one is marked"
            )
            yield Advice(transcript.path, cue.line, what, "correct the times, or name both voices if two speak at once")


def _are_two(above: Cue, cue: Cue) -> bool:
    return above.speaker is not None and cue.speaker is not None and above.speaker != cue.speaker


def _repetitions(transcript: Transcript) -> Iterator[Advice]:
    """Give the lines that say again what the one above says, as some programs write each twice, or its second half."""
    for above, cue in pairwise(transcript.cues):
        if above.text == cue.text:
            words = cue.text
        elif "\n" in above.text or "\n" in cue.text:
            words = above.text.rstrip().rpartition("\n")[2].strip()
            if words != cue.text.lstrip().partition("\n")[0].strip():
                continue
        else:
            continue
        if len(words.split()) >= _FEW_WORDS or (not words.isascii() and len(words.strip()) >= _FEW_SIGNS):
            what = f"cue {cue.id} repeats words of the one above it: {quoted(' '.join(words.split()))}"
            yield Advice(transcript.path, cue.line, what, "remove one of the two, if it was said once")


def _names(transcript: Transcript) -> Iterator[Advice]:
    """Give the lines that begin with a name and a colon, where so many do that they are who speaks."""
    heads = _heads(transcript.cues)
    counted = Counter(name for _, name in heads)
    # Where each line has a name, whoever speaks once is named too.
    have_all = len(heads) == sum(cue.speaker is None for cue in transcript.cues) and len(counted) < len(heads)
    named = [(cue, name) for cue, name in heads if have_all or counted[name] > 1]
    if len(named) < _FEWEST_NAMED:
        return
    remedy = _to_voices(transcript, dict.fromkeys(name for _, name in named))
    for cue, name in named:
        what = f"cue {cue.id} begins with a name, {quoted(name)}, which is read as words"
        yield Advice(transcript.path, cue.line, what, remedy)


def _to_voices(transcript: Transcript, names: Iterable[str]) -> str:
    """Say how to make voices of the names at the heads of lines."""
    path = transcript.path
    speakers = shlex.quote(",".join(f"{name}={name}" for name in names))
    command = f"player import {path.parent.name} {shlex.quote(shown(path))} --force --speakers {speakers}"
    return f"write it as a voice, <v Name>, or all of them at once: {command}"


def _heads(cues: Sequence[Cue]) -> list[tuple[Cue, str]]:
    """List the lines without a voice that begin with what may be a name, and that name."""
    matches = ((cue, _HEAD.match(cue.text)) for cue in cues if ": " in cue.text and cue.speaker is None)
    return [(cue, match["name"]) for cue, match in matches if match is not None]
