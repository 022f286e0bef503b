"""The access copy of a sound in object storage lies beside it there, and every server sends it; a stand-in plays S3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

import numpy as np
import pytest
from clipping import run
from copies_in_s3 import ASKED, CLOSED, SECRET, declare, done, key, on_machine, put, server, told
from s3_server import BUCKET, S3
from test_distant_sounds import sound_of
from tones import ffmpeg

from player.audio import access
from player.audio.decode.samples import decoding
from player.audio.decode.stream import header
from player.publish.book import sound
from player.timecode import Span
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["key", "server"]
pytestmark = pytest.mark.long

SPAN: Final = Span(2000, 4000)
PLAYED: Final = re.compile(r'<source src="(/media/tones/access[^"]*)"')


def beside(server: S3, key: str) -> set[str]:
    return {re.sub(r"[0-9a-f]{16}", "…", name) for name in server.names(key) if name}


def played(archive: Path) -> str | None:
    """Give the address of the copy that a page plays; no server makes one here."""
    found = PLAYED.search(create_app(archive).test_client().get("/recordings/tones").text)
    return found[1].replace("&amp;", "&") if found else None


def test_a_copy_is_made_beside_the_sound_and_another_machine_sends_it(
    archive: Path, key: str, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = done(archive).stdout
    (one,) = told(server, key)
    place = f"s3://{BUCKET}/{key}{one['ending']}"
    assert said.startswith(f"{place}: 0:10, 0.0 MB, made from tones.mp3; in step with it, compared in ")
    assert beside(server, key) == {".player.json", ".access-….m4a"}
    assert not (archive / "media" / "access").exists()
    assert done(archive).stdout == f"{place}: this is up to date\n0 copies made, 1 up to date or not needed\n"
    on_machine("another", tmp_path, monkeypatch)
    client = create_app(archive).test_client()
    address = played(archive)
    assert address is not None
    content = server.content(f"{key}{one['ending']}")
    whole = client.get(address)
    assert (whole.status_code, whole.data, whole.mimetype) == (200, content, "audio/mp4")
    assert whole.headers["Content-Disposition"] == "inline; filename=tones.m4a"
    part = client.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, content[100:200])
    assert not list((tmp_path / "another").glob("access-*/*")), "none was made, and none is kept"


@pytest.mark.parametrize(("secret", "beside"), [(SECRET, True), ("short", False), (None, False)])
def test_a_check_advises_to_put_it_there_where_all_servers_would_find_it(
    archive: Path, key: str, server: S3, monkeypatch: pytest.MonkeyPatch, secret: str | None, *, beside: bool
) -> None:
    if secret is None:
        monkeypatch.delenv("PLAYER_BESIDE_KEY")
    else:
        monkeypatch.setenv("PLAYER_BESIDE_KEY", secret)
    said = run(archive, "check").stdout
    advised = re.search(r"make a copy that they play exactly: player (access tones.*)", said)
    assert advised is not None, said
    named = f"access tones{' --beside' * beside} --archive {archive}"
    assert advised[1] == named + ", with keys that may write there" * beside
    if beside:
        done(archive, *advised[1].partition(" --archive")[0].split())
        assert told(server, key)
        assert "that they play exactly" not in run(archive, "check").stdout


@pytest.mark.usefixtures("key")
def test_its_times_are_those_of_the_sound(archive: Path, tmp_path: Path) -> None:
    done(archive)
    (copy,) = access.beside(sound_of(archive))
    held, heard = tmp_path / "tones.mp3", copy.path
    for span in ((0, 22_050), (44_100, 66_150)):
        first, second = (np.frombuffer(decoding(each, *span).samples, "<i2").astype(float) for each in (held, heard))
        shifts = {lag: float(np.dot(first[50:-50], np.roll(second, lag)[50:-50])) for lag in range(-40, 41)}
        assert max(shifts, key=lambda lag: shifts[lag]) == 0, span


def test_a_feed_offers_it_and_a_book_has_it(
    archive: Path, key: str, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    ffmpeg("-i", str(tmp_path / "tones.wav"), str(tmp_path / "tones.flac"))
    put(archive, server, tmp_path / "tones.flac", tmp_path)
    key = key.replace("mp3", "flac")
    (archive / "transcripts" / "archive.toml").write_text('name = "Tones"\nfeed = true\n', "utf-8")
    left_out = "the feed leaves this out"
    said = run(archive, "check").output
    (advised,) = re.findall(rf"{left_out}.*: player (access .*) --archive .*, with keys that may write there", said)
    assert advised == "access tones --force --format m4a --beside"
    done(archive, *advised.split())
    assert left_out not in run(archive, "check").output
    (one,) = told(server, key)
    client = create_app(archive).test_client()
    (found,) = re.findall(
        r'<enclosure url="http://localhost(/feed/tones.m4a)" length="(\d+)"', client.get("/feed.xml").text
    )
    content = server.content(f"{key}{one['ending']}")
    assert int(found[1]) == one["bytes"] == len(content)
    assert client.get(found[0]).data == content
    monkeypatch.setattr(sound, "make", None)
    done(archive, "export", "tones", "-o", str(tmp_path / "tones.epub"))
    with ZipFile(tmp_path / "tones.epub") as book:
        assert [book.read(name) for name in book.namelist() if name.endswith(".m4a")] == [content]


def test_the_static_copy_of_a_site_has_it(archive: Path, key: str, tmp_path: Path, server: S3) -> None:
    done(archive)
    (one,) = told(server, key)
    done(archive, "export", "--site", str(tmp_path / "site"))
    (found,) = (tmp_path / "site" / "media").glob("tones.*.m4a")
    assert found.read_bytes() == server.content(f"{key}{one['ending']}")


def test_listeners_are_led_to_it_where_all_is_open_and_never_otherwise(
    archive: Path, key: str, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(archive)
    monkeypatch.setenv("PLAYER_MEDIA", "redirect")
    assert "this is up to date" in done(archive, "access", "tones").stdout, "nor is one made into the archive"
    (one,) = told(server, key)
    address = played(archive)
    assert address is not None
    answer = create_app(archive).test_client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{server.address}/{BUCKET}/{key}{one['ending']}?X-Amz-")
    declare(archive, '[access]\nnotes = "draft"')
    answer = create_app(archive).test_client().get(address)
    assert (answer.status_code, answer.data) == (200, server.content(f"{key}{one['ending']}"))


def test_a_copy_of_a_sound_that_was_replaced_is_not_used_and_goes_when_another_is_made(
    archive: Path, key: str, tmp_path: Path, server: S3
) -> None:
    done(archive)
    (old,) = told(server, key)
    assert played(archive)
    ffmpeg("-y", "-i", str(tmp_path / "tones.wav"), "-t", "8", str(tmp_path / "tones.mp3"))
    server.put(tmp_path / "tones.mp3", key)
    assert access.beside(sound_of(archive)) == []
    done(archive)
    (new,) = told(server, key)
    assert new["ending"] != old["ending"]
    assert server.names(key) == {"", ".player.json", new["ending"]}


@pytest.mark.parametrize("what", ["replaced", "removed", "another key"])
def test_a_copy_that_is_not_what_was_put_there_is_not_used_and_check_tells(
    archive: Path, key: str, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    done(archive)
    (one,) = told(server, key)
    assert len(access.beside(sound_of(archive))) == 1
    if what == "removed":
        server.remove(f"{key}{one['ending']}")
    elif what == "replaced":
        server.put(tmp_path / "tones.wav", f"{key}{one['ending']}")
    else:
        monkeypatch.setenv("PLAYER_BESIDE_KEY", "7a" * 16)
        on_machine("another", tmp_path, monkeypatch)
    assert access.beside(sound_of(archive)) == []
    said = f"the access copy at s3://{BUCKET}/{key}{one['ending']} is gone, or is another than was put there"
    assert (said in run(archive, "check").stdout) == (what != "another key")
    if what == "removed":
        done(archive)
        assert len(access.beside(sound_of(archive))) == 1
    elif what == "replaced":
        refused = run(archive, *ASKED)
        assert refused.exit_code == 1, refused.output
        assert "something else lies there, which is not replaced; move it away, and try again" in refused.stderr
        assert server.content(f"{key}{one['ending']}") == (tmp_path / "tones.wav").read_bytes()


def test_of_what_is_closed_a_copy_lies_there_only_where_nobody_reads_it_without_a_signature(
    archive: Path, key: str, server: S3
) -> None:
    done(archive)
    (whole,) = told(server, key)
    declare(archive, CLOSED)
    server.fate((".*", re.escape(key), "public"))
    refused = run(archive, *ASKED)
    assert refused.exit_code == 1, refused.output
    assert "something of this recording is closed, and anybody could read its copy there" in refused.stderr
    assert server.names(key) == {"", ".player.json"}, "the one in which all is heard goes, and no other comes"
    server.fate()
    said = done(archive).stdout
    assert ", silent from 0:02 to 0:04; " in said
    (one,) = told(server, key)
    assert one["silent"] == [[2000, 4000]]
    assert one["ending"] != whole["ending"]
    (copy,) = access.beside(sound_of(archive), (SPAN,))
    rate = header(copy.path).rate
    assert any(decoding(copy.path, rate, 2 * rate).samples)
    assert not any(decoding(copy.path, 9 * rate // 4, 15 * rate // 4).samples)
    assert not [line for line in run(archive, "check").stdout.splitlines() if "anybody can have" in line]
    server.fate((".*", re.escape(key), "public"))
    said = run(archive, "check").stdout
    assert f"anybody can have the access copy of its sound at s3://{BUCKET}/{key}{one['ending']}; let nobody" in said


def test_a_page_plays_the_copy_in_which_what_is_closed_is_silent_and_is_never_led_there(
    archive: Path, key: str, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(archive, CLOSED)
    done(archive)
    monkeypatch.setenv("PLAYER_MEDIA", "redirect")
    on_machine("another", tmp_path, monkeypatch)
    (one,) = told(server, key)
    client = create_app(archive).test_client()
    answer = client.get("/media/tones/access")
    assert (answer.status_code, answer.data) == (200, server.content(f"{key}{one['ending']}"))
    assert client.get("/media/tones").status_code == 403
    declare(archive, CLOSED.replace("0:02", "0:05").replace("0:04", "0:06"))
    assert create_app(archive).test_client().get("/media/tones/access").status_code == 404
    done(archive)
    assert [each["silent"] for each in told(server, key)] == [[[2000, 4000], [5000, 6000]]]
    assert len(server.names(key)) == 3
