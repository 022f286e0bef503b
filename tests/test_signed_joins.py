"""A clip that was joined from several recordings is signed too, and names each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import c2pa
import mutagen
import pytest
from clipping import as_reading, run
from signing import NAME, signing

if TYPE_CHECKING:
    from click.testing import Result

ROWS: Final = "recording,start,end,name\nquay,1,2.5,Office\ntones,3,4,three\nquay,1,2.5,again\n"


def join(archive: Path, name: str, *arguments: str) -> Result:
    Path("list.csv").write_text(ROWS, encoding="utf-8")
    result = run(archive, "clips", "--from-csv", "list.csv", "--join", "-o", name, *arguments)
    assert result.exit_code == 0, result.output
    return result


def manifest(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what is signed, and give it with its assertions, by their labels."""
    with c2pa.Reader(path) as reader:
        assert reader.get_validation_state() == "Valid"
        found: dict[str, Any] = reader.get_active_manifest()
    return found, {each["label"]: each["data"] for each in found["assertions"]}


def chapters(name: str) -> list[tuple[int, int, str]]:
    tags: Any = mutagen.File(name).tags
    return [(each.start_time, each.end_time, str(each.sub_frames["TIT2"])) for each in tags.getall("CHAP")]


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".mp3", pytest.param(".m4a", marks=pytest.mark.long)])
def test_each_recording_is_named_and_the_chapters_stay(tapes: Path, suffix: str) -> None:
    name = f"all{suffix}"
    result = join(tapes, name, *signing(Path("signing")))
    assert result.stdout == f"{name}: 3 passages of 2 recordings, 0:05; signed by {NAME}, for tests only\n"
    found, said = manifest(name)
    sidecar = json.loads(Path(f"{name}.json").read_bytes())
    digests = {part["recording"]: part["media_sha256"] for part in sidecar["joined"]}
    assert [each["relationship"] for each in found["ingredients"]] == ["componentOf", "componentOf"]
    assert [each["description"] for each in found["ingredients"]] == [f"SHA-256 {each}" for each in digests.values()]
    created, *placed, trimmed = said["c2pa.actions.v2"]["actions"]
    assert created["digitalSourceType"].endswith("/composite")
    assert [each["action"] for each in placed] == ["c2pa.placed", "c2pa.placed"]
    named = [each["parameters"]["ingredients"][0]["url"].rpartition("/")[2] for each in placed]
    assert named == [each["label"] for each in found["ingredients"]]
    assert trimmed["action"] == "c2pa.trimmed"
    passages = said["alt.tape-player.clip"]["passages"]
    assert [(each["recording"], each["start"]) for each in passages] == [
        ("quay", 1000),
        ("tones", 3000),
        ("quay", 1000),
    ]
    join(tapes, f"plain{suffix}")
    if suffix == ".mp3":
        assert chapters("all.mp3") == chapters("plain.mp3") != []
    verified = run(tapes, "verify", name)
    assert (verified.exit_code, verified.stderr) == (0, "")
    for slug, digest in digests.items():
        assert f"SHA-256 {digest}, which is that of {slug} in this archive" in verified.stdout
    assert f"{name}: signed, signer not on a trust list; by {NAME}" in verified.stdout


def test_a_reading_among_them_makes_it_synthetic(tapes: Path) -> None:
    as_reading(tapes)
    join(tapes, "all-reading.wav", *signing(Path("signing")))
    found, said = manifest("all-reading.wav")
    assert said["c2pa.actions.v2"]["actions"][0]["digitalSourceType"].endswith("/compositeSynthetic")
    assert found["title"].startswith("Synthetic reading, not the tape: ")


@pytest.mark.long
def test_the_words_are_signed_only_where_that_is_asked_for(tapes: Path) -> None:
    sign = signing(Path("signing"))
    join(tapes, "digest.wav", *sign)
    join(tapes, "words.wav", *sign, "--with-words")
    digest, words = (manifest(name)[1]["alt.tape-player.clip"] for name in ("digest.wav", "words.wav"))
    assert "words" not in digest
    assert words["words"] == ["three."]
    assert digest["words_sha256"] == words["words_sha256"]


@pytest.mark.long
def test_what_is_otherwise_in_the_sidecar_is_found(tapes: Path) -> None:
    join(tapes, "all.wav", *signing(Path("signing")))
    beside = Path("all.wav.json")
    sidecar = json.loads(beside.read_bytes())
    sidecar["joined"][0]["gain"] = 6.0
    beside.write_text(json.dumps(sidecar), encoding="utf-8")
    result = run(tapes, "verify", "all.wav")
    assert result.exit_code == 1
    assert "its sidecar differs from what was signed in: passages;" in result.stderr


def test_opus_is_refused_before_anything_is_joined(tapes: Path) -> None:
    Path("list.csv").write_text(ROWS, encoding="utf-8")
    asked = ("clips", "--from-csv", "list.csv", "--join", "-o", "all.opus", *signing(Path("signing")))
    result = run(tapes, *asked)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "all.opus: Content Credentials cannot be put into Ogg Opus; use mp3, wav, flac or m4a\n" in result.stderr
    assert list(Path().glob("all*")) == []
