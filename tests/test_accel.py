"""With PLAYER_ACCEL nginx sends the sounds: those that the player says may be heard, as it would have sent them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from deployed import blocks, deployed, host_of_its_own
from small_archive import write_archive
from tones import encoded

from player.audio import access
from player.errors import ServeError
from player.web.app import create_app
from player.web.serving import media
from player.web.serving.headers import SECURITY

LIMIT = 120  # seconds until a request is given up; none is measured by it
#: Names of sounds that an address has to write in another way, or a header, or a path.
NAMES = [
    "two words.wav",
    "100% sure?.wav",
    "a%20b.wav",
    "Гавана, речь №1.wav",
    "naïve.wav",
    "semi;colon&plus+and#hash.wav",
    "dots..inside.wav",
    'quote".wav',
]
BODY = bytes(range(256)) * 400


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The small archive, with a recording for each name: n0, n1 and so on."""
    root = write_archive(tmp_path / "archive")
    for number, name in enumerate(NAMES):
        (root / "media" / name).write_bytes(bytes([number]) + BODY)
        add(root, f"n{number}", name)
    return root


def add(root: Path, slug: str, name: str) -> None:
    folder = root / "transcripts" / slug
    folder.mkdir()
    media = name.replace('"', '\\"')
    (folder / "recording.toml").write_text(
        f'title = "{slug}"\ndate = "1963"\nmedia = "{media}"\nsources = ["log"]\n[original]\ndescription = "x"\n',
        encoding="utf-8",
    )


def location(archive: Path) -> str:
    """Give the lines of the document for the sounds."""
    return blocks("nginx")[2].replace("/srv/tapes", str(archive))


@contextmanager
def accelerated(archive: Path, folder: Path) -> Iterator[int]:
    server = host_of_its_own().rstrip().removesuffix("}") + location(archive) + "}\n"
    with deployed(folder, server, {"8000": archive}, PLAYER_ACCEL="/sounds") as (address, _):
        yield int(address.rpartition(":")[2])


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        names = [name.lower() for name, _ in answer.getheaders()]
        assert len(names) == len(set(names)), names  # none is there twice
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.long
def test_a_sound_of_any_name_is_sent_by_nginx_as_the_player_describes_it(archive: Path, tmp_path: Path) -> None:
    plain = create_app(archive).test_client()
    with accelerated(archive, tmp_path) as port:
        for number in range(len(NAMES)):
            status, headers, body = get(port, f"/media/n{number}")
            with plain.get(f"/media/n{number}") as told:
                assert (status, body) == (200, told.data)
                for name in ("Content-Type", "Content-Disposition", "Cache-Control"):
                    assert headers[name.lower()] == told.headers[name]
            assert headers["accept-ranges"] == "bytes"
            assert "x-accel-redirect" not in headers
            assert "access-control-allow-origin" not in headers, "on one's own machine no other site may read it"
            assert {name: headers[name.lower()] for name in SECURITY} == SECURITY
            version = re.findall(rf"/media/n{number}\?v=([\w-]+)", get(port, f"/recordings/n{number}")[2].decode())[0]
            assert "immutable" in get(port, f"/media/n{number}?v={version}")[1]["cache-control"]


@pytest.mark.long
def test_ranges_and_conditions_are_answered(archive: Path, tmp_path: Path) -> None:
    with accelerated(archive, tmp_path) as port:
        _, whole, body = get(port, "/media/n0")
        etag, modified = whole["etag"], whole["last-modified"]
        status, headers, part = get(port, "/media/n0", Range="bytes=5-")
        assert (status, headers["content-range"], part) == (206, f"bytes 5-{len(body) - 1}/{len(body)}", body[5:])
        assert (headers["etag"], headers["last-modified"]) == (etag, modified)
        for validator in (etag, modified):
            assert get(port, "/media/n0", Range="bytes=5-9", If_Range=validator)[::2] == (206, body[5:10])
        assert get(port, "/media/n0", Range="bytes=5-9", If_Range='"other"')[::2] == (200, body)
        assert get(port, "/media/n0", Range="bytes=5-9", If_Match=etag)[0] == 206
        assert get(port, "/media/n0", If_Match='"other"')[0] == 412
        assert get(port, "/media/n0", If_None_Match=etag)[::2] == (304, b"")
        assert get(port, "/media/n0", If_Modified_Since=modified)[::2] == (304, b"")
        assert get(port, "/media/n0", Range=f"bytes={len(body)}-")[0] == 416
        status, headers, part = get(port, "/media/n0", method="HEAD")
        assert (status, headers["content-length"], part) == (200, str(len(body)), b"")
        assert headers["etag"] == etag
        (archive / "media" / NAMES[0]).write_bytes(body + b"more")
        assert get(port, "/media/n0")[1]["etag"] != etag


