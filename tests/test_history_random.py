"""After any number of splits, joins, imports and edits, each version comes back, and each line leads to its words."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from drawing import SEED, some
from histories import as_file, begin, change, cue, lines_of, new_name, of, present, text

from player.archive.recording import TRANSCRIPT
from player.archive.transcript import Cue, Turn
from player.history import versions
from player.history.going_back import go_back
from player.history.whereabouts import former, last_with, line_history, used, where
from player.intake.transaction import transaction
from player.intake.transcripts import bringing
from player.intake.transcripts.imported import Imported, ImportedLine
from player.intake.transcripts.names import Speakers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.archive.transcript import Line

_FEW: Final = 20


def timed(line: Line) -> list[tuple[str, int, int]]:
    """Give the words of a line with the time of each, by its share."""
    assert isinstance(line, Cue)
    words = line.text.split()
    edges = [line.start + (line.end - line.start) * number // len(words) for number in range(len(words) + 1)]
    return list(zip(words, edges[:-1], edges[1:], strict=True))


class Story:
    """Changes a transcript in every way there is, and knows of each word that was ever in it where it should be.

    Words are told apart by a mark of their own: each ``id`` that was printed keeps the marks that it had then.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)  # noqa: S311  # the same each time
        self.count = 0
        self.files: list[bytes] = []
        #: The words of each identifier as they were last.
        self.printed: dict[str, set[str]] = {}
        begin(root, [cue(number, self.text()) for number in range(1, 9)])
        self.note()

    def text(self) -> str:
        words = []
        for word in text(self.chance).split():
            self.count += 1
            words.append(f"{word}{self.count}x")
        return " ".join(words)

    @property
    def lines(self) -> list[Line]:
        return list(lines_of(of(self.root)))

    def note(self) -> None:
        self.files.append(present(of(self.root)))
        for line in self.lines:
            self.printed[line.id] = set(line.text.split())

    def name(self) -> str:
        return new_name(self.chance, {*used(of(self.root)), *self.printed})

    def put(self, lines: list[Line], how: str, moved: dict[str, list[str]] | None = None) -> None:
        data = as_file(lines)
        if data == present(of(self.root)):
            return
        assert change(self.root, data, how, "Ines Keeper", moved) is not None
        self.note()

    def pick(self) -> tuple[list[Line], int]:
        lines = self.lines
        return lines, self.chance.randrange(len(lines))

    def split(self) -> None:
        lines, at = self.pick()
        line = lines[at]
        words = line.text.split()
        if len(words) < 2 or not isinstance(line, Cue) or line.end - line.start < 20:
            return
        cut = self.chance.randint(1, len(words) - 1)
        middle = line.start + (line.end - line.start) * cut // len(words)
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        names = [self.name(), self.name()]
        parts = [
            replace(line, id=names[0], end=middle, text=first, turns=(Turn("Ada", first),)),
            replace(line, id=names[1], start=middle, text=second, turns=(Turn("Ada", second),)),
        ]
        self.put([*lines[:at], *parts, *lines[at + 1 :]], "desk", {line.id: names})

    def join(self) -> None:
        lines, at = self.pick()
        if at + 1 >= len(lines):
            return
        one, other = lines[at], lines[at + 1]
        assert isinstance(one, Cue)
        assert isinstance(other, Cue)
        both, name = f"{one.text} {other.text}", self.name()
        joined = replace(one, id=name, end=max(one.end, other.end), text=both, turns=(Turn("Ada", both),))
        # The desk says where both went; the words would too.
        moved = self.chance.choice([{one.id: [name], other.id: [name]}, None])
        self.put([*lines[:at], joined, *lines[at + 2 :]], "desk", moved)

    def retype(self) -> None:
        lines, at = self.pick()
        words = lines[at].text.split()
        words[self.chance.randrange(len(words))] = self.text()
        now = " ".join(words)
        lines[at] = replace(lines[at], text=now, turns=(Turn("Ada", now),))
        self.put(lines, "desk")

    def add(self) -> None:
        lines, at = self.pick()
        line = lines[at]
        assert isinstance(line, Cue)
        said, middle = self.text(), (line.start + line.end) // 2
        if line.end - line.start >= 20:
            new = Cue(self.name(), middle, line.end, said, (Turn("Ada", said),), (), (), 0)
            self.put([*lines[:at], replace(line, end=middle), new, *lines[at + 1 :]], "desk")

    def remove(self) -> None:
        lines, at = self.pick()
        if len(lines) > 4:
            self.put([*lines[:at], *lines[at + 1 :]], "desk")

    def by_hand(self) -> None:
        """Write with a text editor: no entry says it before the next change."""
        path = of(self.root).folder / TRANSCRIPT
        lines, at = self.pick()
        words = [*lines[at].text.split(), self.text()]
        lines[at] = replace(lines[at], text=" ".join(words), turns=(Turn("Ada", " ".join(words)),))
        path.write_bytes(as_file(lines) + b"\nNOTE by hand %d\n" % self.count)
        self.note()

    def bring(self) -> None:
        """Bring a file in over the transcript, with lines of other lengths and without identifiers."""
        it = of(self.root)
        words = [each for line in self.lines for each in timed(line)]
        out: list[ImportedLine] = []
        while words:
            count = self.chance.randint(1, 12)
            part, words = words[:count], words[count:]
            said = " ".join(word for word, _, _ in part)
            out.append(ImportedLine(said, (Turn("Ada", said),), start=part[0][1], end=part[-1][2]))
        brought = bringing.prepared(it, Imported("Text", tuple(out)), speakers=Speakers(), digest=None, length=None)
        with transaction(self.root) as changing:
            bringing.put(changing, it, brought)
        self.note()

    def back(self) -> None:
        it = of(self.root)
        there = versions.versions(it)
        if there:
            number = self.chance.choice(there).number
            with transaction(self.root) as changing:
                go_back(changing, it, number, "Ines Keeper")
            assert present(it) == versions.content(it, number)
            self.note()

    def deeds(self) -> list[Callable[[], None]]:
        return [self.split, self.split, self.join, self.join, self.retype, self.add, self.remove, self.by_hand]

    def check(self) -> None:
        """Every version is one of the files that there were, in their order; each identifier leads to its words."""
        it = of(self.root)
        here = {line.id: set(line.text.split()) for line in self.lines}
        everywhere = set().union(*here.values())
        gone = former(it)
        for name in self.chance.sample(sorted(self.printed), 5):
            assert where(it, name) == ((name,) if name in here else gone[name])
        for name, words in self.printed.items():
            if name in here:
                continue
            to = gone[name]
            shown = set().union(*(here[each] for each in to)) if to else set()
            left = words & everywhere
            # It shows what is left of its words, but for some at the edges of lines; or most of them are gone.
            assert len(left & shown) * 2 >= len(left) or len(left) * 2 <= len(words), (name, words, to)
        assert where(it, "never") is None
        assert not any(name in here for name in gone)
        self.check_files()

    def check_files(self) -> None:
        it = of(self.root)
        there = versions.versions(it)
        numbers = sorted(each.number for each in self.chance.sample(there, min(len(there), 25)))
        places = iter(self.files)
        for number in numbers:
            data = versions.content(it, number)
            assert any(data == other for other in places), number
        if (now := versions.current(it)) is not None:
            assert versions.content(it, now.number) == present(it)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_few_changes(tmp_path: Path, seed: int) -> None:
    story = Story(tmp_path, seed)
    for _ in range(_FEW):
        story.chance.choice([*story.deeds(), story.back])()
    story.check()


@pytest.mark.sampled(1)
@pytest.mark.long
@pytest.mark.parametrize("seed", [100, SEED])
def test_after_many_changes_every_line_that_was_printed_leads_to_its_words(tmp_path: Path, seed: int) -> None:
    story = Story(tmp_path, seed)
    for number in range(some(150, whole=500)):
        story.chance.choice([*story.deeds(), story.bring])()
        if number % 50 == 0:
            story.check()
    story.check()
    it = of(tmp_path)
    for name in story.chance.sample(sorted(story.printed), 20):
        changes = line_history(it, name)
        assert [each.number for each in changes] == sorted((each.number for each in changes), reverse=True)
        assert last_with(it, name) is not None or name in {line.id for line in story.lines}
