"""An archive in which things are closed, each of which has a word, or a tone, that stands nowhere else.

Whatever is to be kept from visitors is named here (``rare("draft title")``), and the word is made of that name, so that
one that comes out says what it is of. What anybody may see begins with ``open``, and has to be there. One archive is
written in three ways: ``CLOSED``; ``OPEN``, where nothing is, so that each word and each tone can be found; and
``WITHOUT``, which never had what is hidden, so that the answers of the first have to be those of this one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE: Final = 16_000
#: Each recording has six lines of two seconds.
LINES: Final = 6
LINE: Final = 2
SECONDS: Final = LINES * LINE
#: In Hz: what anybody may hear, and what only some may.
PLAIN: Final = 440
LOUD: Final = 12_000
SOFT: Final = 4_000
#: The archive's recordings are of this day, those that are hidden of others.
DAY: Final = "1963-05-04"
UNTIL: Final = "2041"

#: Every word that was planted, by its name.
SAID: Final[dict[str, str]] = {}


class Way(Enum):
    """How the archive is written."""

    CLOSED = "closed"
    OPEN = "open"
    WITHOUT = "without"


def rare(name: str) -> str:
    """Give the word that is planted under a name."""
    return SAID.setdefault(name, word(name))


def word(name: str) -> str:
    """Make a word of a name: nine letters in which consonants and vowels take turns."""
    digest = hashlib.sha256(name.encode()).digest()
    letters = (("bdfgklmprtvz", "aeiou")[at % 2] for at in range(9))
    return "".join(among[byte % len(among)] for among, byte in zip(letters, digest, strict=False))


@dataclass(frozen=True)
class Sound:
    """What is heard: the tone of what is closed, between two moments in seconds, and the plain one elsewhere."""

    suffix: str
    tone: int = PLAIN
    start: int = 0
    end: int = SECONDS


@dataclass(frozen=True)
class Planted:
    """A recording of the archive: its sound, what closes it, and what is written beside its lines.

    ``name`` begins the names of its words; ``said`` are those of its lines, one each.
    """

    slug: str
    name: str
    sound: Sound
    said: Sequence[str]
    closing: str = ""
    notes: str = ""
    more: str = ""
    is_hidden: bool = False


def _named(*names: str) -> tuple[str, ...]:
    return tuple(map(rare, names))


def _open(name: str) -> tuple[str, ...]:
    return _named(*(f"open {name} line {line}" for line in range(1, LINES + 1)))


#: Tones, in Hz, by what they are of; multiples of ten, which are whole parts of the windows in which they are sought.
TONES: Final = {
    "quay passage": 1210,
    "pier passage": 1370,
    "reef passage": 1530,
    "mole sound": 1690,
    "buoy sound": 1850,
    "draft sound": 2010,
    "embargoed sound": 2170,
    "withdrawn sound": 2330,
    "broken sound": 2490,
}
#: What is closed of the recordings that stay in the lists.
_WITHIN: Final = (
    f'until = "{UNTIL}"\nreason = "{rare("open reason")} was promised"\ndecided_by = "{rare("never quay decided")}"\n'
)
QUAY: Final = Planted(
    "quay",
    "quay",
    Sound(".wav", TONES["quay passage"], 4, 8),
    (
        *_named("open quay line 1", "open quay line 2", "quay closed line", "quay closed second"),
        *_named("open quay line 5", "open quay line 6"),
    ),
    f'[[closed]]\nstart = "0:04"\nend = "0:08"\n{_WITHIN}',
)
PIER: Final = Planted(
    "pier",
    "pier",
    Sound(".mp3", TONES["pier passage"], 2, 6),
    (
        *_named("open pier line 1", "open pier line 2", "open pier line 3", "open pier line 4"),
        *_named("open pier line 5", "pier closed line"),
    ),
    f'[[closed]]\ncue = "L2..L3"\nwhat = "sound"\n{_WITHIN}\n'
    f'[[closed]]\nstart = "0:10"\nend = "0:12"\nwhat = "words"\n{_WITHIN}',
)
REEF: Final = Planted(
    "reef",
    "reef",
    Sound(".flac", TONES["reef passage"], 8, 12),
    (
        *_named("open reef line 1", "open reef line 2", "open reef line 3", "open reef line 4"),
        *_named("reef closed line", "reef closed second"),
    ),
    '[[closed]]\ncue = "L5..L6"\ndecided_by = "the council"\n',
)
MOLE: Final = Planted(
    "mole",
    "mole",
    Sound(".mp3", TONES["mole sound"]),
    _open("mole"),
    f'[access]\nsound = "closed"\nuntil = "{UNTIL}-06"\n',
)
SLIP: Final = Planted(
    "slip",
    "slip",
    Sound(".wav"),
    _named(*(f"slip line {line}" for line in range(1, LINES + 1))),
    '[access]\ntranscript = "on request"\n',
)
DOCK: Final = Planted("dock", "dock", Sound(".flac"), _open("dock"), '[access]\nnotes = "closed"\n')
#: A passage that is not there closes all.
BUOY: Final = Planted(
    "buoy",
    "buoy",
    Sound(".wav", TONES["buoy sound"]),
    _named(*(f"buoy line {line}" for line in range(1, LINES + 1))),
    '[[closed]]\ncue = "L9"\n',
)
LAMP: Final = Planted("lamp", "open lamp", Sound(".wav"), _open("lamp"))
WHARF: Final = Planted("wharf", "open wharf", Sound(".flac"), _open("wharf"))
SLUICE: Final = Planted("sluice", "open sluice", Sound(".wav"), _open("sluice"))


def _hidden(name: str, suffix: str, closing: str) -> Planted:
    said = _named(*(f"{name} line {line}" for line in range(1, LINES + 1)))
    return Planted(rare(f"{name} slug"), name, Sound(suffix, TONES[f"{name} sound"]), said, closing, is_hidden=True)


DRAFT: Final = _hidden("draft", ".wav", '[access]\nrecord = "draft"\n')
EMBARGOED: Final = _hidden(
    "embargoed",
    ".mp3",
    '[access]\nrecord = "closed"\nuntil = "2051"\nopens = "by itself"\n'
    f'reason = "{rare("never embargoed reason")}"\ndecided_by = "{rare("never embargoed decided")}"\n',
)
WITHDRAWN: Final = _hidden(
    "withdrawn",
    ".flac",
    f'[withdrawal]\ndate = "2020-02-03"\nreason = "{rare("open withdrawal")} is why"\n'
    f'decided_by = "{rare("never withdrawn decided")}"\n',
)
#: Cannot be read.
BROKEN: Final = _hidden("broken", ".m4a", "access = record = closed\n")

SHOWN: Final = (QUAY, PIER, REEF, MOLE, SLIP, DOCK, BUOY, LAMP, WHARF, SLUICE)
HIDDEN: Final = (DRAFT, EMBARGOED, WITHDRAWN, BROKEN)
#: Those that were joined from parts, with what the one part of each is called: it has the tone of what is closed.
JOINED: Final = {
    each.slug: rare(f"{each.name if each.is_hidden else f'open {each.name}'} part") for each in (QUAY, MOLE, EMBARGOED)
}
#: What recordings were called before: those that visitors may see, and those of which they may not know.
FORMERLY: Final = {each.slug: f"{each.slug}-before" for each in (QUAY, LAMP)} | {
    each.slug: rare(f"never {each.name} former slug") for each in (DRAFT, EMBARGOED, WITHDRAWN)
}
#: A person who is private, by the id that other files have.
PRIVATE: Final = rare("private id")
#: What stands in the place of that person's name, as a speaker and elsewhere.
CALLED: Final = rare("open speaker called")
#: What such a person's voice is called in transcripts.
VOICE: Final = rare("private voice")
