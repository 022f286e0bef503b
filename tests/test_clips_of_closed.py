"""No clip runs into what is closed, however it is asked for; one for the archive's own use says what is closed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import mutagen
import pytest
from click.testing import CliRunner, Result
from closed_tone import CLOSED, write_kind
from html_elements import parse
from small_archive import SOURCES
from test_silenced_over_http import archive_of, close, held_of, wait
from tone_heard import SILENT, level_in

from player.archive.archive import Archive
from player.cli import main
from player.clips.clip import clip, make
from player.clips.closed import ClosedError
from player.clips.cut import Cut
from player.timecode import Span
from player.web.app import create_app
from player.web.serving import kept_clips

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

CLIP = "/recordings/tape/clip"
TRANSCRIPT = """\
WEBVTT

before
00:00:00.000 --> 00:00:01.300
<v Ines>Three boats lay here.

hidden
00:00:01.300 --> 00:00:02.100
<v Ines>One boat was green.

after
00:00:02.100 --> 00:00:04.000
<v Ola>Nobody saw the third boat.
"""
ANNOTATIONS = """\
[[annotation]]
id = "n-open"
kind = "term"
title = "A boat"
body = "A boat."
sources = ["log"]
cue = "before"

[[annotation]]
id = "n-hidden"
kind = "term"
title = "A colour"
body = "A colour."
sources = ["log"]
cue = "hidden"

