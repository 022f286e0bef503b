"""``player access`` makes the copies that are needed, makes stale ones again, and says what it did."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from clipping import run
from programs import program
from tones import encoded, ffmpeg, write_tones

from player.audio import access, access_make, access_proof, cache
from player.audio.access import make_cached

if TYPE_CHECKING:
    from pathlib import Path

    from player.audio.access_proof import Proof


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tones(tmp_path_factory.mktemp("tape") / "tape.wav", seconds=5)


@pytest.fixture
def archive(archive: Path, wav: Path) -> Path:
    """The small archive, its sound an MP3."""
    (archive / "media" / "tones.wav").unlink()
    hold(archive, encoded(wav, "mp3 of constant bitrate"), "tones.mp3")
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    return archive


def hold(archive: Path, sound: Path, name: str) -> Path:
    return shutil.copyfile(sound, archive / "media" / name)


def record(archive: Path, slug: str, media: str) -> None:
    """Add a recording with a sound."""
    folder = archive / "transcripts" / slug
    folder.mkdir()
    text = f'title = "{slug}"\ndate = "1963"\n{media}\n'
    (folder / "recording.toml").write_text(text, encoding="utf-8")


def copies(archive: Path) -> set[str]:
    return {path.name for path in (archive / "media" / "access").iterdir()}


def test_a_copy_is_made_and_then_is_up_to_date(archive: Path) -> None:
    result = run(archive, "access", "tones")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(
        "tones.m4a: 0:05, 0.0 MB, made from tones.mp3; in step with it, compared in 14 places\n"
    )
    assert copies(archive) == {"tones.m4a", "tones.json"}
    made = (archive / "media" / "access" / "tones.m4a").read_bytes()
    result = run(archive, "access", "tones")
    assert result.exit_code == 0
    assert result.stdout.endswith("tones.m4a: this is up to date\n")
    assert run(archive, "access", "tones", "--force").stdout.endswith("places\n")
    assert (archive / "media" / "access" / "tones.m4a").read_bytes() == made


@pytest.mark.long
def test_check_advises_until_there_is_a_copy_and_again_when_the_sound_is_replaced(archive: Path, wav: Path) -> None:
    def advice() -> list[str]:
        return [line for line in run(archive, "check").stdout.splitlines() if "media/" in line and "advice" in line]

    (told,) = advice()
    assert told.endswith(f"show; make a copy that they play exactly: player access tones --archive {archive}")
    run(archive, "access", "tones")
    assert advice() == []
    hold(archive, encoded(wav, "mp3 of variable bitrate"), "tones.mp3")
    (told,) = advice()
    assert "tones.m4a: it was made from another sound than tones.mp3 is now, so it is not played; make it again" in told
    assert run(archive, "access", "tones").exit_code == 0
    assert advice() == []


@pytest.mark.long
def test_a_copy_in_another_format_takes_the_place_of_the_first(archive: Path) -> None:
    run(archive, "access", "tones")
    assert run(archive, "access", "tones", "--format", "flac").exit_code == 0
    assert copies(archive) == {"tones.flac", "tones.json"}
    # Which format it has is not asked again.
    assert run(archive, "access", "tones").stdout.endswith("tones.flac: this is up to date\n")
    told = json.loads((archive / "media" / "access" / "tones.json").read_text(encoding="utf-8"))
    assert told["copy"]["type"] == "audio/flac"


@pytest.mark.long
def test_a_stale_copy_is_made_again_in_its_format(archive: Path, wav: Path) -> None:
    run(archive, "access", "tones", "--format", "flac")
    hold(archive, encoded(wav, "mp3 of variable bitrate"), "tones.mp3")
    assert run(archive, "access", "tones").exit_code == 0
    assert copies(archive) == {"tones.flac", "tones.json"}
    assert access.shipped(archive / "media", "tones", archive / "media" / "tones.mp3") is not None


@pytest.mark.long
def test_a_copy_of_nobody_knows_what_is_replaced_only_when_asked(archive: Path) -> None:
    place = archive / "media" / "access" / "tones.m4a"
    place.parent.mkdir()
    place.write_bytes(b"mine")
    result = run(archive, "access", "tones")
    assert result.exit_code == 1
    assert (
        "tones.m4a: nothing says what it was made from: there is no tones.json beside it; use --force" in result.stderr
    )
    assert place.read_bytes() == b"mine"
    assert run(archive, "access", "tones", "--force").exit_code == 0
    assert access.fault(archive / "media", "tones", archive / "media" / "tones.mp3") is None


def test_a_sound_that_browsers_play_exactly_gets_a_copy_only_when_asked(archive: Path, wav: Path) -> None:
    hold(archive, wav, "tones.mp3")
    result = run(archive, "access", "tones")
    assert result.exit_code == 0
    assert result.stdout.endswith("browsers play this exactly, so it needs no copy; --force makes one all the same\n")
    assert not (archive / "media" / "access").exists()
    assert run(archive, "access", "tones", "--force").exit_code == 0
    held = archive / "media" / "tones.mp3"
    assert [copy.path.name for copy in access.of(archive / "media", "tones", held)] == ["tones.m4a"]
    assert not any("access" in line for line in run(archive, "check").stdout.splitlines())


def test_all_makes_what_is_needed_and_goes_on_after_a_failure(archive: Path, wav: Path) -> None:
    hold(archive, wav, "plain.wav")
    (archive / "media" / "broken.ogg").write_bytes(b"no sound")
    record(archive, "another", 'media = "broken.ogg"')
    record(archive, "elsewhere", 'status = "not held"')
    record(archive, "plain", 'media = "plain.wav"')
    record(archive, "wrong", "no = true")
    result = run(archive, "access", "--all")
    assert result.exit_code == 1
    first, second, last = result.stdout.splitlines()
    assert "plain.wav: browsers play this exactly" in first
    assert "tones.m4a: 0:05" in second
    assert last == "1 copy made, 1 up to date or not needed, 2 not made"
    assert "broken.ogg: the sound cannot be decoded" in result.stderr
    assert "wrong/recording.toml" in result.stderr
    assert "elsewhere" not in result.output
    assert copies(archive) == {"tones.m4a", "tones.json"}


@pytest.mark.parametrize("arguments", [(), ("tones", "--all")])
def test_one_recording_or_all_must_be_named(archive: Path, arguments: tuple[str, ...]) -> None:
    result = run(archive, "access", *arguments)
    assert result.exit_code == 2
    assert "Name one recording, or give --all." in result.stderr


def test_a_record_without_a_sound_is_told(archive: Path) -> None:
    record(archive, "elsewhere", 'status = "not held"')
    result = run(archive, "access", "elsewhere")
    assert result.exit_code == 1
    assert "elsewhere/recording.toml: the record names no sound" in result.stderr


@pytest.mark.long
def test_what_lies_in_the_folder_of_copies_and_is_of_no_recording_is_told(archive: Path) -> None:
    run(archive, "access", "tones")
    for name in ("older.m4a", "tones.flac", "older.json"):
        (archive / "media" / "access" / name).write_bytes(b"x")
    told = [line for line in run(archive, "check").stdout.splitlines() if "/access/" in line]
    assert [("no recording with a sound" in line, "the other copy is the one" in line) for line in told] == [
        (True, False), (True, False), (False, True)
    ]  # fmt: skip


@pytest.mark.long
def test_a_copy_in_the_cache_is_there_whole_until_its_sound_is_replaced(archive: Path, wav: Path) -> None:
    held = archive / "media" / "tones.mp3"
    assert access.cached(held) is None
    copy = make_cached(held)
    assert copy == access.cached(held)
    assert access.of(archive / "media", "tones", held) == [copy]
    assert (copy.kind, copy.made_from, copy.mimetype) == ("m4a", cache.digest(held), "audio/mp4")
    assert make_cached(held) == copy
    run(archive, "access", "tones")
    shipped, other = access.of(archive / "media", "tones", held)
    assert (shipped.path.parent.name, other) == ("access", copy)
    hold(archive, encoded(wav, "vorbis"), "tones.mp3")
    assert access.of(archive / "media", "tones", held) == []
    # A page that is open may still play the earlier one, until a new one takes its place.
    assert copy.path.exists()
    make_cached(held)
    assert not copy.path.exists()


@pytest.mark.long
@pytest.mark.parametrize("spoil", ["cut short", "without its sidecar", "with another sidecar"])
def test_a_copy_in_the_cache_that_is_not_complete_is_not_there(archive: Path, spoil: str) -> None:
    held = archive / "media" / "tones.mp3"
    copy = make_cached(held)
    sidecar = copy.path.with_suffix(".json")
    if spoil == "cut short":
        copy.path.write_bytes(copy.path.read_bytes()[:-1])
    elif spoil == "without its sidecar":
        sidecar.unlink()
    else:
        sidecar.write_text("{}", encoding="utf-8")
    assert access.cached(held) is None
    assert make_cached(held) == access.cached(held) == copy


@pytest.mark.long
def test_the_digest_of_a_large_copy_is_not_waited_for(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(archive, "access", "tones")
    held = archive / "media" / "tones.mp3"
    monkeypatch.setattr(cache, "_SMALL", 0)
    monkeypatch.setenv("PLAYER_CACHE", str(archive / "cache"))
    assert access.of(archive / "media", "tones", held) == []
    # Files that were just written are not remembered: they may change again within a tick of the clock.
    for path in (held, *(archive / "media" / "access").iterdir()):
        os.utime(path, (1e9, 1e9))
    assert access.fault(archive / "media", "tones", held) is None
    assert [copy.path.name for copy in access.of(archive / "media", "tones", held)] == ["tones.m4a"]


def test_a_short_sound_says_what_was_not_compared(archive: Path) -> None:
    held = archive / "media" / "tones.mp3"
    held.unlink()
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=44100:d=0.1", "-f", "aiff", str(held))
    result = run(archive, "access", "tones")
    assert result.stdout.endswith("too short, too quiet or too uniform to compare: only its length was checked\n")


def test_what_is_compared_in_one_place_is_counted_so(archive: Path) -> None:
    held = archive / "media" / "tones.mp3"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=0.1:r=44100:a=0.3:seed=1963", "-f", "aiff", "-y", str(held))
    assert run(archive, "access", "tones").stdout.endswith("in step with it, compared in 1 place\n")


@pytest.mark.long
def test_a_sound_of_more_than_two_channels_is_copied_to_flac(archive: Path) -> None:
    held = archive / "media" / "tones.mp3"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=0.2:r=44100:a=0.3", "-ac", "3", "-f", "aiff", "-y", str(held))
    assert make_cached(held).type == "audio/flac"
    result = run(archive, "access", "--all")
    assert result.exit_code == 0, result.output
    assert copies(archive) == {"tones.flac", "tones.json"}
    result = run(archive, "access", "tones", "--format", "m4a")
    assert (result.exit_code, "tones.mp3: in M4A, a copy may lose one" in result.stderr) == (1, True)
    assert copies(archive) == {"tones.flac", "tones.json"}


SCRIPT = """\
[[voice]]
name = "Narrator"
flite = "rms"

