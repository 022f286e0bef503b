"""After hundreds of changes every address that was printed before shows its words, or says that they are gone."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from histories import SLUG, as_file, begin, new_name, of, present, text

from player.archive.recording import TRANSCRIPT
from player.archive.transcript import Cue, Turn
from player.history.recording import record
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE: Final = f"/recordings/{SLUG}"
LENGTH: Final = 3500


class _Lines:
    """Lines that are changed at random, and what each said when it was last there."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.used: set[str] = set()
        self.said: dict[str, str] = {}
        #: Words that nobody has taken out since; that of the others may be nowhere.
        self.lines = [self._line(number * 4000, text(chance)) for number in range(30)]

    def _line(self, start: int, words: str) -> Cue:
        name = new_name(self.chance, self.used)
        return Cue(name, start, start + LENGTH, words, (Turn("Ada", words),), (), (), 0)

    def remember(self) -> None:
        self.said.update((line.id, line.text) for line in self.lines)

    def change(self) -> dict[str, list[str]] | None:
        """Make one change; give where lines went, or None where that is to be found out, as of an import."""
        at = self.chance.randrange(len(self.lines))
        line = self.lines[at]
        words = line.text.split()
        kind = self.chance.choice(["split", "join", "remove", "words", "new", "import"])
        if kind == "split" and len(words) > 1:
            where = self.chance.randint(1, len(words) - 1)
            middle = line.start + LENGTH // 2
            one, other = self._line(line.start, " ".join(words[:where])), self._line(middle, " ".join(words[where:]))
            self.lines[at : at + 1] = [replace(one, end=middle), replace(other, end=line.end)]
            return {line.id: [one.id, other.id]}
        if kind == "join" and at + 1 < len(self.lines):
            after = self.lines[at + 1]
            joined = self._line(line.start, f"{line.text} {after.text}")
            self.lines[at : at + 2] = [replace(joined, end=after.end)]
            return {line.id: [joined.id], after.id: [joined.id]}
        if kind == "remove" and len(self.lines) > 10:
            del self.lines[at]
            return {line.id: []}
        if kind == "import":
            # Another file of the same words: each line is called otherwise.
            some = self.lines[at : at + 5]
            self.lines[at : at + 5] = [replace(each, id=new_name(self.chance, self.used)) for each in some]
            return None
        if kind == "new":
            self.lines.insert(at + 1, replace(self._line(line.end, text(self.chance)), end=line.end + 100))
            return {}
        longer = f"{line.text} {text(self.chance, 1)}"
        self.lines[at] = replace(line, text=longer, turns=(Turn("Ada", longer),))
        return {}


class _Direct:
    """Writes at once: a transaction flushes each file to the disk."""

    def write(self, target: Path, after: bytes) -> None:
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(after)

    def replace(self, target: Path, before: bytes, after: bytes) -> None:
        assert target.read_bytes() == before
        target.write_bytes(after)


def change(root: Path, after: bytes, moved: dict[str, list[str]] | None) -> None:
    """Put another transcript in place, with its entry."""
    it = of(root)
    record(_Direct(), it, present(it), after, "Ines Keeper", "import" if moved is None else "desk", moved)
    (it.folder / TRANSCRIPT).write_bytes(after)


def shown(client: FlaskClient, address: str, name: str) -> str:
    """Give the words of a line on a page; it is there once."""
    page = client.get(address).text
    found = re.findall(rf'<p class="cue[^"]*" id="cue-{name}"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert len(found) == 1, (address, name)
    return re.sub(r"<[^>]*>", "", found[0])


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_every_address_shows_its_words_or_says_that_they_are_gone(tmp_path: Path, seed: int) -> None:
    lines = _Lines(random.Random(seed))  # noqa: S311  # the same each time
    begin(tmp_path, lines.lines)
    lines.remember()
    for _ in range(250):
        moved = lines.change()
        change(tmp_path, as_file(lines.lines), moved)
        lines.remember()
    client = create_app(tmp_path).test_client()
    page = client.get(PAGE).text
    there = {line.id: line.text for line in lines.lines}
    counted = {200: 0, 301: 0, 410: 0}
    for name, words in lines.said.items():
        assert page.count(f'id="cue-{name}"') == 1, name
        answer = client.get(f"{PAGE}/lines/{name}")
        counted[answer.status_code] += 1
        if answer.status_code == 200:
            assert words in answer.text
        elif answer.status_code == 301:
            led = answer.headers["Location"].rpartition("/")[2]
            assert set(there[led].split()) & set(words.split()), (name, words, there[led])
        else:
            before = re.search(rf'href="({PAGE}\?as-of=[0-9]+)#cue-{name}"', answer.text)
            assert before, name
            assert words in shown(client, before[1], name)
    assert all(counted.values()), counted
