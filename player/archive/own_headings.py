"""Names what stands before and behind the words in a text that this program writes, by which it knows such a text."""

from __future__ import annotations

from typing import Final

#: What the last two paragraphs before the words begin with.
TERMS: Final = "Rights: "
CITE_AS: Final = "Cite as: "
#: The heading below which none of the words stand.
SOURCES: Final = "What the lines rest on"
