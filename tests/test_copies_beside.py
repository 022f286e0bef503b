"""The access copy of a sound in object storage lies beside it there, and every server sends it; a stand-in plays S3."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

import numpy as np
import pytest
from clipping import run
from s3_server import BUCKET, S3, s3
from small_archive import bind
from test_distant_sounds import encoded_beside, sound_of
from test_stored_sounds import name_in
from tones import ffmpeg

from player import stamp
from player.audio import access
from player.audio.decode.samples import decoding
from player.audio.decode.stream import header
from player.publish.book import sound
from player.storage import copies_beside, objects
from player.storage.addresses import parsed
from player.storage.beside import vouched
from player.timecode import Span
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.long

SECRET: Final = "5e" * 16
ASKED: Final = ("access", "--all", "--beside")
CLOSED: Final = '[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "sound"\n'
WITHDRAWN: Final = '[withdrawal]\ndate = "2026-01-02"\nreason = "At the wish of the narrator."'
SPAN: Final = Span(2000, 4000)
PLAYED: Final = re.compile(r'<source src="(/media/tones/access[^"]*)"')


@pytest.fixture(scope="session")
def server() -> Iterator[S3]:
    with s3() as found:
        yield found


@pytest.fixture
def key(archive: Path, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Have an MP3 in the bucket, under this key: browsers need a copy of it."""
    objects.forget()
    for name in ("FRESH", "_PAUSE", "_WAIT"):
        monkeypatch.setattr(objects, name, 0)
    monkeypatch.setattr(stamp, "_TICK", 0)
    for name, value in {**server.environment, "PLAYER_BESIDE_KEY": SECRET}.items():
        monkeypatch.setenv(name, value)
    bind(archive)
    shutil.move(archive / "media" / "tones.wav", tmp_path / "tones.wav")
    put(archive, server, encoded_beside(tmp_path / "tones.wav", "tones.mp3"), tmp_path)
    on_machine("one", tmp_path, monkeypatch)
    yield f"{tmp_path.name}/tones.mp3"
    server.fate()


