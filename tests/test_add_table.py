"""``player add --from-csv``: what is right is added, what is wrong is told, and what is done is passed over."""

from __future__ import annotations

import os
import shutil
import tomllib
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import small_archive
from clipping import run, start

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "sound;transcript;title;date;tags;series;substance;place\n"
FERRY = "sounds/ferry.wav;ferry.srt;The ferry;1971-06-02;quay|ropes;Harbour;0:01,5;Pier\n"
DOCK = "sounds/dock.wav;;The dock;1972~;;;;\n"
SRT = "1\n00:00:00,000 --> 00:00:01,000\nThe ferry left.\n\n2\n00:00:01,500 --> 00:00:02,500\nAt six.\n"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An archive with nothing in it."""
    for name in ("media", "transcripts"):
        (tmp_path / "archive" / name).mkdir(parents=True)
    return tmp_path / "archive"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with sounds of three seconds and more, and a transcript of one of them."""
    (tmp_path / "desk" / "sounds").mkdir(parents=True)
    for step, name in enumerate(("ferry", "dock", "side-a", "side-b")):
        small_archive.write_tones(tmp_path / "desk" / "sounds" / f"{name}.wav", seconds=3, step=30 + 10 * step)
    (tmp_path / "desk" / "ferry.srt").write_text(SRT, encoding="utf-8")
    return tmp_path / "desk"


def added(archive: Path, desk: Path, table: str | bytes, *options: str, name: str = "table.csv") -> tuple[int, str]:
    path = desk / name
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    answer = run(archive, "add", "--from-csv", str(path), *options)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def record(archive: Path, slug: str) -> dict[str, Any]:
    return tomllib.loads((archive / "transcripts" / slug / "recording.toml").read_text(encoding="utf-8"))


def slugs(archive: Path) -> list[str]:
    return sorted(path.name for path in (archive / "transcripts").iterdir() if path.is_dir())


def test_a_row_becomes_a_recording_with_all_that_it_says(empty: Path, desk: Path) -> None:
    code, told = added(empty, desk, HEAD + FERRY + DOCK)
    assert code == 0, told
    assert "line 2  added  the-ferry  sounds/ferry.wav\nline 3  added  the-dock   sounds/dock.wav\n" in told
    assert "2 recordings added\n" in told
    ferry = record(empty, "the-ferry")
    assert {name: ferry[name] for name in ("title", "date", "tags", "series", "substance", "place", "media")} == {
        "title": "The ferry",
        "date": "1971-06-02",
        "tags": ["quay", "ropes"],
        "series": "Harbour",
        "substance": "0:01.5",
        "place": "Pier",
        "media": "the-ferry.wav",
    }
    assert (empty / "media" / "the-ferry.wav").read_bytes() == (desk / "sounds" / "ferry.wav").read_bytes()
    assert "The ferry left." in (empty / "transcripts" / "the-ferry" / "transcript.vtt").read_text(encoding="utf-8")


def test_what_is_wrong_is_told_with_its_line_and_the_others_are_made(empty: Path, desk: Path) -> None:
    rows = (
        "sounds/none.wav;;Nothing;1971;;;;\n"
        "sounds/ferry.wav;;The ferry;2.6.1971;;;;\n"
        "sounds/side-a.wav;;;;;;;\n"
        ";;No sound;1971;;;;\n"
        "sounds/side-b.wav;;Sides;1971;;;soon;\n"
    )
    code, told = added(empty, desk, HEAD + rows + DOCK + DOCK)
    assert code == 1
    for fault in (
        "table.csv:2: ",
        'table.csv:3: its date is "2.6.1971", which is not in the form of a date; write it like',
        'table.csv:4: there is no "title" and no "date", and its tags do not say; write it, or take it from the name',
        'table.csv:5: there is no "sound"; write its path, or remove the row',
        'table.csv:6: "substance" cannot be read: "soon" is not a time',
        "table.csv:8: line 7 has the same sound; remove one of the two",
    ):
        assert fault in told
    assert told.endswith("1 recording added, 6 not added\n")
    assert slugs(empty) == ["the-dock"]
    assert [path.name for path in (empty / "media").iterdir()] == ["the-dock.wav"]


def test_a_table_that_was_broken_off_is_begun_again_and_nothing_is_added_twice(empty: Path, desk: Path) -> None:
    assert added(empty, desk, HEAD + FERRY)[0] == 0
    before = (empty / "transcripts" / "the-ferry" / "recording.toml").read_bytes()
    # What was added is known by its digest, whatever the file is called now.
    shutil.move(desk / "sounds" / "ferry.wav", desk / "sounds" / "boat.wav")
    table = HEAD + FERRY.replace("ferry.wav", "boat.wav") + DOCK
    code, told = added(empty, desk, table)
    assert (code, slugs(empty)) == (0, ["the-dock", "the-ferry"])
    assert "line 2  there already  the-ferry  sounds/boat.wav\n" in told
    assert told.endswith("1 recording added, 1 there already\n")
    assert (empty / "transcripts" / "the-ferry" / "recording.toml").read_bytes() == before
    code, told = added(empty, desk, "sound,slug,title,date\nsounds/boat.wav,boat,The boat,1971\n")
    assert code == 1
    assert 'table.csv:2: the archive has this sound already, as "the-ferry"; write that slug, or remove the row' in told


