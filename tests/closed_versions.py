"""What transcripts of the archive of ``closed_plan`` were before: each closed thing had other words then."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from closed_plan import BUOY, DOCK, LINE, MOLE, PIER, QUAY, REEF, SLIP, VOICE, Way, rare

from player.history.differing import edits
from player.history.entries import DESK, Entry, written
from player.history.recording import digest, with_lines

if TYPE_CHECKING:
    from closed_plan import Planted

#: The identifier of a line that is gone, which was said in a closed passage.
GONE: Final = "g1"
#: Which line of each had other words.
_WHICH: Final = {QUAY.slug: 3, PIER.slug: 6, REEF.slug: 5, SLIP.slug: 2, BUOY.slug: 2, MOLE.slug: 1}
_DATE: Final = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def earlier(each: Planted, transcript: str, way: Way) -> dict[str, str]:
    """Give the files of its history: one version before that of today."""
    before = _before(each, transcript, way)
    if before == transcript:
        return {}
    path, old, new = Path("transcript.vtt"), before.encode(), transcript.encode()
    by = (
        f"{rare('private first')} {rare('private last')}"
        if each is QUAY and way is not Way.WITHOUT
        else "Name withheld"
    )
    entry = Entry(1, _DATE, by, DESK, digest(old), digest(new), edits(old, new))
    made = with_lines(entry, path, old, new, {GONE: ()})
    return {"history/0000-first.vtt": before, "history/0001.json": written(made).decode()}


def _before(each: Planted, transcript: str, way: Way) -> str:
    if each is DOCK:
        head = "Local Usage Element: [Machine Transcript] hushscribe, unknown, 2026-11-19"
        text = transcript.replace(each.said[1], rare("never dock earlier draft"))
        return text.replace("Type: caption", f"Type: caption\n{head}")
    number = _WHICH.get(each.slug, 2 if each.is_hidden else 0)
    if not number:
        return transcript
    name = "open mole earlier" if each is MOLE else f"{each.name} earlier"
    text = transcript.replace(each.said[number - 1], rare(name))
    if each is not QUAY:
        return text
    # A line that is gone, said in the closed passage; and what a voice was called that may not be named.
    voice = f"<v {VOICE}>" if way is not Way.WITHOUT else "<v Keeper>"
    text = re.sub(r"(<00:00:0[45]\.500>)", "", text)
    start = 6 * 1000 + LINE * 250
    gone = f"{GONE}\n00:00:0{start // 1000}.{start % 1000:03d} --> 00:00:07.500\n{voice}{rare('quay earlier gone')}\n"
    return f"{text}\n{gone}"
