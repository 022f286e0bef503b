"""Of a sound that lies elsewhere a clip reads little more than the bytes of its passage, once the sound is known."""

from __future__ import annotations

import random
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import pytest
from drawing import SEED
from test_distant_sounds import sound_of, there
from tones import ffmpeg

from player import stamp
from player.audio import ahead
from player.audio.decode import flac_frames
from player.audio.decode.samples import decoding
from player.storage import objects

if TYPE_CHECKING:
    from pathlib import Path

    from distant_server import Distant

pytestmark = pytest.mark.long
__all__ = ["there"]

MINUTES: Final = 20
RATE: Final = 8000
LIMIT: Final = 1.05
ENCODED: Final = {"flac": ("-c:a", "flac"), "m4a": ("-c:a", "aac", "-b:a", "32k", "-aac_pns", "0")}


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamp, "_TICK", 0)


@pytest.fixture(scope="module")
def tapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tapes")
    source = f"anoisesrc=r={RATE}:d={MINUTES * 60}:seed=7:a=0.1"
    for kind, how in ENCODED.items():
        ffmpeg("-f", "lavfi", "-i", source, "-ac", "1", "-sample_fmt" if kind == "flac" else "-ar",
               "s16" if kind == "flac" else str(RATE), *how, str(folder / f"tape.{kind}"))  # fmt: skip
    return folder


def elsewhere(archive: Path, there: Distant, tape: Path) -> Path:
    """Have a tape lie there, and all be known of it; give what stands for it."""
    (there.folder / tape.name).symlink_to(tape)
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace("/tones.wav", f"/{tape.name}"), "utf-8")
    sound = sound_of(archive)
    found = ahead.derived(sound)
    # What is found is what a server puts beside a sound in S3, so that others need not look for it.
    kinds = {"tape.flac": "flac-frames-1", "tape.m4a": "aac-track-1"}
    assert kinds[tape.name] in found.values
    assert ahead.is_there(sound)
    return sound


@pytest.mark.parametrize("kind", ENCODED)
@pytest.mark.parametrize("second", [1100, 1101.3, 600.9, 31.7])
def test_a_passage_costs_its_bytes(
    archive: Path, there: Distant, tapes: Path, monkeypatch: pytest.MonkeyPatch, kind: str, second: float
) -> None:
    tape = tapes / f"tape.{kind}"
    sound = elsewhere(archive, there, tape)
    first, last = round(second * RATE), round((second + 55) * RATE)
    monkeypatch.setattr(objects, "_parts", OrderedDict())
    monkeypatch.setattr(objects, "_held", 0)
    before = there.sent
    found = decoding(sound, first, last).samples
    read = there.sent - before
    assert found == decoding(tape, first, last).samples
    passage = 55 * tape.stat().st_size / (MINUTES * 60)
    assert read / passage <= LIMIT, (read, passage, read / passage)


@pytest.mark.parametrize("what", ["24 bits, two channels", "cut short", "more after it", "tags before it", "damaged"])
def test_flac_of_any_kind_is_decoded_as_it_is_here(
    archive: Path, there: Distant, tapes: Path, tmp_path: Path, what: str
) -> None:
    tape = tmp_path / "tape.flac"
    source = ("-t", "30", "-i", str(tapes / "tape.flac"))
    ffmpeg(*source, *(("-ac", "2", "-sample_fmt", "s32") if what.startswith("24") else ()), str(tape))
    content = tape.read_bytes()
    changed = {
        "cut short": content[:-1500],
        "more after it": content + b"TAG" + bytes(125),
        "tags before it": b"ID3\x04\0\0\0\0\0\x10" + bytes(16) + content,
        "damaged": content[: len(content) // 2] + bytes(700) + content[len(content) // 2 + 700 :],
    }
    tape.write_bytes(changed.get(what, content))
    sound = elsewhere(archive, there, tape)
    for first, last in ((100, 4000), (5 * RATE, 13 * RATE), (14 * RATE, 17 * RATE), (20 * RATE + 7, 29 * RATE)):
        assert decoding(sound, first, last).samples == decoding(tape, first, last).samples, (first, last)
    assert flac_frames.frames(sound) is not None or what in {"damaged", "tags before it"}


@pytest.mark.parametrize("kind", ENCODED)
def test_passages_of_any_length_are_those_of_the_whole(archive: Path, there: Distant, tapes: Path, kind: str) -> None:
    tape = tapes / f"tape.{kind}"
    sound = elsewhere(archive, there, tape)
    drawn = random.Random(SEED)  # noqa: S311  # no secret
    whole = decoding(tape, 0, MINUTES * 60 * RATE).samples
    end = len(whole) // 2
    spans = [(end - 5, end), (0, 10), (RATE, 3 * RATE), (end - 60 * RATE - 1, end)]
    spans += [
        (first := drawn.randrange(end - 1), drawn.randrange(first, min(end, first + 90 * RATE)) + 1) for _ in range(8)
    ]
    for first, last in spans:
        assert decoding(sound, first, last).samples == whole[2 * first : 2 * last], (first, last)