def put(archive: Path, server: S3, sound: Path, folder: Path) -> None:
    name_in(archive, server.put(sound, f"{folder.name}/{sound.name}"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(
        re.sub(r"Local Usage Element:.*\n", "", (record.parent / "transcript.vtt").read_text("utf-8")), "utf-8"
    )


def on_machine(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(folder / name))
    objects.forget()


def done(archive: Path, *asked: str) -> Result:
    found = run(archive, *(asked or ASKED))
    assert found.exit_code == 0, found.output
    return found


def declare(archive: Path, text: str) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f"{record.read_text('utf-8')}\n{text}\n", "utf-8")


def told(server: S3, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(server.content(f"{key}.player.json"))["values"]["copies-1"]
    return found


def kinds(server: S3, key: str) -> set[str]:
    """Give of what is told beside a sound."""
    return set(json.loads(server.content(f"{key}.player.json"))["values"])


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


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_copy_that_was_put_there_with_another_key_is_taken_up_or_told(
    archive: Path,
    key: str,
    server: S3,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    is_withdrawn: bool,
) -> None:
    done(archive)
    there = server.names(key)
    (one,) = told(server, key)
    if is_withdrawn:
        declare(archive, WITHDRAWN)
    monkeypatch.setenv("PLAYER_BESIDE_KEY", "7a" * 16)
    done(archive)
    said = f"s3://{BUCKET}/{key}{one['ending']}: this was put there with another PLAYER_BESIDE_KEY, and is not used"
    assert (said in caplog.text) == is_withdrawn
    assert server.names(key) == there
    assert len(access.beside(sound_of(archive))) == (not is_withdrawn)
    if is_withdrawn:
        monkeypatch.setenv("PLAYER_BESIDE_KEY", SECRET)
        done(archive)
        assert server.names(key) == {"", ".player.json"}


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


def test_a_copy_goes_when_its_recording_is_withdrawn(archive: Path, key: str, server: S3) -> None:
    done(archive)
    declare(archive, WITHDRAWN)
    said = done(archive).stdout
    assert f"s3://{BUCKET}/{key}: a copy beside it, of no recording as it is now, removed" in said
    assert server.names(key) == {"", ".player.json"}


def test_who_may_not_write_there_is_told_and_nothing_is_lost(archive: Path, key: str, server: S3) -> None:
    server.fate(("PUT|POST", re.escape(key), "refused"))
    refused = run(archive, *ASKED)
    assert refused.exit_code == 1, refused.output
    assert re.search(r"json: the storage does not let it be written; give keys that may do so", refused.stderr)
    assert server.names(key) == {""}


def noise(folder: Path) -> Path:
    """Give noise, of which a copy in FLAC takes two parts."""
    made = folder / "noise.wav"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=r=48000:d=80:seed=5", "-ac", "2", str(made))
    return made


def test_a_torn_upload_is_told_leaves_nothing_and_is_done_again(
    archive: Path, key: str, tmp_path: Path, server: S3
) -> None:
    put(archive, server, noise(tmp_path), tmp_path)
    key = f"{tmp_path.name}/noise.wav"
    asked = ("access", "tones", "--force", "--format", "flac", "--beside")
    server.fate(("PUT", r"noise.*partNumber=2", "torn"))
    refused = run(archive, *asked)
    assert refused.exit_code == 1, refused.output
    assert "flac: the storage does not answer, or not to the end; check that it runs and is reached" in refused.stderr
    assert server.names(key) == {"", ".player.json"}
    assert kinds(server, key) == set()
    server.fate()
    done(archive, *asked)
    (one,) = told(server, key)
    assert len(server.content(f"{key}{one['ending']}")) == one["bytes"] > 5 << 20


def test_a_sound_that_is_replaced_while_its_copy_is_made_gets_none(
    archive: Path, key: str, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = copies_beside.sent

    def replaced(*given: Any, **named: Any) -> Any:
        found = sent(*given, **named)
        server.put(tmp_path / "tones.wav", key)
        return found

    monkeypatch.setattr(copies_beside, "sent", replaced)
    refused = run(archive, *ASKED)
    assert refused.exit_code == 1, refused.output
    assert f"s3://{BUCKET}/{key}: it was replaced by another while its copy was made; try again" in refused.stderr
    assert server.names(key) == {"", ".player.json"}


def test_what_a_command_that_was_killed_left_is_taken_up(archive: Path, key: str, tmp_path: Path, server: S3) -> None:
    done(archive)
    (one,) = told(server, key)
    content = server.content(f"{key}{one['ending']}")
    server.remove(f"{key}.player.json")
    done(archive)
    assert told(server, key) == [one]
    # One that was killed earlier left what it held the place with.
    server.remove(f"{key}.player.json")
    place = parsed(f"s3://{BUCKET}/{key}{one['ending']}")
    assert place is not None
    (tmp_path / "claim").write_text(json.dumps({"claimed": vouched(place, one["sha256"])}), "utf-8")
    server.put(tmp_path / "claim", f"{key}{one['ending']}")
    done(archive)
    assert [each["sha256"] for each in told(server, key)] == [one["sha256"]]
    assert server.content(f"{key}{one['ending']}") == content


@pytest.mark.parametrize("closed", [CLOSED, WITHDRAWN], ids=["a passage", "withdrawn"])
def test_what_a_command_that_was_ended_before_it_told_of_a_copy_left_goes_when_that_is_closed(
    archive: Path, key: str, server: S3, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(copies_beside, "change", killed)
        patched.setattr(copies_beside, "_unless_told", killed)
        with pytest.raises(KilledError):
            run(archive, *ASKED)
    (left,) = server.names(key) - {"", ".player.json"}
    assert access.beside(sound_of(archive)) == []
    declare(archive, closed)
    server.fate((".*", re.escape(key), "public"))
    assert f"access copy of its sound at s3://{BUCKET}/{key}{left}; let nobody" in run(archive, "check").stdout
    server.fate()
    done(archive)
    assert left not in server.names(key)
    assert f"{copies_beside.LEAVING}" not in kinds(server, key)


def test_a_copy_that_may_not_be_removed_is_removed_the_next_time(archive: Path, key: str, server: S3) -> None:
    done(archive)
    (one,) = told(server, key)
    declare(archive, WITHDRAWN)
    server.fate(("POST|DELETE", "delete", "refused"))
    refused = run(archive, *ASKED)
    assert refused.exit_code == 1, refused.output
    assert f"{one['ending']}: the storage does not let it be removed; give keys that may do so" in refused.stderr
    assert access.beside(sound_of(archive)) == [], "it is not played meanwhile"
    assert run(archive, *ASKED).exit_code == 1, "nor is it forgotten"
    server.fate()
    done(archive)
    assert server.names(key) == {"", ".player.json"}
    assert kinds(server, key) == {copies_beside.KIND}


def test_the_copy_of_a_sound_that_was_replaced_goes_when_the_recording_is_withdrawn(
    archive: Path, key: str, tmp_path: Path, server: S3
) -> None:
    done(archive)
    ffmpeg("-y", "-i", str(tmp_path / "tones.wav"), "-t", "8", str(tmp_path / "tones.mp3"))
    server.put(tmp_path / "tones.mp3", key)
    declare(archive, WITHDRAWN)
    done(archive)
    assert server.names(key) == {"", ".player.json"}


def test_of_what_is_closed_while_its_copy_is_made_none_is_put_there(
    archive: Path, key: str, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = access.make

    def then_closed(*given: Any, **named: Any) -> Any:
        found = made(*given, **named)
        declare(archive, CLOSED)
        return found

    monkeypatch.setattr(access, "make", then_closed)
    refused = run(archive, *ASKED)
    assert refused.exit_code == 1, refused.output
    assert "was changed while its copy was made, and it was put nowhere; do it again" in refused.stderr
    assert server.names(key) == {""}


def test_of_what_nobody_may_hear_no_copy_is_put_there_whatever_is_asked(archive: Path, key: str, server: S3) -> None:
    declare(archive, '[access]\nsound = "closed"\nuntil = "2090-01-01"')
    said = done(archive, "access", "tones", "--force", "--beside").stdout
    assert said == f"s3://{BUCKET}/{key}: its sound is closed until 1 January 2090, so no copy is put beside it\n"
    assert server.names(key) == {""}


def test_a_record_that_cannot_be_read_keeps_no_copy_of_what_was_withdrawn(archive: Path, key: str, server: S3) -> None:
    done(archive)
    (archive / "transcripts" / "quay").mkdir()
    (archive / "transcripts" / "quay" / "recording.toml").write_text("title =\n", "utf-8")
    declare(archive, WITHDRAWN)
    done(archive, "access", "tones", "--beside")
    assert server.names(key) == {"", ".player.json"}


def test_withdrawing_takes_what_was_found_of_it_out_of_the_cache_and_says_what_lies_in_the_bucket(
    archive: Path, key: str, tmp_path: Path, server: S3
) -> None:
    done(archive, "access", "--all", "--outlines")
    assert found_in(tmp_path / "one")
    done(archive)
    said = done(archive, "withdraw", "tones").stdout
    assert found_in(tmp_path / "one") == set()
    assert re.search(r"removed:\n(  .*\n)*  [0-9]+ files derived from its sound, in the cache ", said)
    own = next(line for line in said.splitlines() if "its own files: " in line)
    assert own == f"  its own files: {archive / 'transcripts' / 'tones'}; delete them if they are not to be kept"
    assert f"its sound at s3://{BUCKET}/{key}, and what lies beside it in the bucket: remove it there" in said
    (advised,) = re.findall(r"this removes them there: player (access tones --beside)", said)
    done(archive, *advised.split())
    assert server.names(key) == {"", ".player.json"}


def found_in(cache: Path) -> set[str]:
    """Give which kinds of what was found of sounds are in a cache."""
    ours = ("peaks-", "sha256-", "frames-", "header-", "access-")
    return {path.parent.name for path in cache.rglob("*") if path.is_file() and path.parent.name.startswith(ours)}


def test_two_who_write_beside_one_sound_do_not_undo_each_other(archive: Path, key: str, server: S3) -> None:
    done(archive, *ASKED, "--outlines")
    values = json.loads(server.content(f"{key}.player.json"))["values"]
    assert {kind.partition("-")[0] for kind in values} >= {"copies", "peaks", "sha256"}
    assert done(archive, *ASKED, "--outlines").stdout.splitlines()[-1] == "put beside 0 sounds, 1 had it there"


def test_what_is_made_for_the_archive_before_is_put_there_as_it_is(archive: Path, key: str, server: S3) -> None:
    done(archive, "access", "tones")
    own = archive / "media" / "access" / "tones.m4a"
    assert f"m4a: this was put there from {own}" in done(archive).stdout
    (one,) = told(server, key)
    assert server.content(f"{key}{one['ending']}") == own.read_bytes()
