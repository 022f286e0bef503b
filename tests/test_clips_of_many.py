"""Clips from many recordings: of a table with a column for them, and of wherever words are said in the archive."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clipping import as_reading, pitches, run

from player.archive.archive import Archive
from player.archive.recording import Recording

if TYPE_CHECKING:
    from click.testing import Result

    from player.commands.cutting_many import Job

TABLE = "recording,start,end,name\nquay,1,2,office\ntones,3,4,three\nmole,0,2,ferry\n"


def table(archive: Path, content: str, *arguments: str) -> Result:
    Path("list.csv").write_text(content, encoding="utf-8")
    return run(archive, "clips", *arguments, "--from-csv", "list.csv", "--format", "wav")


def made(folder: str = ".", suffix: str = ".wav") -> list[str]:
    return sorted(path.name for path in Path(folder).glob(f"*{suffix}"))


def close(archive: Path, slug: str, text: str) -> None:
    path = archive / "transcripts" / slug / "recording.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")


def test_each_row_is_cut_from_the_recording_that_it_names(tapes: Path) -> None:
    result = table(tapes, TABLE)
    assert result.exit_code == 0, result.output
    assert made() == [
        "mole_00m00s000-00m02s000_ferry.wav",
        "quay_00m01s000-00m02s000_office.wav",
        "tones_00m03s000-00m04s000_three.wav",
    ]
    assert result.stdout.splitlines()[0] == "quay_00m01s000-00m02s000_office.wav: 0:01 to 0:02 of quay"
    assert pitches(Path("quay_00m01s000-00m02s000_office.wav")) == [250]
    assert pitches(Path("tones_00m03s000-00m04s000_three.wav")) == [350]
    assert table(tapes, TABLE.replace(",", ";")).stderr == "3 already there\n"


def test_rows_that_name_no_recording_are_of_the_one_that_is_named_for_all(tapes: Path) -> None:
    content = "recording,start,end,name\n,1,2,a\nquay,1,2,a\n"
    result = table(tapes, content, "tones")
    assert (result.exit_code, len(made())) == (0, 2), result.output
    result = table(tapes, content)
    assert result.exit_code == 1
    assert "list.csv:2: the row names no recording; write its name, or one for all before --from-csv" in result.stderr
    assert table(tapes, "1,2,a\n").exit_code == 1


def test_what_is_wrong_in_a_row_is_told_and_the_others_are_made(tapes: Path) -> None:
    media = tapes / "media" / "quay.wav"
    media.rename(media.with_name("elsewhere.wav"))
    close(tapes, "mole", '[access]\nsound = "closed"\nuntil = "2041"\n')
    result = table(tapes, f"{TABLE}nowhere,1,2,x\n../tones,1,2,y\ntones,1,99,z\ntones,6,5,w\n")
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert told[0].startswith("list.csv:2: ")
    assert "the sound of quay is missing" in told[0]
    assert told[1].startswith("list.csv:4: mole: its sound is closed until 2041")
    assert told[2].startswith('list.csv:5: no recording is called "nowhere"; the archive has')
    assert told[3].startswith('list.csv:6: no recording is called "../tones"')
    assert told[4].startswith("list.csv:7: tones is 0:10 long")
    assert told[5].startswith("list.csv:8: the passage ends (0:05) no later than it starts")
    assert told[6:] == ["1 made, 6 failed"]
    assert made() == ["tones_00m03s000-00m04s000_three.wav"]
    assert sorted(path.name.partition(".")[2] for path in Path().iterdir()) == ["csv", "wav", "wav.json", "wav.vtt"]


def test_clips_of_several_recordings_never_have_one_name(tapes: Path) -> None:
    """A reading's clips say what it is: so do those of a recording that is called so."""
    as_reading(tapes)
    folder = tapes / "transcripts"
    (folder / "quay").rename(folder / "tones-reading")
    content = "recording,start,end,name\ntones,1,2,a\ntones-reading,1,2,A\ntones,1,2,b\n"
    for expected in ("3 made\n", "3 already there\n"):
        result = table(tapes, content)
        assert (result.exit_code, result.stderr.splitlines()[-1] + "\n") == (0, expected), result.output
    assert made() == [
        "tones-reading_00m01s000-00m02s000_A_2.wav",
        "tones-reading_00m01s000-00m02s000_a.wav",
        "tones-reading_00m01s000-00m02s000_b.wav",
    ]
    said = [json.loads(Path(f"{name}.json").read_bytes())["recording"] for name in made()]
    assert said == ["tones-reading", "tones", "tones"]


