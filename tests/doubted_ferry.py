"""The archive of ``machine_ferry``, with words that people doubt, or read otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from machine_ferry import KEEPER, SLUG, write_archive

if TYPE_CHECKING:
    from pathlib import Path

#: Before each line, what is said of its words.
MARKS: Final = {
    "c1": (
        *('doubtful: 2 "ferry"', 'variant: 2 "ferry": "fairy <boat>", typescript', 'variant: 2 "ferry": "fury"'),
        'doubtful: 3 "stale"',
    ),
    "c2": (f'variant: 3-4 "a brambling": "the rambling", {KEEPER}', 'doubtful: 7 "quay."'),
    "c3": ('doubtful: 1 "Under"',),
}


def write_doubted(root: Path) -> Path:
    """Write it at ``root``."""
    write_archive(root)
    path = root / "transcripts" / SLUG / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    for name, marks in MARKS.items():
        text = text.replace(f"{name}\n", "".join(f"NOTE {mark}\n\n" for mark in marks) + f"{name}\n")
    path.write_text(text, encoding="utf-8")
    return root
