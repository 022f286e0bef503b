"""Reads ``archive.toml``: what an archive is called, who keeps it, and what its pages say about it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from player.archive.machine import LABEL
from player.archive.toml.declared import Table, declared, key
from player.archive.toml.tables import read_file
from player.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: What its feed may be filed under: Apple's categories, without those within them
#: (https://podcasters.apple.com/support/1691).
CATEGORIES: Final = (
    *("Arts", "Business", "Comedy", "Education", "Fiction", "Government", "Health & Fitness", "History"),
    *("Kids & Family", "Leisure", "Music", "News", "Religion & Spirituality", "Science", "Society & Culture"),
    *("Sports", "TV & Film", "Technology", "True Crime"),
)
#: What an archive is called that does not say.
UNNAMED: Final = "The archive"


@declared
class About(Table):
    """The archive itself: its name, what its pages say about it, and what robots are asked to do.

    Every key may be left out, and so may the file.
    """

    name: str = key("text", f"what the archive is called; “{UNNAMED}” if left out", default=UNNAMED, said=False)
    description: str | None = key(
        "text", "one line about it, below its name and in the results of search engines", name="line", default=None
    )
    address: str | None = key("address", "the web page of those who keep it", default=None)
    logo: str | None = key("file name", "its logo: an SVG, PNG, JPEG or WebP image in `media/`", default=None)
    home: str | None = key("Markdown", "the text above the list of recordings", default=None)
    language: str = key(
        "text",
        "the language in which these texts are written, as a BCP 47 tag; `en` if left out",
        default="en",
        said=False,
    )
    terms: str | None = key("Markdown", "the terms under which it may be used as a whole", default=None)
    contact: str | None = key("contact", "where people can write to those who keep it", default=None)
    takedown: str | None = key(
        "Markdown", "how somebody asks for something to be taken down, and what happens then", default=None
    )
    search_engines: bool = key(
        "flag",
        "whether search engines may list its pages; if it is `false`, they are asked not to (`true` if left out)",
        default=True,
    )
    ai_training: bool = key(
        "flag",
        "whether those who train AI systems may use its pages; unless it is `true`, they are asked not to",
        default=False,
    )

    feed: bool = key(
        "flag",
        "whether `/feed.xml` offers its recordings to apps that play podcasts (`false` if left out)",
        default=False,
    )
    feed_author: str | None = key("text", "who publishes the feed; the archive's name if left out", default=None)
    feed_category: str | None = key(
        "choice",
        "what the feed is filed under, of Apple's categories (`History` if left out)",
        choices=CATEGORIES,
        default=None,
    )

    added: str = key(
        "choice",
        "what visitors see of a recording that is added by `player add` (`draft` if left out)",
        choices={
            "draft": "nothing, until it is published: `player publish`",
            "open": "all of it, at once",
        },
        default="draft",
    )
    machine_drafts: str = key(
        "choice",
        "what visitors see of a transcript that a machine wrote and nobody has reviewed, where the record does not say "
        "(`hidden` if left out)",
        choices={
            "hidden": "nothing, until it is published: `player publish`",
            "labelled": f"its words, wherever they go with “{LABEL}”",
        },
        default="hidden",
    )

    @property
    def contact_address(self) -> str | None:
        """Where the link to the contact leads."""
        return f"mailto:{self.contact}" if self.contact and "://" not in self.contact else self.contact


def read_about(path: Path) -> About:
    """Read what an archive says about itself; where there is no file, it says nothing.

    :raise ArchiveError: naming every fault in the file.
    """
    return read_file(path, About) if os.path.lexists(path) else About()


def hides_drafts(read: Callable[[], About]) -> bool:
    """Tell whether a machine's drafts are not for visitors, as an archive says; where that is wrong, they are not."""
    try:
        return read().machine_drafts != "labelled"
    except ArchiveError:
        return True