def test_passages_that_padding_makes_the_same_are_cut_once(tapes: Path) -> None:
    result = table(tapes, "0,10,a\n0.05,9.95,a\n", "tones", "--pad", "0.5")
    assert (result.exit_code, len(made())) == (0, 1)
    assert "list.csv:2: this is the clip of list.csv:1; it is made once" in result.stderr


def test_each_line_in_which_words_are_said_has_its_clip(tapes: Path) -> None:
    asked = ("clips", "--search", "Harbour office", "--format", "wav", "--to", "found")
    planned = run(tapes, *asked, "--dry-run")
    assert planned.exit_code == 0, planned.output
    assert not Path("found").exists()
    assert sorted(planned.stdout.splitlines()) == [
        "found/mole_00m06s000-00m07s500_mole-3.wav: 0:06 to 0:07.5: The harbour office was shut.",
        "found/quay_00m02s000-00m03s500_quay-1.wav: 0:02 to 0:03.5: The harbour office opened at six.",
        "found/quay_00m04s000-00m05s500_quay-2.wav: 0:04 to 0:05.5: Nobody came to the harbour office.",
    ]
    result = run(tapes, *asked)
    assert (result.exit_code, result.stderr) == (0, "3 made\n"), result.output
    assert [f"found/{name}" for name in made("found")] == sorted(
        line.partition(": ")[0] for line in planned.stdout.splitlines()
    )
    assert run(tapes, "verify", "found/mole_00m06s000-00m07s500_mole-3.wav").exit_code == 0
    assert run(tapes, *asked).stderr == "3 already there\n"
    one = run(tapes, *asked, "--dry-run", "--limit", "1", "--pad", "0.5", "--json")
    assert [row["spans"] for row in json.loads(one.stdout)] in ([[[1500, 4000]]], [[[5500, 8000]]])


@pytest.mark.parametrize(
    ("narrowed", "slugs"),
    [
        (("--tag", "ferries"), {"mole"}),
        (("--tag", "Offices"), {"quay"}),
        (("--tag", "ferries", "--tag", "offices"), {"mole", "quay"}),
        (("--person", "ines"), {"mole", "quay"}),
    ],
)
def test_a_search_is_narrowed_as_on_the_page(tapes: Path, narrowed: tuple[str, ...], slugs: set[str]) -> None:
    result = run(tapes, "clips", "--search", "office", *narrowed, "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    assert {row["recording"] for row in json.loads(result.stdout)} == slugs


def test_a_search_in_one_recording_finds_its_lines_alone(tapes: Path) -> None:
    result = run(tapes, "clips", "quay", "--search", "office", "--dry-run", "--json")
    assert {row["recording"] for row in json.loads(result.stdout)} == {"quay"}


@pytest.mark.long
def test_all_annotations_of_the_recordings_with_a_tag_are_cut(tapes: Path) -> None:
    path = tapes / "transcripts" / "mole" / "annotations.toml"
    path.write_text(
        '[[annotation]]\nid = "shut"\nkind = "event"\ntitle = "Shut"\nbody = "It was shut."\nsources = ["log"]\n'
        'start = "1"\nend = "2"\n',
        encoding="utf-8",
    )
    asked = ("clips", "--all-annotations", "--tag", "ferries", "--format", "wav")
    result = run(tapes, *asked)
    assert (result.exit_code, made()) == (0, ["mole_00m01s000-00m02s000_shut.wav"]), result.output
    path.write_text("[[annotation]]\n", encoding="utf-8")
    assert run(tapes, *asked).exit_code == 1


@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("--all-annotations",),
        ("--search", "x", "--all-annotations"),
        ("quay", "--search", "x", "--tag", "y"),
        ("--from-csv", "x", "--tag", "y"),
        ("--search", "x", "--limit", "0"),
    ],
)
def test_what_does_not_go_together_is_misuse(tapes: Path, asked: tuple[str, ...]) -> None:
    assert run(tapes, "clips", *asked).exit_code == 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--search", "mackerel"), "nothing was found"),
        (("--search", "!"), "no word"),
        (("--search", "office", "--tag", "nets"), 'no recording has the tag "nets"; write it as'),
        (("--search", "office", "--person", "Nobody"), 'no recording has the person "Nobody"'),
        (("nowhere", "--all-annotations"), 'no recording is called "nowhere"'),
    ],
)
def test_what_finds_nothing_is_told(tapes: Path, asked: tuple[str, ...], told: str) -> None:
    result = run(tapes, "clips", *asked)
    assert (result.exit_code, told in result.output) == (1, True), result.output
    assert list(Path().iterdir()) == []