[[line]]
id = "preface"
voice = "Narrator"
text = "This is a reading."
sources = ["log"]
"""


@pytest.mark.long
def test_a_reading_is_made_with_its_copy(archive: Path) -> None:
    program("flite")
    record(archive, "voices", 'media = "voices.mp3"\nkind = "reading"\nsurrogate_for = "tones"')
    (archive / "transcripts" / "voices" / "script.toml").write_text(SCRIPT, encoding="utf-8")
    for again in ((), ("--force",)):
        result = run(archive, "reading", "voices", *again)
        assert result.exit_code == 0, result.output
        assert "voices.m4a: 0:0" in result.stdout
        assert "made from voices.mp3; in step with it" in result.stdout
    held = archive / "media" / "voices.mp3"
    assert [copy.path.name for copy in access.of(archive / "media", "voices", held)] == ["voices.m4a"]


def test_a_reading_whose_copy_would_be_put_elsewhere_is_refused(archive: Path) -> None:
    record(archive, "voices", 'media = "voices.mp3"\nkind = "reading"\nsurrogate_for = "tones"')
    (archive / "transcripts" / "voices" / "script.toml").write_text(SCRIPT, encoding="utf-8")
    outside = archive.parent / "outside"
    outside.mkdir()
    (archive / "media" / "access").symlink_to(outside)
    result = run(archive, "reading", "voices")
    assert (result.exit_code, "media/access: this link leads out of media; put a folder there" in result.stderr) == (
        1, True
    )  # fmt: skip
    assert list(outside.iterdir()) == []
    assert not (archive / "media" / "voices.mp3").exists()


@pytest.mark.long
@pytest.mark.parametrize("name", ["tones.m4a", "tones.flac"])
def test_a_folder_in_the_place_of_a_copy_is_told_and_left(archive: Path, name: str) -> None:
    folder = archive / "media" / "access" / name
    folder.mkdir(parents=True)
    result = run(archive, "access", "tones", "--force", "--format", "flac")
    assert result.exit_code == 1
    assert f"{name}: it is a folder, not a file; move it elsewhere, and try again" in result.stderr
    assert copies(archive) == {name}
    assert (
        f"{name}: it is a folder, not a file, so it is not played; move it elsewhere, and make it"
        in run(archive, "check").stdout
    )


@pytest.mark.long
def test_a_folder_in_the_place_of_a_new_copy_is_told_before_it_is_made(archive: Path) -> None:
    run(archive, "access", "tones")
    (archive / "media" / "access" / "tones.flac").mkdir()
    result = run(archive, "access", "tones", "--format", "flac")
    assert result.exit_code == 1
    assert "tones.flac: there is a folder of this name; move it elsewhere, and try again" in result.stderr
    assert copies(archive) == {"tones.flac", "tones.m4a", "tones.json"}


@pytest.fixture
def unproven(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Say of each copy that is made next whether it seems to be late, as what an encoder pads may be."""
    late: list[bool] = []

    def proven(*of: Any) -> Proof:
        found = access_proof.prove(*of)
        return replace(found, lag=1024) if late.pop(0) else found

    monkeypatch.setattr(access_make, "prove", proven)
    return late


