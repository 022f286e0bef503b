"""``player clips --format copy``: one ffmpeg proves many copies before they are in place; no fault spoils others."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

import pytest
from clipping import run
from held_sounds import hold, sidecar
from small_archive import write_archive

from player.audio import ffmpeg as running
from player.audio import mp3_copied, mp3_passage
from player.clips import together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from click.testing import Result

COUNT = 20


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_archive(tmp_path / "archive")
    # An old file: what is known of it is kept.
    os.utime(hold(root, root / "media" / "tones.wav"), (1_000_000_000, 1_000_000_000))
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{number / 10},{number / 10 + 4},ferry{number:02}\n" for number in range(COUNT))
    (tmp_path / "table.csv").write_text(f"start,end,name\n{rows}", encoding="utf-8")
    assert run(root, "clip", "tones", "--from", "1", "--to", "2", "--format", "copy", "-o", "first.mp3").exit_code == 0
    return root


def many(archive: Path, *more: str) -> Result:
    return run(archive, "clips", "tones", "--from-csv", "table.csv", "--format", "copy", "-o", "clips", *more)


@pytest.mark.long
def test_one_ffmpeg_proves_many_and_one_copy_that_is_wrong_spoils_no_other(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[list[str]] = []
    begun = running._Started.__init__  # noqa: SLF001  # all that is started is started there

    def counted(self: Any, arguments: list[str], **options: Any) -> None:
        counts.append(list(arguments))
        begun(self, arguments, **options)

    monkeypatch.setattr(running._Started, "__init__", counted)  # noqa: SLF001  # see above
    result = many(archive)
    assert result.exit_code == 0, result.output
    assert len(counts) == math.ceil(COUNT / together.AT_A_TIME)
    lines = result.stdout.splitlines()
    assert [f"ferry{number:02}.mp3" in line for number, line in enumerate(lines)] == [True] * COUNT
    right = {path.name: path.read_bytes() for path in (tmp_path / "clips").iterdir()}
    written, wrong = mp3_passage.write, sidecar(next((tmp_path / "clips").glob("*ferry05.mp3")))["copied"]["bytes"]

    def wrongly(path: Path, passage: mp3_passage.Passage, target: Any) -> None:
        written(path, passage, target)
        if [passage.start, passage.stop] == wrong:
            target.seek(-3000, 2)
            target.write(bytes(100))

    monkeypatch.setattr(mp3_passage, "write", wrongly)
    result = many(archive, "--force")
    assert result.exit_code == 0, result.output
    (told,) = [line for line in result.stderr.splitlines() if "encoded, not copied" in line]
    assert told.endswith("ferry05.mp3: encoded, not copied: decoded, the copy has other samples than the recording")
    now = {path.name: path.read_bytes() for path in (tmp_path / "clips").iterdir()}
    assert now.keys() == right.keys()
    assert {name.split(".")[0][-2:] for name in now if now[name] != right[name]} == {"05"}


@pytest.mark.long
def test_what_cannot_be_proved_together_is_proved_one_by_one(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proved = mp3_copied.are_in

    def refused(claims: Sequence[Any]) -> list[bool]:
        if len(claims) > 1:
            raise OSError
        return proved(claims)

    monkeypatch.setattr(mp3_copied, "are_in", refused)
    result = many(archive)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("copied without encoding it again") == COUNT


def test_nothing_is_in_its_place_before_it_is_proved_and_ctrl_c_leaves_nothing_unfinished(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[list[str]] = []
    proved = mp3_copied.are_in

    def interrupted(claims: Sequence[Any]) -> list[bool]:
        there.append(sorted(path.name for path in (tmp_path / "clips").glob("[!.]*.mp3")))
        if len(there) > 1:
            raise KeyboardInterrupt
        return proved(claims)

    monkeypatch.setattr(mp3_copied, "are_in", interrupted)
    assert many(archive).exit_code == 1
    assert there[0] == []
    assert len(there[1]) == together.AT_A_TIME
    left = sorted(path.name for path in (tmp_path / "clips").iterdir())
    assert left == sorted(name + end for name in there[1] for end in ("", ".json", ".vtt"))


@pytest.mark.long
def test_clips_that_cannot_be_made_are_told_and_the_others_are_made(archive: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"{table.read_text(encoding='utf-8')}3,3.01,short\n8,99,long\n5,6,last\n", encoding="utf-8")
    (tmp_path / "clips").mkdir()
    result = many(archive, "--jobs", "1")
    assert result.exit_code == 1
    assert "short.mp3: encoded, not copied: " in result.stderr
    assert "the clip would run from" in result.stderr
    assert f"{COUNT + 2} made, 1 failed" in result.stderr
    assert "last.mp3" in result.stdout.splitlines()[-1]
