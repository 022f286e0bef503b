"""A recording whose transcript is changed again and again, as the desk, text editors and imports change it."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.recording import TRANSCRIPT, Record, read_record
from player.archive.transcript import Cue, Line, Turn
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import written
from player.history.recording import record
from player.intake.transaction import transaction

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WORDS: Final = (
    *(
        "ferry",
        "quay",
        "allotment",
        "spade",
        "ledger",
        "harbour",
        "rope",
        "kettle",
        "lantern",
        "shed",
        "tide",
        "barrow",
    ),
    *("pier", "gate", "fence", "bean", "oar", "gull", "mist", "anchor", "basket", "clerk", "signal", "bell", "cellar"),
)
SLUG: Final = "quay"
HEADER: Final = (("Type", "caption"), ("Language", "en"))


def begin(root: Path, lines: Sequence[Line] = ()) -> Record:
    """Make an archive with one recording and this transcript, and no sound."""
    folder = root / "transcripts" / SLUG
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    (folder / "recording.toml").write_text('title = "On the quay"\ndate = "1971"\n', encoding="utf-8")
    made = lines or [cue(number, f"line {word} number {number}") for number, word in enumerate(WORDS[:6], 1)]
    (folder / TRANSCRIPT).write_bytes(written(folder / TRANSCRIPT, made, HEADER))
    return of(root)


def of(root: Path) -> Record:
    return read_record(root / "transcripts" / SLUG, root / "media")


def cue(number: int, text: str, name: str | None = None) -> Cue:
    return Cue(name or f"c{number}", number * 4000, number * 4000 + 3500, text, (Turn("Ada", text),), (), (), 0)


def present(of_record: Record) -> bytes:
    return (of_record.folder / TRANSCRIPT).read_bytes()


def lines_of(of_record: Record) -> tuple[Line, ...]:
    return read_transcript(of_record.folder / TRANSCRIPT).lines


def change(
    root: Path,
    after: bytes,
    how: str = "desk",
    by: str | None = "Ines Keeper",
    moved: Mapping[str, Sequence[str]] | None = None,
) -> int | None:
    """Put another transcript in place, with its entry, as the desk and the commands do."""
    it = of(root)
    before = present(it)
    with transaction(root) as changing:
        number = record(changing, it, before, after, by, how, moved)
        if after != before:
            changing.replace(it.folder / TRANSCRIPT, before, after)
    return number


def as_file(lines: Sequence[Line]) -> bytes:
    from pathlib import Path  # noqa: PLC0415  # only a name in messages

    return written(Path(TRANSCRIPT), [replace(line, line=0) for line in lines], HEADER)


def text(chance: random.Random, count: int | None = None) -> str:
    """Give words of which some are told from all others."""
    return " ".join(
        chance.choice(WORDS) if chance.random() < 0.5 else "".join(chance.choices(string.ascii_lowercase, k=7))
        for _ in range(count or chance.randint(1, 12))
    )


def new_name(chance: random.Random, used: set[str]) -> str:
    while (name := chance.choice(string.ascii_lowercase) + "".join(chance.choices("0123456789abcz", k=6))) in used:
        pass
    used.add(name)
    return name
