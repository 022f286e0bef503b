"""Says what a recording is called where its title alone would be taken for that of the thing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player.archive.recording import Record
    from player.index.cards import Card


def title_of(each: Record | Card) -> str:
    """Give the title of a recording; of a reading, with that word before it where it does not say so itself."""
    if not each.is_reading or "reading" in each.title.casefold():
        return each.title
    return f"Reading: {each.title}"
