"""A clip is signed so that any reader of C2PA reads it, says no more than was asked for, and is heard as before."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import c2pa
import machine_ferry
import pytest
from clipping import as_reading, run
from closed_archive import write_archive
from closed_plan import QUAY, Way, rare
from mutagen import File
from signing import NAME, SPAN, clip, manifest, signing
from tones import EXECUTABLE, ffmpeg

from player.clips import signed
from player.clips.credentials import SYNTHETIC
from player.clips.signer import HOLDING
from player.clips.verify import read_sidecar


@pytest.fixture(scope="session")
def sign(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The options by which a clip is signed."""
    return signing(tmp_path_factory.mktemp("signing"))


def assertion(path: Path, label: str) -> dict[str, Any]:
    (found,) = [each["data"] for each in manifest(path)["assertions"] if each["label"] == label]
    assert isinstance(found, dict)
    return found


def decoded(path: Path) -> bytes:
    """Decode a file, without a word of warning."""
    done = subprocess.run(
        [EXECUTABLE, "-v", "warning", "-channel_layout", "mono", "-i", str(path), "-f", "s16le", "-"]
        if path.suffix == ".wav"
        else [EXECUTABLE, "-v", "warning", "-i", str(path), "-f", "s16le", "-"],
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout


def tags(path: Path) -> dict[str, str]:
    file: Any = File(path)
    found = dict(file.tags or {})
    return {name: str(found[name]) for name in found if not name.startswith("GEOB")}


@pytest.mark.parametrize("suffix", [".mp3", *(pytest.param(each, marks=pytest.mark.long) for each in HOLDING[1:])])
def test_a_signed_clip_names_its_recording_and_is_heard_and_tagged_as_before(
    archive: Path, tmp_path: Path, sign: tuple[str, ...], suffix: str
) -> None:
    plain, path = clip(archive, tmp_path / f"plain{suffix}"), clip(archive, tmp_path / f"clip{suffix}", *sign)
    found = manifest(path)
    held = read_sidecar(path)["media_sha256"]
    (ingredient,) = found["ingredients"]
    assert (ingredient["title"], ingredient["relationship"]) == ("A tape of tones", "parentOf")
    assert ingredient["description"] == f"SHA-256 {held}"
    assert "thumbnail" not in ingredient
    opened, trimmed = assertion(path, "c2pa.actions.v2")["actions"]
    assert (opened["action"], trimmed["action"]) == ("c2pa.opened", "c2pa.trimmed")
    assert [each["url"].rpartition("/")[2] for each in opened["parameters"]["ingredients"]] == [ingredient["label"]]
    assert trimmed["description"] == "0:02 to 0:04"
    assert assertion(path, "alt.tape-player.clip")["passages"] == [{"start": 2000, "end": 4000}]
    assert decoded(path) == decoded(plain)
    assert tags(path) == tags(plain)
    result = run(archive, "verify", str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        f"clip{suffix}: signed, signer not on a trust list; by {NAME}, for tests only (tape-player, for"
        in result.stdout
    )
    assert f"SHA-256 {held}, which is that of tones in this archive\n" in result.stdout
    assert "valid" not in result.stdout


def store_of(data: bytes) -> range:
    """Give where in a file its manifest lies."""
    start = data.index(b"jumb") - 4
    return range(start, start + int.from_bytes(data[start : start + 4]))


@pytest.mark.parametrize("suffix", [".mp3", *(pytest.param(each, marks=pytest.mark.long) for each in HOLDING[1:])])
def test_a_change_of_one_byte_is_found(archive: Path, tmp_path: Path, sign: tuple[str, ...], suffix: str) -> None:
    path = clip(archive, tmp_path / f"clip{suffix}", *sign)
    data = path.read_bytes()
    store = store_of(data)
    places = {*range(100, len(data), len(data) // 12), len(data) - 1} - set(store)
    assert len(places) > 5
    changed = tmp_path / f"changed{suffix}"
    for place in sorted(places):
        changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with changed.open("rb") as file, c2pa.Reader(None, file) as reader:
            assert reader.get_validation_state() == "Invalid", place
    result = run(archive, "verify", str(changed))
    assert result.exit_code == 1
    assert "signed, but it was changed after it was signed; do not rely on this clip, cut it again" in result.stderr
    assert result.stdout == ""


def test_a_tag_that_is_written_after_signing_is_found(archive: Path, tmp_path: Path, sign: tuple[str, ...]) -> None:
    path = clip(archive, tmp_path / "clip.flac", *sign)
    assert signed.read(path).wrong == ()
    file: Any = File(path)
    file["TITLE"] = "Another"
    file.save()
    assert signed.read(path).wrong == ("it was changed after it was signed",)


def test_without_a_certificate_nothing_is_changed_and_nothing_loaded(archive: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from player.cli import main; main(sys.argv[1:], standalone_mode=False);"
        "sys.exit(bool({'c2pa', 'cryptography'} & sys.modules.keys()))"
    )
    words = ["clip", "tones", *SPAN, "-o", str(tmp_path / "clip.mp3"), "--archive", str(archive)]
    done = subprocess.run([sys.executable, "-c", program, *words], check=False)
    assert done.returncode == 0
    assert "signed" not in read_sidecar(tmp_path / "clip.mp3")
    assert not signed.is_signed(tmp_path / "clip.mp3")


def test_words_and_names_are_signed_only_where_that_is_asked_for(
    archive: Path, tmp_path: Path, sign: tuple[str, ...]
) -> None:
    without, found = (
        clip(archive, tmp_path / "without.wav", *sign),
        clip(archive, tmp_path / "a.wav", *sign, "--with-words"),
    )
    told = assertion(without, "alt.tape-player.clip")
    data = without.read_bytes()
    store = data[store_of(data).start : store_of(data).stop]
    for word in (b"One", b"three", b"Ada"):
        assert word not in store
        assert word in data, "it is in the tags"
    assert assertion(found, "alt.tape-player.clip")["words"] == ["One two three."]
    assert assertion(found, "alt.tape-player.clip")["speakers"] == ["Ada (person)"]
    assert assertion(found, "alt.tape-player.clip")["words_sha256"] == told["words_sha256"]


def test_a_reading_is_signed_as_synthetic_and_a_tape_is_not(
    archive: Path, tmp_path: Path, sign: tuple[str, ...]
) -> None:
    path = clip(archive, tmp_path / "tape.wav", *sign)
    assert [each.get("digitalSourceType") for each in assertion(path, "c2pa.actions.v2")["actions"]] == [None, None]
    as_reading(archive)
    path = clip(archive, tmp_path / "a-reading.wav", *sign)
    assert [each.get("digitalSourceType") for each in assertion(path, "c2pa.actions.v2")["actions"]] == [
        SYNTHETIC,
        None,
    ]
    assert manifest(path)["title"].startswith("Synthetic reading, not the tape: ")
    assert assertion(path, "alt.tape-player.clip")["notice"] == "Synthetic reading, not the tape."


def test_words_that_a_machine_wrote_are_signed_as_such(tmp_path: Path, sign: tuple[str, ...]) -> None:
    root = machine_ferry.write_archive(tmp_path / "ferry")
    for name, more in (("digest.wav", ()), ("words.wav", ("--with-words",))):
        path = tmp_path / name
        asked = ("clip", machine_ferry.SLUG, "--quote", machine_ferry.DOUBTFUL, "-o", str(path))
        assert run(root, *asked, *sign, *more).exit_code == 0
        told = assertion(path, "alt.tape-player.clip")
        assert told["machine"] == machine_ferry.LABEL
        assert ("words" in told) == bool(more)


def test_what_is_closed_is_signed_as_closed_and_told(tmp_path: Path, sign: tuple[str, ...]) -> None:
    root, path = write_archive(tmp_path / "closed", Way.CLOSED), tmp_path / "own.wav"
    asked = ("clip", QUAY.slug, "--cue", "c3", "-o", str(path), *sign)
    assert run(root, *asked).exit_code == 1
    result = run(root, *asked, "--include-closed")
    assert result.exit_code == 0
    assert f"; signed by {NAME}, for tests only, with what is closed: closed until 2041\n" in result.stdout
    assert manifest(path)["title"].endswith("[closed until 2041]")
    assert assertion(path, "alt.tape-player.clip")["closed"] == ["closed until 2041"]
    store = path.read_bytes()[store_of(path.read_bytes()).start :]
    assert rare("quay closed line").encode() not in store


@pytest.mark.long
def test_a_copy_is_signed_as_one_and_stays_one(archive: Path, tmp_path: Path, sign: tuple[str, ...]) -> None:
    media, record = archive / "media" / "tones.mp3", archive / "transcripts" / "tones" / "recording.toml"
    ffmpeg("-i", str(archive / "media" / "tones.wav"), "-b:a", "32k", str(media))
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('media = "tones.wav"', 'media = "tones.mp3"'), encoding="utf-8")
    path = tmp_path / "clip.mp3"
    run(archive, "clip", "tones", *SPAN, "--format", "copy", "-o", str(path), *sign)
    told = assertion(path, "alt.tape-player.clip")
    assert told["settings"]["format"] == "copy"
    assert told["copied"].startswith("The recording's own frames, not encoded again")
    result = run(archive, "verify", str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "cut again, it is the same, byte for byte: its frames are those of the archive's file" in result.stdout


@pytest.mark.long
def test_a_copy_of_aac_is_signed_and_its_packets_are_where_its_tables_say(
    archive: Path, tmp_path: Path, sign: tuple[str, ...]
) -> None:
    media, record = archive / "media" / "tones.m4a", archive / "transcripts" / "tones" / "recording.toml"
    ffmpeg("-i", str(archive / "media" / "tones.wav"), "-c:a", "aac", "-aac_pns", "0", str(media))
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('media = "tones.wav"', 'media = "tones.m4a"'), encoding="utf-8")
    path, plain = tmp_path / "clip.m4a", tmp_path / "plain.m4a"
    run(archive, "clip", "tones", *SPAN, "--format", "copy", "-o", str(path), *sign)
    run(archive, "clip", "tones", *SPAN, "--format", "copy", "-o", str(plain), "--bare")
    assert assertion(path, "alt.tape-player.clip")["settings"]["format"] == "copy"
    result = run(archive, "verify", str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "cut again, it is the same, byte for byte" in result.stdout
    as_samples = ("-f", "s16le", "-")
    assert ffmpeg("-i", str(path), *as_samples) == ffmpeg("-i", str(plain), *as_samples)


def test_a_clip_that_is_piped_is_signed_too(archive: Path, tmp_path: Path, sign: tuple[str, ...]) -> None:
    result = run(archive, "clip", "tones", *SPAN, "--format", "mp3", "-o", "-", *sign)
    assert result.exit_code == 0
    (tmp_path / "piped.mp3").write_bytes(result.stdout_bytes)
    assert len(manifest(tmp_path / "piped.mp3")["ingredients"]) == 1


def test_where_the_disk_is_full_while_a_clip_is_signed_that_is_told_and_none_is_left(
    archive: Path, tmp_path: Path, sign: tuple[str, ...]
) -> None:
    # As large as the clip is before it is signed, and no larger: what a manifest takes is not there.
    size = clip(archive, tmp_path / "plain.wav", "--bare").stat().st_size + 3000
    arguments = ["clip", "tones", *SPAN, "-o", "signed.wav", *sign, "--archive", str(archive)]
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    program = f"import resource\nfrom player.cli import main\n{limit}\nmain({arguments!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("signed.wav: the clip cannot be written (file too large); choose a folder")
    assert not list(tmp_path.glob("signed*"))


def test_many_clips_are_signed_and_again_where_that_has_changed(
    archive: Path, tmp_path: Path, sign: tuple[str, ...]
) -> None:
    asked = ("clips", "tones", "--all-annotations", "--format", "wav", "--jobs", "2", "-o", str(tmp_path / "clips"))
    assert "made" in run(archive, *asked).stderr
    assert "made" not in run(archive, *asked).stderr
    # What is there was not signed, so it is in the way as any other clip would be.
    again = run(archive, *asked, *sign)
    assert "a file of that name exists" in again.stderr
    assert run(archive, *asked, *sign, "--force").exit_code == 0
    made = sorted((tmp_path / "clips").glob("*.wav"))
    assert len(made) > 1
    for path in made:
        assert manifest(path)["signature_info"]["common_name"] == f"{NAME}, for tests only"
    assert run(archive, *asked, *sign).stdout.count("already there") == len(made)
    assert "already there" not in run(archive, *asked, *sign, "--with-words").stdout


@pytest.mark.parametrize(
    ("words", "named"), [(("-o", "clip.opus"), "clip.opus"), (("--format", "opus"), "--format opus")]
)
def test_opus_is_refused_by_name_before_anything_is_cut(
    archive: Path,
    tmp_path: Path,
    sign: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(archive, "clip", "tones", *SPAN, *words, *sign)
    assert result.exit_code == 1
    assert result.stderr == f"{named}: Content Credentials cannot be put into Ogg Opus; use mp3, wav, flac or m4a\n"
    assert list(tmp_path.glob("*clip*")) == list(tmp_path.glob("*.opus")) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--sign", "a.pem"), "--sign needs --key"),
        (("--key", "a.pem"), "--key needs --sign"),
        (("--with-words",), "--with-words needs --sign"),
        (("--sign", "a", "--key", "b", "--bare"), "--bare excludes --sign"),
    ],
)
def test_options_that_do_not_go_together_are_misuse(archive: Path, words: tuple[str, ...], told: str) -> None:
    result = run(archive, "clip", "tones", *SPAN, *words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.long
def test_what_lies_in_the_working_directory_is_not_loaded(archive: Path, tmp_path: Path, sign: tuple[str, ...]) -> None:
    path = clip(archive, tmp_path / "clip.wav", *sign)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (compiled,) = (Path(c2pa.__file__).parent / "libs").glob("*c2pa_c.so")
    shutil.copy(compiled, folder)
    program = (
        "import sys; from player.cli import main; main(sys.argv[1:], standalone_mode=False);"
        "print([line for line in open('/proc/self/maps') if 'c2pa_c' in line])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "verify", str(path), "--archive", str(archive)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(compiled) in done.stdout
    assert str(folder) not in done.stdout


def test_the_sidecar_says_who_signed_and_has_the_digest_of_what_was_signed(
    archive: Path, tmp_path: Path, sign: tuple[str, ...]
) -> None:
    path = clip(archive, tmp_path / "clip.m4a", *sign)
    sidecar = json.loads((tmp_path / "clip.m4a.json").read_bytes())
    assert sidecar["signed"]["by"] == f"{NAME}, for tests only"
    assert sidecar["signed"]["words"] is False
    assert len(sidecar["signed"]["certificate_sha256"]) == 64
    result = run(archive, "verify", str(path))
    assert result.exit_code == 0, result.output
