"""Of a sound of which a passage is closed, a browser gets a copy that is silent there, and nothing else, in any way."""

from __future__ import annotations

import hashlib
import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from closed_tone import CLOSED, KINDS, write_kind, write_tone
from editors import editors_client
from html_elements import parse
from test_waveform import bars
from tone_heard import SILENT, level_in

from player.audio import access
from player.cli import main
from player.timecode import Span
from player.web.app import create_app
from player.web.serving import kept_pages, media

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE, SOUND, COPY = "/recordings/tape", "/media/tape", "/media/tape/access"
WAVE = "/recordings/tape/waveform.svg"
RECORD = """\
title = "A tape"
date = "1963-11-05"
media = "{name}"
"""
PASSAGE = """
[[closed]]
start = "{start}"
end = "{end}"
until = "2041"
"""


def close(archive: Path, *spans: Span) -> None:
    """Close these passages of the tape, and open all others."""
    record = archive / "transcripts" / "tape" / "recording.toml"
    (sound,) = (path for path in (archive / "media").iterdir() if path.is_file())
    passages = [PASSAGE.format(start=span.start / 1000, end=span.end / 1000) for span in spans]
    record.write_text("".join([RECORD.format(name=sound.name), *passages]), encoding="utf-8")


def archive_of(root: Path, kind: str, closed: Sequence[Span] = (CLOSED,)) -> Path:
    (root / "media").mkdir(parents=True)
    (root / "transcripts" / "tape").mkdir(parents=True)
    held = write_kind(root / "media", kind, "tape")
    os.utime(held, (1_000_000_000, 1_000_000_000))
    close(root, *closed)
    return root


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLAYER_ARCHIVE", "PLAYER_URL", "PLAYER_PROXIES", "PLAYER_ACCESS_LOG", "PLAYER_ACCEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "10")
    # A copy may be there within the second for which a page is trusted to be as it was.
    monkeypatch.setattr(kept_pages, "KeptPages", partial(kept_pages.KeptPages, trust=0))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return archive_of(tmp_path / "archive", "wav")


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def held_of(archive: Path) -> Path:
    return next(path for path in (archive / "media").iterdir() if path.is_file())


def wait(client: FlaskClient) -> None:
    """Wait until all copies and outlines that were asked for are made."""
    for name in ("access_worker", "waveform_worker"):
        client.application.extensions[name].join()


def copy_address(client: FlaskClient) -> str | None:
    """Give what is played of the tape, once it is made."""
    client.get(PAGE)
    wait(client)
    (played,) = client.get("/search/sound/tape").get_json() or [{"src": None}]
    wait(client)
    address: str | None = played["src"]
    return address


def ship(archive: Path, silent: Sequence[Span] = ()) -> Path:
    place = access.place(archive / "media", "tape", "m4a")
    return access.make(held_of(archive), place, force=True, silent=silent).path


