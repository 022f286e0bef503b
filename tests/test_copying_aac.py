"""``--format copy`` of AAC in M4A: as that of MP3, from the command to the account, ``verify`` and the page."""

from __future__ import annotations

import shutil
import struct
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
from aac_tapes import box_of, changed, without_edits
from clipping import run
from closed_tone import write_tone
from held_sounds import CLOSING, RATE, WITHOUT_NOISE, copy_to, held_archive, hold, rewrite, sidecar
from tone_heard import SILENT, tone_level
from tones import ffmpeg, linear, write_tones

from player.archive.archive import Archive
from player.audio import aac_copied, cache
from player.audio.decode import stream
from player.clips import copying
from player.clips.clip import clip
from player.timecode import Span
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path


CLIP = "/recordings/tones/clip"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return held_archive(tmp_path, monkeypatch, "tones.m4a")


cut = partial(copy_to, "out.m4a", end="6.5")


def all_decoded(path: Path) -> Any:
    """Decode a file as a reader does that knows nothing of edit lists."""
    untrimmed = ("-flags2", "+skip_manual", "-ignore_editlist", "1")
    return np.frombuffer(ffmpeg(*untrimmed, "-i", str(path), "-f", "s16le", "-"), "<i2")


def test_a_copy_has_the_recording_s_packets_and_samples_and_says_so(archive: Path, tmp_path: Path) -> None:
    result = cut(archive)
    assert result.exit_code == 0, result.output
    assert result.output == "out.m4a: 0:02 to 0:06.5 of tones, copied without encoding it again\n"
    media, path = archive / "media" / "tones.m4a", tmp_path / "out.m4a"
    whole = linear(media)
    rate = len(whole) // 10
    assert np.array_equal(linear(path), whole[2 * rate : 13 * rate // 2])
    said = sidecar(path)
    first, last = said["copied"]["bytes"]
    assert path.read_bytes().endswith(media.read_bytes()[first:last])
    assert said["settings"] == {"format": "copy", "bitrate": None, "fade_in": 0, "fade_out": 0, "gap": 500}
    assert said["encoder"] is said["not_copied"] is None
    hidden = len(all_decoded(path)) - len(linear(path))
    assert hidden + 1024 <= (said["copied"]["before"] + said["copied"]["after"]) * rate / 1000
    tags = mutagen.File(path)
    hides = f"{said['copied']['before']} ms of sound before the passage and {said['copied']['after']} ms after it"
    assert hides in bytes(tags["----:com.apple.iTunes:COPY"][0]).decode()
    assert tags["\xa9nam"] == ["A tape of tones, 0:02 to 0:06.5"]
    assert (tmp_path / "out.m4a.vtt").is_file()
    # Its tags come before the packets, and the tables were told.
    (place,) = struct.unpack_from(">I", box_of(path.read_bytes(), b"stco"), 8)
    assert place == len(path.read_bytes()) - (last - first)
    # Without -o its name ends as that of a copy of such a recording does.
    assert run(archive, "clip", "tones", "--from", "2", "--to", "4.5", "--format", "copy").exit_code == 0
    assert len(list(tmp_path.glob("tones_*.m4a"))) == 1


@pytest.mark.long
def test_verify_compares_the_packets_of_a_copy(archive: Path, tmp_path: Path) -> None:
    assert cut(archive).exit_code == 0
    result = run(archive, "verify", "out.m4a")
    assert result.exit_code == 0, result.output
    assert "it is the same, byte for byte: its frames are those of the archive's file" in result.stdout
    path = tmp_path / "out.m4a"
    good = path.read_bytes()
    flipped = bytearray(good)
    flipped[-2000] ^= 1
    later = changed(good, b"elst", lambda box: box[:20] + struct.pack(">I", 1500) + box[24:])
    for broken in (bytes(flipped), later):
        path.write_bytes(broken)
        # A forger corrects the digests.
        rewrite(path, clip={"file": "out.m4a", "sha256": cache.digest(path)})
        result = run(archive, "verify", "out.m4a")
        assert result.exit_code == 1
        assert "its coded bytes are not those of the recording's file" in result.stderr


def close(archive: Path, folder: Path) -> None:
    """Let the recording have a rare tone between 1.3 and 2.1 seconds, which is closed."""
    hold(archive, write_tone(folder / "tone.wav"), name="tones.m4a")
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace('substance = "0:02"\n', "") + CLOSING, "utf-8")
    for name in ("transcript.vtt", "annotations.toml"):
        (archive / "transcripts" / "tones" / name).unlink()


@pytest.mark.parametrize(
    ("start", "end", "is_copied"),
    [
        ("2.1", "3", False),
        pytest.param("0.3", "1.25", False, marks=pytest.mark.long),
        pytest.param("2.5", "3.5", True, marks=pytest.mark.long),
    ],
)
def test_nothing_closed_is_in_a_copy_not_even_what_an_edit_list_hides(
    archive: Path, tmp_path: Path, start: str, end: str, *, is_copied: bool
) -> None:
    close(archive, tmp_path)
    result = cut(archive, start=start, end=end)
    assert result.exit_code == 0, result.output
    assert ("copied without encoding" in result.stdout) is is_copied
    why = "out.m4a: encoded, not copied: what lies next to the passage is closed, and a copy would have some of it"
    assert (why in result.stderr) is not is_copied
    assert tone_level(all_decoded(tmp_path / "out.m4a"), RATE) < SILENT


@pytest.mark.long
@pytest.mark.parametrize(
    "kind", ["noise", *(pytest.param(each, marks=pytest.mark.long) for each in ("fragments", "milliseconds"))]
)
def test_what_cannot_be_exact_is_encoded_and_told(archive: Path, tmp_path: Path, kind: str) -> None:
    sound = write_tones(tmp_path / "tones.wav", seconds=10)
    if kind == "noise":
        hold(archive, sound, "-c:a", "aac", "-b:a", "32k", name="tones.m4a")
    elif kind == "fragments":
        hold(archive, sound, *WITHOUT_NOISE, "-movflags", "frag_keyframe+empty_moov", name="tones.m4a")
    else:
        media = hold(archive, sound, name="tones.m4a")
        tables = changed(media.read_bytes(), b"mdhd", lambda box: box[:20] + struct.pack(">I", 22_000) + box[24:])
        media.write_bytes(tables)
    result = cut(archive)
    assert result.exit_code == 0, result.output
    assert "out.m4a: encoded, not copied: " in result.stderr
    told = {"noise": "every decoder makes up anew", "fragments": "in fragments", "milliseconds": "do not count samples"}
    assert told[kind] in result.stderr
    assert sidecar(tmp_path / "out.m4a")["not_copied"]
    assert run(archive, "verify", "out.m4a").exit_code == 0


@pytest.mark.long
def test_a_copy_that_is_not_proved_is_not_kept(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = aac_copied.AacCopy.write

    def wrongly(found: aac_copied.AacCopy, target: Any) -> None:
        written(found, target)
        target.seek(-found.packets.length // 2, 2)
        target.write(bytes(100))

    monkeypatch.setattr(aac_copied.AacCopy, "write", wrongly)
    result = cut(archive)
    assert "encoded, not copied: decoded, the copy has other samples than the recording" in result.stderr
    assert sidecar(tmp_path / "out.m4a")["encoder"]


@pytest.mark.long
def test_a_recording_that_changes_meanwhile_is_noticed(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = aac_copied.AacCopy.write
    media, other = archive / "media" / "tones.m4a", tmp_path / "other.m4a"
    ffmpeg("-i", str(media), "-af", "volume=0.5", *WITHOUT_NOISE, str(other))

    def meanwhile(found: aac_copied.AacCopy, target: Any) -> None:
        written(found, target)
        shutil.copyfile(other, media)

    monkeypatch.setattr(aac_copied.AacCopy, "write", meanwhile)
    before = sorted(tmp_path.iterdir())
    result = cut(archive)
    assert result.exit_code == 1
    assert "the sound of tones changed while it was copied; cut the clip again" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "options", "called"),
    [
        ("tones.opus", ("-c:a", "libopus"), "Opus"),
        ("tones.aac", WITHOUT_NOISE, "AAC in AAC"),
        pytest.param("tones.ogg", ("-c:a", "libvorbis"), "Vorbis", marks=pytest.mark.long),
        pytest.param("tones.mp4", ("-c:a", "libopus"), "Opus", marks=pytest.mark.long),
        pytest.param("tones.mkv", WITHOUT_NOISE, "AAC in Matroska", marks=pytest.mark.long),
    ],
)
def test_what_can_never_be_copied_is_refused_by_name(
    archive: Path, tmp_path: Path, name: str, options: tuple[str, ...], called: str
) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.m4a", name), encoding="utf-8")
    hold(archive, archive / "media" / "tones.wav", *options, name=name)
    before = sorted(tmp_path.iterdir())
    result = cut(archive)
    assert result.exit_code == 1
    assert f"tones: only MP3 and AAC in M4A can be copied, and its sound is {called}; write another" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "profile", ["HE-AAC", *(pytest.param(each, marks=pytest.mark.long) for each in ("HE-AACv2", "Main", "LTP"))]
)
def test_aac_of_another_profile_is_refused_by_name(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    """No encoder that Debian or ffmpeg has makes them, so ffmpeg is taken at its word."""
    sound = replace(stream.header(archive / "media" / "tones.m4a"), profile=profile)
    monkeypatch.setattr(copying, "header", lambda _: sound)
    result = cut(archive)
    assert result.exit_code == 1
    called = f"AAC of the profile {profile}"
    assert f"only MP3 and AAC in M4A can be copied, and its sound is {called}; write another" in result.stderr
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("damage", [(0, b"x"), pytest.param((8, b"\x77"), marks=pytest.mark.long)])
def test_of_a_file_that_does_not_say_how_it_is_decoded_it_is_told_which_and_what_is_wrong(
    archive: Path, damage: tuple[int, bytes]
) -> None:
    media = archive / "media" / "tones.m4a"
    sound = bytearray(media.read_bytes())
    at = sound.index(b"esds") + damage[0]
    sound[at : at + 1] = damage[1]
    media.write_bytes(sound)
    result = cut(archive)
    assert result.exit_code == 1
    assert "media/tones.m4a: what says how its AAC is decoded (the box esds) is missing or damaged" in result.stderr


@pytest.mark.long
def test_a_file_that_says_it_has_only_half_of_the_sound_is_encoded(archive: Path) -> None:
    """A decoder then makes the upper half up, of samples twice as many, for which packets do not tell the place."""
    media = archive / "media" / "tones.m4a"
    sound = media.read_bytes()
    at = sound.index(b"\x05\x80\x80\x80\x05") + 5
    (bits,) = struct.unpack_from(">H", sound, at)
    rate, channels = bits >> 7 & 15, bits >> 3 & 15
    # Type 5, the rate of the half, channels, twice that rate, type 2, and three bits; of 40 bits, 15 are left.
    doubled = 5 << 35 | rate << 31 | channels << 27 | (rate - 3) << 23 | 2 << 18
    media.write_bytes(sound[:at] + doubled.to_bytes(5) + sound[at + 5 :])
    assert "encoded, not copied: its times do not count samples" in cut(archive).stderr


@pytest.mark.long
def test_over_http_nothing_closed_is_in_a_copy(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    close(archive, tmp_path)
    client = create_app(archive).test_client()
    for passage, name in (("2.1,3", "tones_0m02s100-0m03s000.m4a"), ("2.5,3.5", "tones_0m02s500-0m03s500_copy.m4a")):
        while (answer := client.get(f"{CLIP}.m4a?t={passage}&format=copy")).status_code == 503:
            client.application.extensions["waveform_worker"].join()
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(f"filename={name}")
        (tmp_path / "got.m4a").write_bytes(answer.data)
        assert tone_level(all_decoded(tmp_path / "got.m4a"), RATE) < SILENT
    assert client.get(f"{CLIP}.m4a?t=1,1.5&format=copy").status_code == 403


@pytest.mark.parametrize("cut_at", [60, pytest.param(400, marks=pytest.mark.long)])
def test_a_file_whose_tables_are_cut_short_leaves_nothing_behind(archive: Path, tmp_path: Path, cut_at: int) -> None:
    media = archive / "media" / "tones.m4a"
    sound = media.read_bytes()
    media.write_bytes(sound[: sound.index(b"moov") + cut_at])
    before = sorted(tmp_path.iterdir())
    result = cut(archive)
    assert result.exit_code == 1
    assert "tones.m4a: " in result.stderr
    assert "; " in result.stderr
    assert "Traceback" not in result.output
    assert sorted(tmp_path.iterdir()) == before


def test_a_name_for_another_kind_is_refused(archive: Path, tmp_path: Path) -> None:
    result = copy_to("out.mp3", archive)
    assert result.exit_code == 1
    assert "tones: a copy of its sound is an .m4a; name the file so" in result.stderr
    assert not list(tmp_path.glob("out*"))


@pytest.mark.long
def test_a_file_without_an_edit_list_is_copied_too(archive: Path, tmp_path: Path) -> None:
    media = archive / "media" / "tones.m4a"
    media.write_bytes(without_edits(media.read_bytes()))
    assert "copied without encoding" in cut(archive).stdout
    rate = 8000
    assert np.array_equal(linear(tmp_path / "out.m4a"), linear(media)[2 * rate : 13 * rate // 2])


@pytest.mark.long
def test_many_copies_of_several_recordings_are_each_of_its_kind(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("start,end,name\n1,2,harbour\n3,5,ferry\n", encoding="utf-8")
    result = run(archive, "clips", "tones", "--from-csv", "table.csv", "--format", "copy", "-o", "clips")
    assert result.exit_code == 0, result.output
    assert "harbour.m4a: 0:01 to 0:02 of tones, copied without encoding it again" in result.stdout
    result = run(archive, "clips", "tones", "--from-csv", "table.csv", "--format", "copy", "-o", "clips")
    assert "2 already there" in result.stderr, result.output


@pytest.mark.long
def test_a_bare_copy_has_a_title_only_and_can_be_piped(archive: Path, tmp_path: Path) -> None:
    assert cut(archive, "--bare").exit_code == 0
    assert list(mutagen.File(tmp_path / "out.m4a").tags) == ["\xa9nam"]
    assert not clip(Archive(archive).recording("tones"), Span(2000, 4000), tmp_path / "plain.m4a").copied
    piped = run(archive, "clip", "tones", "--from", "2", "--to", "6.5", "--format", "copy", "-o", "-", "--bare")
    assert piped.stdout_bytes == (tmp_path / "out.m4a").read_bytes()


def test_the_page_offers_a_copy_and_its_address_sends_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    client = create_app(archive).test_client()
    page = client.get("/recordings/tones").text
    assert 'data-address="/recordings/tones/clip.m4a" data-more="&amp;format=copy"' in page
    assert "Download M4A,</span> as held" in page
    answer = client.get(f"{CLIP}.m4a?t=2.5,5.5&format=copy")
    assert answer.status_code == 200
    assert "tones_0m02s500-0m05s500_copy.m4a" in answer.headers["Content-Disposition"]
    assert answer.mimetype == "audio/mp4"
    assert answer.data[answer.data.index(b"mdat") + 4 :] in (archive / "media" / "tones.m4a").read_bytes()
    refused = client.get(f"{CLIP}.mp3?t=2.5,5.5&format=copy")
    assert refused.status_code == 400
    assert "A copy of the sound of this recording is an .m4a." in refused.text
    line = client.get("/basket?p=tones@2,4").text
    assert "/recordings/tones/clip.m4a?t=2,4" in line.replace("&amp;", "&").replace("%2C", ",")


@pytest.mark.long
def test_the_page_offers_no_copy_of_what_has_noise_of_the_decoder(archive: Path, tmp_path: Path) -> None:
    hold(archive, write_tones(tmp_path / "tones.wav", seconds=10), "-c:a", "aac", "-b:a", "32k", name="tones.m4a")
    page = create_app(archive).test_client().get("/recordings/tones").text
    assert "clip.mp3" in page
    assert "format=copy" not in page
