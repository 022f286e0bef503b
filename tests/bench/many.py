"""An archive of thousands of recordings, all of it made up: ``python -m tests.bench.many DIR --recordings 2000``.

Nobody in it lived and nothing in it happened; names are put together from syllables, and so are most words. The same
numbers and the same seed give the same bytes, and ``player check`` finds no fault in them.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import random
import tempfile
import time
import wave
from array import array
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.recording import Record

from . import _made_up as made_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Milliseconds of a line; they follow one another without a gap, and the words share them evenly.
LINE: Final = 500
#: Stands in every second line, and is part of no other word.
COMMON: Final = "there"
#: Stands in so many lines of the whole archive, each of another recording where there are as many.
RARE: Final = "quillwort"
RARE_LINES: Final = 5
#: Stands within a line, in every fiftieth recording.
PHRASE: Final = "a bell over the marsh"
#: Its first words end a line and the others begin the next, in every hundredth recording.
ACROSS: Final = ("when the ferry", "came about at dusk")

_KINDS: Final = ("event", "place", "term", "document", "person")
_RATE: Final = 3_000
#: In how many ways the words of a recording are shared out among its lines.
_PATTERNS: Final = 12
#: People who are named in the lines of each recording.
_NAMED: Final = 6


def _keys() -> frozenset[str]:
    """Give those of the later keys that the program has."""
    return frozenset({"series", "tags"} & set(Record.__dataclass_fields__))


@dataclass(frozen=True)
class Many:
    """What is written: how many recordings, their lines and notes, and the people, sources and entries beside them.

    ``keys`` are those that the program reads in a recording.toml beside the oldest: ``series``, ``tags``.
    """

    recordings: int = 2_000
    lines: int = 400
    notes: int = 10
    beside: int = 2_000
    seed: int = 1963
    keys: frozenset[str] = field(default_factory=_keys)

    @cached_property
    def people(self) -> list[str]:
        """The names of people, those that are met with most first."""
        return made_up.names(self.beside)

    @cached_property
    def words(self) -> list[str]:
        """All words but those of the constants above, those that are heard most first."""
        return made_up.vocabulary()

    @cached_property
    def weights(self) -> list[float]:
        """How often each word is said, added up: by Zipf's law, with Mandelbrot's shift."""
        return list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def chance(self, *about: object) -> random.Random:
        """Give the numbers that one thing is drawn from, whatever was drawn before it."""
        return random.Random(":".join(map(str, (self.seed, *about))))  # noqa: S311  # the same each time, not a secret

    def prose(self, chance: random.Random, count: int) -> str:
        """Draw a sentence of so many words."""
        return " ".join(chance.choices(self.words, cum_weights=self.weights, k=count)).capitalize() + "."

    def one(self, chance: random.Random) -> int:
        """Draw a person, a source or an entry by its number: the first ones by far the most often."""
        return min(int(self.beside ** chance.random()) - 1, self.beside - 1)


def slug(number: int) -> str:
    """Name a recording, the first of which has number 0."""
    return f"talk-{number + 1:05d}"


def main() -> None:
    """Write an archive into a new folder, and its lines as plain text beside it."""
    usual = Many()
    parser = argparse.ArgumentParser(prog="python -m tests.bench.many", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    for name in ("recordings", "lines", "notes", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name), help="%(default)s if left out")
    parser.add_argument("--beside", type=int, help="people, sources and entries; as many as recordings if left out")
    told = vars(parser.parse_args())
    told["beside"] = told["beside"] or told["recordings"]
    write_archive(told.pop("folder"), Many(**told))


def measure() -> Iterator[str]:
    """Give what the archive is and how long it takes to write."""
    many = Many()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        write_archive(Path(folder) / "archive", many)
        took = time.process_time() - begun
    yield f"many: {many.recordings:,} recordings of {many.lines} lines and {many.notes} notes, written in {took:.1f} s"


def write_archive(root: Path, many: Many) -> Path:
    """Write the archive at ``root``, and into ``root/lines`` what is said, a line of a text file for each line."""
    texts = root / "transcripts"
    for folder in (root / "media", texts / "dossiers", root / "lines"):
        folder.mkdir(parents=True)
    (root / "README").write_text(f"{__doc__}\nWritten for measuring, as {many}\n", encoding="utf-8")
    digest = _write_sounds(root / "media", many)
    patterns = [_pattern(many, number) for number in range(_PATTERNS)]
    for number in range(many.recordings):
        pattern = patterns[number % _PATTERNS]
        speakers = (many.people[number % many.beside], many.people[(number * 31 + 7) % many.beside])
        lines = _said(many, number, pattern.counts)
        written = {
            "recording.toml": _record(many, number, speakers),
            "transcript.vtt": pattern.fill(lines, speakers, number % many.beside, digest),
            "annotations.toml": "\n".join(_annotations(many, number)),
        }
        folder = texts / slug(number)
        folder.mkdir()
        for name, text in written.items():
            (folder / name).write_text(text, encoding="utf-8")
        plain = "".join(f"{' '.join(line)}\n" for line in lines)
        (root / "lines" / f"{slug(number)}.txt").write_text(plain, encoding="utf-8")
    for name, tables in (("people", _people(many)), ("sources", _sources(many)), ("chronology", _chronology(many))):
        (texts / f"{name}.toml").write_text("\n".join(tables), encoding="utf-8")
    for number in range(0, many.recordings, 100):
        (texts / "dossiers" / f"accounts-{number + 1:05d}.toml").write_text(_dossier(many, number), encoding="utf-8")
    return root


def _write_sounds(folder: Path, many: Many) -> str:
    """Write one sound, link it under the name of every recording, and give its SHA-256."""
    first = folder / f"{slug(0)}.wav"
    tones = [
        array("h", (round(9000 * math.sin(2 * math.pi * (200 + 50 * pitch) * at / _RATE)) for at in range(_RATE)))
        for pitch in range(8)
    ]
    with wave.open(str(first), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        for second in range(many.lines * LINE // 1000 + 1):
            file.writeframes(tones[second * 5 % 8].tobytes())
    for number in range(1, many.recordings):
        os.link(first, folder / f"{slug(number)}.wav")
    return hashlib.sha256(first.read_bytes()).hexdigest()


@dataclass(frozen=True)
class _Pattern:
    """How many words each line has, and a transcript with a place for each of them."""

    counts: Sequence[int]
    text: str

    def fill(self, lines: Sequence[Sequence[str]], speakers: Sequence[str], source: int, digest: str) -> str:
        """Write a transcript: the words in their places, two speakers, and the source that some lines name."""
        filled = self.text % tuple(word for line in lines for word in line)
        filled = filled.replace("\1", speakers[0]).replace("\2", speakers[1]).replace("\3", f"source-{source + 1}")
        return f"WEBVTT\nType: caption\nLanguage: en\nLocal Usage Element: [Media SHA-256] {digest}\n\n{filled}"


def _pattern(many: Many, number: int) -> _Pattern:
    """Lay out a transcript: two speakers take turns of some lines, and every tenth line names its source."""
    chance = many.chance("pattern", number)
    counts = [chance.randint(6, 12) for _ in range(many.lines)]
    blocks, voice, left = [], "\2", 0
    for line, count in enumerate(counts):
        if left == 0:
            voice, left = ("\2", chance.randint(3, 9)) if voice == "\1" else ("\1", chance.randint(1, 3))
        left -= 1
        start = line * LINE
        words = " ".join(f"<{_stamp(start + place * LINE // count)}>%s" if place else "%s" for place in range(count))
        source = f"NOTE source: \3, p. {line // 10 + 1}\n\n" if line % 10 == 0 else ""
        blocks.append(f"{source}L{line + 1}\n{_stamp(start)} --> {_stamp(start + LINE)}\n<v {voice}>{words}\n")
    return _Pattern(counts, "\n".join(blocks))


def _said(many: Many, number: int, counts: Sequence[int]) -> list[list[str]]:
    """Give the words of each line of a recording, with those that are searched for among them."""
    chance = many.chance("said", number)
    drawn = iter(chance.choices(many.words, cum_weights=many.weights, k=sum(counts)))
    lines = [list(islice(drawn, count)) for count in counts]
    for line in lines[number % 2 :: 2]:
        line[0] = COMMON
    last = len(lines) - 1
    for at in chance.sample(range(last), min(_NAMED, last)):
        lines[at][-2:] = many.people[many.one(chance)].split(" ", 1)
    if number % 50 == 0:
        lines[last // 2][-5:] = PHRASE.split()
    if number % 100 == 0:
        before = last // 3 // 2 * 2  # begins with COMMON, and so the line after it does not
        lines[before][-3:] = ACROSS[0].split()
        lines[before + 1][:4] = ACROSS[1].split()
    for at in range(RARE_LINES):
        if at * many.recordings // RARE_LINES == number:
            lines[at * last // RARE_LINES][-1] = RARE
    for line in lines:
        line[0] = line[0].capitalize()
        line[-1] += "."
    return lines


def _record(many: Many, number: int, speakers: Sequence[str]) -> str:
    chance = many.chance("record", number)
    year, month, day = chance.randint(1931, 1994), chance.randint(1, 12), chance.randint(1, 28)
    theme = chance.randrange(len(made_up.SERIES))
    place = chance.choice(made_up.PLACES)
    others = {
        "series": f"series = {_text(made_up.SERIES[theme])}\n",
        "tags": f"tags = {_texts(chance.sample(made_up.TAGS, chance.randint(1, 3)))}\n",
    }
    table = '[[speaker]]\nname = {}\nkind = "person"\nidentified_by = "made up"\n'
    return (
        f"title = {_text(f'{speakers[0]} on {chance.choice(made_up.TAGS)}, {place}, {year}')}\n"
        f'date = "{year}-{month:02d}-{day:02d}"\nplace = "{place}"\nmedia = "{slug(number)}.wav"\n'
        f"summary = {_text('Made up for measuring. ' + many.prose(chance, 18))}\n"
        f'sources = ["source-{number % many.beside + 1}"]\n'
        f"{''.join(text for key, text in others.items() if key in many.keys)}"
        f"{''.join(table.format(_text(name)) for name in dict.fromkeys(speakers))}"
    )


def _annotations(many: Many, number: int) -> Iterator[str]:
    chance = many.chance("annotations", number)
    for note in range(many.notes):
        line = note * many.lines // many.notes + 1
        other = chance.randrange(many.recordings)
        see = f'see = ["{slug(other)}#L{chance.randint(1, many.lines)}"]\n' if other != number else ""
        person = many.one(chance)
        yield (
            f'[[annotation]]\nid = "N{note + 1}"\nkind = "{_KINDS[(number + note) % len(_KINDS)]}"\n'
            f'title = {_text(many.prose(chance, 3)[:-1])}\ncue = "L{line}"\n'
            f"body = {_text(f'{many.people[person]} knew of it. *Made up*: {many.prose(chance, 20)}')}\n"
            f'sources = ["source-{many.one(chance) + 1}, p. {note + 1}"]\n'
            f'people = ["person-{person + 1}"]\nentries = ["entry-{many.one(chance) + 1}"]\n{see}'
        )


def _people(many: Many) -> Iterator[str]:
    for number, name in enumerate(many.people):
        chance = many.chance("person", number)
        yield (
            f'[[person]]\nid = "person-{number + 1}"\nname = {_text(name)}\nborn = "{chance.randint(1880, 1930)}"\n'
            f'role = "{chance.choice(made_up.ROLES).capitalize()}"\nrole_date = "{chance.randint(1931, 1994)}"\n'
            f"note = {_text('Made up. ' + many.prose(chance, 12))}\n"
            f'sources = ["source-{many.one(chance) + 1}"]\n'
        )


def _sources(many: Many) -> Iterator[str]:
    for number in range(many.beside):
        chance = many.chance("source", number)
        yield (
            f'[[source]]\nid = "source-{number + 1}"\nkind = "secondary"\ntitle = {_text(many.prose(chance, 6)[:-1])}\n'
            f'author = {_text(many.people[many.one(chance)])}\ndate = "{chance.randint(1950, 1999)}"\n'
            f'seen = "full"\nrights = "own work"\nnote = "Made up for measuring; there is no such work."\n'
        )


def _chronology(many: Many) -> Iterator[str]:
    strands = [name.split()[-1].lower() for name in made_up.SERIES]
    for strand, title in zip(strands, made_up.SERIES, strict=True):
        yield f'[[strand]]\nid = "{strand}"\ntitle = "{title}"\n'
    for number in range(many.beside):
        chance = many.chance("entry", number)
        person = many.one(chance)
        moment = f"{slug(number % many.recordings)}#L{chance.randint(1, many.lines)}"
        yield (
            f'[[entry]]\nid = "entry-{number + 1}"\nstrand = "{chance.choice(strands)}"\n'
            f'date = "{chance.randint(1931, 1994)}-{chance.randint(1, 12):02d}"\n'
            f"event = {_text(f'{many.people[person]}, made up: {many.prose(chance, 14)}')}\n"
            f'people = ["person-{person + 1}"]\nsources = ["source-{number + 1}"]\ncertainty = "documented"\n'
            f'moments = ["{moment}"]\n'
        )


def _dossier(many: Many, number: int) -> str:
    chance = many.chance("dossier", number)
    sources = [f'"source-{many.one(chance) + 1}, p. {page}"' for page in (1, 2)]
    accounts = "".join(
        f'[[account]]\nid = "{name}"\ntitle = "The {name} telling"\nwho = {_text(many.people[many.one(chance)])}\n'
        f'reached_us = "Made up"\nsource = {source}\n'
        for name, source in zip(("first", "second"), sources, strict=True)
    )
    answers = "".join(
        f'[[question.answer]]\naccount = "{name}"\nverdict = "{verdict}"\nsays = {_text(many.prose(chance, 9))}\n'
        f"source = {source}\n"
        for name, verdict, source in zip(("first", "second"), ("affirms", "denies"), sources, strict=True)
    )
    return (
        f"title = {_text(many.prose(chance, 4)[:-1])}\nsummary = {_text('Made up. ' + many.prose(chance, 12))}\n"
        f'date = "{chance.randint(1931, 1994)}"\nrecording = "{slug(number)}"\n{accounts}'
        f'[[question]]\nid = "so"\nasks = "Was it so?"\n{answers}'
    )


def _text(text: str) -> str:
    """Write a TOML text; nothing here has a sign that it would need to mark."""
    return f'"{text}"'


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _stamp(moment: int) -> str:
    return f"{moment // 3_600_000:02d}:{moment // 60_000 % 60:02d}:{moment // 1000 % 60:02d}.{moment % 1000:03d}"


if __name__ == "__main__":
    main()
