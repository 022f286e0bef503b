"""A clip says of which version of the transcript its words are, and is verified by that version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from clipping import cut, run
from storied_archive import NAMED, ONE, THREE, TWO, change

from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

FIRST = Span(2000, 4500)


@pytest.fixture
def storied(archive: Path) -> Path:
    """The small archive, whose transcript was changed once."""
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(NAMED, encoding="utf-8")
    change(archive, ONE, "Ines Keeper", "2026-11-20")
    return archive


def sidecar(clip: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(clip.with_name(f"{clip.name}.json").read_bytes())
    return found


def test_a_clip_names_the_version_of_its_words_and_stays_what_it_is_when_they_change(
    storied: Path, tmp_path: Path
) -> None:
    clip = cut(storied, tmp_path / "clip.wav", FIRST)
    told = sidecar(clip)
    assert told["words_version"] == {"number": 1, "date": "2026-11-20"}
    assert "0:02 to 0:04.5, transcript version 1 of 2026-11-20. Recording tones" in told["citation"]
    assert told["words"] == ["One two trees."]
    change(storied, TWO, "Bo", "2026-11-22", {"first": ["a1", "b1"]})
    change(storied, THREE.replace("trees", "pleas"), "Bo", "2026-11-29", {"c3": []})
    result = run(storied, "verify", str(clip))
    assert result.exit_code == 0, result.output
    assert "the transcript was changed since it was cut, and its words are those of before" in result.output
    told["words"] = ["One two pleas."]
    clip.with_name("clip.wav.json").write_text(json.dumps(told), encoding="utf-8")
    result = run(storied, "verify", str(clip))
    assert (result.exit_code, "its sidecar differs from the archive in: words" in result.output) == (1, True)


def test_a_clip_of_before_there_was_a_history_is_verified_by_the_first_version(archive: Path, tmp_path: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(NAMED, encoding="utf-8")
    clip = cut(archive, tmp_path / "clip.wav", FIRST)
    assert sidecar(clip)["words_version"] is None
    assert "transcript version" not in sidecar(clip)["citation"]
    change(archive, ONE, "Ines Keeper", "2026-11-20")
    assert run(archive, "verify", str(clip)).exit_code == 0


def test_a_version_that_there_is_not_is_told(storied: Path, tmp_path: Path) -> None:
    clip = cut(storied, tmp_path / "clip.wav", FIRST)
    wrongs: tuple[Any, ...] = ({"number": 9, "date": "2026-11-20"}, {"number": "1"}, {"number": True}, [], "1")
    for wrong in wrongs:
        place = clip.with_name("clip.wav.json")
        place.write_text(json.dumps({**sidecar(clip), "words_version": wrong}), encoding="utf-8")
        result = run(storied, "verify", str(clip))
        assert result.exit_code == 1
        assert "Traceback" not in result.output


def test_silence_without_words_is_of_no_version(storied: Path, tmp_path: Path) -> None:
    clip = cut(storied, tmp_path / "clip.wav", Span(7000, 7500))
    assert sidecar(clip)["words_version"] is None