@pytest.mark.long
def test_nobody_has_a_sound_from_nginx_without_the_player(archive: Path, tmp_path: Path) -> None:
    with accelerated(archive, tmp_path) as port:
        assert get(port, "/sounds/tones.wav")[0] == 404
        assert get(port, "/sounds/../transcripts/n0/recording.toml")[0] == 404


def test_what_lies_elsewhere_is_sent_by_the_player_itself(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (archive / "kept").mkdir()
    (archive / "kept" / "outside.wav").write_bytes(BODY)
    (archive / "media" / "deeper").mkdir()
    (archive / "media" / "deeper" / "inside.wav").write_bytes(BODY)
    (archive / "media" / "outside.wav").symlink_to(archive / "kept" / "outside.wav")
    (archive / "media" / "inside.wav").symlink_to("deeper/inside.wav")
    add(archive, "outside", "outside.wav")
    add(archive, "inside", "inside.wav")
    monkeypatch.setenv("PLAYER_ACCEL", "/sounds/")
    client = create_app(archive).test_client()
    inside = client.get("/media/inside")
    assert inside.headers["X-Accel-Redirect"] == "/sounds/deeper/inside.wav"
    assert (inside.data, inside.status_code) == (b"", 200)
    for path, size in (("/media/outside", len(BODY)), ("/recordings/tones/clip.wav?t=1,2", None)):
        with client.get(path) as answer:
            assert answer.status_code == 200
            assert "X-Accel-Redirect" not in answer.headers
            assert len(answer.data) == (size or answer.content_length)
    assert client.get("/media/none").status_code == 404
    (archive / "media" / "tones.wav").unlink()
    gone = client.get("/media/tones")
    assert (gone.status_code, gone.headers.get("X-Accel-Redirect")) == (404, None)


def test_media_that_are_a_link_to_another_disk_are_below_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (archive / "media").rename(tmp_path / "disk")
    (archive / "media").symlink_to(tmp_path / "disk")
    monkeypatch.setenv("PLAYER_ACCEL", "/a/b-c")
    answer = create_app(archive).test_client().get("/media/n1")
    assert answer.headers["X-Accel-Redirect"] == "/a/b-c/100%25%20sure%3F.wav"


@pytest.mark.parametrize(
    "told",
    ["sounds", "/", "//", "/sounds/../x", "/./x", "/a b", "/a?b", "/%41", "/a//b", "http://x/a", "/Ton\u00e9", "/a\nb"],
)
def test_what_can_be_no_location_is_refused_at_the_start(
    archive: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("PLAYER_ACCEL", told)
    with pytest.raises(
        ServeError, match=r"PLAYER_ACCEL is .*; give the path of nginx's internal location, as in /sounds$"
    ):
        create_app(archive)


@pytest.mark.parametrize("told", ["/media", "/recordings/sounds", "/static"])
def test_an_address_of_the_players_own_is_refused_at_the_start(
    archive: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("PLAYER_ACCEL", told)
    with pytest.raises(ServeError, match=r"is the player's own; choose another$"):
        create_app(archive)


@pytest.mark.parametrize("told", ["", "  "])
def test_without_it_the_player_sends_by_itself(archive: Path, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("PLAYER_ACCEL", told)
    with create_app(archive).test_client().get("/media/n0") as answer:
        assert answer.data == bytes([0]) + BODY


@pytest.mark.long
def test_an_access_copy_of_the_archives_is_sent_by_nginx(archive: Path, tmp_path: Path) -> None:
    tones = archive / "media" / "tones.wav"
    encoded(tones, "mp3 of constant bitrate").rename(archive / "media" / "spoken.mp3")
    add(archive, "spoken", "spoken.mp3")
    copy = archive / "media" / "access" / "spoken.m4a"
    access.make(archive / "media" / "spoken.mp3", copy)
    with accelerated(archive, tmp_path) as port:
        page = get(port, "/recordings/spoken")[2].decode()
        address = re.findall(r'<source src="([^"#]+)', page)[0].replace("&amp;", "&")
        status, headers, body = get(port, address)
        assert (status, body) == (200, copy.read_bytes())
        assert headers["etag"].count("-") == 1  # nginx's own
        assert headers["content-type"] == "audio/mp4"
        assert headers["content-disposition"] == "inline; filename=spoken.m4a"
        assert headers["cache-control"] == media.YEAR
        assert get(port, address, Range="bytes=5-9", If_Range=headers["etag"])[::2] == (206, body[5:10])
        assert get(port, address.replace("of=", "of=x"))[0] == 409
        assert get(port, "/sounds/access/spoken.m4a")[0] == 404
        read = get(port, "/media/spoken", Host="tapes.example.org")[1]
        assert read["access-control-allow-origin"] == "*"
