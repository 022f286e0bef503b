"""script.toml is read whole, or refused with the line of each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from player.archive.references import Citation
from player.archive.script import ScriptLine, Voice, read_script
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """\
[[voice]]
name = "Narrator"
flite = "rms"
stretch = 1.1

[[voice]]
name = "Document"
flite = "kal16"

[say]
"Vallejo" = "va yay ho"

[[line]]
id = "day"
voice = "Narrator"
at = "0:25"
text = '''On that day
  it rained.'''
sources = ["log, p. 1", "diary"]

[[line]]
id = "paper"
voice = "Document"
pause = 0.1
text = "“Rain.”"
sources = ["log"]
"""


def faults(path: Path, text: str) -> list[tuple[int | None, str]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArchiveError) as refusal:
        read_script(path)
    return [(fault.line, f"{fault.what}; {fault.remedy}") for fault in refusal.value.faults]


def test_a_script_is_voices_spellings_and_lines_in_order(tmp_path: Path) -> None:
    path = tmp_path / "script.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    script = read_script(path)
    assert list(script.voices.values()) == [
        Voice(name="Narrator", flite="rms", stretch=1.1),
        Voice(name="Document", flite="kal16", stretch=1.0),
    ]
    assert script.say == {"Vallejo": "va yay ho"}
    rain = (Citation("log", "p. 1"), Citation("diary"))
    assert script.lines == (
        ScriptLine(id="day", voice="Narrator", text="On that day it rained.", citations=rain, at=25_000, pause=350),
        ScriptLine(id="paper", voice="Document", text="“Rain.”", citations=(Citation("log"),), at=None, pause=100),
    )
    assert [line.line for line in script.lines] == [13, 21]


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ('id = "paper"', 'id = "day"', 22, 'an earlier [[line]] has the same id, "day"; give each its own'),
        (
            "[say]",
            '[[voice]]\nname = "Narrator"\nflite = "awb"\n[say]',
            11,
            'an earlier [[voice]] has the same name, "Narrator"',
        ),
        ('voice = "Document"', 'voice = "Kennedy"', 23, "name one of the voices: Narrator, Document"),
        ("pause = 0.1", 'at = "0:20"', 24, "it starts at 0:20, but an earlier line at 0:25"),
        ("pause = 0.1", 'at = "0:25"', 24, "put the lines in the order of their times"),
        ("pause = 0.1", "pase = 0.1", 24, 'unknown key "pase"'),
        (
            "stretch = 1.1",
            "stretch = 3",
            4,
            "a voice with a stretch of 3 cannot be understood; write one from 0.5 to 2",
        ),
        ("stretch = 1.1", "stretch = 0", 4, "a voice with a stretch of 0 cannot be understood"),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path: Path, written: str, instead: str, line: int, told: str) -> None:
    assert written in SCRIPT
    found = faults(tmp_path / "script.toml", SCRIPT.replace(written, instead))
    assert [place for place, _ in found] == [line]
    assert told in found[0][1]


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    slips = SCRIPT.replace('id = "paper"', 'id = "day"').replace("stretch = 1.1", "stretch = 9")
    assert [line for line, _ in faults(tmp_path / "script.toml", slips)] == [4, 22]


def test_a_script_without_lines_is_refused(tmp_path: Path) -> None:
    found = [what for _, what in faults(tmp_path / "script.toml", "")]
    assert found == ["there is no [[line]]; write at least one", "there is no [[voice]]; write at least one"]