def test_what_is_closed_is_found_only_for_the_archives_own_use(tapes: Path) -> None:
    close(tapes, "quay", '[[closed]]\nstart = "2"\nend = "3.5"\nreason = "Asked for"\nuntil = "2041"\n')
    close(tapes, "mole", '[access]\nrecord = "draft"\n')
    asked = ("clips", "--search", "harbour office", "--format", "wav")
    result = run(tapes, *asked)
    assert (result.exit_code, result.stderr) == (0, "1 made\n"), result.output
    assert made() == ["quay_00m04s000-00m05s500_quay-2.wav"]
    padded = run(tapes, *asked, "--pad", "1", "--to", "padded")
    assert padded.exit_code == 1
    assert "quay quay-2: quay: 0:03 to 0:06.5 runs into what is closed until 2041" in padded.stderr
    own = run(tapes, *asked, "--include-closed")
    assert (own.exit_code, own.stderr.splitlines()[-1]) == (0, "2 made, 1 already there"), own.output
    assert "closed until 2041" in Path("quay_00m02s000-00m03s500_quay-1.wav.json").read_text(encoding="utf-8")


def test_recordings_that_nobody_asks_for_are_not_read(tapes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = Archive.recording

    def counted(self: Archive, slug: str) -> object:
        read.append(slug)
        return whole(self, slug)

    monkeypatch.setattr(Archive, "recording", counted)
    rows = "".join(f"{slug},{start / 10},{start / 10 + 1},\n" for start in range(20) for slug in ("quay", "tones"))
    result = table(tapes, f"recording,start,end,name\n{rows}", "--dry-run")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 40)
    assert read == ["quay", "tones"]


@pytest.mark.long
def test_of_many_recordings_few_are_in_memory_at_a_time(tapes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quay = tapes / "transcripts" / "quay"
    for number in range(12):
        shutil.copytree(quay, quay.with_name(f"copy-{number}"))
    monkeypatch.setattr("player.commands.passages_wanted._HELD", 2)
    monkeypatch.setattr("player.archive.kept._KEPT", 2)
    held: list[int] = []

    def counted(jobs: list[Job], **_: bool) -> None:
        assert len(jobs) == 27
        gc.collect()  # what is in circles is gone in its own time, and that is not the same in every process
        there = [each.slug for each in gc.get_objects() if type(each) is Recording]
        held.append(sum(slug.startswith("copy-") for slug in there))

    monkeypatch.setattr("player.commands.cutting_many.print_plan", counted)
    asked = ("clips", "--search", "harbour office", "--format", "wav")
    assert run(tapes, *asked, "--dry-run").exit_code == 0
    assert held[0] <= 4
    result = run(tapes, *asked)
    assert (result.exit_code, len(made())) == (0, 27), result.output