@pytest.mark.long
def test_what_cannot_be_proven_in_m4a_is_made_in_flac(archive: Path, unproven: list[bool]) -> None:
    unproven[:] = [True]
    named = run(archive, "access", "tones", "--format", "m4a")
    assert named.exit_code == 1
    assert "so it was not kept; make it in FLAC" in named.output
    unproven[:] = [True, False]
    made = run(archive, "access", "tones")
    assert made.exit_code == 0, made.output
    assert "made from tones.mp3, in FLAC since M4A could not be proven exact; in step with it" in made.stdout
    assert copies(archive) == {"tones.flac", "tones.json"}
    assert run(archive, "access", "tones").stdout.endswith("tones.flac: this is up to date\n")
    unproven[:] = [True]
    again = run(archive, "access", "tones", "--force")
    assert (again.exit_code, copies(archive)) == (1, {"tones.flac", "tones.json"})


@pytest.mark.long
def test_a_server_makes_in_flac_what_cannot_be_proven_in_m4a(archive: Path, unproven: list[bool]) -> None:
    unproven[:] = [True, False]
    sound = archive / "media" / "tones.mp3"
    made = make_cached(sound)
    assert made.kind == "flac"
    found = access.cached(sound)
    assert found is not None
    assert found.path == made.path


@pytest.mark.long
def test_add_makes_in_flac_what_cannot_be_proven_in_m4a(archive: Path, wav: Path, unproven: list[bool]) -> None:
    unproven[:] = [True, False]
    sound = encoded(wav, "mp3 of variable bitrate")
    done = run(archive, "add", str(sound), "--title", "Quay", "--date", "1971", "--publish")
    assert done.exit_code == 0, done.output
    assert "lies beside it (0.2 MB, FLAC since M4A could not be proven exact)" in done.output
    assert copies(archive) == {"quay.flac", "quay.json"}
    assert not list((archive / "media" / "access").glob(".*"))
