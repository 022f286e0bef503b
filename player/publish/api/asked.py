"""Lists the addresses of the API: what each is for, what may be asked there, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from player.index import facets
from player.publish.api.found import PLACES
from player.publish.api.parameters import LAST, Parameter, choice, identifier, language, moment, number, values, words
from player.publish.web_annotations import KIND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What may be longer in no address: words that are searched, and a value of a facet, in letters; and how many of these.
LONGEST: Final = 200
MOST_VALUES: Final = 20
#: How many recordings, and how many lines, are on a page if nothing else is said, and may be.
RECORDINGS: Final = (20, 100)
LINES: Final = (200, 1000)
#: How recordings are ordered, the usual way first.
ORDERS: Final = ("date", "latest", "title", "length", "added")

_JSON: Final = "application/json"
_SAID: Final = {
    "person": "whom one of its notes is about, or who speaks in it, by the id that people.toml has",
    "tag": "a word of the archive's own",
    "decade": "1960s, for instance",
    "kind": "recording, or reading",
    "series": "a series of the archive's own",
}
FACETS: Final = tuple(
    values(name, f"Only those of this {name}: {_SAID[name]}. Several widen the list.", LONGEST, MOST_VALUES)
    for name in facets.NAMES
)
_PAGE: Final = number("page", "Which page.", 1, LAST, 1)
_LANGUAGE: Final = language(
    "language", "In which language, as a BCP 47 tag: that of the recording, or of a translation."
)


#: What may be asked of the lines of a recording.
CUES_ASKED: Final = (
    moment("from", "Only lines that last beyond this moment; those without times are left out."),
    moment(
        "to",
        "Only lines that begin before this moment, which is after `from`; those without times are left out.",
    ),
    moment("at", "Only lines that are said at this moment; neither `from` nor `to` goes with it."),
    _LANGUAGE,
    identifier("after", "Only lines after the one of this id: how the next page is asked for."),
    number("limit", "How many are on a page.", 1, LINES[1], LINES[0]),
)


@dataclass(frozen=True)
class Address:
    """An address: its path below that of the API, the endpoint that answers, what it is for, and how.

    ``answers`` names the shape of what comes, ``refuses`` has what else may come beside 400, 404 and 405.
    """

    path: str
    endpoint: str
    said: str
    answers: str
    parameters: Sequence[Parameter] = ()
    refuses: Mapping[int, str] = field(default_factory=dict)
    media_type: str = _JSON

    @property
    def names(self) -> list[str]:
        """What stands in its path in braces."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


_FOUND: Final = (10, 50)
_GONE: Final = {410: "It was withdrawn: when, and why."}
_MOVED: Final = {308: "It was renamed, and is there now."}
_CLOSED: Final = {403: "It is not for everybody: until when, and why."}
_NOT_YET: Final = {503: "It was published or changed a moment ago; Retry-After says when to ask again."}
_BUSY: Final = {503: "The server searches for others; Retry-After says when to ask again."}

ADDRESSES: Final = (
    Address("/", "api.archive", "What the archive is, and what it holds.", "Archive"),
    Address(
        "/recordings",
        "api.recordings",
        "The recordings, a page at a time, narrowed and ordered.",
        "Recordings",
        (
            *FACETS,
            choice("sort", "In which order.", ORDERS, ORDERS[0]),
            _PAGE,
            number("limit", "How many are on a page.", 1, RECORDINGS[1], RECORDINGS[0]),
        ),
    ),
    Address(
        "/recordings/{slug}",
        "api.recording",
        "One recording: what it is, on what terms, and where its sound, words and notes are.",
        "Recording",
        refuses={**_MOVED, **_GONE, **_NOT_YET},
    ),
    Address(
        "/recordings/{slug}/cues",
        "api.cues",
        "Its lines: all of them, or those that are said in a passage, or at a moment.",
        "Cues",
        CUES_ASKED,
        refuses={**_MOVED, **_CLOSED, **_GONE},
    ),
    Address(
        "/recordings/{slug}/cues/{cue}",
        "api.cue",
        "One line by its id, with its citation. An id never comes to mean other words.",
        "Line",
        (_LANGUAGE,),
        refuses={**_MOVED, **_CLOSED, **_GONE},
    ),
    Address(
        "/recordings/{slug}/annotations",
        "api.annotations",
        "The archivists' notes, as W3C Web Annotations.",
        "Annotations",
        refuses={**_MOVED, **_GONE},
        media_type=KIND,
    ),
    Address(
        "/search",
        "api.search",
        "What is found in the lines of all recordings, in notes, and in all else that the archive says.",
        "Found",
        (
            words("q", "What to look for; in quotation marks, one word after another.", LONGEST, is_needed=True),
            choice("in", "Where: recordings are found by their lines and their records.", tuple(PLACES), "recordings"),
            *FACETS,
            choice("sort", "In which order: what answers best first, or the earliest.", ("best", "date"), "best"),
            _PAGE,
            number("limit", "How many are on a page.", 1, _FOUND[1], _FOUND[0]),
            number("lines", "How many lines, or notes, are given of each recording.", 0, 50, 3),
        ),
        _BUSY,
    ),
    Address("/openapi.json", "api.described", "This API, as OpenAPI 3.1 describes it.", "Description"),
)
BY_ENDPOINT: Final = {each.endpoint: each for each in ADDRESSES}
