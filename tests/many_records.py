"""An archive with lists that have several pages: recordings without sound, people, sources, entries of a chronology.

Everything in it is made up, and each number says what belongs where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

RECORDINGS: Final = 60
NOTES: Final = 4
PEOPLE: Final = 130
SOURCES: Final = 130
ENTRIES: Final = 150
TAGS: Final = ("boats", "songs", "floods", "mills", "winters", "bakers", "letters", "schools", "trains", "zithers")
#: The first titles; those of the others are numbers.
TITLES: Final = ("zebra", "Äpfel", "apple", "Banana", "Łódź")


def write_archive(root: Path) -> Path:
    """Write the archive at ``root``, which must not be there.

    Recording n is of the year 1930 + n, of the series *odd* or *even*, and has the tag n modulo 10 and, every fourth,
    also *boats*. All its notes name Ada, who is person 0, and cite source 0.
    """
    transcripts = root / "transcripts"
    (root / "media").mkdir(parents=True)
    for number in range(RECORDINGS):
        folder = transcripts / f"r{number:02d}"
        folder.mkdir(parents=True)
        (folder / "recording.toml").write_text(_record(number), encoding="utf-8")
        notes = "\n".join(_note(number, each) for each in range(NOTES))
        (folder / "annotations.toml").write_text(notes, encoding="utf-8")
    people = [_person(number) for number in range(PEOPLE)]
    sources = [_source(number) for number in range(SOURCES)]
    entries = [_entry(number) for number in range(ENTRIES)]
    strands = ['[[strand]]\nid = "late"\ntitle = "Late"\nnote = "What came last."\n']
    strands += ['[[strand]]\nid = "early"\ntitle = "Early"\nnote = "What came first."\n']
    for name, tables in (("people", people), ("sources", sources), ("chronology", strands + entries)):
        (transcripts / f"{name}.toml").write_text("\n".join(tables), encoding="utf-8")
    return root


def _record(number: int) -> str:
    title = TITLES[number] if number < len(TITLES) else f"Number {number:02d}"
    tags = {TAGS[number % 10]} | ({"boats"} if number % 4 == 0 else set())
    return f"""\
title = "{title}"
date = "{1930 + number}"
status = "not held"
series = "{"odd" if number % 2 else "even"}"
tags = {sorted(tags)}
sources = ["source-1"]

[[speaker]]
name = "Voice {number % 3}"
kind = "person"
"""


def _note(number: int, each: int) -> str:
    return f"""\
[[annotation]]
id = "n{each}"
kind = "term"
title = "Note {each} on {number}"
body = "Ada knew. See [an entry](/chronology#entry-e149)."
sources = ["source-0, p. {each}"]
people = ["person-0"]
"""


def _person(number: int) -> str:
    name = "Ada" if number == 0 else f"Někdo {PEOPLE - number:03d}"
    return (
        f'[[person]]\nid = "person-{number}"\nname = "{name}"\nrole = "miller no. {number}"\nsources = ["source-2"]\n'
    )


def _source(number: int) -> str:
    date = f'date = "{2000 - number}"\n' if number % 2 else ""
    return (
        f'[[source]]\nid = "source-{number}"\nkind = "press"\ntitle = "Paper {number:03d}"\n{date}'
        'seen = "full"\nrights = "unknown"\n'
    )


def _entry(number: int) -> str:
    strand = "late" if number >= ENTRIES // 2 else "early"
    against = 'contradicts = ["e1"]\n' if number == ENTRIES - 1 else ""
    return (
        f'[[entry]]\nid = "e{number}"\nstrand = "{strand}"\ndate = "{1800 + number}"\n'
        f'event = "It was event {number}."\nsources = ["source-3"]\ncertainty = "reported"\n{against}'
    )
