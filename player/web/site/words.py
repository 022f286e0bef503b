"""Makes what a copy is searched in: which words stand in which recordings, in small files, and what each of them says.

A file has the words that begin with the same two letters (``shard``), each with the numbers of what it stands in. Who
looks for words reads the files of these, and then only the texts of recordings that have all of them.
``static/js/search/site-words.js`` is the twin of ``shard``; ``tests/data/shards.json`` holds the two together.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Any, Final

from player.archive.machine import LABEL
from player.archive.prose import plain
from player.archive.transcript import Cue
from player.letters import MARK, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from player.archive.recording import Recording
    from player.index.index import Index

#: Where they lie in a copy.
FOLDER: Final = "search/words"
_LETTERS: Final = 2
# How many values a line has that somebody has heard.
_CHECKED: Final = 3
#: Of what is no recording, the texts of so many numbers are in a file: static/js/search/site-words.js knows that too.
TOGETHER: Final = 40
#: What a page calls the kinds of things that are found.
KINDS: Final = {
    "person": "person",
    "source": "source",
    "entry": "chronology",
    "dossier": "accounts compared",
    "set": "set of passages",
}
_THINGS: Final = (
    "SELECT thing.id AS id, thing.name AS name, folded FROM body"
    " JOIN thing ON thing.number = body.owner AND thing.kind = body.kind"
    " WHERE thing.kind = ? ORDER BY thing.n, thing.id"
)
# In letters: what an entry of the chronology is called is all that it says.
_LONGEST: Final = 160
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def shard(word: str) -> str:
    """Name the file that has a word: after its first letters, those of other alphabets by their numbers."""
    return "_".join(sign if sign in _PLAIN else f"{ord(sign):x}." for sign in word[:_LETTERS])


def words_in(texts: Iterable[str]) -> set[str]:
    """Give the words in some texts as they are compared; those with a mark within also in parts, and without it."""
    return _in_parts({word for text in texts for word in folded(text).split()})


def _in_parts(found: set[str]) -> set[str]:
    for word in [each for each in found if MARK in each]:
        found.update(word.split(MARK), (word.replace(MARK, ""),))
        found.discard(word)
    found.discard("")
    return found


def text_of(recording: Recording) -> dict[str, Any]:
    """Give what a search shows of a recording: its lines with their identifiers and times, and its notes."""
    lines = [
        [line.id, line.start if isinstance(line, Cue) else None, line.text, *([1] if line.is_unchecked else [])]
        for line in (recording.transcript.lines if recording.transcript else ())
    ]
    notes = [[note.id, note.title, plain(note.body)] for note in recording.annotations]
    # Beside each line it is a number, which the page puts into words; here it is for whoever reads the file.
    labelled = {"machine": LABEL} if any(len(line) > _CHECKED for line in lines) else {}
    told = [recording.notice, recording.advice, *(f"{each.name}. {each.text}" for each in recording.label)]
    return {
        **labelled,
        "told": [each for each in told if each],
        "lang": recording.language,
        "lines": lines,
        "notes": notes,
    }


def words_of(recording: Recording, text: Mapping[str, Any]) -> set[str]:
    """Give all words by which a recording is found."""
    lines = recording.transcript.lines if recording.transcript else ()
    voices = {turn.speaker for line in lines for turn in line.turns if turn.speaker}
    own = [recording.title, recording.summary or "", *voices]
    return words_in([*own, *(line[2] for line in text["lines"]), *(f"{note[1]} {note[2]}" for note in text["notes"])])


class Words:
    """Gathers which words stand in what."""

    def __init__(self) -> None:
        self._found: dict[str, array[int]] = {}
        self._listed: list[tuple[tuple[str, ...], list[str]]] = []
        self._said: dict[int, str] = {}

    def add(self, address: str, title: str, kind: str, words: Iterable[str], order: tuple[str, ...] = ()) -> None:
        """Count something that can be found; ``order`` says where it is shown: those without come last, as added."""
        number = len(self._listed)
        self._listed.append((order, [address, title, kind]))
        for word in words:
            self._found.setdefault(word, array("I")).append(number)

    def add_things(self, index: Index, address: Callable[[str, str], str]) -> None:
        """Count people, sources, entries of the chronology, accounts compared and sets, by all that is said of them.

        ``address`` gives where the copy has a thing of a kind and a name.
        """
        for kind, called in KINDS.items():
            for row in index.rows(_THINGS, kind):
                text = bytes(row["folded"]).decode()
                self._said[len(self._listed)] = text
                self.add(address(kind, row["id"]), _called(row["name"]), called, _in_parts(set(text.split())))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give the files: each word with the differences between the numbers of what it stands in."""
        # As they are shown: sorting leaves those that are alike as they were added.
        listed = sorted(
            range(len(self._listed)), key=lambda number: (not self._listed[number][0], self._listed[number][0])
        )
        places = array("I", listed)
        for place, number in enumerate(listed):
            places[number] = place
        shards: dict[str, list[str]] = {}
        for word in sorted(self._found):
            shards.setdefault(shard(word), []).append(word)
        things = [self._listed[number][1] for number in listed]
        yield f"{FOLDER}/list.json", _as_json({"things": things, "files": [*shards]})
        for name, words in shards.items():
            found = {word: _differences(sorted(places[number] for number in self._found[word])) for word in words}
            yield f"{FOLDER}/{name}.json", _as_json(found)
        beside: dict[int, dict[int, str]] = {}
        for number, text in self._said.items():
            place = places[number]
            beside.setdefault(place // TOGETHER, {})[place] = text
        for place, texts in beside.items():
            yield f"{FOLDER}/beside/{place}.json", _as_json(texts)
        yield f"{FOLDER}/all.json", _as_json(" ".join(sorted(self._found)))


def things(index: Index) -> Iterator[tuple[str, str]]:
    """Give the kind and the identifier of each thing that is found, and is no recording."""
    return ((kind, str(row["id"])) for kind in KINDS for row in index.rows(_THINGS, kind))


def _called(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST].rpartition(' ')[0]} …"


def _differences(numbers: Sequence[int]) -> list[int]:
    return [number - before for number, before in zip(numbers, [0, *numbers[:-1]], strict=True)]


def _as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def as_file(text: Mapping[str, Any]) -> bytes:
    """Write what a recording says as its file has it."""
    return _as_json(text)