def test_a_dry_run_adds_nothing(empty: Path, desk: Path) -> None:
    code, told = added(empty, desk, HEAD + FERRY + DOCK, "--dry-run")
    assert (code, slugs(empty), list((empty / "media").iterdir())) == (0, [], [])
    assert told.endswith("2 recordings would be added\n")


@pytest.mark.long
def test_what_is_missing_is_taken_from_the_name_of_the_file_where_that_is_said(empty: Path, desk: Path) -> None:
    shutil.move(desk / "sounds" / "dock.wav", desk / "sounds" / "1972-05 The_dock.wav")
    assert added(empty, desk, "sound\nsounds/1972-05 The_dock.wav\n")[0] == 1
    code, told = added(empty, desk, "sound\nsounds/1972-05 The_dock.wav\n", "--yes", "--series", "Harbour")
    assert code == 0, told
    made = record(empty, slugs(empty)[0])
    assert (made["title"], made["date"], made["series"]) == ("The dock", "1972-05", "Harbour")


@pytest.mark.parametrize("option", ["--title", "--date", "--slug", "--to", "--transcript"])
def test_what_is_said_of_one_recording_is_a_column(empty: Path, desk: Path, option: str) -> None:
    code, told = added(empty, desk, HEAD + DOCK, option, "x")
    assert code == 2
    assert f"{option} does not go with --from-csv: in a table it is a column." in told


@pytest.mark.long
def test_several_sounds_in_a_row_are_one_recording_and_known_again(empty: Path, desk: Path) -> None:
    table = "sound,title,date\nsounds/side-a.wav|sounds/side-b.wav,Both sides,1971\n"
    code, told = added(empty, desk, table)
    assert code == 0, told
    assert [part["media"] for part in record(empty, "both-sides")["part"]] == ["side-a.wav", "side-b.wav"]
    assert "line 2  there already  both-sides" in added(empty, desk, table)[1]


@pytest.mark.long
def test_a_workbook_is_a_table_too_and_its_dates_are_dates(empty: Path, desk: Path) -> None:
    import datetime as dt  # noqa: PLC0415  # for one test

    book = openpyxl.Workbook()
    book.active.append(["sound", "title", "date"])
    book.active.append(["sounds/dock.wav", "The dock", dt.date(1972, 5, 6)])
    book.save(desk / "table.xlsx")
    code, told = added(empty, desk, (desk / "table.xlsx").read_bytes(), name="table.xlsx")
    assert code == 0, told
    assert record(empty, "the-dock")["date"] == "1972-05-06"


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (
            "title,date\nThe dock,1972\n",
            'table.csv:1: there is no column "sound"; let it say where the sound of each is',
        ),
        ("sound,colour\na.wav,red\n", 'table.csv:1: no recording has the key "colour"; remove the column, or call it'),
        ("", "table.csv:1: the table is empty; its first row names its columns: sound, transcript and others"),
        (b"sound\nCaf\xe9.wav\n", "table.csv:2: byte 0xe9 is not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_adds_nothing(empty: Path, desk: Path, table: str | bytes, fault: str) -> None:
    code, told = added(empty, desk, table)
    assert code == 1
    assert fault in told
    assert slugs(empty) == []


@pytest.mark.long
def test_killed_in_the_middle_it_goes_on_where_it_was(empty: Path, desk: Path) -> None:
    for number in range(4):
        small_archive.write_tones(desk / "sounds" / f"{number}.wav", seconds=4 + number)
    table = "sound,title,date\n" + "".join(f"sounds/{number}.wav,Sound {number},1971\n" for number in range(4))
    (desk / "table.csv").write_text(table, encoding="utf-8")
    process = start(empty, "add", "--from-csv", str(desk / "table.csv"), env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(b"2 of 4: "):
            process.kill()
            break
    process.communicate()
    assert process.returncode == -9
    code, told = added(empty, desk, table)
    assert code == 0, told
    assert "there already  sound-0" in told
    assert "there already  sound-1" in told
    assert slugs(empty) == ["sound-0", "sound-1", "sound-2", "sound-3"]
    left = [path.name for path in empty.rglob(".tape-player*") if path.name != ".tape-player-lock"]
    assert left == []


@pytest.mark.long
def test_what_was_fetched_is_known_by_its_address_and_not_fetched_again(empty: Path, desk: Path) -> None:
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, directory=str(desk / "sounds"), **named)

        def log_message(self, *_arguments: object) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/dock.wav?key=secret"
        table = f"sound,title,date\n{address},The dock,1972\n"
        code, told = added(empty, desk, table)
        assert code == 0, told
        assert "secret" not in told
        count = len(asked)
        assert "there already  the-dock" in added(empty, desk, table)[1]
        server.shutdown()
        thread.join()
    assert len(asked) == count > 0
    assert "secret" not in (empty / "transcripts" / "the-dock" / "recording.toml").read_text(encoding="utf-8")
