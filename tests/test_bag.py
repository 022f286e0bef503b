"""``player bag``: read by the Library of Congress's own program for bags."""

from __future__ import annotations

import errno
import os
import re
from io import FileIO
from typing import TYPE_CHECKING, Any

import bagit
import pytest
from clipping import run

from player import files

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

SOUND = "media/tones.wav"


def bag(archive: Path, into: Path, *options: str) -> Result:
    return run(archive, "bag", str(into), *options)


def test_every_file_is_in_the_bag_with_its_time_and_the_bag_is_valid(archive: Path, tmp_path: Path) -> None:
    (archive / "media/scans").mkdir()
    (archive / "media/scans/a label.tif").write_bytes(b"\0" * 3_000_000)
    made = bag(archive, tmp_path / "bag")
    assert made.exit_code == 0, made.output
    there = {path.relative_to(archive): path for path in archive.rglob("*") if path.is_file()}
    found = {path.relative_to(tmp_path / "bag/data"): path for path in (tmp_path / "bag/data").rglob("*.*")}
    assert {name: path.read_bytes() for name, path in found.items() if path.is_file()} == {
        name: path.read_bytes() for name, path in there.items()
    }
    assert all(found[name].stat().st_mtime_ns == path.stat().st_mtime_ns for name, path in there.items())
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
    assert f"{len(there)} files" in made.output
    assert "not for the public" in made.output


def test_a_bag_says_whose_it_is_and_that_it_is_not_for_the_public(archive: Path, tmp_path: Path) -> None:
    about = 'name = """Harbour\narchive"""\nline = "Voices of a quay"\ncontact = "keeper@example.org"\n'
    (archive / "transcripts/archive.toml").write_text(about, encoding="utf-8")
    made = bag(archive, tmp_path / "bag", "--address", "https://example.org/tapes")
    assert made.exit_code == 0, made.output
    info = bagit.Bag(str(tmp_path / "bag")).info
    assert info["Source-Organization"] == "Harbour archive"
    assert info["External-Description"] == "Harbour archive: Voices of a quay"
    assert info["Contact-Email"] == "keeper@example.org"
    assert info["External-Identifier"] == "https://example.org/tapes"
    assert info["Internal-Sender-Description"].startswith("Not for the public: ")


@pytest.mark.long
def test_a_public_bag_has_the_pages_that_visitors_are_shown(archive: Path, tmp_path: Path) -> None:
    made = bag(archive, tmp_path / "bag", "--public")
    assert made.exit_code == 0, made.output
    found = bagit.Bag(str(tmp_path / "bag"))
    assert found.is_valid()
    assert found.info["Internal-Sender-Description"].startswith("For the public: ")
    assert {"data/site/index.html", "data/site/recordings/tones/index.html"} <= found.entries.keys()
    assert not (tmp_path / "bag/data/transcripts").exists()
    files = [path for path in (tmp_path / "bag/data").rglob("*") if path.is_file()]
    assert f"{len(files):,} files, {sum(path.stat().st_size for path in files):,} bytes" in made.output


def test_a_sound_that_is_not_what_it_was_goes_into_no_bag(archive: Path, tmp_path: Path) -> None:
    assert run(archive, "fixity", "--update").exit_code == 0
    (archive / SOUND).write_bytes(b"damaged")
    told = bag(archive, tmp_path / "bag")
    assert told.exit_code == 1
    assert f"{SOUND}: its bytes are not those that transcripts/fixity.sha256 has" in told.stderr
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".tape-player", "bag"))]


def test_all_that_cannot_be_read_is_told_at_once(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root, as whom tests may run, may read any file.
    scandir, opened, refused = os.scandir, os.open, PermissionError(errno.EACCES, "Permission denied")

    def scanned(path: Any = ".") -> Any:
        if str(path).endswith("media/scans"):
            raise refused
        return scandir(path)

    def given(path: Any, *arguments: Any, **named: Any) -> int:
        if str(path).endswith("media/label.tif"):
            raise refused
        return opened(path, *arguments, **named)

    (archive / "media/scans").mkdir()
    for name in ("label.tif", "100%25.tif"):
        (archive / "media" / name).write_bytes(b"scan")
    monkeypatch.setattr(os, "scandir", scanned)
    monkeypatch.setattr(os, "open", given)
    told = bag(archive, tmp_path / "bag")
    assert told.exit_code == 1
    assert re.findall(r"/media/(.*?)(?: \(|,)", told.stderr) == [
        "100%25.tif: programs that read bags misread %0A",
        "label.tif: this cannot be read",
        "scans: this cannot be read",
    ]
    assert not (tmp_path / "bag").exists()


class Worn(FileIO):
    """A file that a disk does not give."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(errno.EIO, f"Input/output error after {size}")


def test_what_a_disk_does_not_give_is_told_with_what_is_damaged(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(archive, "fixity", "--update").exit_code == 0
    (archive / SOUND).write_bytes(b"damaged")
    (archive / "media/scan.tif").write_bytes(b"scan")
    opened = files.opened
    monkeypatch.setattr(files, "opened", lambda path: Worn(path) if path.name == "scan.tif" else opened(path))
    told = bag(archive, tmp_path / "bag")
    assert told.exit_code == 1
    assert "media/scan.tif: this cannot be read (input/output error after 1048576)" in told.stderr
    assert f"{SOUND}: its bytes are not those that transcripts/fixity.sha256 has" in told.stderr


@pytest.mark.parametrize("where", ["{archive}/media/bag", "{archive}/bag", "{archive}"])
def test_no_bag_is_made_in_the_archive(archive: Path, where: str) -> None:
    told = run(archive, "bag", where.format(archive=archive))
    assert told.exit_code == 1
    assert "this is in the archive; give a folder outside of it" in told.stderr


def test_what_is_there_is_never_replaced(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/mine").write_text("mine", encoding="utf-8")
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    for name in ("folder", "nowhere"):
        told = bag(archive, tmp_path / name)
        assert told.exit_code == 1
        assert f"{name}: this is there already; name a folder that is not there yet" in told.stderr
    told = bag(archive, tmp_path / "file")
    assert told.exit_code == 1
    assert "file: the bag cannot be written (not a directory)" in told.stderr
    assert (tmp_path / "folder/mine").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_becomes_the_bag(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    assert bag(archive, tmp_path / "bag").exit_code == 0
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()


@pytest.mark.parametrize("name", ["100%0Done.wav", "a%0ab.wav", "100%25.wav", "end "])
def test_a_name_that_readers_of_bags_misread_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    (archive / "media" / name).write_bytes(b"")
    told = bag(archive, tmp_path / "bag")
    assert told.exit_code == 1
    what = "programs that read bags misread %0A, %0D and %25 in names, and a blank at their end; give it another"
    assert f": {what}" in told.stderr
    assert not (tmp_path / "bag").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    told = bag(archive, tmp_path / "shut/bag")
    assert told.exit_code == 1
    assert re.search(r"shut/bag: the bag cannot be written \(permission denied\)", told.stderr)
