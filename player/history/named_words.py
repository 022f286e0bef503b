"""Lets comments that name words of their line name them as they are once some are taken out.

``NOTE doubtful: 5 "Quill"`` names one word of a phrase that may go: it would say that word still, and be of another.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.doubt_marks import DOUBTFUL, VARIANT, is_stale, mark_of, written
from player.archive.line_marks import DOUBTS
from player.archive.webvtt.blocks import is_signed, normal, scan
from player.archive.webvtt.comments import is_untimed
from player.archive.webvtt.reading import parse
from player.history.moving import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.webvtt.blocks import Block

_COMMENT: Final = re.compile(rf"(NOTE[ \t]+)((?:{DOUBTFUL}|{VARIANT}|{DOUBTS}).*)", re.DOTALL)
_LINE: Final = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def named_again(before: str, after: str, old: Sequence[str], new: Sequence[str]) -> str:
    """Give a comment, which was ``before`` and is ``after`` words went, with the words of its line as they are now."""
    if len(old) != len(new):
        return after
    if before.startswith(DOUBTS):
        known = {word for each in before.removeprefix(DOUBTS).split() for word in bare(each)}
        doubted = (now for was, now in zip(old, new, strict=True) if was != now and not known.isdisjoint(bare(was)))
        gone = {word for was, now in zip(old, new, strict=True) if was != now for word in bare(was)}
        kept = [each for each in after.removeprefix(DOUBTS).split() if gone.isdisjoint(bare(each))]
        return " ".join((DOUBTS, *dict.fromkeys((*kept, *doubted))))
    mark, now_said = mark_of(before), mark_of(after)
    if mark is None or now_said is None or is_stale(mark, old):
        return after
    return written(replace(now_said, words=" ".join(new[mark.first : mark.last + 1])))


def all_named_again(path: Path, before: str, after: str) -> str:
    """Give the text of a WebVTT file, which was ``before``, with such comments as they are to be after words went."""
    if _COMMENT.search(after) is None or not is_signed(normal(before.removeprefix("\ufeff"))):
        return after
    old, new = (parse(path, text.removeprefix("\ufeff")) for text in (before, after))
    words = {line.line: (line.text.split(), now.text.split()) for line, now in zip(old.lines, new.lines, strict=False)}
    was, rows = ([match.groups() for match in _LINE.finditer(text)] for text in (before, after))
    if len(was) != len(rows):
        return after
    for comments, line in _groups(scan(normal(before.removeprefix("\ufeff"))).blocks):
        pair = words.get(line)
        for each in comments if pair is not None and pair[0] != pair[1] else ():
            own, now = (_COMMENT.fullmatch(of[each.line - 1][0]) for of in (was, rows))
            if own and now and len(each.lines) == 1 and pair:
                rows[each.line - 1] = now[1] + named_again(own[2], now[2], *pair), rows[each.line - 1][1]
    return "".join(part for row in rows for part in row)


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[list[Block], int]]:
    """Give each line, by the number that it is read with, and the comments above it."""
    above: list[Block] = []
    for block in blocks:
        if block.kind == "comment" and not is_untimed(block):
            above.append(block)
            continue
        yield above, block.line if block.timing is None else block.timing_line
        above = []