def test_until_there_is_a_copy_nothing_plays(client: FlaskClient) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert not parse(page.text).all("audio")
    assert client.get(COPY).status_code == 404
    assert "/media/" not in page.text
    wait(client)
    address = copy_address(client)
    assert address is not None
    assert address.startswith(f"{COPY}?v=")
    page = client.get(PAGE)
    assert parse(page.text).one("audio")["src"].startswith(address)
    assert f"{SOUND}?" not in page.text


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind == "wav" else [pytest.mark.long]) for kind in KINDS]
)
def test_the_tone_is_not_in_what_is_sent(tmp_path: Path, kind: str) -> None:
    archive = archive_of(tmp_path / "archive", kind)
    client = create_app(archive).test_client()
    held = held_of(archive)
    address = copy_address(client)
    assert address is not None
    for each in (address, COPY, f"{COPY}?of={media.version(held)}"):
        with client.get(each) as answer:
            assert answer.status_code == 200
            assert level_in(answer.data) < SILENT
    with client.get(address, headers={"Range": "bytes=0-"}) as part:
        assert part.status_code == 206
        assert level_in(part.data) < SILENT


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_file_as_held_is_not_sent_whatever_is_asked(archive: Path, client: FlaskClient, method: str) -> None:
    held = held_of(archive)
    close(archive)
    with client.get(SOUND) as open_one:
        assert open_one.data == held.read_bytes()
        tag, modified = open_one.headers["ETag"], open_one.headers["Last-Modified"]
    close(archive, CLOSED)
    version = media.version(held)
    asked: list[dict[str, str]] = [
        {},
        {"Range": "bytes=0-"},
        {"Range": "bytes=-100"},
        {"If-None-Match": tag},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
        {"If-Range": tag, "Range": "bytes=0-9"},
        {"If-Match": '"another"'},
        {"Range": "bytes=999999999-"},
    ]
    for query in ("", f"?v={version}", "?v=other", f"?v={version}&of={version}"):
        for headers in asked:
            answer = client.open(SOUND + query, method=method, headers=headers)
            assert (answer.status_code, answer.mimetype) == (403, "text/html"), (query, headers)
            assert not {"ETag", "Last-Modified", "Content-Range", "Accept-Ranges", "X-Accel-Redirect"} & {
                *answer.headers.keys()
            }
            if method == "GET":
                assert "Part of the sound of &#34;A tape&#34; is closed" in answer.text


