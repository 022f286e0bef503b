"""``player rename`` moves what is called after a recording, and what points at it; ``player remove`` takes it away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import small_archive
from click.testing import CliRunner
from clipping import run

from player.archive.archive import Archive
from player.audio import access
from player.cli import main
from player.intake import transaction
from player.intake.former_names import leads_to

if TYPE_CHECKING:
    from click.testing import Result

ROOT: Final = Path(__file__).resolve().parents[1]

OTHER: Final = """\
title = "A reading of the tones"
date = "1964"
kind = "reading"
surrogate_for = "tones" # the tape
media = "tones-reading.wav"
notice = "Not /recordings/tones."
"""
NOTES: Final = '''\
[[annotation]]
id = "tie"
kind = "event"
title = "Of tones"
body = """
As in [the tape](/recordings/tones?t=2#cue-last), </recordings/tones>, and
[its sound](/media/tones); not [this](/recordings/tones-reading) or https://other.example/recordings/tones.
"""
sources = ["log"]
see = [ "tones#last", # the end
  'tones#note-who', "tones-reading#note-tie2" ]

[[annotation]]
id = "tie2"
kind = "term"
title = "tones"
body = "Nothing of it."
sources = ["tones"]
'''
CHRONOLOGY: Final = """\
[[strand]]
id = "one"
title = "One"

[[entry]]
id = "made"
strand = "one"
date = "1963-11-05"
event = "It was made: [hear](/recordings/tones/lines/last)."
moments = ["tones#first"]
sources = ["log"]
"""
DOSSIER: Final = """\
title = "Was it a tone?"
recording = "tones"
"""


@pytest.fixture
def several(archive: Path) -> Path:
    """The small archive, with an access copy, parts, and another recording, in which much points at the first."""
    other = archive / "transcripts" / "tones-reading"
    other.mkdir()
    (other / "recording.toml").write_bytes(OTHER.replace("\n", "\r\n").encode())
    (other / "annotations.toml").write_text(f"\ufeff{NOTES}", encoding="utf-8")
    (archive / "media" / "access").mkdir()
    for ending in ("m4a", "json"):
        (archive / "media" / "access" / f"tones.{ending}").write_text("{}", encoding="utf-8")
    (archive / "media" / "parts" / "tones").mkdir(parents=True)
    (archive / "media" / "parts" / "tones" / "side-a.wav").write_bytes(b"a")
    (archive / "transcripts" / "chronology.toml").write_text(CHRONOLOGY, encoding="utf-8")
    (archive / "transcripts" / "archive.toml").write_text('home = "/recordings/tones is first."\n', encoding="utf-8")
    own = archive / "transcripts" / "tones" / "annotations.toml"
    own.write_text(own.read_text(encoding="utf-8").replace('id = "late"', 'id = "late"\nsee = ["tones#last"]'), "utf-8")
    return archive


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".tape-player-lock"
    }


def test_all_that_is_called_after_it_and_points_at_it_changes(several: Path) -> None:
    before = files(several)
    answer = run(several, "rename", "tones", "hums")
    assert answer.exit_code == 0, answer.output
    assert "/recordings/tones leads there as long as the record says so" in answer.output
    assert "tones is called hums now, 4 other files changed: /recordings/hums\n" in answer.output
    after = files(several)
    record = before["transcripts/tones/recording.toml"].decode()
    assert after["transcripts/hums/recording.toml"].decode() == record.replace(
        'media = "tones.wav"', 'media = "hums.wav"'
    ).replace('sources = ["log"]\n', 'sources = ["log"]\nformerly = ["tones"]\n', 1)
    for old, new in (
        ("media/tones.wav", "media/hums.wav"),
        ("media/access/tones.m4a", "media/access/hums.m4a"),
        ("media/access/tones.json", "media/access/hums.json"),
        ("media/parts/tones/side-a.wav", "media/parts/hums/side-a.wav"),
        ("transcripts/tones/transcript.vtt", "transcripts/hums/transcript.vtt"),
        ("transcripts/sources.toml", "transcripts/sources.toml"),
    ):
        assert after[new] == before[old]
    assert b'see = ["hums#last"]' in after["transcripts/hums/annotations.toml"]
    other = before["transcripts/tones-reading/recording.toml"]
    # What is no link, in a text that is no Markdown, stays.
    assert after["transcripts/tones-reading/recording.toml"] == other.replace(b'for = "tones"', b'for = "hums"')
    notes = before["transcripts/tones-reading/annotations.toml"].decode()
    for old in ("(/recordings/tones?", "</recordings/tones>", "(/media/tones)", '"tones#last"', "'tones#note-who'"):
        notes = notes.replace(old, old.replace("tones", "hums"))
    assert after["transcripts/tones-reading/annotations.toml"].decode() == notes
    assert after["transcripts/archive.toml"] == b'home = "/recordings/hums is first."\n'
    assert after["transcripts/chronology.toml"].decode() == CHRONOLOGY.replace("/tones/", "/hums/").replace(
        '"tones#', '"hums#'
    )
    assert len(after) == len(before)


def test_a_name_that_is_taken_back_is_no_former_one(several: Path) -> None:
    assert run(several, "rename", "tones", "hums").exit_code == 0
    assert leads_to(Archive(several), "tones") == "hums"
    assert run(several, "rename", "tones-reading", "tones").exit_code == 1
    assert run(several, "rename", "hums", "beeps").exit_code == 0
    record = several / "transcripts" / "beeps" / "recording.toml"
    assert tomllib.loads(record.read_text(encoding="utf-8"))["formerly"] == ["tones", "hums"]
    assert run(several, "rename", "beeps", "tones").exit_code == 0
    record = several / "transcripts" / "tones" / "recording.toml"
    assert tomllib.loads(record.read_text(encoding="utf-8"))["formerly"] == ["hums", "beeps"]


def test_a_dry_run_changes_nothing(several: Path) -> None:
    before = files(several)
    answer = run(several, "rename", "tones", "hums", "--dry-run")
    assert (answer.exit_code, files(several)) == (0, before)
    assert "tones.wav to hums.wav" in answer.output
    assert "chronology.toml" in answer.output
    assert answer.output.endswith("nothing was changed\n")


def test_a_sound_that_another_names_keeps_its_name(several: Path) -> None:
    record = several / "transcripts" / "tones-reading" / "recording.toml"
    record.write_text(OTHER.replace("tones-reading.wav", "tones.wav"), encoding="utf-8")
    answer = run(several, "rename", "tones", "hums")
    assert "tones.wav keeps its name, since another record names it too" in answer.output
    assert (several / "media" / "tones.wav").is_file()
    assert Archive(several).record("hums").media == several / "media" / "tones.wav"
    said = run(several, "remove", "hums", "--force", "--yes").output
    assert "tones.wav stays, since another record names it\n" in said
    assert (several / "media" / "tones.wav").is_file()


def test_a_sound_to_which_a_link_leads_that_another_names_is_left_where_it_is(several: Path) -> None:
    (several / "media" / "tones-reading.wav").symlink_to("tones.wav")
    assert "tones.wav keeps its name, since another record" in run(several, "rename", "tones", "hums").output
    assert (several / "media" / "tones-reading.wav").is_file()
    assert "tones.wav stays, since another record names it" in run(several, "remove", "hums", "--force", "--yes").output
    assert (several / "media" / "tones-reading.wav").is_file()


@pytest.mark.long
def test_an_access_copy_is_played_under_the_new_name_and_nothing_is_wrong(archive: Path) -> None:
    small_archive.bind(archive)
    assert run(archive, "access", "tones", "--force").exit_code == 0
    assert run(archive, "rename", "tones", "hums").exit_code == 0
    told = json.loads((archive / "media" / "access" / "hums.json").read_text(encoding="utf-8"))
    assert (told["copy"]["name"], told["made_from"]["name"]) == ("hums.m4a", "hums.wav")
    assert run(archive, "check", "--strict").output == "1 recording: nothing is wrong\n"
    record = Archive(archive).record("hums")
    assert record.media is not None
    assert access.shipped(archive / "media", "hums", record.media) is not None


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ("tones", 'it is called "tones" already'),
        ("tones-reading", 'transcripts/ has "tones-reading" already'),
        ("a b", '"a b" is no name for a recording; use only letters'),
        ("../x", "is no name for a recording"),
        ("dossiers", "is no name for a recording"),
    ],
)
def test_a_name_that_cannot_be_is_refused(several: Path, new: str, fault: str) -> None:
    before = files(several)
    answer = run(several, "rename", "tones", new)
    assert (answer.exit_code, files(several)) == (1, before)
    assert fault in answer.output
    assert run(several, "rename", "nothing", "hums").exit_code == 1


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("media/hums.wav", "", "hums.wav: there is something of this name; take another name"),
        ("media/access/hums.m4a", "", "hums.m4a: there is something of this name"),
        ("transcripts/chronology.toml", "tones = = 1", "this cannot be read, and may point at"),
        ("transcripts/dossiers/one.toml", 'recording = "\\u0074ones" # tones\n', None),
        (
            "transcripts/archive.toml",
            'home = "a\\n/recordings/tones"',
            "archive.toml:1: what points at the recording is written in a way that cannot be changed here",
        ),
    ],
)
def test_what_is_in_the_way_is_told_and_nothing_changes(several: Path, name: str, text: str, fault: str | None) -> None:
    path = several / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    before = files(several)
    answer = run(several, "rename", "tones", "hums")
    assert (answer.exit_code, files(several)) == (1, before)
    assert fault is None or fault in answer.output, answer.output


def test_what_points_at_it_keeps_it_from_being_removed(several: Path) -> None:
    before = files(several)
    answer = run(several, "remove", "tones", "--yes")
    assert (answer.exit_code, files(several)) == (1, before)
    told = [line.partition(";")[0].rpartition("/")[2] for line in answer.output.splitlines()]
    assert told[:-1] == [
        'archive.toml:1: "home" points at "tones"',
        'recording.toml:4: "surrogate_for" points at "tones"',
        'annotations.toml:5: "body" points at "tones"',
        'annotations.toml:10: "see" points at "tones"',
        'chronology.toml:9: "event" points at "tones"',
        'chronology.toml:10: "moments" points at "tones"',
    ]
    assert told[-1] == "tones was not removed"


def asked(archive: Path, said: str) -> Result:
    words = ["remove", "tones", "--force", "--archive", str(archive)]
    return CliRunner().invoke(main, words, input=f"{said}\n")


def test_it_is_asked_before_anything_goes_and_all_of_it_goes(several: Path) -> None:
    before = files(several)
    answer = asked(several, "n")
    assert (answer.exit_code, files(several)) == (1, before)
    assert "tones.wav\n" in answer.output
    assert "annotations.toml, recording.toml, transcript.vtt\n" in answer.output
    assert "player withdraw tones" in answer.output
    answer = asked(several, "y")
    assert answer.exit_code == 0, answer.output
    assert answer.output.endswith(f"tones is removed; 6 places still point at it: player check --archive {several}\n")
    left = {name: data for name, data in before.items() if "/tones/" not in name and "/tones." not in name}
    assert files(several) == left
    assert not (several / "transcripts" / "tones").exists()
    assert not (several / "media" / "parts" / "tones").exists()


def test_of_what_nobody_could_see_nothing_is_said_of_visitors(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'{record.read_text(encoding="utf-8")}\n[access]\nrecord = "draft"\n', encoding="utf-8")
    answer = run(archive, "remove", "tones", "--yes")
    assert answer.exit_code == 0
    assert "visitors" not in answer.output
    assert answer.output.endswith("tones is removed\n")


def test_where_another_record_cannot_be_read_nothing_is_removed(several: Path) -> None:
    record = several / "transcripts" / "tones-reading" / "recording.toml"
    record.write_text('title = 1\nmedia = "tones.wav"\n', encoding="utf-8")
    answer = run(several, "remove", "tones", "--force", "--yes")
    assert answer.exit_code == 1
    assert "correct it first: it may name the same sound" in answer.output


def test_every_key_that_may_point_at_a_recording_is_followed() -> None:
    """A kind of value that points at recordings, and that this does not know, would be left behind."""
    from player.archive.toml.values import how_written  # noqa: PLC0415  # beside what it is held against

    pointing = {kind for kind in how_written() if "recording" in kind or "moment" in kind}
    assert pointing == {"recording", "moment", "moments"}


KILLED: Final = """
import os, sys
from pathlib import Path
import player.intake.transaction as transaction
from player.archive.archive import Archive
from player.intake import removing, renaming
archive = Archive(Path(sys.argv[1]))
left = [int(sys.argv[3])]
def killing(real):
    def call(*arguments, **named):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), 9)
        return real(*arguments, **named)
    return call
