"""Two people and a text editor do whatever there is to do, with restarts between: no word that was put in is lost."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.desk.refusals import DeskError
from player.desk.working import WorkingCopy

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.transcript import Line

_STEPS: Final = 90
_MARK: Final = re.compile(r"mark[0-9]+x")
_LINES: Final = "".join(
    f"\nid{number}\n00:00:{2 * number:02}.000 --> 00:00:{2 * number + 2:02}.000\n<v P{number % 2}>Line{number} here\n"
    for number in range(6)
)


class Desks:
    """What two people see, and a file that a text editor changes too; ``owed`` are the marks that nobody gave up."""

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # the same each time
        self.archive = Archive(root).seen_by(Audience.OWNERS)
        self.path = root / "transcripts/tones/transcript.vtt"
        self.path.write_text(f"WEBVTT\n{_LINES}", encoding="utf-8")
        self.copies = {who: self.opened(who) for who in ("Ines", "Otto")}
        self.owed: set[str] = set()
        self.count = 0

    def opened(self, who: str) -> WorkingCopy:
        return WorkingCopy.opened(self.archive, self.archive.record("tones"), who)

    def mark(self) -> str:
        self.count += 1
        self.owed.add(f"mark{self.count}x")
        return f"mark{self.count}x"

    def do(self) -> None:
        """Do one thing, or be refused."""
        who = self.chance.choice([*self.copies])
        copy = self.copies[who]
        with copy.current():
            line = self.chance.choice(copy.lines)
        do = self.chance.choice(
            ("words", "words", "step", "step", "step", "turn", "write", "choose", "editor", "again")
        )
        try:
            if do == "again":
                self.copies[who] = self.opened(who)
                assert self.copies[who].lines == copy.lines
            elif do == "editor":
                self.edit()
            elif do == "write":
                copy.write()
            elif do == "choose":
                self.choose(copy)
            elif do == "turn":
                before = texts(copy.lines)
                copy.step({"do": self.chance.choice(("undo", "undo", "redo"))})
                self.owed -= set(_MARK.findall(before)) - set(_MARK.findall(texts(copy.lines)))
            elif do == "words":
                self.type(copy, line)
            else:
                copy.step(self.operation(line))
        except DeskError:
            pass

    def type(self, copy: WorkingCopy, line: Line) -> None:
        said = line.turns[0].text.split()
        said.insert(self.chance.randrange(len(said) + 1), mark := self.mark())
        try:
            copy.step({"do": "words", "id": line.id, "turn": 0, "text": " ".join(said)})
        except DeskError:
            self.owed.discard(mark)
            raise

    def operation(self, line: Line) -> dict[str, Any]:
        start = self.chance.randrange(20_000)
        words = [found.start() for found in re.finditer(r"\S+", line.text)]
        return self.chance.choice(
            (
                {"do": "split", "id": line.id, "at": self.chance.choice(words)},
                {"do": "join", "id": line.id},
                {"do": "times", "id": line.id, "start": start, "end": start + 900},
                {"do": "heard", "id": line.id, "on": True},
                {"do": "speaker", "id": line.id, "turn": 0, "speaker": "Quill & <Co>"},
                {"do": "new", "after": line.id, "text": "A new one", "start": start, "end": start + 900},
                {"do": "new", "after": line.id, "text": "One without times"},
            )
        )

    def choose(self, copy: WorkingCopy) -> None:
        if copy.conflicts:
            conflict = self.chance.choice(copy.conflicts)
            which = self.chance.choice(("mine", "theirs"))
            copy.step({"do": "choose", "id": conflict.id, "which": which})
            given_up = conflict.theirs if which == "mine" else conflict.mine
            self.owed -= set(_MARK.findall(texts((*conflict.before, *given_up))))

    def edit(self) -> None:
        """Put a mark behind a line of the file."""
        lines = self.path.read_text(encoding="utf-8").split("\n")
        places = [number + 1 for number, line in enumerate(lines) if "-->" in line]
        lines[self.chance.choice(places)] += f" {self.mark()}"
        self.path.write_text("\n".join(lines), encoding="utf-8")

    def lost(self) -> set[str]:
        """Give the marks that are owed, and that neither the file nor anybody at the desk has."""
        there = self.path.read_text(encoding="utf-8")
        for copy in self.copies.values():
            there += texts(copy.lines)
            there += texts(line for conflict in copy.conflicts for line in (*conflict.mine, *conflict.theirs))
        return self.owed - set(_MARK.findall(there))


def texts(lines: Any) -> str:
    return " ".join(line.text for line in lines)


@pytest.mark.sampled(2)
@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_lost_whatever_two_people_and_an_editor_do(archive: Path, seed: int) -> None:
    desks = Desks(archive, seed)
    for number in range(_STEPS):
        desks.do()
        assert not desks.lost(), number
    # In the end all of it can be written.
    for who, copy in (*desks.copies.items(), *desks.copies.items()):
        with copy.current():
            waiting = copy.conflicts
        for conflict in waiting:
            copy.step({"do": "choose", "id": conflict.id, "which": "mine"})
            desks.owed -= set(_MARK.findall(texts((*conflict.before, *conflict.theirs))))
        copy.write()
        assert not desks.lost(), who
    text = desks.path.read_text(encoding="utf-8")
    assert desks.owed <= set(_MARK.findall(text))
