"""An access copy that is stale, damaged, hostile or of another sound is not played: what is held is, and it is said."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from clipping import run
from copied import SECONDS, SLUG, copy_of, held_of, sidecar_of, write_copied
from html_elements import parse
from tones import ffmpeg, write_tones

from player.audio import access
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The archive with a copy that is right, this test's own."""
    return write_copied(tmp_path / "copied")


def assert_not_played(root: Path, what: str) -> None:
    """The copy is not played, and that is why."""
    media, held = root / "media", held_of(root)
    assert access.shipped(media, SLUG, held) is None
    assert access.of(media, SLUG, held) == []
    found = access.fault(media, SLUG, held)
    assert found is not None
    assert what in found.what
    assert len(found.what) < 300
    assert found.what.isprintable()


@pytest.fixture
def visitor(copied: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a server that makes no copies of its own."""
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "0")
    return create_app(copied).test_client()


def test_a_copy_that_is_right_is_played(copied: Path, visitor: FlaskClient) -> None:
    media, held = copied / "media", held_of(copied)
    html = parse(visitor.get("/recordings/tones").text)
    assert [source["src"].partition("?")[0] for source in html.all("source")] == ["/media/tones/access", "/media/tones"]
    assert visitor.get(html.all("source")[0]["src"]).data == copy_of(copied).read_bytes()
    (found,) = access.of(media, SLUG, held)
    assert found.path == copy_of(copied)
    assert access.fault(media, SLUG, held) is None


def replace_held(root: Path) -> None:
    write_tones(root / "other.wav", seconds=SECONDS, seed=1)
    ffmpeg("-y", "-i", str(root / "other.wav"), "-b:a", "64k", str(held_of(root)))


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def take_that_of_another(root: Path) -> None:
    """Put there the copy of another sound, and what is said of it, as who mixes up two names does."""
    write_tones(root / "other.wav", seconds=SECONDS, seed=1)
    access.make(root / "other.wav", copy_of(root), force=True)


def put(path: Path, what: Callable[[Path], object]) -> None:
    path.unlink()
    what(path)


def lead_out(root: Path, path: Path) -> None:
    """Let a link stand for what was there, which is outside the archive by now."""
    outside = root.parent / path.name
    path.rename(outside)
    path.symlink_to(outside)


SPOILT: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "stale": (replace_held, "it was made from another sound than tones.mp3 is now"),
    "of another sound": (take_that_of_another, "it was made from another sound than tones.mp3 is now"),
    "cut short": (lambda root: os.truncate(copy_of(root), 1000), "it was cut short: 1,000 of "),
    "empty": (lambda root: os.truncate(copy_of(root), 0), "it was cut short: 0 of "),
    "longer": (lambda root: os.truncate(copy_of(root), 10**6), "it was changed since it was made"),
    "changed in one bit": (lambda root: change_a_byte(copy_of(root)), "it was changed since it was made"),
    "gone": (lambda root: copy_of(root).unlink(), "it is not there, though its sidecar is"),
    "a folder": (lambda root: put(copy_of(root), type(root).mkdir), "it is a folder, not a file"),
    "a pipe": (lambda root: put(copy_of(root), os.mkfifo), "it is a pipe or a device, not a file"),
    "a link to nowhere": (lambda root: put(copy_of(root), lambda path: path.symlink_to("nowhere")), "it is not there"),
    "a link to itself": (lambda root: put(copy_of(root), lambda path: path.symlink_to(path)), "cannot be read"),
    "a link out of the archive": (lambda root: lead_out(root, copy_of(root)), "this link leads out of media"),
    "without a sidecar": (lambda root: sidecar_of(root).unlink(), "nothing says what it was made from"),
    "a sidecar out of the archive": (lambda root: lead_out(root, sidecar_of(root)), "this link leads out of media"),
    "a sidecar that is a pipe": (lambda root: put(sidecar_of(root), os.mkfifo), "it is a pipe or"),
    "a sidecar that is a folder": (
        lambda root: put(sidecar_of(root), type(root).mkdir),
        "it is a folder, not a file",
    ),
    "a folder out of the archive": (lambda root: lead_out(root, copy_of(root).parent), "this link leads out of media"),
}


#: How the advice goes on: a file that is no copy is moved away first.
REMEDIED: Final = (
    r"so it is not played; make it again: player access tones"
    r"|not a file, so it is not played; move it elsewhere, and make it again: player access tones"
    r"|out of media, so no copy is played; put a folder there, and make the copies: player access --all"
)


@pytest.mark.long
@pytest.mark.parametrize(("spoil", "what"), SPOILT.values(), ids=SPOILT)
def test_a_copy_that_is_spoilt_is_not_played_and_it_is_said_why(
    copied: Path, visitor: FlaskClient, spoil: Callable[[Path], object], what: str
) -> None:
    begun = parse(visitor.get("/recordings/tones").text).all("source")[0]["src"]
    spoil(copied)
    html = parse(visitor.get("/recordings/tones").text)
    assert html.all("source") == []
    assert visitor.get(html.one("audio")["src"]).data == held_of(copied).read_bytes()
    assert visitor.get(begun).status_code in {404, 409}
    assert visitor.get("/media/tones/access").status_code == 404
    assert_not_played(copied, what)
    (told,) = [line for line in run(copied, "check").output.splitlines() if "player access" in line]
    assert what in told
    assert re.search(REMEDIED, told)


@pytest.mark.sampled(6)
@pytest.mark.long
@pytest.mark.parametrize("spoil", [spoil for spoil, _ in SPOILT.values()], ids=SPOILT)
def test_a_copy_that_is_spoilt_can_be_made_again_as_the_advice_says(
    copied: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(copied)
    advised = re.findall(r"make (?:it again|the copies): player (access .*)", run(copied, "check").output)
    done = run(copied, *advised[0].split())
    if copy_of(copied).parent.is_symlink():
        assert (done.exit_code, "media/access: this link leads out of media" in done.output) == (1, True)
        return
    in_the_way = [path for path in (copy_of(copied), sidecar_of(copied)) if path.exists() and not path.is_file()]
    for path in in_the_way:
        assert (done.exit_code, "not a file; move it elsewhere, and try again" in done.output) == (1, True)
        path.rename(copied / "elsewhere")
        done = run(copied, *advised[0].split())
    assert (done.exit_code, access.fault(copied / "media", SLUG, held_of(copied))) == (0, None), done.output
    assert len(access.of(copied / "media", SLUG, held_of(copied))) == 1


#: What stands in the place of the folder of copies, and what is told of it.
FOLDERS: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "a file": (lambda path: path.write_text("x"), "this is not a folder, as access copies need"),
    "a pipe": (os.mkfifo, "this is not a folder, as access copies need"),
    "a link out of media": (lambda path: path.symlink_to(path.parents[2]), "this link leads out of media"),
    "a link to nowhere": (lambda path: path.symlink_to("nowhere"), "this link leads nowhere"),
    "a link to itself": (lambda path: path.symlink_to(path), "this folder cannot be read (too many levels"),
}


@pytest.mark.parametrize(("spoil", "what"), FOLDERS.values(), ids=FOLDERS)
def test_what_stands_in_the_place_of_the_folder_of_copies_is_told(
    copied: Path, spoil: Callable[[Path], object], what: str
) -> None:
    folder = copy_of(copied).parent
    shutil.rmtree(folder)
    spoil(folder)
    (told,) = [line for line in run(copied, "check").output.splitlines() if "media/" in line]
    assert f"media/access: {what}" in told
    assert "so no copy is played; " in told
    for force in ((), ("--force",)):
        done = run(copied, "access", SLUG, *force)
        assert (done.exit_code, f"media/access: {what}" in done.output) == (1, True), done.output


def test_a_file_in_the_place_of_the_folder_is_told_also_where_no_record_names_a_sound(copied: Path) -> None:
    shutil.rmtree(copy_of(copied).parent)
    held_of(copied).unlink()
    copy_of(copied).parent.write_text("x", encoding="utf-8")
    record = copied / "transcripts" / SLUG / "recording.toml"
    record.write_text('title = "Tones"\ndate = "1963"\nstatus = "not held"\n', encoding="utf-8")
    assert "media/access: no record names this file" in run(copied, "check").output


@pytest.mark.parametrize("name", ["tones.m4a", "tones.json", "."])
def test_permissions_are_the_remedy_for_what_may_not_be_read(
    copied: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As for another user than root, who may read everything: the path is named once, and nothing is made again."""
    root = copied.rename(copied.with_name("this; that"))
    denied = str(copy_of(root).parent / name) if name != "." else f"{copy_of(root).parent}/."
    stat = os.stat

    def refused(path: Any, *arguments: Any, **others: Any) -> Any:
        if str(path) == denied:
            raise PermissionError(errno.EACCES, "Permission denied")
        return stat(path, *arguments, **others)

    monkeypatch.setattr(os, "stat", refused)
    (told,) = [line for line in run(root, "check").output.splitlines() if "media/" in line]
    assert told.count("this; that") == 1
    assert "cannot be read (permission denied), so " in told
    assert told.endswith("played; give the player permission to read it")


#: What stands in the place of a value, whatever its type: nothing of it is a right one.
WRONG: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    1.5,
    10**4000,
    [],
    {},
    [[]],
    "",
    "\0",
    "\x1b[2J",
    "\ud800",
    "x" * 50_000,
    float("inf"),
)
NAMES: Final = (
    "../tones.m4a",
    "/etc/passwd",
    "../../../../etc/passwd.m4a",
    "..\\tones.m4a",
    "tones.m4a\0.m4a",
    "\x1b[2Jtones.m4a",
    "\ud800.m4a",
    "other.m4a",
    "tones.M4A",
    "tones.mp3",
    "tones.json",
    ["tones.m4a"],
)


