"""Each format of the table is offered, can be cut, tagged and verified, and is served under its own type."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from clipping import pitches, run

from player.audio.decode.stream import header
from player.audio.formats import CONTAINERS, FORMATS, TYPES
from player.audio.kinds import kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from player.audio.formats import Container


@pytest.mark.parametrize(
    "suffix",
    [each if each in {".mp3", ".m4a", ".wav"} else pytest.param(each, marks=pytest.mark.long) for each in FORMATS],
)
def test_a_format_can_be_cut_tagged_and_verified(archive: Path, tmp_path: Path, suffix: str) -> None:
    clip = tmp_path / f"clip{suffix}"
    result = run(archive, "clip", "tones", "--from", "2", "--to", "4", "-o", str(clip))
    assert result.exit_code == 0, result.output
    assert pitches(clip) == [300, 350]
    content = clip.read_bytes()
    for words in ("A tape of tones, 0:02 to 0:04", "One two three."):
        assert words.encode() in content or words.encode("utf-16-le") in content
    assert run(archive, "verify", str(clip)).exit_code == 0


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_a_format_is_served_under_its_type_as_a_clip_and_as_a_recording(
    archive: Path, client: FlaskClient, tmp_path: Path, suffix: str
) -> None:
    answer = client.get(f"/recordings/tones/clip{suffix}?t=2,4", buffered=True)
    assert (answer.status_code, answer.content_type) == (200, TYPES[suffix])
    clip = tmp_path / f"clip{suffix}"
    assert run(archive, "clip", "tones", "--from", "2", "--to", "4", "-o", str(clip)).exit_code == 0
    shutil.move(clip, archive / "media" / f"clip{suffix}")
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", f"clip{suffix}"), encoding="utf-8")
    answer = client.get("/media/tones")
    assert (answer.status_code, answer.content_type) == (200, TYPES[suffix])
    answer.close()


@pytest.mark.parametrize("container", [each for each in CONTAINERS.values() if each.clips], ids=lambda each: each.key)
def test_a_format_is_found_in_its_own_container_and_plays_in_browsers(
    archive: Path, tmp_path: Path, container: Container
) -> None:
    for each in container.clips:
        clip = tmp_path / f"clip{each.suffix}"
        assert run(archive, "clip", "tones", "--from", "2", "--to", "4", "--bare", "-o", str(clip)).exit_code == 0
        assert header(clip).container == container.key
        assert kind_of(header(clip)).unplayed_in == ()
        assert kind_of(header(clip)).name != f"{container.name} in {container.name}"


def test_the_command_offers_each_format_by_its_name_and_its_suffix(archive: Path) -> None:
    printed = run(archive, "clip", "--help").stdout
    for each in FORMATS.values():
        assert each.suffix in printed
        assert each.name in printed.split("--format [")[1].split("]")[0].split("|")
