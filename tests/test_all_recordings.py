"""A command over all recordings goes on where it cannot do one, names that, and counts at its end what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
import tiny_engine
from clipping import run
from ferries import write_ferries
from test_transcribe_all import TINY

from player.align import drafting
from player.align.transcribing import Draft
from player.intake.transcripts.imported import ImportedLine

if TYPE_CHECKING:
    from pathlib import Path

RECORD: Final = 'title = "Ferry 1"\ndate = "1971"\n'
#: What is asked of an archive whose second of three recordings has a fault in its record, and what is said at the end.
ASKED: Final = (
    pytest.param(
        ("access", "--all", "--force"), "2 copies made, 1 not made", id="access --all --force", marks=pytest.mark.long
    ),
    pytest.param(("access", "--all"), "0 copies made, 2 up to date or not needed, 1 not made", id="access --all"),
    pytest.param(("align", "--all"), "2 transcripts done, 1 not done", id="align --all", marks=pytest.mark.long),
    pytest.param(("bind", "--all"), "2 transcripts bound, 1 not bound", id="bind --all"),
    pytest.param(("transcribe", "--all", *TINY), "2 recordings transcribed, 1 not transcribed", id="transcribe --all"),
    pytest.param(
        ("transcribe", "--all", "--dry-run", *TINY),
        "2 recordings would be transcribed, 1 not transcribed",
        id="transcribe --all --dry-run",
    ),
    pytest.param(
        ("export", "--all", "--to", "txt", "-o", "{out}"),
        "2 transcripts exported, 1 not exported",
        id="export --all --to txt -o",
    ),
)


@pytest.fixture
def ferries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tiny_engine.install(monkeypatch)
    draft = Draft((ImportedLine("One boat.", start=0, end=900),), (), 900)
    monkeypatch.setattr(drafting, "drafted", lambda *_: (draft, None))
    root = write_ferries(tmp_path / "ferries", 3)
    (root / "transcripts/ferry-1/recording.toml").write_text(f"{RECORD}no = true\n", encoding="utf-8")
    return root


@pytest.mark.parametrize(("asked", "end"), ASKED)
def test_the_others_are_done_and_all_is_told(ferries: Path, tmp_path: Path, asked: tuple[str, ...], end: str) -> None:
    if asked[0] == "transcribe":
        for number in (0, 2):
            (ferries / f"transcripts/ferry-{number}/transcript.vtt").unlink()
    done = run(ferries, *(word.format(out=tmp_path / "out") for word in asked))
    assert done.exit_code == 1, done.output
    told, _, file = done.stderr.splitlines()[0].partition(": ")
    assert (told, file.partition(": ")[0]) == ("ferry-1", f"{ferries}/transcripts/ferry-1/recording.toml:3")
    # Where standard output has the names of files, it is not there.
    stream = done.stderr if asked[0] == "export" else done.stdout
    assert stream.splitlines()[-1] == end


def test_recordings_of_which_nothing_is_to_be_handed_on_are_no_fault(ferries: Path, tmp_path: Path) -> None:
    (ferries / "transcripts/ferry-1/recording.toml").write_text(RECORD, encoding="utf-8")
    (ferries / "transcripts/ferry-1/transcript.vtt").unlink()
    done = run(ferries, "export", "--all", "--to", "txt", "-o", str(tmp_path))
    assert done.exit_code == 0, done.output
    first, last = done.stderr.splitlines()
    assert first.startswith("ferry-1: there is no transcript yet; bring one in with player import ferry-1 FILE")
    assert last == "2 transcripts exported, 1 left out"
    again = run(ferries, "export", "--all", "--to", "txt", "-o", str(tmp_path))
    assert (again.exit_code, again.stderr.splitlines()[-1]) == (
        1,
        "0 transcripts exported, 1 left out, 2 not exported",
    )
