"""``player fixity``: the list of digests, and what it finds."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Final

import pytest
from clipping import run
from clusters import LIMIT, cluster
from ferries import told as command
from programs import program

from player.preserve import fixity

LIST = "transcripts/fixity.sha256"
SOUND = "media/tones.wav"
TEXT = "transcripts/tones/transcript.vtt"


@pytest.fixture
def listed(archive: Path) -> Path:
    assert run(archive, "fixity", "--update").exit_code == 0
    return archive


def lines(archive: Path) -> dict[str, str]:
    found = (line.split("  ", 1) for line in (archive / LIST).read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in found}


def test_every_file_of_the_archive_is_listed_with_its_digest(archive: Path) -> None:
    (archive / "media/scans").mkdir()
    (archive / "media/scans/a label.tif").write_bytes(b"\0" * 3_000_000)
    (archive / "transcripts/.hidden").write_text("", encoding="utf-8")
    told = run(archive, "fixity", "--update")
    assert told.exit_code == 0, told.output
    there = {path.relative_to(archive).as_posix(): path for path in archive.rglob("*") if path.is_file()}
    expected = there.keys() - {LIST, "transcripts/.hidden"}
    assert lines(archive) == {name: hashlib.sha256(there[name].read_bytes()).hexdigest() for name in expected}
    assert f"{SOUND}: new; taken into the list" in told.output
    assert told.output.endswith(f"{sum(there[name].stat().st_size for name in expected):,} bytes: all new\n")


def test_sha256sum_reads_the_list(listed: Path) -> None:
    checked = subprocess.run(
        [program("sha256sum"), "--check", "--strict", LIST], cwd=listed, capture_output=True, text=True, check=True
    )
    assert checked.stdout.count(": OK\n") == len(lines(listed))


def test_what_is_as_it_was_is_counted_and_the_list_stays_the_same_file(listed: Path) -> None:
    state = (listed / LIST).stat()
    told = run(listed, "fixity")
    assert (told.exit_code, told.output.rpartition(": ")[2]) == (0, f"{len(lines(listed))} as they were\n")
    assert run(listed, "fixity", "--update").exit_code == 0
    assert (listed / LIST).stat().st_ino == state.st_ino


def test_a_bit_that_turned_over_is_found_though_the_file_keeps_its_size_and_its_time(listed: Path) -> None:
    sound = listed / SOUND
    state, content = sound.stat(), bytearray(sound.read_bytes())
    content[len(content) // 2] ^= 1
    sound.write_bytes(content)
    os.utime(sound, ns=(state.st_atime_ns, state.st_mtime_ns))
    told = run(listed, "fixity", "--verify")
    assert told.exit_code == 1
    assert f"{SOUND}: its bytes are not what they were; bring it back from another copy" in told.stderr
    assert f"player fixity --update --archive {listed} --accept {SOUND}" in told.stderr


def test_a_changed_sound_is_not_taken_into_the_list_unless_it_is_named(listed: Path) -> None:
    before = lines(listed)
    (listed / SOUND).write_bytes(b"another")
    (listed / TEXT).write_text("WEBVTT\n", encoding="utf-8")
    refused = run(listed, "fixity", "--update")
    assert refused.exit_code == 1
    assert f"{TEXT}: changed; taken" in refused.stdout
    assert lines(listed)[SOUND] == before[SOUND]
    assert lines(listed)[TEXT] == hashlib.sha256(b"WEBVTT\n").hexdigest()
    taken = run(listed, "fixity", "--update", "--accept", SOUND)
    assert taken.exit_code == 0, taken.output
    assert lines(listed)[SOUND] == hashlib.sha256(b"another").hexdigest()
    assert run(listed, "fixity").exit_code == 0


def test_what_is_missing_is_named_and_a_sound_stays_in_the_list(listed: Path) -> None:
    (listed / SOUND).unlink()
    (listed / TEXT).unlink()
    told = run(listed, "fixity", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["missing"] == [SOUND, TEXT]
    assert run(listed, "fixity", "--update").exit_code == 1
    assert SOUND in lines(listed)
    assert TEXT not in lines(listed)
    assert run(listed, "fixity", "--update", "--accept", SOUND).exit_code == 0
    assert SOUND not in lines(listed)


def test_what_is_new_is_told_and_is_no_fault(listed: Path) -> None:
    (listed / "media/new.wav").write_bytes(b"new")
    told = run(listed, "fixity")
    assert told.exit_code == 0
    assert "media/new.wav: new; player fixity --update takes it into the list" in told.output


def test_without_a_list_it_says_how_one_is_made(archive: Path) -> None:
    told = run(archive, "fixity")
    assert told.exit_code == 1
    assert "there is no list yet; make it with: player fixity --update" in told.stderr


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("nothing of the kind", '"nothing of the kind" is no SHA-256 with the path of a file behind it'),
        (f"{'0' * 63}  {SOUND}", "is no SHA-256"),
        (f"{'0' * 64}  {SOUND}", f'"{SOUND}" is listed twice'),
    ],
)
def test_a_line_of_the_list_that_cannot_be_read_is_named(listed: Path, line: str, what: str) -> None:
    with (listed / LIST).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    before, last = (listed / LIST).read_bytes(), len((listed / LIST).read_text(encoding="utf-8").splitlines())
    for way in ("--verify", "--update"):
        told = run(listed, "fixity", way)
        assert told.exit_code == 1
        assert f"{LIST}:{last}: " in told.stderr
        assert what in told.stderr
    assert (listed / LIST).read_bytes() == before


def test_where_the_list_cannot_be_written_it_says_what_to_do(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fixity, "write", full)
    told = run(archive, "fixity", "--update")
    assert (told.exit_code, "(no space left on device); check that you may write there" in told.output) == (1, True)


def test_a_link_that_leads_out_of_the_archive_is_refused(listed: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("", encoding="utf-8")
    (listed / "media/out.wav").symlink_to(tmp_path / "elsewhere")
    (listed / "media/round").symlink_to(listed / "media")
    told = run(listed, "fixity", "--update")
    assert told.exit_code == 1
    assert "media/out.wav: this link leads out of the archive" in told.stderr
    assert "media/round: this link leads back to a folder that it is in" in told.stderr


def test_what_cannot_be_read_is_told_at_the_end_and_the_rest_is_compared(listed: Path, tmp_path: Path) -> None:
    (listed / "media/scans").mkdir()
    (listed / "media/scans/label.tif").write_bytes(b"label")
    (listed / "media/scan.tif").write_bytes(b"scan")
    run(listed, "fixity", "--update")
    before = lines(listed)
    (listed / "media/scans").rename(tmp_path / "scans")
    (listed / "media/scans").symlink_to(tmp_path / "scans")
    (listed / "media/scan.tif").unlink()
    (listed / "media/scan.tif").symlink_to("scan.tif")  # to itself: what no system follows
    os.mkfifo(listed / "media/pipe.wav")
    (listed / SOUND).write_bytes(b"another")
    (listed / TEXT).write_text("WEBVTT\n", encoding="utf-8")
    told = run(listed, "fixity")
    assert told.exit_code == 1
    first, second, *unread = (line.partition(f"{listed}/")[2] or line for line in told.stderr.splitlines())
    assert first.startswith(f"{SOUND}: its bytes are not what they were")
    assert second.startswith(f"{TEXT}: its bytes are not what they were")
    assert [line.partition(";")[0] for line in unread] == [
        "media/pipe.wav: this is a pipe or a device, not a file",
        "media/scan.tif: this cannot be read (too many levels of symbolic links)",
        "media/scans: this link leads out of the archive",
    ]
    assert told.stdout.endswith(f" bytes: {len(before) - 4} as they were; 3 could not be read\n")
    # What nobody could read keeps the digest that it had.
    updated = run(listed, "fixity", "--update", "--accept", SOUND, "--accept", "media/scan.tif")
    assert updated.exit_code == 1, updated.output
    after = lines(listed)
    assert {name for name in before if before[name] != after[name]} == {SOUND, TEXT}
    assert after.keys() == before.keys()
    found = json.loads(run(listed, "fixity", "--json").stdout)
    assert found["unread"] == ["media/pipe.wav", "media/scan.tif", "media/scans"]
    assert found["missing"] == found["changed"] == []


@pytest.mark.long
def test_what_a_disk_does_not_give_keeps_nobody_from_reading_the_rest(listed: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    for number in range(4):
        (listed / "media" / f"scan-{number}.tif").write_bytes(f"{number}".encode() * 50_000)
    run(listed, "fixity", "--update")
    for number in (2, 3):
        (listed / "media" / f"scan-{number}.tif").write_bytes(b"another")
    worn = tmp_path / "worn"
    worn.mkdir()
    (worn / "sitecustomize.py").write_text(WORN, encoding="utf-8")
    disk = {"PYTHONPATH": f"{worn}:{os.environ.get('PYTHONPATH', Path(fixity.__file__).parents[2])}"}
    with cluster(tmp_path / "cluster", workers=1, **disk) as there:
        for where in ((), ("--jobs", "2"), ("--cluster", there.address)):
            code, said, complained = command(listed, "fixity", *where, **disk)
            assert (code, len(complained.splitlines())) == (1, 3), complained
            assert "scan-3.tif: its bytes are not what they were" in complained
            assert "scan-1.tif: this cannot be read (input/output error)" in complained
            assert "scan-2.tif: this cannot be read (input/output error)" in complained
            assert said.endswith("as they were; 2 could not be read\n")


#: A disk two of whose files are not given by it.
WORN: Final = """\
import errno, sys

