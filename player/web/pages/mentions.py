"""Prints the places that name a person or cite a source, under the titles of their recordings, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.statements import RECORD
from player.index import mentions
from player.publish.citation import pages_cited
from player.web.pages.line_places import stamp
from player.web.pages.listing import LISTED, Asked, Part
from player.web.pages.surroundings import address, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.index.index import Index
    from player.index.mentions import Place

# In letters: enough to know a line by.
_LONGEST: Final = 110
# What is said in other files than those of a recording or a dossier stands under these.
_HEADINGS: Final = {
    "people": "People",
    "chronology": "Chronology",
    "sources": "Sources",
    "archive": "About the archive",
}


@dataclass(frozen=True)
class Mention:
    """A place that cites or names something; ``at`` says where in a recording: ``3:12``, ``~3:12``, ``p. 12``.

    ``language`` is that of the words of a line; None where they are the archive's own.
    """

    address: str
    text: str
    at: str
    kind: str
    language: str | None
    locators: Sequence[str]
    #: Whether they are a machine's words, which nobody has heard or reviewed.
    is_unchecked: bool = False


@dataclass(frozen=True)
class Heading:
    """A recording, dossier or page under which places stand, and how many there are, on this page and on others."""

    text: str
    count: int
    is_continued: bool
    mentions: Sequence[Mention]


@dataclass(frozen=True)
class Mentions:
    """All places that name or cite one thing: those on the page under their headings, and where the others are.

    ``part`` says which page it is; ``recordings`` and other ``pages`` count where there are such places.
    """

    part: Part
    headings: Sequence[Heading]
    recordings: int
    pages: int

    @classmethod
    def of(cls, index: Index, kind: str, name: str, anchor: str) -> Mentions:
        """Give the page that the current request asks for of what names a person or cites a source, by its id.

        ``anchor`` is where they begin on the page.
        """
        groups = mentions.groups(index, kind, name)
        part = Part.of(Asked.read(), sum(group.count for group in groups), LISTED, anchor=anchor)
        shown = mentions.places(index, kind, name, groups, part.start, part.stop)
        headings = [
            Heading(
                each.group.title or _HEADINGS.get(each.group.kind, ""),
                each.group.count,
                each.is_continued,
                [_mention(index, place) for place in each.places],
            )
            for each in shown
        ]
        recordings = sum(group.kind == "recording" for group in groups)
        return cls(part, headings, recordings, len(groups) - recordings)


def _mention(index: Index, place: Place) -> Mention:
    text = "About this recording" if place.kind == RECORD else cut(place.title, _LONGEST)
    moment = place.spot.at
    at = pages_cited(place.page) if moment is None else stamp(moment, is_approximate=place.is_approximate)
    known = (place.kind, place.language, place.locators, place.is_unchecked)
    return Mention(address(index, place.spot), text, at, *known)
