"""A set of passages of the small archive's recording, and of what it says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SET: Final = """\
title = "Three tones"
summary = "What is *low*, and what is high. <b>Not bold</b>"
made_by = "Ana Ruiz"
date = "2026-11-28"
sources = ["log, p. 3"]
closing = "Which was the highest?"

[[passage]]
title = "The first"
text = "Here is a quenby word."
sources = ["log, p. 2"]
moment = "tones#first"

[[passage]]
text = "Here is a zumbly word."
moment = "tones#note-late"

[[passage]]
recording = "tones"
start = "0:01"
end = "0:03.5"
"""

#: A set of two passages of the talk; ``{second}`` says where the other is, and may say something of it.
TURNS: Final = """\
title = "Two turns"
summary = "Listen for the pitch."

[[passage]]
title = "The higher one"
text = "It comes late."
recording = "talk"
start = 60
end = 61

[[passage]]
{second}
start = 20
end = 21
"""


def write_set(root: Path, text: str = SET, slug: str = "three") -> Path:
    """Write a set into an archive; give its file."""
    folder = root / "transcripts" / "sets"
    folder.mkdir(exist_ok=True)
    path = folder / f"{slug}.toml"
    path.write_text(text, encoding="utf-8")
    return path
