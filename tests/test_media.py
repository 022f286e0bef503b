"""A sound file is answered by the rules of RFC 9110 for ranges and conditions, an open range to its end."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawing import examples
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from player.errors import PlayerError
from player.web.serving import media

SIZE = 5_000_000
BODY = bytes(range(251)) * (SIZE // 251 + 1)
BODY = BODY[:SIZE]
CHANGED = 1_000_000_000  # seconds since 1970, on a Sunday in September 2001


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tape.mp3"
    path.write_bytes(BODY)
    os.utime(path, (CHANGED, CHANGED))
    return path


@pytest.fixture
def client(file: Path) -> FlaskClient:
    app = Flask(__name__)

    @app.get("/media/tape")
    def sound() -> Response:
        return media.answer(file)

    @app.errorhandler(PlayerError)
    def refused(error: PlayerError) -> tuple[str, int]:
        return str(error), error.status

    return app.test_client()


def ask(client: FlaskClient, asked: str | None = None, method: str = "GET", **conditions: str) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in conditions.items()}
    if asked is not None:
        headers["Range"] = asked
    return client.open("/media/tape", method=method, headers=headers, buffered=True)


def test_the_whole_file_is_sent_when_no_range_is_asked_for(client: FlaskClient) -> None:
    answer = ask(client)
    assert answer.status_code == 200
    assert answer.data == BODY
    assert answer.content_length == SIZE
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Last-Modified"] == "Sun, 09 Sep 2001 01:46:40 GMT"
    assert re.fullmatch(r'"[\w-]+"', answer.headers["ETag"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=4999999-", SIZE - 1, SIZE - 1),
        ("bytes=4999000-9999999", 4_999_000, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=1000-4999999", 1000, SIZE - 1),
        ("bytes=1000-3999999", 1000, 3_999_999),
        ("bytes=-9999999", 0, SIZE - 1),
        ("bytes=-" + "9" * 5000, 0, SIZE - 1),
        ("bytes=7-" + "9" * 5000, 7, SIZE - 1),
        ("bytes=" + "0" * 5000 + "7-7", 7, 7),
        ("BYTES=1-2", 1, 2),
        ("bytes= 1-2 ", 1, 2),
        ("bytes=1-2,4-5", 1, 2),
        ("bytes=,, 1-2", 1, 2),
        ("bytes=9999999-,4-5", 4, 5),
    ],
)
def test_a_range_is_answered_with_all_the_bytes_that_it_asks_for(
    client: FlaskClient, asked: str, first: int, last: int
) -> None:
    answer = ask(client, asked)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.content_length == last - first + 1
    assert answer.data == BODY[first : last + 1]


@pytest.mark.parametrize(
    "asked",
    [
        "items=0-5",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=1-2,5-2",
        "bytes=1--2",
        "bytes=+1-2",
        "bytes=\u0661-\u0662",
        "0-5",
        "bytes 0-5",
        "bytes=0x1-2",
    ],
)
def test_a_range_that_cannot_be_read_is_ignored(client: FlaskClient, asked: str) -> None:
    answer = ask(client, asked.encode().decode("latin-1"))
    assert (answer.status_code, answer.content_length) == (200, SIZE)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("asked", ["bytes=5000000-", "bytes=5000000-5000001", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_a_range_past_the_end_is_refused_with_the_length_of_the_file(client: FlaskClient, asked: str) -> None:
    answer = ask(client, asked)
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"


def test_an_empty_file_is_sent_whole_as_it_has_no_ranges(client: FlaskClient, file: Path) -> None:
    file.write_bytes(b"")
    answer = ask(client, "bytes=-5")
    assert (answer.status_code, answer.data) == (200, b"")


@settings(max_examples=examples(60))
@given(first=st.integers(0, SIZE - 1), length=st.integers(1, SIZE))
def test_one_answer_holds_the_whole_passage(client: FlaskClient, first: int, length: int) -> None:
    answer = ask(client, f"bytes={first}-{first + length - 1}")
    assert answer.data == BODY[first : first + length]


def test_head_describes_the_whole_file_whatever_range_is_asked_for(client: FlaskClient) -> None:
    plain, ranged = ask(client, method="HEAD"), ask(client, "bytes=0-5", method="HEAD")
    for answer in (plain, ranged):
        assert (answer.status_code, answer.content_length, answer.data) == (200, SIZE, b"")
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["ETag"] == ask(client, "bytes=0-0").headers["ETag"]


def test_who_has_the_file_is_told_so_even_when_asking_for_a_range(client: FlaskClient) -> None:
    etag = ask(client, "bytes=0-0").headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = ask(client, "bytes=0-5", If_None_Match=known)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
    assert ask(client, "bytes=0-5", If_None_Match='"other"').status_code == 206


def test_the_date_is_asked_only_when_no_tag_is(client: FlaskClient) -> None:
    date = ask(client, "bytes=0-0").headers["Last-Modified"]
    assert ask(client, If_Modified_Since=date).status_code == 304
    assert ask(client, "bytes=0-5", If_Modified_Since="Sat, 08 Sep 2001 01:46:40 GMT").status_code == 206
    assert ask(client, "bytes=0-5", If_Modified_Since=date, If_None_Match='"other"').status_code == 206


@pytest.mark.parametrize("kept", ["ETag", "Last-Modified"])
def test_if_range_gives_the_part_while_the_file_is_the_same(client: FlaskClient, kept: str) -> None:
    validator = ask(client, "bytes=0-0").headers[kept]
    assert ask(client, "bytes=0-5", If_Range=validator).status_code == 206


def test_if_range_gives_the_whole_when_the_file_may_have_changed(client: FlaskClient) -> None:
    etag = ask(client, "bytes=0-0").headers["ETag"]
    for stale in (f"W/{etag}", '"other"', etag.strip('"'), "Mon, 10 Sep 2001 01:46:40 GMT", "yesterday", ""):
        assert ask(client, "bytes=0-5", If_Range=stale).status_code == 200, stale


def test_a_precondition_that_fails_is_answered_without_the_file(client: FlaskClient) -> None:
    etag = ask(client, "bytes=0-0").headers["ETag"]
    for failing in (
        {"If_Match": '"other"'},
        {"If_Match": f"W/{etag}"},
        {"If_Unmodified_Since": "Sat, 08 Sep 2001 01:46:40 GMT"},
    ):
        answer = ask(client, "bytes=0-5", **failing)
        assert answer.status_code == 412
        assert len(answer.data) < 1000
    for met in ({"If_Match": etag}, {"If_Match": "*"}, {"If_Unmodified_Since": "Sun, 09 Sep 2001 01:46:40 GMT"}):
        assert ask(client, "bytes=0-5", **met).status_code == 206


def test_the_tag_changes_with_the_file_even_within_a_second(client: FlaskClient, file: Path) -> None:
    before = ask(client, "bytes=0-0")
    os.utime(file, ns=(0, CHANGED * 10**9 + 1))
    after = ask(client, "bytes=0-0")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.headers["Last-Modified"] == after.headers["Last-Modified"]


def test_the_tag_changes_when_bytes_in_the_middle_do_though_size_and_time_are_put_back(
    client: FlaskClient, file: Path
) -> None:
    tag = ask(client, "bytes=0-0").headers["ETag"]
    with file.open("r+b") as sound:
        sound.seek(SIZE // 2)
        sound.write(b"other")
    os.utime(file, (CHANGED, CHANGED))
    again = ask(client, "bytes=0-0", If_Range=tag)
    assert again.headers["ETag"] != tag
    assert again.status_code == 200, "not a part of one sound after a part of another"


def test_the_tag_changes_when_another_file_takes_the_place(client: FlaskClient, file: Path) -> None:
    tag = ask(client, "bytes=0-0").headers["ETag"]
    other = file.with_name("other")
    other.write_bytes(BODY[::-1])
    os.utime(other, (CHANGED, CHANGED))
    other.replace(file)
    assert ask(client, "bytes=0-0").headers["ETag"] != tag


def test_the_tag_tells_nobody_sizes_times_and_inodes(client: FlaskClient, file: Path) -> None:
    tag = ask(client, "bytes=0-0").headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{10}-[0-9a-f]{10}"', tag)
    for number in (SIZE, CHANGED, file.stat().st_ino):
        assert f"{number:x}" not in tag


@pytest.mark.parametrize("moment", [-(2**31), -1, 2**32, 2**33], ids=["1901", "1969", "2106", "2242"])
def test_a_file_whose_clock_was_wrong_is_sent_with_a_date_that_may_be(
    client: FlaskClient, file: Path, moment: int
) -> None:
    os.utime(file, (moment, moment))
    assert file.stat().st_mtime == moment
    answer = ask(client, "bytes=0-0")
    assert answer.status_code == 206
    assert answer.last_modified is not None
    # When the inode was changed: now, by a clock that is right.
    assert abs(answer.last_modified.timestamp() - file.stat().st_ctime) < 1
    assert ask(client, If_None_Match=answer.headers["ETag"]).status_code == 304


def test_a_pipe_is_not_waited_for(client: FlaskClient, file: Path) -> None:
    file.unlink()
    os.mkfifo(file)
    assert ask(client).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mp3", "audio/mpeg"),
        ("a.WAV", "audio/wav"),
        ("a.flac", "audio/flac"),
        ("a.ogg", "audio/ogg"),
        ("a.opus", "audio/ogg"),
        ("a.m4a", "audio/mp4"),
        ("a.what", "application/octet-stream"),
    ],
)
def test_a_sound_is_called_by_its_registered_type(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"sound")
    with Flask(__name__).test_request_context():
        answer = media.answer(tmp_path / name)
        answer.close()
    assert answer.content_type == kind
    assert name in answer.headers["Content-Disposition"]


def test_an_address_with_the_files_version_may_be_kept(client: FlaskClient, file: Path) -> None:
    kept = client.get(f"/media/tape?v={media.version(file)}", headers={"Range": "bytes=0-0"}, buffered=True)
    assert "immutable" in kept.headers["Cache-Control"]
    other = client.get("/media/tape?v=other", headers={"Range": "bytes=0-0"}, buffered=True)
    assert other.headers["Cache-Control"] == "no-cache"


def test_a_file_that_has_gone_is_not_found(client: FlaskClient, file: Path) -> None:
    file.unlink()
    answer = ask(client, "bytes=0-")
    assert answer.status_code == 404
    assert "the sound file tape.mp3 is missing at the moment" in answer.text
    file.mkdir()
    assert ask(client).status_code == 404


def test_a_file_that_shrinks_while_it_is_sent_cuts_the_answer_off(client: FlaskClient, file: Path) -> None:
    with client.get("/media/tape", buffered=False) as answer:
        chunks = iter(answer.response)
        next(chunks)
        os.truncate(file, 1000)
        with pytest.raises(ConnectionResetError):
            list(chunks)


@pytest.fixture
def handles() -> Iterator[set[str]]:
    yield (before := open_files())
    assert open_files() == before


def open_files() -> set[str]:
    folder = Path("/proc/self/fd") if Path("/proc/self/fd").is_dir() else Path("/dev/fd")
    found = set()
    for name in folder.iterdir():
        try:
            found.add(f"{name.name} {name.readlink()}")
        except OSError:  # the listing's own handle
            continue
    return {entry for entry in found if entry.endswith("tape.mp3")}


@pytest.mark.usefixtures("handles")
def test_the_file_is_closed_however_the_answer_ends(client: FlaskClient, file: Path) -> None:
    ask(client, "bytes=0-5")
    ask(client, "bytes=9999999-")
    ask(client, method="HEAD")
    ask(client, If_None_Match="*")
    ask(client, If_Match='"other"')
    client.get("/media/tape", buffered=False).close()  # nothing was read
    with client.get("/media/tape", buffered=False) as started:
        next(iter(started.response))
    with client.application.test_request_context():
        media.answer(file).close()


def test_no_read_is_longer_than_256_kib(client: FlaskClient) -> None:
    with client.get("/media/tape", buffered=False) as answer:
        assert {len(chunk) for chunk in answer.response} == {256 * 1024, SIZE % (256 * 1024)}
