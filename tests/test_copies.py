"""Where browsers do not play a sound exactly, pages name a copy of it: the archive's own, else one made meanwhile."""

from __future__ import annotations

import os
import shutil
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner
from clip_server import until
from html_elements import parse
from tones import encoded, write_tones

from player.audio import access, cache
from player.audio.access_worker import AccessWorker
from player.cli import main
from player.errors import ServeError
from player.web.app import create_app
from player.web.serving import copies, kept_pages, media
from player.web.serving.headers import SECURITY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE = "/recordings/tones"


class Sources(NamedTuple):
    """What a page's audio element plays: a copy, if it has one, and what is held."""

    copy: str | None
    held: str


@pytest.fixture
def archive(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The small archive with its sound as an MP3, and a cache of its own, which no copy comes to after the test."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "10")
    # A copy may be there within the second for which a page is trusted to be as it was.
    monkeypatch.setattr(kept_pages, "KeptPages", partial(kept_pages.KeptPages, trust=0))
    use(archive, "mp3 of constant bitrate")
    workers: list[AccessWorker] = []

    class Noted(AccessWorker):
        def __init__(self, most: int) -> None:
            super().__init__(most)
            workers.append(self)

    monkeypatch.setattr(copies, "AccessWorker", Noted)
    yield archive
    # What is in hand would go into the cache of the next test.
    for worker in workers:
        worker.join()


@pytest.fixture
def held(archive: Path) -> Path:
    return archive / "media" / "tones.mp3"


def use(archive: Path, kind: str) -> None:
    """Let the archive hold its sound in another kind of file."""
    wav = archive / "media" / "tones.wav"
    made = encoded(wav, kind)
    made.replace(wav.with_suffix(made.suffix))
    wav.unlink()
    os.utime(wav.with_suffix(made.suffix), (1_000_000_000, 1_000_000_000))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", f"tones{made.suffix}"), encoding="utf-8")


def ship(archive: Path, *options: str) -> None:
    """Make a copy that is a part of the archive."""
    run = CliRunner().invoke(main, ["access", "tones", "--archive", str(archive), *options])
    assert run.exit_code == 0, run.output


def sources(client: FlaskClient, page: str = PAGE) -> Sources:
    audio = parse(client.get(page).text).one("audio")
    if audio["src"]:
        return Sources(None, audio["src"])
    copy, held = audio.all("source")
    assert (copy["type"], held["type"]) == ('audio/mp4; codecs="mp4a.40.2"', "")
    return Sources(copy["src"], held["src"])


def made(client: FlaskClient) -> str:
    """Give the address of the copy that was made for a page.

    Where the page was kept before the copy was there, it has it a second later (``kept_pages.TRUST``).
    """
    client.get(PAGE)
    worker: AccessWorker = client.application.extensions["access_worker"]
    worker.join()
    until(lambda: sources(client).copy)
    copy = sources(client).copy
    worker.join()  # it has looked whether the archive has a better one
    assert copy is not None
    return copy.partition("#")[0]


def use_exact(archive: Path) -> None:
    """Let the archive hold a sound that browsers play exactly."""
    shutil.rmtree(archive / "media")
    (archive / "media").mkdir()
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.mp3", "tones.wav"), encoding="utf-8")
    write_tones(archive / "media" / "tones.wav", seconds=10)


def test_a_sound_that_browsers_play_exactly_has_no_copy_whoever_asks_for_one(archive: Path, tmp_path: Path) -> None:
    use_exact(archive)
    client = create_app(archive).test_client()
    assert sources(client).copy is None
    assert "exact" not in client.get(PAGE).text
    assert client.get("/media/tones/access").status_code == 404
    client.application.extensions["access_worker"].join()
    assert not list((tmp_path / "cache").rglob("*.m4a"))


def test_a_copy_that_an_archive_has_of_such_a_sound_is_played(archive: Path) -> None:
    use_exact(archive)
    ship(archive, "--force")
    client = create_app(archive).test_client()
    copy = sources(client).copy
    assert copy is not None
    assert client.get(copy.partition("#")[0]).mimetype == "audio/mp4"
    assert "exact" not in client.get(PAGE).text


def test_until_there_is_a_copy_what_is_held_plays_and_the_page_says_what_that_means(archive: Path) -> None:
    client = create_app(archive).test_client()
    first = client.get(PAGE).text
    assert parse(first).one("audio")["src"].startswith("/media/tones?v=")
    said = parse(first).one("span.inexact").text
    assert said.startswith("This sound file may not play as it should (after a jump, browsers play an MP3 up to 50 ms")
    assert said.endswith("A copy that does is being prepared; load this page again later to hear it.")
    copy = made(client)
    assert copy.startswith("/media/tones/access?v=")
    page = parse(client.get(PAGE).text)
    assert "being prepared" not in page.one("main").text
    assert "plays the sound file itself" in page.one("inexact-sound").one("noscript").text


def test_a_copy_is_sent_as_a_sound_is(archive: Path, held: Path) -> None:
    client = create_app(archive).test_client()
    address = made(client)
    body = next((archive.parent / "cache" / access.CACHE_KIND).glob("*.m4a")).read_bytes()
    with client.get(address) as whole:
        assert (whole.status_code, whole.data) == (200, body)
        headers = dict(whole.headers)
    assert headers["Content-Type"] == "audio/mp4"
    assert headers["Content-Disposition"] == "inline; filename=tones.m4a"
    assert headers["Cache-Control"] == media.YEAR
    assert {name: headers[name] for name in SECURITY} == SECURITY
    with client.get(address, headers={"Range": "bytes=10-19", "If-Range": headers["ETag"]}) as part:
        assert (part.status_code, part.data) == (206, body[10:20])
        assert part.headers["Content-Range"] == f"bytes 10-19/{len(body)}"
    with client.head(address) as head:
        assert (head.status_code, head.data, head.content_length) == (200, b"", len(body))
    assert client.get(address, headers={"If-None-Match": headers["ETag"]}).status_code == 304
    with client.get("/media/tones/access") as unnamed:
        assert (unnamed.data, unnamed.headers["Cache-Control"]) == (body, "no-cache")
    with client.get("/media/tones") as original:
        assert original.data == held.read_bytes()


@pytest.mark.long
def test_both_sources_begin_where_the_address_says(archive: Path) -> None:
    client = create_app(archive).test_client()
    made(client)
    for query, at in (("?t=3,5", "#t=3,5"), ("?t=4", "#t=4"), ("", "#t=2")):
        found = sources(client, PAGE + query)
        assert found.copy is not None
        assert (found.copy.partition("#")[1:], found.held.partition("#")[1:]) == ((("#", at[1:]),) * 2)


def test_below_a_path_the_copy_is_there_too(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(create_app(archive).test_client())
    monkeypatch.setenv("PLAYER_URL", "https://www.example.org/tapes")
    client = create_app(archive).test_client()
    found = parse(client.get(PAGE, base_url="http://localhost/tapes").text).all("source")
    assert [each["src"].partition("?")[0] for each in found] == ["/tapes/media/tones/access", "/tapes/media/tones"]


@pytest.mark.long
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_copy_of_a_sound_that_was_replaced_is_refused(archive: Path, held: Path, method: str) -> None:
    client = create_app(archive).test_client()
    address = made(client)
    write_tones(archive / "media" / "other.wav", seconds=10, seed=7)
    encoded(archive / "media" / "other.wav", "mp3 of constant bitrate").replace(held)
    with client.open(address, method=method, headers={"Range": "bytes=0-9"}) as answer:
        assert (answer.status_code, answer.mimetype) == (409, "text/html")
    assert made(client) != address


@pytest.mark.long
def test_a_sound_that_was_only_moved_or_given_away_keeps_the_copy_of_an_open_page(archive: Path, held: Path) -> None:
    client = create_app(archive).test_client()
    address = made(client)
    held.chmod(0o640)
    made(client)
    with client.get(address) as answer:
        assert answer.status_code == 200


@pytest.mark.long
def test_an_open_page_keeps_its_copy_when_the_archive_has_one_of_its_own(archive: Path) -> None:
    client = create_app(archive).test_client()
    begun = made(client)
    with client.get(begun) as answer:
        body = answer.data
    ship(archive)
    sidecar = archive / "media" / "access" / "tones.json"
    before = sidecar.stat()
    same = sources(client).copy  # the same sound made into the same bytes
    assert same is not None
    assert same.partition("#")[0] == begun
    with client.get(begun) as answer:
        assert answer.data == body
    assert sidecar.stat().st_ctime_ns == before.st_ctime_ns  # nothing is written into the archive
    # Another, as another version of the encoder makes.
    copy = sidecar.with_suffix(".m4a")
    other = copy.read_bytes() + b"\0\0\0\x08free"
    copy.write_bytes(other)
    told = sidecar.read_text(encoding="utf-8").replace(str(len(body)), str(len(other)))
    digest = cache.digest(copy)
    sidecar.write_text(
        told.replace(access.of(archive / "media", "tones", archive / "media" / "tones.mp3")[0].sha256, digest),
        encoding="utf-8",
    )
    better = sources(client).copy
    assert better is not None
    assert better.partition("#")[0] != begun
    for address, content in ((begun, body), (better, other)):
        with client.get(address) as answer:
            assert (answer.status_code, answer.data) == (200, content)
    with client.get("/media/tones/access") as best:
        assert best.data == other


@pytest.mark.long
def test_a_copy_that_is_not_there_is_missing_and_made_again_as_it_was(archive: Path) -> None:
    client = create_app(archive).test_client()
    address = made(client)
    shutil.rmtree(archive.parent / "cache" / access.CACHE_KIND)
    gone = client.get(address, headers={"Range": "bytes=0-9"})
    assert (gone.status_code, gone.mimetype) == (404, "text/html")
    assert "is not there at the moment" in gone.text
    client.application.extensions["access_worker"].join()
    with client.get(address) as again:
        assert again.status_code == 200
    assert made(client) == address
    assert client.get(address.replace("?v=", "?v=x")).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize("what", ["stale", "cut short", "of another", "no sidecar"])
def test_a_copy_that_is_not_right_is_not_played(
    archive: Path, held: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    ship(archive)
    copy = archive / "media" / "access" / "tones.m4a"
    if what == "stale":
        held.write_bytes(held.read_bytes()[:20_000])
    elif what == "cut short":
        copy.write_bytes(copy.read_bytes()[:-1])
    elif what == "of another":
        copy.write_bytes(copy.read_bytes()[:-1] + b"\1")
    else:
        copy.with_suffix(".json").unlink()
    client = create_app(archive).test_client()
    assert sources(client).copy is None
    made(client)  # one is made in its place
    with client.get("/media/tones/access") as answer:
        assert answer.status_code == 200
        assert answer.data != copy.read_bytes() or what == "no sidecar"
    told = [each.message for each in caplog.records if "so it is not played" in each.message]
    assert len(told) == 1
    assert told[0].endswith(f"make it again: player access tones{' --force' if what == 'no sidecar' else ''}")


@pytest.mark.long
def test_a_copy_of_the_archives_is_sent_by_nginx_and_one_of_the_cache_by_the_player(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_ACCEL", "/sounds")
    client = create_app(archive).test_client()
    with client.get(made(client)) as cached:
        assert "X-Accel-Redirect" not in cached.headers
        assert len(cached.data) == cached.content_length
    ship(archive)
    with client.get(made(client)) as shipped:
        assert shipped.headers["X-Accel-Redirect"] == "/sounds/access/tones.m4a"
        assert shipped.headers["Content-Disposition"] == "inline; filename=tones.m4a"


@pytest.mark.parametrize("told", ["many", "-1", "1.5", "1234567890", "\u0662"])
def test_a_limit_that_is_none_is_refused_at_the_start(
    archive: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", told)
    with pytest.raises(ServeError, match=r"PLAYER_COPY_MEGABYTES is .*; give a whole number, 0 or more"):
        create_app(archive)


@pytest.mark.parametrize("told", ["0", " 0 "])
def test_of_no_megabytes_none_is_made_and_none_is_promised(
    archive: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", told)
    client = create_app(archive).test_client()
    assert "as it should (after a jump" in client.get(PAGE).text
    assert "prepared" not in client.get(PAGE).text
    client.application.extensions["access_worker"].join()
    assert sources(client).copy is None
    ship(archive)
    assert sources(client).copy is not None
