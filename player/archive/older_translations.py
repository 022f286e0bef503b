"""Lets translations follow a transcript that is changed, and marks what in them is older than the words beside it.

A line whose words were changed has, directly above its translation, the comment ``NOTE older: 2026-11-29``, the day of
the first such change. Whoever translates the line again takes the comment out; where the line has again the words that
were translated, it goes by itself.

What is not older stays beside its line: times, voices and identifiers follow. Where a line was divided, its translation
stands beside the first that has its words; where lines were joined, theirs are joined too; that of a line that is gone
becomes a comment, so that nobody's work is lost, and a line again where that comes back. All else in the file stays,
byte for byte.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.line_marks import ALIGNED, OLDER, older
from player.archive.references import IDENTIFIER
from player.archive.transcript import Cue
from player.archive.translation import WORDS_DIGEST, words_digest
from player.archive.translation_names import translation_files
from player.archive.webvtt.blocks import normal, scan
from player.archive.webvtt.comments import APPROXIMATE, PARAGRAPH, UNTIMED, is_untimed, untimed
from player.archive.webvtt.header import local_usage
from player.archive.webvtt.marking import with_element
from player.archive.webvtt.payload import name_written
from player.archive.webvtt.reading import LARGEST, Readings, parse
from player.errors import ArchiveError
from player.files import content
from player.timecode import vtt

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.archive.webvtt.blocks import Block

    #: Where the identifiers of lines that were divided, joined or removed lead: to none, where the line is gone.
    Moved = Mapping[str, Sequence[str]]
    #: Gives the words that a line had before the first change on a day, or, where none is named, when it went; None
    #: where that is not known.
    Translated = Callable[[str, str], Sequence[str] | None]

#: What the comment begins with that a translation becomes whose line is gone; its words stand below, each after a bar.
GONE: Final = "no longer in the transcript:"

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END: Final = re.compile(rb"\r\n|\r|\n")
_VOICE: Final = re.compile(r"<v((?:\.[^\s>]*)?)(?:\s[^>]*)?>")
_VOICES: Final = re.compile(r"</?v(?:[.\s][^>]*)?>")
_STAMP: Final = re.compile(r"<[0-9][0-9:.]*>")
_DIGEST: Final = re.compile(rf"(\[{re.escape(WORDS_DIGEST)}\]\s*)[0-9a-f]{{64}}", re.IGNORECASE)
_WAS: Final = re.compile(rf"{re.escape(GONE)}\s*({IDENTIFIER.pattern})(?:\s*,\s*{OLDER}\s*([-0-9]*))?\s*", re.ASCII)
# What comments say of a line alone; those of translators, and pages, stay where they are.
_OF_LINE: Final = (PARAGRAPH, APPROXIMATE, ALIGNED, OLDER, "source:", "sources:")


class _Group(NamedTuple):
    """A translated line in its file, with the comments above it."""

    comments: tuple[Block, ...]
    block: Block
    line: Line


def translations_after(
    folder: Path,
    before: bytes,
    after: bytes,
    moved: Moved,
    day: dt.date,
    translated: Translated | None = None,
    readings: Readings | None = None,
) -> dict[Path, bytes]:
    """Give those translations in a recording's folder that are others once its transcript, ``before``, is ``after``.

    ``translated`` tells which words a line had that is marked as older; where it has these again, the mark goes.

    A translation that cannot be read, or would be read back as something else, stays as it is, and ``player check``
    says what of it does not match.
    """
    files = translation_files(folder)
    if not files:
        return {}  # to read 20,000 lines twice takes more than a second
    readings = readings or Readings(folder / "transcript.vtt")
    try:
        old, new = readings.lines(before), readings.lines(after)
    except ArchiveError:
        return {}
    found = {}
    for each in files.values():
        try:
            own = content(each)
            if len(own) > LARGEST:
                continue
            now = translation_after(each, own, old, new, moved, day, translated)
        except (OSError, ArchiveError):
            continue
        if now != own:
            found[each] = now
    return found


def translation_after(
    path: Path,
    own: bytes,
    old: Sequence[Line],
    new: Sequence[Line],
    moved: Moved,
    day: dt.date,
    translated: Translated | None = None,
) -> bytes:
    """Give the translation at ``path``, whose bytes are ``own``, as it follows a transcript from ``old`` to ``new``.

    :raise ArchiveError: where it is no WebVTT.
    """
    header = parse(path, _text(own)).header
    digest = local_usage(header, WORDS_DIGEST)
    was_in_step = digest is not None and digest.lower() == words_digest(old)
    after = _Writer(path, own, old, new, moved, f"{OLDER} {day.isoformat()}", translated).written()
    if was_in_step:
        now = words_digest(new)
        after = with_element(after, "Local Usage Element", lambda text: _DIGEST.sub(rf"\g<1>{now}", text))
    if after == own:
        return own
    found = parse(path, _text(after))
    is_same = [name for name, _ in found.header] == [name for name, _ in header]
    there = {line.id for line in new}
    before = {line.id for line in parse(path, _text(own)).lines}
    # A line that was there already under no name of the transcript's is nobody's business here.
    return after if is_same and {line.id for line in found.lines} <= there | before else own


class _Gone(NamedTuple):
    """A comment that a translated line became, and the line of the transcript that has come back."""

    block: Block
    line: Line
    #: The day since which it was older then; None where it was not.
    day: str | None


class _Writer:
    """Writes one translation anew, from its end, so that the numbers of the lines above stay."""

    def __init__(
        self,
        path: Path,
        own: bytes,
        old: Sequence[Line],
        new: Sequence[Line],
        moved: Moved,
        mark: str,
        translated: Translated | None,
    ) -> None:
        self._own = own
        self._path = path
        self._rows = [match[0] for match in _LINE.finditer(own)]
        end = _END.search(own)
        self._eol = end[0] if end else b"\n"
        self._old = {line.id: line for line in old}
        self._new = {line.id: line for line in new}
        self._moved = moved
        self._mark = mark
        self._translated = translated

    def written(self) -> bytes:
        """Give the file."""
        groups = list(self._groups())
        led = {group.line.id: self._leads_to(group.line.id) for group in groups}
        back = list(self._come_back(set(led)))
        if not back and all(name == line and not self._differs(line) for line, name in led.items()):
            return self._own
        joined: dict[str, list[_Group]] = defaultdict(list)
        for group in groups:
            if (name := led[group.line.id]) is not None:
                joined[name].append(group)
        places: list[_Group | _Gone] = [*groups, *back]
        for place in sorted(places, key=lambda each: -each.block.line):
            if isinstance(place, _Gone):
                self._write_back(place)
            elif (name := led[place.line.id]) is None:
                self._write_gone(place)
            elif joined[name][0] is not place:
                self._take_out(place)
            else:
                self._write(place, name, joined[name])
        return b"".join(self._rows)

    def _groups(self) -> Iterator[_Group]:
        text = _text(self._own)
        at = {line.line: line for line in parse(self._path, text).lines}
        above: list[Block] = []
        for block in scan(normal(text)).blocks:
            line = at.get(block.line if block.timing is None else block.timing_line)
            if line is not None:
                yield _Group(tuple(above), block, line)
            above = [*above, block] if line is None and block.kind == "comment" else []

    def _come_back(self, there: set[str]) -> Iterator[_Gone]:
        """Give the comments that translated lines became which come back; ``there`` are those that are translated."""
        for block in scan(normal(_text(self._own))).blocks:
            was = _WAS.fullmatch(_says(block).partition("\n")[0]) if block.kind == "comment" else None
            if was is not None and was[1] in self._new and was[1] not in self._old and was[1] not in there:
                yield _Gone(block, self._new[was[1]], was[2])
                there.add(was[1])

    def _write_back(self, gone: _Gone) -> None:
        """Make a line again of a comment; where it is of other words than the line has, that is said."""
        block, line, day = gone
        words = [row.removeprefix("|").removeprefix(" ") for row in block.lines[1:]]
        head = self._head(block, line.id, line)
        fits = self._translated is not None and self._translated(line.id, day or "") == _words(line)
        mark = f"{OLDER} {day}" if day else self._mark
        self._put(block, [*([] if fits else [f"NOTE {mark}", ""]), *head, *(words or [""])])

    def _leads_to(self, name: str) -> str | None:
        """Give the line beside which a translated one stands from now on; None where that is gone."""
        if name in self._new or name not in self._old:
            return name
        return next((each for each in self._moved.get(name, ()) if each in self._new), None)

    def _differs(self, name: str) -> bool:
        """Tell whether what a translation has of a line is another now."""
        old, new = self._old.get(name), self._new.get(name)
        if old is None or new is None:
            return False
        return _words(old) != _words(new) or _times(old) != _times(new) or _voices(old) != _voices(new)

    def _write(self, group: _Group, name: str, joined: Sequence[_Group]) -> None:
        """Write one line, with the words of all that are joined in it."""
        block, own = group.block, group.line.id
        new = self._new.get(name)
        payloads = [_payload(each.block) for each in joined]
        is_older = len(joined) > 1 or name != own
        is_retimed = has_other_voices = False
        if new is not None and own in self._old:
            old = self._old[own]
            is_older = is_older or _words(old) != _words(new)
            is_retimed, has_other_voices = _times(old) != _times(new), _voices(old) != _voices(new)
        payload = "\n".join(payloads)
        if new is not None and (has_other_voices or is_older) and _voices_of(joined) != _voices(new):
            payload = _spoken(payload, _voices(new))
        if is_retimed or is_older:
            payload = _STAMP.sub("", payload)
        rows = self._head(block, name, new if is_retimed or is_older else None)
        rows += payload.split("\n")
        if not block.apart:
            rows.insert(0, "")
        marks = [each for each in group.comments if _says(each).startswith(OLDER)]
        fits = len(joined) == 1 and new is not None and bool(marks) and self._fits(group.line, new)
        if is_older and not marks:
            rows = [*([] if block.apart else [""]), f"NOTE {self._mark}", "", *rows]
        self._put(block, rows)
        for each in reversed(marks if fits else []):
            self._cut(each)

    def _fits(self, own: Line, new: Line) -> bool:
        """Tell whether a line that is marked as older translates the words that its line has now."""
        day = older(own)
        words = self._translated(new.id, day) if day and self._translated is not None else None
        return words is not None and words == _words(new)

    def _head(self, block: Block, name: str, new: Line | None) -> list[str]:
        """Write what stands above the words: identifier and times, those of ``new`` where it is given."""
        is_cue = block.timing is not None if new is None else isinstance(new, Cue)
        if not is_cue:
            return [f"NOTE {UNTIMED} {name}"]
        settings = block.timing.settings if block.timing else ""
        if isinstance(new, Cue):
            return [name, f"{vtt(new.start)} --> {vtt(new.end)}{settings}"]
        return [name, block.lines[block.arrow or 0]]

    def _write_gone(self, group: _Group) -> None:
        """Make a comment of a translated line, without what comments above it say of the line."""
        words = [f"| {row}" for row in _payload(group.block).split("\n")]
        above = [] if group.block.apart else [""]
        day = older(group.line)
        was = group.line.id if day is None else f"{group.line.id}, {OLDER} {day}".rstrip()
        self._put(group.block, [*above, f"NOTE {GONE} {was}", *words])
        self._drop(group.comments)

    def _take_out(self, group: _Group) -> None:
        """Take out a line whose words stand in another now; what translators wrote above it stays."""
        self._cut(group.block)
        self._drop(group.comments)

    def _drop(self, comments: Sequence[Block]) -> None:
        for comment in reversed(comments):
            if _says(comment).startswith(_OF_LINE):
                self._cut(comment)

    def _cut(self, block: Block) -> None:
        after = block.line - 1 + len(block.lines)
        after += after < len(self._rows) and not self._rows[after].strip(b"\r\n")
        del self._rows[block.line - 1 : after]

    def _put(self, block: Block, rows: Sequence[str]) -> None:
        first = block.line - 1
        last = first + len(block.lines)
        is_last = last == len(self._rows) and not self._rows[-1].endswith((b"\r", b"\n"))
        written = [row.encode() + self._eol for row in rows]
        if is_last:
            written[-1] = written[-1].removesuffix(self._eol)
        if b"".join(self._rows[first:last]) != b"".join(written):
            self._rows[first:last] = written


def _payload(block: Block) -> str:
    return untimed(block)[2] if is_untimed(block) else block.payload


def _spoken(payload: str, voices: Sequence[str | None]) -> str:
    """Give words with the voices of the line that they translate, where as many are named; else with none."""
    if len(_VOICE.findall(payload)) != len(voices) or not all(voices):
        return _VOICES.sub("", payload)
    names = iter(voices)
    return _VOICE.sub(lambda match: f"<v{match[1]} {name_written(next(names) or '')}>", payload)


def _voices_of(groups: Sequence[_Group]) -> tuple[str | None, ...]:
    found = tuple(turn.speaker for group in groups for turn in group.line.turns)
    return found if any(found) else ()


def _voices(line: Line) -> tuple[str | None, ...]:
    return tuple(turn.speaker for turn in line.turns)


def _words(line: Line) -> list[str]:
    return line.text.split()


def _times(line: Line) -> tuple[int, int] | None:
    return (line.start, line.end) if isinstance(line, Cue) else None


def _says(comment: Block) -> str:
    return "\n".join(comment.lines).removeprefix("NOTE").strip()


def _text(data: bytes) -> str:
    return data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