def fail(event, arguments):
    if event == "open" and str(arguments[0]).endswith(("/media/scan-1.tif", "/media/scan-2.tif")):
        raise OSError(errno.EIO, "Input/output error")

sys.addaudithook(fail)
"""


def test_a_name_that_no_list_can_hold_is_refused(listed: Path) -> None:
    (listed / "media/two\nlines.wav").write_bytes(b"")
    told = run(listed, "fixity", "--update")
    assert told.exit_code == 1
    assert r"two\nlines.wav: lists of files cannot hold this name" in told.stderr


def test_accepting_what_has_not_changed_is_a_mistake(listed: Path) -> None:
    assert run(listed, "fixity", "--update", "--accept", SOUND).exit_code == 2
    assert run(listed, "fixity", "--accept", SOUND).exit_code == 2


@pytest.mark.long
def test_others_find_the_same_and_one_that_is_killed_loses_nothing(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    monkeypatch.setattr(fixity, "_BATCH", 1)
    for number in range(30):
        (listed / "media" / f"scan-{number}.tif").write_bytes(f"{number}".encode() * 50_000)
    (listed / SOUND).write_bytes(b"another")
    here = run(listed, "fixity")
    assert here.exit_code == 1
    doomed = tmp_path / "doomed"
    doomed.mkdir()
    (doomed / "sitecustomize.py").write_text(DOOMED, encoding="utf-8")
    with cluster(tmp_path / "cluster", workers=1) as there:
        killed = there.add(PYTHONPATH=f"{doomed}:{os.environ.get('PYTHONPATH', Path(fixity.__file__).parents[2])}")
        for where in (("--jobs", "2"), ("--cluster", there.address)):
            found = run(listed, "fixity", *where)
            assert (found.exit_code, found.stdout, found.stderr) == (1, here.stdout, here.stderr)
        assert killed.wait(LIMIT) == -signal.SIGKILL
        assert run(listed, "fixity", "--update", "--accept", SOUND, "--cluster", there.address).exit_code == 0
    there_is = {path.relative_to(listed).as_posix(): path for path in listed.rglob("*") if path.is_file()}
    assert lines(listed) == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there_is.items() if name != LIST
    }


#: Ends a worker in the middle of the third file that it reads.
DOOMED: Final = """\
import os, signal, sys

read = set()

def end(event, arguments):
    if event == "open" and "/archive/media/scan-" in str(arguments[0]):
        read.add(arguments[0])
        if len(read) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(end)
"""
