"""``player clips``: many clips, each made once; what is wrong with one is told and does not stop the others."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clip_server import LIMIT, gated, real_ffmpeg, until
from clipping import as_reading, at_terminal, pitches, run, start
from small_archive import write_tones

from player.clips.write import encode
from player.web.app import create_app

if TYPE_CHECKING:
    from click.testing import Result

NAMES = ["tones_00m02s000-00m04s500_who", "tones_00m08s500-00m10s000_late"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    path = tmp_path / "work"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def made(folder: Path, suffix: str = ".mp3") -> list[str]:
    return sorted(path.name.removesuffix(suffix) for path in folder.iterdir() if path.suffix == suffix)


def table(archive: Path, content: str | bytes, *arguments: str) -> Result:
    """Make the clips of a table."""
    Path("list.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return run(archive, "clips", "tones", "--from-csv", "list.csv", "--format", "wav", *arguments)


def test_every_annotation_with_a_passage_has_its_clip(archive: Path, folder: Path) -> None:
    result = run(archive, "clips", "tones", "--all-annotations", "-o", "clips")
    assert result.exit_code == 0, result.output
    assert made(folder / "clips") == NAMES
    assert result.stdout.splitlines() == [
        f"clips/{NAMES[0]}.mp3: 0:02 to 0:04.5 of tones",
        f"clips/{NAMES[1]}.mp3: 0:08.5 to 0:10 of tones",
    ]
    assert result.stderr == "2 made\n"
    assert pitches(folder / "clips" / f"{NAMES[0]}.mp3") == [300, 350]
    assert run(archive, "verify", f"clips/{NAMES[0]}.mp3").exit_code == 0


def test_what_is_there_and_current_is_not_made_again(archive: Path, folder: Path) -> None:
    asked = ("clips", "tones", "--all-annotations")
    run(archive, *asked)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    result = run(archive, *asked)
    assert (result.exit_code, result.stderr) == (0, "2 already there\n")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert run(archive, *asked, "--force").stderr == "2 made\n"


@pytest.mark.parametrize(
    "change",
    ["recording", "words", *(pytest.param(each, marks=pytest.mark.long) for each in ("settings", "clip", "sidecar"))],
)
def test_what_is_not_current_is_told_and_made_again_with_force(archive: Path, folder: Path, change: str) -> None:
    asked = ["clips", "tones", "--all-annotations"]
    run(archive, *asked)
    first = folder / f"{NAMES[0]}.mp3"
    match change:
        case "settings":
            asked += ["--fade-in", "50"]
        case "recording":
            media = archive / "media" / "tones.wav"
            media.write_bytes(media.read_bytes()[:-2] + b"\1\1")
        case "clip":
            first.write_bytes(first.read_bytes()[:-1])
        case "sidecar":
            first.with_name(f"{first.name}.json").unlink()
        case "words":
            first.with_name(f"{first.name}.vtt").write_text("WEBVTT\n", encoding="utf-8")
    result = run(archive, *asked)
    assert result.exit_code == 1
    assert f"who: {first.name}" in result.stderr
    assert "a file of that name exists" in result.stderr
    again = run(archive, *asked, "--force")
    assert again.exit_code == 0
    assert run(archive, "verify", first.name).exit_code == 0


def test_one_bad_row_does_not_stop_the_others_and_the_exit_code_tells(archive: Path, folder: Path) -> None:
    result = table(archive, "start,end,name\n1,2,one\nnan,3,two\n3,99,three\n3,3.004,short\n4,5,\n", "--jobs", "3")
    assert result.exit_code == 1
    assert made(folder, ".wav") == ["tones_00m01s000-00m02s000_one", "tones_00m04s000-00m05s000"]
    told = result.stderr.splitlines()
    assert told[0].startswith('list.csv:3: "nan" is not a time; write it as')
    assert told[1].startswith("list.csv:4: tones is 0:10 long, but the clip would run from 0:03 to 1:39; end it")
    assert told[2].startswith("list.csv:5: fades of 5 ms and 5 ms do not fit into a clip of 4 ms; make")
    assert told[3] == "2 made, 3 failed"
    assert pitches(folder / "tones_00m04s000-00m05s000.wav") == [400]


def test_what_is_wrong_with_rows_is_told_in_their_order_whatever_it_is(archive: Path, folder: Path) -> None:
    rows = "start,end,name\n1,99,late\n1,2,...\n1\n3,3.004,short\n4,x,\n5,6,good\n"
    for limit, made_of_them, lines in ((), 1, (2, 3, 4, 5, 6)), (("--limit", "1"), 0, (2, 3, 4, 6)):
        result = table(archive, rows, *limit)
        told = [line.partition(": ")[0] for line in result.stderr.splitlines()[:-1]]
        assert told == [f"list.csv:{line}" for line in lines]
        assert len(made(folder, ".wav")) == made_of_them
        for path in folder.glob("tones*"):
            path.unlink()


def test_overlapping_rows_are_fine_and_names_used_twice_are_told(archive: Path, folder: Path) -> None:
    result = table(archive, "1,5,a\n2,6,b\n3,4,A\n1,5,a\n")
    assert result.exit_code == 0
    assert "list.csv:3: line 1 has the same name; the times in the file names differ" in result.stderr
    assert "list.csv:4: this repeats line 1; the clip is made once" in result.stderr
    assert len(made(folder, ".wav")) == 3


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../escape", "_escape"),
        ("/etc/passwd", "_etc-passwd"),
        ("C:\\con|x*?", "_C-con-x"),
        ("\x1b[2J\x07bell", "_2J-bell"),
        ("x" * 300, "_" + "x" * 60),
        ("é" * 300, "_" + "é" * 30),
        ("-o --force", "_o-force"),
        ("Café № 5.mp3", "_Café-5-mp3"),
    ],
)
def test_a_hostile_name_stays_in_its_folder(archive: Path, folder: Path, name: str, kept: str) -> None:
    result = table(archive, f'1,2,"{name}"\n', "-o", "clips")
    assert result.exit_code == 0, result.output
    assert made(folder / "clips", ".wav") == [f"tones_00m01s000-00m02s000{kept}"]
    assert sorted(path.name for path in folder.iterdir()) == ["clips", "list.csv"]
    assert result.output.replace("\n", "").isprintable()


@pytest.mark.parametrize("name", ["...", "/", "\x01\x02", "☺"])
def test_a_name_of_which_nothing_is_left_is_told(archive: Path, folder: Path, name: str) -> None:
    result = table(archive, f"1,2,{name}\n3,4,ok\n")
    assert result.exit_code == 1
    assert "list.csv:1: the name has no letter or digit; write one that does, or leave it out" in result.stderr
    assert made(folder, ".wav") == ["tones_00m03s000-00m04s000_ok"]


@pytest.mark.parametrize("suffix", ["wav", "mp3"])
def test_a_sound_that_changes_while_it_is_cut_is_told_and_nothing_is_left_behind(
    archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    media = archive / "media" / "tones.wav"

    def meanwhile(*given: Any, **named: Any) -> None:
        encode(*given, **named)
        write_tones(media, seconds=9)

    monkeypatch.setattr("player.clips.clip.encode", meanwhile)
    result = table(archive, "1,2,one\n", "--format", suffix)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "list.csv:1: the sound of tones changed while it was cut; cut the clip again",
        "1 failed",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["list.csv"]
    over_http = create_app(archive).test_client().get("/recordings/tones/clip.wav?t=3,4")
    assert over_http.status_code == 409
    assert "The sound of tones changed while it was cut" in over_http.text


def test_where_no_row_can_be_cut_no_folder_is_left_behind(archive: Path, folder: Path) -> None:
    assert table(archive, "1,99,late\n2,1,bad\n", "-o", "new").exit_code == 1
    assert not (folder / "new").exists()
    assert table(archive, "1,99,late\n2,3,good\n", "-o", "new").exit_code == 1
    assert len(made(folder / "new", ".wav")) == 1


def test_an_empty_table_is_told(archive: Path, folder: Path) -> None:
    result = table(archive, "start,end,name\n")
    assert result.exit_code == 1
    assert "list.csv: the table has no rows; write start,end,name" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("content", [b"\xff\xfe1,2", None])
def test_a_table_that_cannot_be_read_is_refused(archive: Path, folder: Path, content: bytes | None) -> None:
    result = run(archive, "clips", "tones", "--from-csv", "none.csv") if content is None else table(archive, content)
    assert result.exit_code == 1
    assert ".csv" in result.stderr
    assert made(folder, ".wav") == []


def test_a_readings_clips_say_so_in_their_names(archive: Path, folder: Path) -> None:
    as_reading(archive)
    run(archive, "clips", "tones", "--all-annotations")
    assert made(folder)[0] == "tones-reading_00m02s000-00m04s500_who"


def test_a_dry_run_makes_nothing_and_json_tells_what_was_made(archive: Path, folder: Path) -> None:
    asked = ("clips", "tones", "--all-annotations", "--json", "-o", "clips")
    plan = json.loads(run(archive, *asked, "--dry-run").stdout)
    assert [row["spans"] for row in plan] == [[[2000, 4500]], [[8500, 10_000]]]
    assert list(folder.iterdir()) == []
    done = json.loads(run(archive, *asked).stdout)
    assert [Path(row["path"]).stem for row in done] == NAMES


@pytest.mark.parametrize("asked", [(), ("--all-annotations", "--from-csv", "x"), ("--all-annotations", "--jobs", "0")])
def test_which_passages_has_to_be_said_once(archive: Path, asked: tuple[str, ...]) -> None:
    assert run(archive, "clips", "tones", *asked).exit_code == 2


def test_a_folder_that_cannot_be_made_is_told(archive: Path, folder: Path) -> None:
    (folder / "file").write_text("", encoding="utf-8")
    for place in ("file", "file/clips", "x" * 300):
        result = run(archive, "clips", "tones", "--all-annotations", "-o", place)
        assert result.exit_code == 1
        assert "the folder cannot be made" in result.stderr


def test_a_terminal_sees_how_far_it_is(archive: Path, folder: Path) -> None:
    said, seen = at_terminal(archive, "clips", "tones", "--all-annotations", cwd=folder)
    assert b"Cutting" in seen
    assert b"100%" in seen
    assert said.count(b"\n") == 2
    assert b"\x1b" not in said


def test_after_ctrl_c_there_are_only_whole_clips(
    archive: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some are encoded, and then no more.
    few = f'[ $(wc -l <{tmp_path}/started) -le 6 ] || exec sleep 600\nexec {real_ffmpeg()} "$@"'
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, few)))
    rows = "".join(f"{second / 10},{second / 10 + 1},\n" for second in range(60))
    (folder / "list.csv").write_text(rows, encoding="utf-8")
    with start(archive, "clips", "tones", "--from-csv", "list.csv", "-o", "clips", "--jobs", "2") as process:
        until(lambda: list(folder.glob("clips/*.json")))
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert b"Aborted!" in message
    count = len(made(folder / "clips"))
    assert 1 <= count < 60
    assert len(list((folder / "clips").iterdir())) == 3 * count