# Every change of a name, and every removal, is one more moment at which the process can be killed.
for name in ("replace", "rename", "unlink", "rmdir", "link"):
    setattr(os, name, killing(getattr(os, name)))
if sys.argv[2] == "rename":
    renaming.rename(archive, renaming.plan(archive, "tones", "hums"))
else:
    removing.remove(archive, removing.plan(archive, archive.record("tones")))
"""


@pytest.mark.long
@pytest.mark.parametrize("what", ["rename", "remove"])
def test_killed_at_any_moment_all_of_it_is_done_or_nothing(several: Path, tmp_path: Path, what: str) -> None:
    before = files(several)
    done = shutil.copytree(several, tmp_path / "done")
    options = {"rename": ("hums",), "remove": ("--force", "--yes")}[what]
    assert run(done, what, "tones", *options).exit_code == 0
    after = files(done)
    seen = set()
    for moment in range(200):
        root = shutil.copytree(several, tmp_path / f"{moment}")
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(root), what, str(moment)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        transaction.recover(root)
        found = files(root)
        assert found in (before, after), (moment, json.dumps(sorted(found)))
        seen.add(found == after)
        shutil.rmtree(root)
        if killed.returncode == 0:
            break
        assert killed.returncode == -9, killed.stderr.decode()
    else:
        pytest.fail("it never came to its end")
    assert seen == {True, False}