def test_whatever_a_sidecar_holds_no_wrong_value_lets_a_copy_be_played(copied: Path) -> None:
    right: dict[str, Any] = json.loads(sidecar_of(copied).read_bytes())

    def assert_refused(told: object) -> None:
        sidecar_of(copied).write_text(json.dumps(told), encoding="utf-8")
        assert_not_played(copied, "")

    for value in WRONG:
        assert_refused(value)
        for key in ("version", "copy", "made_from"):
            if key != "version" or value is not True:  # which is 1
                assert_refused({**right, key: value})
        for part, key in (("copy", "name"), ("copy", "bytes"), ("copy", "sha256"), ("made_from", "sha256")):
            assert_refused({**right, part: {**right[part], key: value}})
    for name in NAMES:
        assert_refused({**right, "copy": {**right["copy"], "name": name}})
    for part, key in (("copy", "name"), ("copy", "bytes"), ("copy", "sha256"), ("made_from", "sha256")):
        assert_refused({**right, part: {each: right[part][each] for each in right[part] if each != key}})


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"{", b"\xff\xfe{", b"[" * 60_000, b"1" * 60_000, b" " * 10**6, b'{"version": 1}']
)
def test_a_sidecar_that_is_no_json_or_endless_is_refused(copied: Path, content: bytes) -> None:
    sidecar_of(copied).write_bytes(content)
    assert_not_played(copied, "it cannot be read as the file")


def test_of_a_sidecar_of_a_terabyte_only_the_beginning_is_read(copied: Path) -> None:
    os.truncate(sidecar_of(copied), 1 << 40)
    assert_not_played(copied, "it cannot be read as the file")