def test_nginx_is_not_told_to_send_it(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_ACCEL", "/sounds")
    ship(archive)
    client = create_app(archive).test_client()
    for address in (SOUND, f"{SOUND}?v={media.version(held_of(archive))}", COPY):
        answer = client.get(address)
        assert answer.status_code in {403, 404}
        assert "X-Accel-Redirect" not in answer.headers
    ship(archive, [CLOSED])
    assert client.get(COPY).headers["X-Accel-Redirect"] == "/sounds/access/tape.m4a"


@pytest.mark.long
def test_a_copy_in_which_all_is_heard_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the one in the cache, nor the one that the archive ships."""
    archive = archive_of(tmp_path / "archive", "mp3", ())
    client = create_app(archive).test_client()
    client.get(PAGE)
    wait(client)
    with client.get(COPY) as answer:
        assert level_in(answer.data) > SILENT
        before = f"{COPY}?v={answer.headers['ETag'].strip(chr(34))}"
        tag = answer.headers["ETag"]
    ship(archive)
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "0")
    client = create_app(archive).test_client()
    with client.get(COPY) as answer:
        assert answer.status_code == 200
    close(archive, CLOSED)
    for address, status in ((COPY, 404), (before, 409), (f"{COPY}?v=", 404)):
        for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-"}):
            answer = client.get(address, headers=headers)
            assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "What may be heard of &#34;A tape&#34; has changed" in client.get(before).text
    assert copy_address(client) is None
    assert not parse(client.get(PAGE).text).all("audio")


@pytest.mark.long
def test_a_changed_passage_has_a_copy_of_its_own_and_an_open_one_none(archive: Path, client: FlaskClient) -> None:
    first = copy_address(client)
    assert first is not None
    with client.get(first) as answer:
        assert answer.status_code == 200
    close(archive, Span(CLOSED.start, CLOSED.end + 500))
    assert client.get(first).status_code == 409
    assert client.get(COPY).status_code == 404
    second = copy_address(client)
    assert second not in {None, first}
    assert client.get(first).status_code == 409
    close(archive)
    held = held_of(archive)
    assert copy_address(client) == f"{SOUND}?v={media.version(held)}"
    with client.get(SOUND) as answer:
        assert answer.data == held.read_bytes()
    # The page that played the copy is told to load again.
    assert client.get(first).status_code == 409
    assert client.get(COPY).status_code == 404


@pytest.mark.long
def test_an_answer_that_has_begun_ends_and_the_next_is_refused(
    archive: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "READ", 4096)
    address = copy_address(client)
    assert address is not None
    body, length = sent_while(client, address, lambda: close(archive, CLOSED, Span(3000, 3500)))
    assert len(body) == length
    assert client.get(address).status_code == 409
    close(archive)
    body, _ = sent_while(client, SOUND, lambda: close(archive, CLOSED))
    assert body == held_of(archive).read_bytes()
    assert client.get(SOUND).status_code == 403


def sent_while(client: FlaskClient, address: str, do: Callable[[], None]) -> tuple[bytes, int | None]:
    """Give the bytes of an answer, of which the first come before something is done and the others after it."""
    with client.get(address, buffered=False) as answer:
        pieces = answer.iter_encoded()
        body = next(iter(pieces))
        do()
        assert len(body) == 4096
        return body + b"".join(pieces), answer.content_length


@pytest.mark.long
def test_a_passage_past_the_end_closes_all_of_the_sound(
    archive: Path, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    close(archive, Span(6000, 7000))
    assert copy_address(client) is None
    assert client.get(COPY).status_code == 404
    assert client.get(SOUND).status_code == 403
    assert "the record closes the passage 0:06 to 0:07, but the sound ends at 0:04; correct the times" in caplog.text
    wait(client)
    assert {half for _, _, _, half in bars(client.get(WAVE).text)} == {2.0}


@pytest.mark.long
def test_the_outline_is_flat_where_it_is_closed_and_has_an_address_of_its_own(
    archive: Path, client: FlaskClient
) -> None:
    close(archive)
    client.get(WAVE)
    wait(client)
    whole = bars(client.get(WAVE).text)
    close(archive, CLOSED)
    client.get(WAVE)
    wait(client)
    closed = client.get(WAVE)
    drawn = bars(closed.text)
    assert closed.status_code == 200
    for (x, _, _, before), (_, _, _, height) in zip(whole, drawn, strict=True):
        start, end = x * 4, (x + 3) * 4
        if start < CLOSED.end and CLOSED.start < end:
            assert height == 2 < before
        elif end < CLOSED.start - 20 or start > CLOSED.end + 20:
            # The loudest bar is as high as the drawing: it is another one now.
            assert height >= before > 2
    version = media.version(held_of(archive))
    assert client.get(f"{WAVE}?v={version}").headers["Cache-Control"] == "no-cache"
    page = client.get(PAGE)
    wait(client)
    page = client.get(PAGE)
    address = parse(page.text).one("time-line")["data-wave"]
    assert address.startswith(f"{WAVE}?v={version}&silent=")
    assert "immutable" in client.get(address).headers["Cache-Control"]
    close(archive, Span(0, 500))
    assert client.get(address).headers["Cache-Control"] == "no-cache"


def access_command(archive: Path, *arguments: str) -> str:
    run = CliRunner().invoke(main, ["access", *arguments, "--archive", str(archive)])
    assert run.exit_code == 0, run.output
    return run.output


@pytest.mark.long
def test_an_archive_may_ship_the_copy(archive: Path, client: FlaskClient) -> None:
    (advised,) = access.advice(archive / "media", "tape", held_of(archive), [CLOSED])
    assert advised.remedy == "make that copy: player access tape"
    assert "made from tape.wav, silent from 0:01.3 to 0:02.1; " in access_command(archive, "tape")
    assert not list(access.advice(archive / "media", "tape", held_of(archive), [CLOSED]))
    with client.get(COPY) as answer:
        assert answer.status_code == 200
        assert level_in(answer.data) < SILENT
    assert "this is up to date" in access_command(archive, "--all")
    close(archive, CLOSED, Span(3000, 3500))
    assert client.get(COPY).status_code == 404
    assert "silent from 0:01.3 to 0:02.1; 0:03 to 0:03.5; " in access_command(archive, "--all")
    assert client.get(COPY).status_code == 200
    close(archive)
    assert "made from tape.wav; in step with it" in access_command(archive, "tape")
    with client.get(COPY) as answer:
        assert level_in(answer.data) > SILENT


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "why"),
    [
        ('[access]\nsound = "closed"\nuntil = "2041"\n', "its sound is closed until 2041"),
        ('[access]\nrecord = "on request"\n', "its sound is on request"),
        ('[withdrawal]\ndate = "2026-01-01"\n', "the recording was withdrawn"),
    ],
)
def test_of_what_nobody_hears_no_copy_is_made(archive: Path, table: str, why: str) -> None:
    close(archive, CLOSED)
    record = archive / "transcripts" / "tape" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8") + table, encoding="utf-8")
    assert f"{why}, so it needs no copy; --force makes one all the same" in access_command(archive, "--all")
    assert not list(archive.glob("media/access/*"))


@pytest.mark.long
def test_of_a_draft_a_copy_is_made_for_the_day_on_which_it_is_published(archive: Path) -> None:
    record = archive / "transcripts" / "tape" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8") + '[access]\nrecord = "draft"\n', encoding="utf-8")
    assert "silent from 0:01.3 to 0:02.1" in access_command(archive, "--all")
    close(archive, CLOSED)
    client = create_app(archive).test_client()
    assert client.get(COPY).status_code == 200


@pytest.mark.long
def test_those_who_prepare_a_draft_hear_it_with_its_closed_passages_silent(archive: Path) -> None:
    record = archive / "transcripts" / "tape" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8") + '[access]\nrecord = "draft"\n', encoding="utf-8")
    client = editors_client(archive)
    address = copy_address(client)
    assert address is not None
    with client.get(address) as answer:
        assert level_in(answer.data) < SILENT
    assert client.get(SOUND).status_code == 403
    assert client.get("/recordings/tape/clip.wav?t=1,2").status_code == 403
    visitors = create_app(archive).test_client()
    for each in (address, SOUND, COPY, WAVE, "/recordings/tape/clip.wav?t=0,1", "/search/sound/tape"):
        assert visitors.get(each).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize("table", ['[withdrawal]\ndate = "2026-01-01"\n', '[access]\nsound = "closed"\n', PASSAGE])
def test_a_copy_that_nobody_may_be_sent_once_it_is_made_is_not_kept(
    archive: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, table: str
) -> None:
    record = archive / "transcripts" / "tape" / "recording.toml"
    make = access.make_cached

    def closed_meanwhile(*arguments: Any, **named: Any) -> access.Copy:
        made = make(*arguments, **named)
        record.write_text(record.read_text(encoding="utf-8") + table.format(start=3, end=3.5), encoding="utf-8")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(access, "make_cached", closed_meanwhile)
        client.get(PAGE)
        wait(client)
    assert not list((tmp_path / "cache" / access.CACHE_KIND).iterdir())


@pytest.mark.long
def test_in_another_sound_nobody_knows_where_a_passage_is(
    archive: Path, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The transcript is bound to the sound to which it was timed, and another was put in its place."""
    digest = hashlib.sha256(held_of(archive).read_bytes()).hexdigest()
    (archive / "transcripts" / "tape" / "transcript.vtt").write_text(
        f"WEBVTT\nLocal Usage Element: [Media SHA-256] {digest}\n\n00:01.000 --> 00:02.000\nA line.\n",
        encoding="utf-8",
    )
    first = copy_address(client)
    assert first is not None
    write_tone(held_of(archive), Span(2500, 3000))
    os.utime(held_of(archive), (1_100_000_000, 1_100_000_000))
    assert copy_address(client) is None
    for address in (COPY, re.sub("&of=[^&]*", "", first)):
        assert client.get(address).status_code == 404
    assert client.get(SOUND).status_code == 403
    assert "what tape closes was timed to another sound" in caplog.text
    assert "and none of the recording is played" in caplog.text
    ship(archive, [CLOSED])
    assert client.get(COPY).status_code == 404
    wait(client)
    assert [height for _, _, _, height in bars(client.get(WAVE).text)] == [2.0]
    assert client.get("/recordings/tape/clip.wav?t=0,1").status_code == 403
    for command in (("access", "tape"), ("clip", "tape", "--from", "0", "--to", "1", "-o", "out.wav")):
        run = CliRunner().invoke(main, [*command, "--archive", str(archive)])
        assert run.exit_code == 1, run.output
