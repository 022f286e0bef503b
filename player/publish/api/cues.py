"""Prepares the lines of a recording to be sent by time: each is written once, and a passage of them is put together.

Whoever sends them puts the addresses in, which differ by the host that is asked.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final

from player.errors import NotFoundError, TimecodeError, quoted
from player.publish.api.asked import CUES_ASKED
from player.publish.api.parameters import AskedError, read
from player.publish.api.recordings import brief
from player.publish.api.shapes import LINE, TRANSLATION, Shape, address, count, flag, listed, more, named, record
from player.publish.transcripts.json_lines import line_said, machine_said, source_said, translation_said
from player.timecode import Span, fragment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine

# They stand in what is prepared for the page of a recording, the same with the version that is cited, and what the API
# has of it: JSON has no such signs, as it writes them otherwise.
_PAGE: Final = "\x00"
_CITED: Final = "\x01"
_API: Final = "\x02"
# What ``json.dumps`` makes anew each time, in 5 µs, where it does not write as it usually does.
_WRITER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# After the end of any recording.
_END: Final = 1 << 62

CUE: Final[Shape] = more(
    {"description": "A line of a transcript. One without times has nobody placed yet.", **LINE},
    address=address("The page of the line, which stays: it leads on where the line was divided or joined."),
    passage=address("Where it is played and cited: its times, or the line itself where it has none."),
)
VERSION: Final[Shape] = record(
    "A version of the words, where there were others before.",
    number={"type": "integer", "minimum": 0},
    date={"type": "string", "description": "The day since which they are so, or, of the first, before which, as EDTF."},
)
CUES: Final[Shape] = record(
    "Lines of a recording, in the order of its transcript.",
    recording=named("Brief"),
    language=named("language"),
    translation={"description": "Who translated them.", **TRANSLATION},
    version={"description": "That of the words.", "oneOf": [{"type": "null"}, named("Version")]},
    machine=named("Machine"),
    in_step=flag("Whether the lines may follow the sound: they were timed to it."),
    total=count("How many lines there are in the passage that is asked for."),
    cues=listed(named("Cue"), "Those of this page."),
    sources=listed(named("Source"), "What they rest on."),
    links=record(
        self=address("This page."),
        recording=address("The recording."),
        next=address("The lines after these, where there are more.", may_lack=True),
    ),
)
_PAGED: Final = frozenset({"total", "cues", "links"})
ONE: Final[Shape] = record(
    "One line of a recording.",
    **{name: each for name, each in CUES["properties"].items() if name not in _PAGED},
    cue=named("Cue"),
    citation=named("Citation"),
    links=record(
        self=address("This answer."),
        recording=address("The recording."),
        prev=address("The line before it.", may_lack=True),
        next=address("The line after it.", may_lack=True),
    ),
)


@dataclass(frozen=True)
class Prepared:
    """The lines of a recording, ready to be sent."""

    exported: Exported
    in_step: bool
    version: dict[str, Any] | None
    #: What is the same for each part of them, as JSON without its braces.
    head: str
    written: Sequence[str]
    #: The places of the lines, by their names; those that are timed, when they begin and end, how far any yet reaches.
    places: dict[str, int]
    timed: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    reach: Sequence[int]
    #: By their ids, as JSON; and those that each line rests on.
    sources: dict[str, str]
    resting: Sequence[tuple[str, ...]]
    #: Of all that is sent of them, but for the addresses.
    digest: str
    #: With the addresses that were asked for last.
    last: list[Filled] = field(default_factory=list, compare=False)

    @property
    def size(self) -> int:
        """How many letters are kept of it."""
        return sum(map(len, self.written))

    def place_of(self, name: str) -> int:
        """Give the place of a line among the others.

        :raise NotFoundError: where there is none of that id.
        """
        place = self.places.get(name)
        if place is None:
            title = self.exported.recording.title
            raise NotFoundError(f'"{title}" has no line {quoted(name)}; its page says what became of one that it had')
        return place

    def within(self, span: Span | None) -> Sequence[int]:
        """Give the places of the lines that are said in a passage; of all lines, timed or not, where that is None."""
        if span is None:
            return range(len(self.written))
        # Before the first, nothing reaches into it; after the last, nothing has begun.
        first, last = bisect_right(self.reach, span.start), bisect_left(self.starts, span.end)
        # What begins in it lasts into it; of what began before it some may have ended, and others not.
        begin = max(first, min(bisect_left(self.starts, span.start), last))
        return [*(self.timed[at] for at in range(first, begin) if self.ends[at] > span.start), *self.timed[begin:last]]

    def filled(self, at: Addresses) -> Filled:
        """Give what was prepared with the addresses in it; what was asked for last is kept."""
        found = self.last[0] if self.last else None
        if found is None or (found.at is not at and found.at != at):
            named = f"{self.digest} {at}"
            found = Filled(at, named, at.put_into(self.head).encode(), [b""] * len(self.written))
            self.last[:] = [found]
        return found

    def passage(self, places: Sequence[int], at: Addresses) -> tuple[bytes, bytes]:
        """Write the lines at some places, and what they rest on, each as a list in JSON."""
        lines = self.filled(at).lines
        said = [lines[place] for place in places]
        if b"" in said:
            for place in places:
                lines[place] = lines[place] or at.put_into(self.written[place]).encode()
            said = [lines[place] for place in places]
        names = dict.fromkeys(chain.from_iterable([self.resting[place] for place in places]))
        rest = ",".join([self.sources[name] for name in names])
        return b"[%b]" % b",".join(said), f"[{rest}]".encode()

    def one(self, place: int, at: Addresses) -> bytes:
        """Write one line, and what it rests on, as JSON."""
        said, rest = self.passage([place], at)
        return b'{%b,"cue":%b,"sources":%b}' % (self.filled(at).head, said[1:-1], rest)


@dataclass
class Filled:
    """What was prepared, with addresses in it: each line once it was asked for."""

    at: Addresses
    #: All that an answer of it is made of, but for what is asked.
    named: str
    head: bytes
    #: Empty where a line was not asked for yet.
    lines: list[bytes]


@dataclass(frozen=True)
class Addresses:
    """Where a recording is in public: what the API has of it, its lines there, its page, and that as it is cited."""

    api: str
    cues: str
    page: str
    cited: str

    def put_into(self, said: str) -> str:
        """Put them into what was prepared."""
        said = said.replace(_API, _inner(self.api))
        return said.replace(_PAGE, _inner(self.page)).replace(_CITED, _inner(self.cited))


def passage(prepared: Prepared, given: Mapping[str, Sequence[str]], at: Addresses) -> tuple[bytes, str]:
    """Write the answer with the lines that are asked for by what is ``given`` in the address; and its entity tag.

    :raise AskedError: where nothing can be asked so.
    :raise NotFoundError: where there is no such line after which the others are asked for.
    """
    asked = read(CUES_ASKED, given)
    found = prepared.within(span_asked(asked))
    after = asked["after"]
    begin = -1 if after is None else prepared.place_of(after)
    rest = [place for place in found if place > begin] if begin >= 0 else found
    shown = rest[: asked["limit"]]
    own = {name: values[0] for name, values in given.items()}
    following = None
    if len(rest) > len(shown):
        following = _with(at.cues, {**own, "after": prepared.exported.lines[shown[-1]].id})
    links = {"self": _with(at.cues, own), "recording": at.api, "next": following}
    said, rests = prepared.passage(shown, at)
    filled = prepared.filled(at)
    whole = (filled.head, len(found), said, rests, as_json(links).encode())
    # It says all that the answer is made of: to read that through takes as long as to write it.
    tag = hashlib.sha256(f"{filled.named} {sorted(own.items())}".encode()).hexdigest()[:32]
    return b'{%b,"total":%d,"cues":%b,"sources":%b,"links":%b}' % whole, tag


def span_asked(asked: Mapping[str, Any]) -> Span | None:
    """Give the passage that is asked for; None where no times are.

    :raise AskedError: where it is none.
    """
    at, first, last = asked["at"], asked["from"], asked["to"]
    if at is not None:
        if first is not None or last is not None:
            raise AskedError("at is a moment, and from and to are a passage; ask for the one or the other")
        return Span(at, at + 1)
    if first is None and last is None:
        return None
    try:
        return Span(first or 0, _END if last is None else last)
    except TimecodeError as error:
        raise AskedError(str(error)) from None


def prepare(exported: Exported, version: dict[str, Any] | None, *, in_step: bool) -> Prepared:
    """Prepare the lines of a recording; ``version`` is that of their words."""
    lines = exported.lines
    told = as_json(brief(exported.recording, exported.notices))[:-1]
    head = {
        "language": exported.language,
        "translation": translation_said(exported.translation),
        "version": version,
        "machine": machine_said(exported),
        "in_step": in_step,
    }
    timed = [place for place, line in enumerate(lines) if line.start is not None]
    ends = [lines[place].until or 0 for place in timed]
    written = list(map(_written, lines))
    sources = {each.id: as_json(source_said(each)) for each in exported.sources}
    resting = [tuple(each.source for each in line.citations if each.source in sources) for line in lines]
    whole = f'"recording":{told},"address":"{_PAGE}","api":"{_API}"}},{as_json(head)[1:-1]}'
    return Prepared(
        exported,
        in_step,
        version,
        whole,
        written,
        {line.id: place for place, line in enumerate(lines)},
        timed,
        [lines[place].start or 0 for place in timed],
        ends,
        list(accumulate(ends, max)),
        sources,
        resting,
        hashlib.sha256("\n".join((whole, *written, *sources.values())).encode()).hexdigest(),
    )


def as_json(said: Any) -> str:
    """Write it as short as JSON is."""
    return _WRITER.encode(said)


def _written(line: ExportedLine) -> str:
    asked = f"cue-{line.id}"
    if line.start is not None:
        asked = f"t={fragment(line.start)}" + ("" if line.end is None else f",{fragment(line.end)}")
    return f'{as_json(line_said(line))[:-1]},"address":"{_PAGE}/lines/{line.id}","passage":"{_CITED}#{asked}"}}'


def _with(address: str, asked: Mapping[str, str]) -> str:
    # No value that was read has a sign that an address has otherwise.
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in asked.items())}" if asked else address


def _inner(address: str) -> str:
    return as_json(address)[1:-1]