[[annotation]]
id = "n-long"
kind = "term"
title = "All"
body = "All."
sources = ["log"]
cue = "before..after"
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLAYER_ARCHIVE", "PLAYER_URL", "PLAYER_PROXIES", "PLAYER_ACCESS_LOG", "PLAYER_ACCEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "0")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = archive_of(tmp_path / "archive", "wav")
    folder = root / "transcripts" / "tape"
    (folder / "transcript.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    (folder / "annotations.toml").write_text(ANNOTATIONS, encoding="utf-8")
    (root / "transcripts" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return root


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def add(archive: Path, text: str) -> None:
    """Write more into the record of the tape."""
    record = archive / "transcripts" / "tape" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8") + text, encoding="utf-8")


def run(archive: Path, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, [command, "tape", *arguments, "--archive", str(archive)])


def cut(archive: Path, *arguments: str, name: str = "out.wav") -> Result:
    return run(archive, "clip", *arguments, "-o", name)


def sidecar(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    return found


WAYS = {
    "times": ("--from", "1", "--to", "1.5"),
    "one millisecond of it": ("--from", "0", "--to", "1.301"),
    "its last millisecond": ("--from", "2.099", "--to", "3"),
    "around it": ("--from", "0", "--for", "4"),
    "line": ("--cue", "hidden"),
    "lines": ("--cue", "before..after"),
    "quotation": ("--quote", "green"),
    "match": ("--match", "(?i)boat was"),
    "annotation": ("--annotation", "n-hidden"),
    "a long annotation": ("--annotation", "n-long"),
    "padding": ("--cue", "before", "--pad", "0.5"),
    "padding after": ("--cue", "before", "--pad-after", "0.5"),
    "joined places": ("--match", "boat", "--join"),
    "all places": ("--quote", "boat", "--all"),
    "to a pipe": ("--from", "1", "--to", "1.5", "--format", "mp3"),
    "bare": ("--from", "1", "--to", "1.5", "--bare"),
    "dry run": ("--from", "1", "--to", "1.5", "--dry-run"),
}


#: These always, the others when there is time.
OFTEN = ("one millisecond of it", "lines", "quotation", "padding", "joined places", "to a pipe")
EACH_WAY = [pytest.param(way, marks=[] if way in OFTEN else [pytest.mark.long]) for way in WAYS]


@pytest.mark.parametrize("way", EACH_WAY)
def test_the_command_refuses_what_is_closed_however_it_is_asked_for(archive: Path, tmp_path: Path, way: str) -> None:
    before = sorted(tmp_path.iterdir())
    result = cut(archive, *WAYS[way], name="-" if way == "to a pipe" else "out.wav")
    assert result.exit_code == 1, result.output
    assert "runs into what is closed until 2041" in result.stderr
    assert "--include-closed" in result.stderr
    assert "green" not in result.output
    assert {path.name for path in tmp_path.iterdir()} - {path.name for path in before} <= {"cache"}


def test_what_lies_outside_is_cut_from_what_is_held_and_carries_nothing_of_it(archive: Path, tmp_path: Path) -> None:
    for number, arguments in enumerate((("--from", "0", "--to", "1.3"), ("--cue", "after"), ("--quote", "third boat"))):
        name = f"{number}.wav"
        result = cut(archive, *arguments, name=name)
        assert result.exit_code == 0, result.output
        assert level_in((tmp_path / name).read_bytes()) < SILENT
        text = "".join((tmp_path / f"{name}{each}").read_text(encoding="utf-8") for each in (".json", ".vtt"))
        assert "green" not in text
        assert sidecar(tmp_path / name)["closed"] is None
        assert run_verify(archive, name).exit_code == 0


def run_verify(archive: Path, name: str) -> Result:
    return CliRunner().invoke(main, ["verify", name, "--archive", str(archive)])


FORMATS = ["wav", *(pytest.param(each, marks=pytest.mark.long) for each in ("mp3", "flac", "opus", "m4a"))]


@pytest.mark.parametrize("kind", FORMATS)
def test_for_its_own_use_an_archive_cuts_what_is_closed_and_the_clip_says_so(
    archive: Path, tmp_path: Path, kind: str
) -> None:
    name = f"out.{kind}"
    result = cut(archive, "--cue", "hidden", "--include-closed", name=name)
    assert result.exit_code == 0, result.output
    made = tmp_path / name
    assert level_in(made.read_bytes()) > -15
    told = sidecar(made)
    assert cut(archive, "--cue", "hidden", "--include-closed", "--bare", name=f"bare.{kind}").exit_code == 0
    assert b"closed until 2041" in (tmp_path / f"bare.{kind}").read_bytes().replace(b"\0", b"")
    assert told["closed"] == ["closed until 2041"]
    assert told["title"].endswith("[closed until 2041]")
    assert told["words"] == ["One boat was green."]
    tags = made.read_bytes() if kind == "wav" else str(dict(mutagen.File(made).tags)).encode()
    assert b"Not to be handed on: closed until 2041." in tags
    assert run_verify(archive, name).exit_code == 0
    # It is what it was, also when all is open.
    close(archive)
    assert run_verify(archive, name).exit_code == 0


def test_a_clip_that_was_cut_before_is_still_what_it_says(archive: Path) -> None:
    close(archive)
    assert cut(archive, "--cue", "hidden").exit_code == 0
    close(archive, CLOSED)
    result = run_verify(archive, "out.wav")
    assert result.exit_code == 0, result.output


def test_many_clips_are_made_but_for_those(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("start,end,name\n0,1,one\n1,2,two\n2.5,3,three\n0,4,four\n", encoding="utf-8")
    result = run(archive, "clips", "--from-csv", "rows.csv", "-o", "cut", "--format", "wav")
    assert result.exit_code == 1
    assert "2 made, 2 failed" in result.stderr
    for line in (3, 5):
        assert f"rows.csv:{line}: tape: " in result.stderr
    names = sorted(path.name for path in (tmp_path / "cut").glob("*.wav"))
    assert [name.rpartition("_")[2] for name in names] == ["one.wav", "three.wav"]
    assert all(level_in((tmp_path / "cut" / name).read_bytes()) < SILENT for name in names)
    result = run(archive, "clips", "--all-annotations", "-o", "noted", "--format", "wav")
    assert (result.exit_code, len(list((tmp_path / "noted").glob("*.wav")))) == (1, 1)
    assert "n-hidden: tape: 0:01.3 to 0:02.1 runs into what is closed until 2041" in result.stderr
    result = run(archive, "clips", "--all-annotations", "-o", "noted", "--format", "wav", "--include-closed")
    assert result.exit_code == 0, result.output
    assert "2 made, 1 already there" in result.stderr
    # What is there is refused as well, where it is not for the archive's own use.
    assert run(archive, "clips", "--all-annotations", "-o", "noted", "--format", "wav").exit_code == 1


def test_a_clip_with_a_name_that_is_replaced_since_is_not_taken_for_current(archive: Path, tmp_path: Path) -> None:
    close(archive)
    (tmp_path / "rows.csv").write_text("0,1,one\n", encoding="utf-8")
    arguments = ("clips", "--from-csv", "rows.csv", "-o", ".", "--format", "wav")
    assert "1 made" in run(archive, *arguments).stderr
    (made,) = tmp_path.glob("*.wav")
    assert sidecar(made)["speakers"] == ["Ines"]
    add(archive, '\n[[speaker]]\nname = "Ines"\nkind = "person"\ndisplay_name = "A ferry hand"\n')
    assert "a file of that name exists" in run(archive, *arguments).stderr
    assert "1 made" in run(archive, *arguments, "--force").stderr
    assert sidecar(made)["speakers"] == ["A ferry hand (person)"]
    assert "Ines" not in "".join(path.read_text("utf-8", "replace") for path in tmp_path.glob(f"{made.name}*"))
    assert "1 already there" in run(archive, *arguments).stderr
    assert run_verify(archive, made.name).exit_code == 0


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[access]\nsound = "closed"\nuntil = "2041"\n', "its sound is closed until 2041"),
        pytest.param('[access]\nrecord = "draft"\n', "the recording is not published yet"),
        pytest.param('[access]\nsound = "on request"\n', "its sound can be heard on request", marks=pytest.mark.long),
        pytest.param('[withdrawal]\ndate = "2026-01-01"\n', "the recording was withdrawn"),
    ],
)
def test_what_is_withheld_as_a_whole_is_cut_only_for_its_owners(archive: Path, table: str, said: str) -> None:
    close(archive)
    add(archive, table)
    result = cut(archive, "--from", "0", "--to", "1")
    assert (result.exit_code, f"tape: {said}, and clips are made to be handed on; " in result.stderr) == (1, True)
    for advice in ("choose what is open", "runs into"):
        assert advice not in result.stderr
    assert ("player publish tape" in result.stderr) == ("draft" in table)
    assert "for the archive's own use, cut it with player clip --include-closed" in result.stderr
    result = cut(archive, "--from", "0", "--to", "1", "--include-closed")
    assert result.exit_code == 0, result.output
    assert run_verify(archive, "out.wav").exit_code == 0


def test_where_a_passage_is_past_the_end_nothing_is_cut(archive: Path, client: FlaskClient) -> None:
    """The sound has four seconds: whoever closes five and a half had another one in mind."""
    close(archive, Span(3500, 5500))
    result = cut(archive, "--from", "0", "--to", "1")
    assert (result.exit_code, "runs into what is closed until 2041" in result.stderr) == (1, True), result.output
    assert client.get(f"{CLIP}.mp3?t=0,1").status_code == 403


@pytest.mark.long
def test_a_search_cuts_what_is_open_and_names_what_is_not(archive: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["search", "boat", "--clips", "found", "--archive", str(archive)])
    assert result.exit_code == 1, result.output
    assert "runs into what is closed until 2041" in result.stderr
    cut_ones = sorted((tmp_path / "found").glob("*.mp3"))
    assert len(cut_ones) == 2
    assert all(level_in(each.read_bytes()) < SILENT for each in cut_ones)


def test_other_ways_into_the_program_refuse_too(archive: Path, tmp_path: Path) -> None:
    whole = Archive(archive).recording("tape")
    with pytest.raises(ClosedError):
        clip(whole, Span(0, 1400), tmp_path / "out.wav")
    with pytest.raises(ClosedError):
        make(whole, Cut((Span(0, 1000), Span(2000, 3000)), ".wav"), tmp_path / "out.wav", {})
    assert not list(tmp_path.glob("out*"))


EDGES = ["0,1.301", "2.099,3", *(pytest.param(each, marks=pytest.mark.long) for each in ("1,1.5", "0,4", "1.3,2.1"))]


@pytest.mark.parametrize("times", EDGES)
def test_over_http_what_is_closed_is_refused_and_only_its_label_is_told(client: FlaskClient, times: str) -> None:
    for method in ("GET", "HEAD"):
        headers = {"Range": "bytes=0-", "If-None-Match": "*"}
        answer = client.open(f"{CLIP}.wav?t={times}", method=method, headers=headers)
        assert (answer.status_code, answer.mimetype) == (403, "text/html")
        assert "ETag" not in answer.headers
    text = client.get(f"{CLIP}.wav?t={times}").text
    assert "something in it is closed until 2041" in text
    assert "green" not in text
    assert "include-closed" not in text


def test_over_http_whoever_is_refused_is_told_why_whom_to_ask_and_the_way_back(
    archive: Path, client: FlaskClient
) -> None:
    record = archive / "transcripts" / "tape" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(
        text.replace('until = "2041"', 'until = "2041"\nreason = "At the <wish> of Ines"'), encoding="utf-8"
    )
    (archive / "transcripts" / "archive.toml").write_text('contact = "desk@archive.example"\n', encoding="utf-8")
    page = parse(client.get(f"{CLIP}.wav?t=1,2").text).one("main")
    assert page.one("h1").text == "Closed until 2041"
    assert [each.text for each in page.all("p")][1:-1] == [
        "No clip can be cut of this passage: something in it is closed until 2041.",
        "At the <wish> of Ines",
        f"Go to “{Archive(archive).record('tape').title}”",
        "Contact: desk@archive.example",
    ]
    assert page.all("a")[0]["href"] == "/recordings/tape"


def test_over_http_the_rest_is_cut_as_before(client: FlaskClient) -> None:
    for times in ("0,1.3", "2.1,4"):
        with client.get(f"{CLIP}.wav?t={times}") as answer:
            assert answer.status_code == 200
            assert level_in(answer.data) < SILENT
            assert b"green" not in answer.data


def test_a_clip_that_was_kept_is_not_sent_once_it_is_closed(archive: Path, client: FlaskClient) -> None:
    close(archive)
    address = f"{CLIP}.wav?t=1,2"
    with client.get(address) as answer:
        assert level_in(answer.data) > -15
        tag = answer.headers["ETag"]
    close(archive, CLOSED)
    for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-99"}):
        assert client.get(address, headers=headers).status_code == 403
    folder = archive / "transcripts" / "tape"
    (kept,) = kept_clips.all_of(folder)
    assert kept.suffix == ".wav"
    assert kept_clips.all_of(folder.with_name("another")) == []


@pytest.mark.long
def test_a_kept_clip_has_the_names_of_its_day(archive: Path, client: FlaskClient) -> None:
    """Not even a clip of the same passage, of the same files, is the same where something else is shown of them."""
    address = f"{CLIP}.wav?t=0,1"
    with client.get(address) as answer:
        first = answer.headers["ETag"]
    close(archive, Span(1300, 2200))
    with client.get(address) as answer:
        assert answer.headers["ETag"] != first


@pytest.mark.long
def test_nobody_waits_for_a_sound_to_be_measured(archive: Path) -> None:
    held_of(archive).unlink()
    os.utime(write_kind(archive / "media", "opus", "tape"), (1_000_000_000, 1_000_000_000))
    close(archive, CLOSED)
    client = create_app(archive).test_client()
    refused = client.get(f"{CLIP}.mp3?t=0,1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    wait(client)
    with client.get(f"{CLIP}.mp3?t=0,1") as answer:
        assert answer.status_code == 200
    assert client.get(f"{CLIP}.mp3?t=1,2").status_code == 403
