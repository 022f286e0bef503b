"""A copy is proved by its first and its last second and by how many samples it has, many copies by one ffmpeg."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from mp3_tapes import KINDS, frames, kind_of, tape
from programs import find
from tones import EXECUTABLE, ffmpeg, linear

from player.audio import ffmpeg as running
from player.audio import mp3_passage, mp3_proof
from player.audio.decode import mp3

if TYPE_CHECKING:
    from pathlib import Path

#: The kinds that differ most from one another.
QUICK = ("128 kbit/s, joint stereo", "8 kbit/s, MPEG-2", "variable, MPEG-1 mono")
DECODERS = [EXECUTABLE, *filter(None, [find("ffmpeg")])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tapes")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many inputs each ffmpeg has that is started."""
    counts: list[int] = []
    begun = running._Started.__init__  # noqa: SLF001  # all that is started is started there

    def counted(self: Any, arguments: list[str], **options: Any) -> None:
        counts.append(arguments.count("-i"))
        begun(self, arguments, **options)

    monkeypatch.setattr(running._Started, "__init__", counted)  # noqa: SLF001  # see above
    return counts


def claimed(path: Path, first: int, last: int, target: Path) -> mp3_proof.Claim:
    """Copy a passage, and claim that it is exact."""
    found = mp3.index(path)
    assert found is not None
    written = io.BytesIO()
    mp3_passage.write(path, mp3_passage.find(path, found, first, last), written)
    target.write_bytes(written.getvalue())
    return mp3_proof.Claim(target, path, found, first, last)


def is_proven(claim: mp3_proof.Claim) -> bool:
    return mp3_proof.is_proven(claim.clip, claim.path, claim.found, claim.first, claim.last)


def damage(clip: bytes, number: int) -> bytes:
    """Change the main data of the frame of that number, of which the first are a header frame and the carrier."""
    found = frames(clip)
    frame = bytearray(found[number])
    begin = kind_of(bytes(frame)).head + kind_of(bytes(frame)).side
    for at in range(begin, len(frame)):
        frame[at] ^= 0x55
    found[number] = bytes(frame)
    return b"".join(found)


def test_what_is_proved_is_what_the_whole_decodes_to(folder: Path, tmp_path: Path, started: list[int]) -> None:
    name = QUICK[0]
    path, whole = tape(folder, name)
    rate = KINDS[name].rate
    first, last = 2 * rate + 17, 10 * rate + 5
    claim = claimed(path, first, last, tmp_path / "copy.mp3")
    clip = claim.clip.read_bytes()
    count = len(frames(clip))
    per_second = rate // 1152
    changed: dict[str, tuple[int, slice]] = {
        "the first frame": (4, slice(0, rate)),
        "the first second": (per_second // 2, slice(0, rate)),
        "the last second": (count - per_second // 2, slice(-rate, None)),
        "the last frame": (count - 3, slice(-rate, None)),
    }
    started.clear()
    assert is_proven(claim)
    # Once its header, its head and its end, and the two places of the tape.
    assert started == [4]
    for what, (number, where) in changed.items():
        claim.clip.write_bytes(damage(clip, number))
        decoded = linear(claim.clip).reshape(-1, 2)
        assert not np.array_equal(decoded[where], whole[first:last][where]), what
        assert not is_proven(claim), what


@pytest.mark.sampled
@pytest.mark.parametrize("name", [QUICK[1], *(pytest.param(name, marks=pytest.mark.long) for name in QUICK[::2])])
@pytest.mark.parametrize("seconds", [1, 3, 3.5, 7.1])
def test_whatever_the_length_a_copy_is_proved_and_one_that_is_a_frame_off_is_not(
    folder: Path, tmp_path: Path, name: str, seconds: float
) -> None:
    path, _ = tape(folder, name)
    rate = KINDS[name].rate
    for more in (-1, 0, 1):
        claim = claimed(path, 3 * rate + 100, 3 * rate + 100 + int(seconds * rate) + more, tmp_path / "copy.mp3")
        assert is_proven(claim)
    clip = frames(claim.clip.read_bytes())
    for wrong in (clip[:-2], clip[:5] + clip[6:], clip[:-5] + clip[-4:]):
        claim.clip.write_bytes(b"".join(wrong))
        assert not is_proven(claim)


def test_in_silence_too_one_sample_more_or_less_is_found(tmp_path: Path) -> None:
    path = tmp_path / "silence.mp3"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono:d=10", "-c:a", "libmp3lame", "-b:a", "64k", str(path))
    claim = claimed(path, 44_100, 9 * 44_100, tmp_path / "copy.mp3")
    clip = bytearray(claim.clip.read_bytes())
    at = clip.index(b"LAME3.100") + 21
    delay, padding = divmod(int.from_bytes(clip[at : at + 3]), 4096)
    for before, after in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)):
        clip[at : at + 3] = ((delay + before) << 12 | padding + after).to_bytes(3)
        claim.clip.write_bytes(clip)
        assert len(linear(claim.clip)) == 8 * 44_100 - before - after
        assert is_proven(claim) is (before == after == 0)


@pytest.mark.long
def test_many_are_proved_by_one_ffmpeg_and_one_that_is_wrong_spoils_no_other(
    folder: Path, tmp_path: Path, started: list[int]
) -> None:
    claims = []
    for number, name in enumerate([QUICK[0], QUICK[2], QUICK[0], QUICK[2]] * 3):
        rate = KINDS[name].rate
        first = (number + 1) * rate // 3
        claims.append(claimed(tape(folder, name)[0], first, first + 5 * rate, tmp_path / f"{number}.mp3"))
    started.clear()
    assert mp3_proof.proven(claims) == [True] * 12
    # Those of one channel, and those of two.
    assert started == [24, 24]
    wrong = claims[4].clip
    wrong.write_bytes(damage(wrong.read_bytes(), 20))
    started.clear()
    assert mp3_proof.proven(claims) == [number != 4 for number in range(12)]
    assert started == [24, *[4] * 6, 24]
    for unreadable in (b"", b"no sound" * 500):
        wrong.write_bytes(unreadable)
        assert mp3_proof.proven(claims) == [number != 4 for number in range(12)]


def test_no_ffmpeg_is_given_more_than_it_can_hold(
    folder: Path, tmp_path: Path, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mp3_proof, "TOGETHER", 2)
    path, _ = tape(folder, QUICK[2])
    claims = [claimed(path, first, first + 200_000, tmp_path / f"{first}.mp3") for first in range(0, 50_000, 10_000)]
    started.clear()
    assert all(mp3_proof.proven(claims))
    assert started == [8, 8, 4]
    assert mp3_proof.proven([]) == []


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("name", KINDS)
def test_copies_of_every_kind_are_proved(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, decoder: str
) -> None:
    """Where a whole second begins in a frame differs, and so does where ffmpeg begins to decode."""
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(decoder))
    path, whole = tape(folder, name)
    rate = KINDS[name].rate
    spans = [(0, len(whole)), (rate // 7, 8 * rate), (3 * rate + 1, len(whole)), (5 * rate, 9 * rate + 311)]
    claims = [claimed(path, *span, tmp_path / f"{number}.mp3") for number, span in enumerate(spans)]
    for claim in claims:
        assert np.array_equal(linear(claim.clip), whole[claim.first : claim.last].ravel())
    assert mp3_proof.proven(claims) == [True] * len(claims)
