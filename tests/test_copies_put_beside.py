"""How access copies come to lie beside a sound in object storage, and go: nothing is lost, and nothing left."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from clipping import run
from copies_in_s3 import ASKED, CLOSED, SECRET, WITHDRAWN, declare, done, key, kinds, put, server, told
from s3_server import BUCKET, S3
from test_distant_sounds import sound_of
from tones import ffmpeg

from player.audio import access
from player.storage import copies_beside
from player.storage.addresses import parsed
from player.storage.beside import vouched

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["key", "server"]
pytestmark = pytest.mark.long


def test_a_copy_goes_when_its_recording_is_withdrawn(archive: Path, key: str, server: S3) -> None:
    done(archive)
    declare(archive, WITHDRAWN)
    said = done(archive).stdout
    assert f"s3://{BUCKET}/{key}: a copy beside it, of no recording as it is now, removed" in said
    assert server.names(key) == {"", ".player.json"}


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
