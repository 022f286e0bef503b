"""A clip joined from several recordings is to the sample what its passages are, and accounts for each of them."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import wave
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import mutagen
import numpy as np
import pytest
from clip_server import gated, real_ffmpeg
from clipping import as_reading, at_terminal, run
from machine_ferry import LABEL, SLUG, write_archive
from programs import program
from tones import EXECUTABLE, ffmpeg

from player.archive.webvtt.reading import read_transcript
from player.audio.decode.samples import decoding
from player.audio.formats import FORMATS
from player.audio.shaping import Shape, common, shaped
from player.clips.chapters import write_chapters
from player.clips.joined import Chapter

if TYPE_CHECKING:
    from click.testing import Result

LONG: Final = pytest.mark.long
ID3: Final[Any] = import_module("mutagen.id3").ID3
HEAD: Final = "recording,start,end,name\n"
#: Of two recordings that are sampled alike, one passage twice.
ALIKE: Final = f'{HEAD}quay,1,2.5,"Office, at = six; #1"\ntones,3,4,three\nquay,1,2.5,again\n'
#: Of three that are not.
UNLIKE: Final = f"{ALIKE}mole,0,2,ferry\n"


def join(archive: Path, rows: str, name: str, *arguments: str) -> Result:
    Path("list.csv").write_text(rows, encoding="utf-8")
    return run(archive, "clips", "--from-csv", "list.csv", "--join", "-o", name, *arguments)


def samples_of(path: Path | str) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    with wave.open(str(path)) as file:
        frames = file.readframes(file.getnframes())
        return np.frombuffer(frames, "<i2").reshape(-1, file.getnchannels())


def loudness(path: str) -> tuple[float, float]:
    """Measure a file as ffmpeg does: LUFS, and the true peak in dBTP."""
    command = [EXECUTABLE, "-nostdin", "-i", path, "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr.rpartition("Summary:")[2]
    integrated, peak = (re.findall(rf"{name}:\s+(-?[\d.]+)", said) for name in ("I", "Peak"))
    return float(integrated[0]), float(peak[0])


def test_passages_are_what_they_are_alone_and_between_them_is_silence_of_the_length_asked_for(tapes: Path) -> None:
    result = join(tapes, ALIKE, "all.wav", "--gap", "0.75")
    assert result.exit_code == 0, result.output
    assert result.stdout == "all.wav: 3 passages of 2 recordings, 0:05.5\n"
    run(tapes, "clip", "quay", "--from", "1", "--to", "2.5", "-o", "one.wav")
    run(tapes, "clip", "tones", "--from", "3", "--to", "4", "-o", "two.wav")
    gap = np.zeros((6000, 1), np.int16)
    one, two = samples_of("one.wav"), samples_of("two.wav")
    assert np.array_equal(samples_of("all.wav"), np.concatenate([one, gap, two, gap, one]))


def test_what_is_sampled_otherwise_is_brought_to_one_and_that_is_told(tapes: Path) -> None:
    result = join(tapes, UNLIKE, "all.wav", "--gap", "0")
    assert result.exit_code == 0, result.output
    assert (
        "the recordings are sampled differently (8,000 samples a second, one channel; 16,000 samples a second, two "
        "channels); all were brought to 16,000 samples a second, two channels\n"
    ) in result.stderr
    run(tapes, "clip", "mole", "--from", "0", "--to", "2", "-o", "mole.wav")
    whole = samples_of("all.wav")
    assert whole.shape == (16_000 * 6, 2)
    assert np.array_equal(whole[-32_000:], samples_of("mole.wav"))
    # One channel is in both, and each tone is what it was.
    before = whole[:-32_000]
    assert np.array_equal(before[:, 0], before[:, 1])
    spectrum = np.abs(np.fft.rfft(before[8000:16_000, 0] * np.hanning(8000)))
    assert abs(spectrum.argmax() * 2 - 270) <= 4
    assert run(tapes, "verify", "all.wav").exit_code == 0


def test_the_account_has_each_source_with_its_passage_digest_and_citation(tapes: Path) -> None:
    assert join(tapes, UNLIKE, "all.mp3").exit_code == 0
    said = json.loads(Path("all.mp3.json").read_bytes())
    assert [each["recording"] for each in said["joined"]] == ["quay", "tones", "quay", "mole"]
    for each in said["joined"]:
        assert each["media_sha256"] in each["citation"]
        assert each["passages"] in each["citation"]
    assert said["joined"][0]["cut"][0]["samples"] == [8000, 20_000]
    assert [each["chapter"]["start"] for each in said["joined"]] == [0, 2000, 3500, 5500]
    assert said["joined"][1]["words"] == ["three."]
    words = Path("all.mp3.vtt").read_text(encoding="utf-8")
    assert words.count("NOTE source: log, p. 2") == 1
    assert "first\n00:00:02.000 --> 00:00:03.000\n<v Ada>three.\n" in words
    tags = mutagen.File("all.mp3").tags
    assert tags["TIT2"].text == ["4 passages of The quay tape; A tape of tones; The mole tape"]
    assert tags["TXXX:RECORDING"].text == ["quay; tones; mole"]
    assert tags["USLT::und"].text == "three."
    # Three days are no day.
    assert "TDRC" not in tags


@pytest.mark.long
@pytest.mark.parametrize("name", ["all.flac", *(pytest.param(each, marks=LONG) for each in ("all.opus", "all.m4a"))])
def test_verify_knows_what_was_joined(tapes: Path, name: str) -> None:
    assert join(tapes, UNLIKE, name, "--loudness", "-18").exit_code == 0
    found = run(tapes, "verify", name)
    assert found.exit_code == 0, found.output
    where = "0:01 to 0:02.5 of quay; 0:03 to 0:04 of tones; 0:01 to 0:02.5 of quay; 0:00 to 0:02 of mole"
    assert found.stdout == f"{name}: {where}; cut again, it is identical, sample for sample\n"


#: What is changed in an account, and what is told of it; two always, the others when there is time.
CHANGED: Final = [
    ('"gain": -', '"gain": -1', "its sound differs from the recording"),
    ('"The mole tape"', '"The pier tape"', "its passage 4, 0:00 to 0:02 of mole, differs from the archive in: re"),
    ('"start": 3000', '"start": 3100', "differs from the archive in: title, passages, citation, cut"),
    ('"start": 5500', '"start": 5400', 'the chapter "ferry" is not where its sidecar says'),
    ('"title": "4 passages', '"title": "5 passages', "its sidecar differs from the archive in: title"),
    ('"settings": {', '"more": 1, "settings": {', "has keys that were not written into it"),
    ('"gain": -', '"gain": "x", "old": -', "the cut that the sidecar describes is impossible"),
    ('"loudness": -18.0', '"loudness": 1e999', "the cut that the sidecar describes is impossible"),
    ('"recording": "mole"', '"recording": "nowhere"', 'no recording is called "nowhere"'),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("old", "new", "told"), [CHANGED[0], *(pytest.param(*each, marks=LONG) for each in CHANGED[1:])]
)
def test_an_account_that_says_otherwise_is_found_out(tapes: Path, old: str, new: str, told: str) -> None:
    assert join(tapes, UNLIKE, "all.wav", "--loudness", "-18").exit_code == 0
    path = Path("all.wav.json")
    said = path.read_text(encoding="utf-8")
    assert old in said
    path.write_text(said.replace(old, new, 1), encoding="utf-8")
    found = run(tapes, "verify", "all.wav")
    assert (found.exit_code, told in found.output) == (1, True), found.output


@pytest.mark.long
def test_another_sound_under_one_passage_is_found_out(tapes: Path) -> None:
    join(tapes, UNLIKE, "all.wav")
    media = tapes / "media" / "quay.wav"
    media.write_bytes(media.read_bytes()[:-2] + b"\1\1")
    found = run(tapes, "verify", "all.wav")
    assert found.exit_code == 1
    assert "its passage 3, 0:01 to 0:02.5 of quay, was cut from a different sound" in found.stderr


def chapters_probed(name: str) -> list[tuple[float, float, str]]:
    command = [str(program("ffprobe")), "-v", "error", "-show_chapters", "-of", "json", name]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["chapters"]
    return [(float(each["start_time"]), float(each["end_time"]), each["tags"]["title"]) for each in found]


@pytest.mark.parametrize("suffix", [".mp3", *(pytest.param(each, marks=LONG) for each in (".m4a", ".flac", ".opus"))])
def test_each_passage_is_a_chapter_with_its_title(tapes: Path, suffix: str) -> None:
    name = f"all{suffix}"
    result = join(tapes, ALIKE.replace("again", ""), name)
    assert result.exit_code == 0, result.output
    third = "The quay tape, 0:01 to 0:02.5"
    assert chapters_probed(name) == [
        (0.0, 2.0, "Office, at = six; #1"),
        (2.0, 3.5, "three"),
        (3.5, pytest.approx(5.0, abs=0.1), third),
    ]
    read = mutagen.File(name)
    if suffix == ".mp3":
        (top,) = read.tags.getall("CTOC")
        found = [read.tags[f"CHAP:{each}"] for each in top.child_element_ids]
        assert [(each.start_time, each.end_time) for each in found] == [(0, 2000), (2000, 3500), (3500, 5000)]
        assert [each.sub_frames["TIT2"].text for each in found] == [["Office, at = six; #1"], ["three"], [third]]
        assert read.tags.version[:2] == (2, 3)
    elif suffix == ".m4a":
        assert [(each.start, each.title) for each in read.chapters] == [
            (0, "Office, at = six; #1"),
            (2, "three"),
            (3.5, third),
        ]
        assert read["----:com.apple.iTunes:RECORDING"][0] == b"quay; tones"
    assert run(tapes, "verify", name).exit_code == 0


def test_each_passage_is_a_cue_point_of_a_wav(tapes: Path) -> None:
    assert join(tapes, ALIKE, "all.wav", "--gap", "0.75").exit_code == 0
    data = Path("all.wav").read_bytes()
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    chunks, at = [], 12
    while at < len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        chunks.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    assert [name for name, _ in chunks] == [b"fmt ", b"data", b"LIST", b"cue ", b"LIST"]
    points = list(struct.iter_unpack("<II4sIII", chunks[3][1][4:]))
    starts = [0, 18_000, 32_000]
    assert points == [(n, start, b"data", 0, 0, start) for n, start in enumerate(starts, 1)]
    texts = re.findall(rb"labl.{4}(.)\0\0\0([^\0]+)", chunks[4][1], re.DOTALL)
    assert texts == [(b"\1", b"Office, at = six; #1"), (b"\2", b"three"), (b"\3", b"again")]


def test_more_chapters_than_one_list_holds_are_in_several(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp3"
    ID3().save(path)
    write_chapters(path, FORMATS[".mp3"], [Chapter(f"Passage {n}", 1000 * n, 1000 * n + 1000) for n in range(600)])
    tags = ID3(path)
    lists = {each.element_id: each.child_element_ids for each in tags.getall("CTOC")}
    assert lists["toc"] == ["toc0", "toc1", "toc2"]
    assert [each for name in lists["toc"] for each in lists[name]] == [f"chp{n}" for n in range(600)]


def write_speech(tapes: Path, levels: dict[str, str]) -> str:
    """Let tapes have the shipped reading's voice, each with another filter; give a table of a passage of each."""
    speech = next((Path(__file__).parents[1] / "media").glob("*-reading.*"))
    rows = HEAD
    for number, (slug, level) in enumerate(levels.items()):
        record = tapes / "transcripts" / slug / "recording.toml"
        record.write_text(record.read_text(encoding="utf-8").replace("mole.flac", "mole.wav"), encoding="utf-8")
        cut = ("-ss", str(30 + 12 * number), "-t", "12", "-i", str(speech), "-af", level)
        ffmpeg(*cut, "-c:a", "pcm_s16le", "-y", str(tapes / "media" / f"{slug}.wav"))
        rows += f"{slug},0.5,{9 - number},\n"
    return rows


@pytest.mark.parametrize("name", ["all.wav", *(pytest.param(each, marks=LONG) for each in ("all.mp3", "all.m4a"))])
def test_passages_are_made_equally_loud_and_no_peak_is_too_high(tapes: Path, name: str) -> None:
    rows = write_speech(tapes, {"quay": "volume=-18dB", "tones": "anull", "mole": "volume=-7dB"})
    result = join(tapes, rows, name, "--loudness", "-20", "--gap", "1")
    assert result.exit_code == 0, result.output
    assert "for this every sample was changed, and the sound is encoded anew" in result.stderr
    found, peak = loudness(name)
    assert abs(found - -20) <= 0.5
    assert peak <= -1
    said = json.loads(Path(f"{name}.json").read_bytes())
    assert abs(said["loudness"]["integrated"] - found) <= 0.1
    for each in said["joined"]:
        begin, end = each["chapter"]["start"] / 1000, each["chapter"]["end"] / 1000
        part = f"part{Path(name).suffix}.wav"
        ffmpeg("-i", name, "-map", "0:a", "-af", f"atrim={begin}:{end}", "-y", part)
        assert abs(loudness(part)[0] - -20) <= 0.5
    assert run(tapes, "verify", name).exit_code == 0


@pytest.mark.long
def test_where_peaks_do_not_let_a_passage_be_so_loud_that_is_told(tapes: Path) -> None:
    # A knock each second, far above the voice.
    knocks = "volume=-24dB,aeval='if(lt(mod(t,1),0.001),0.8,0)+val(0)'"
    rows = write_speech(tapes, {"quay": knocks, "tones": "volume=-6dB"})
    result = join(tapes, rows, "all.mp3", "--loudness", "-24", "--bitrate", "64")
    assert result.exit_code == 0, result.output
    told = re.search(r"list\.csv:2: it is at (-[\d.]+) LUFS, since at -24 its peaks would pass -1 dBTP", result.stderr)
    assert told
    assert float(told[1]) < -25
    assert "list.csv:3" not in result.stderr
    assert loudness("all.mp3")[1] <= -1


@LONG
def test_no_passage_is_said_to_be_softer_than_was_asked_for_which_is_not(tapes: Path) -> None:
    """Silences make the whole softer, passages are made louder for that, and there a peak is in the way."""
    rows = write_speech(tapes, {"quay": "volume=-18dB", "tones": "volume=-8dB"})
    ffmpeg("-i", str(tapes / "media" / "tones.wav"), "-af", "atrim=0.5:8", "-y", "part.wav")
    integrated, peak = loudness("part.wav")
    # Where its peak is just below what is allowed.
    asked = round(-1.1 - (peak - integrated), 2)
    result = join(tapes, rows, "all.mp3", "--loudness", f"{asked:.2f}")
    assert result.exit_code == 0, result.output
    assert "its peaks would pass" not in result.stderr


def test_what_is_too_short_or_silent_to_be_measured_is_as_loud_as_it_was(tapes: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=9", "-y", str(tapes / "media" / "quay.wav"))
    rows = f"{HEAD}quay,1,3,silence\ntones,3,3.2,short\ntones,4,9,long\n"
    result = join(tapes, rows, "all.wav", "--loudness", "-23", "--gap", "0")
    assert result.exit_code == 0, result.output
    for line in (2, 3):
        assert (
            f"list.csv:{line}: it is too short or too soft to be measured, so it is as loud as it was" in result.stderr
        )
    run(tapes, "clip", "tones", "--from", "3", "--to", "3.2", "-o", "short.wav")
    assert np.array_equal(samples_of("all.wav")[16_000:17_600], samples_of("short.wav"))
    assert run(tapes, "verify", "all.wav").exit_code == 0


@pytest.mark.parametrize("wrong", ["nowhere,1,2,x", "tones,1,99,x", "tones,2,1,x", "mole,1,2,x"])
def test_one_bad_row_and_nothing_is_joined(tapes: Path, wrong: str) -> None:
    path = tapes / "transcripts" / "mole" / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[access]\nsound = "closed"\nuntil = "2041"\n', "utf-8")
    result = join(tapes, f"{ALIKE}{wrong}\n", "all.mp3")
    assert result.exit_code == 1
    assert "list.csv:5: " in result.stderr or "tones is 0:10 long" in result.stderr
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (("--gap", "61"), 1, "a gap of 61 seconds is not possible"),
        (("--loudness", "nan"), 1, "a loudness of nan LUFS is not possible; give one from -40 to -8"),
        (("--loudness", "3"), 1, "a loudness of 3 LUFS is not possible"),
        (("--format", "wav"), 2, "the name ends in .mp3 but --format says otherwise"),
        (("--format", "copy"), 1, "quay: only MP3 and AAC in M4A can be copied, and its sound is uncompressed samples"),
    ],
)
def test_what_cannot_be_joined_so_is_refused(tapes: Path, asked: tuple[str, ...], code: int, told: str) -> None:
    result = join(tapes, ALIKE, "all.mp3", *asked)
    assert (result.exit_code, told in result.output) == (code, True), result.output
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


def test_no_file_is_in_the_way_or_it_is_replaced_with_force(tapes: Path) -> None:
    Path("all.mp3.json").write_text("{}", encoding="utf-8")
    assert "a file of that name exists" in join(tapes, ALIKE, "all.mp3").stderr
    assert not Path("all.mp3").exists()
    assert join(tapes, ALIKE, "all.mp3", "--force").exit_code == 0
    for asked in (("--gap", "1"), ("--loudness", "-16"), ("--join",)):
        assert run(tapes, "clips", "tones", "--all-annotations", *asked).exit_code == 2


def test_a_joined_clip_that_is_current_is_left_alone(tapes: Path) -> None:
    assert join(tapes, ALIKE, "all.mp3").exit_code == 0
    before = Path("all.mp3").stat().st_mtime_ns
    result = join(tapes, ALIKE, "all.mp3")
    assert (result.exit_code, result.stdout) == (0, "all.mp3: already there\n"), result.output
    again = join(tapes, ALIKE, "all.mp3", "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (0, []), again.output
    assert Path("all.mp3").stat().st_mtime_ns == before
    # Another order, gap, name or loudness is another clip, and so is one that was changed.
    for rows, more in (
        (f"{HEAD}tones,3,4,three\nquay,1,2.5,again\n", ()),
        (ALIKE, ("--gap", "1")),
        (ALIKE.replace("again", "anew"), ()),
        (ALIKE, ("--loudness", "-20")),
    ):
        result = join(tapes, rows, "all.mp3", *more)
        assert (result.exit_code, "a file of that name exists" in result.stderr) == (1, True), result.output
    assert "all.mp3: 3 passages" in join(tapes, ALIKE, "all.mp3", "--force").stdout
    record = tapes / "transcripts" / "tones" / "transcript.vtt"
    record.write_text(record.read_text(encoding="utf-8").replace("three", "four"), encoding="utf-8")
    assert "a file of that name exists" in join(tapes, ALIKE, "all.mp3").stderr


@LONG
def test_a_reading_among_the_passages_is_named_everywhere(tapes: Path) -> None:
    as_reading(tapes)
    result = join(tapes, ALIKE, "all.mp3")
    assert "all.mp3: there is a reading in this clip, so it is named all-reading.mp3" in result.stderr
    tags = mutagen.File("all-reading.mp3").tags
    notice = "Synthetic reading, not the tape"
    assert tags["TIT2"].text[0].startswith(f"{notice}: 3 passages of")
    assert tags["TXXX:NOTICE"].text == [f"{notice}."]
    titles = [tags[f"CHAP:chp{number}"].sub_frames["TIT2"].text[0] for number in range(3)]
    assert titles == ["Office, at = six; #1", f"{notice}: three", "again"]
    assert run(tapes, "verify", "all-reading.mp3").exit_code == 0


@LONG
def test_a_dry_run_lists_the_passages_in_order_and_a_search_is_joined(tapes: Path) -> None:
    result = join(tapes, UNLIKE, "all.mp3", "--dry-run")
    assert result.stdout.splitlines()[:3] == [
        "all.mp3: 4 passages of 3 recordings",
        '  0:01 to 0:02.5 of quay, "Office, at = six; #1"',
        '  0:03 to 0:04 of tones, "three"',
    ]
    assert not Path("all.mp3").exists()
    found = run(tapes, "clips", "--search", "office", "--join", "-o", "office.flac", "--json")
    assert found.exit_code == 0, found.output
    (made,) = json.loads(found.stdout)
    assert set(made["recordings"]) == {"quay", "mole"}
    assert len(made["sidecar"]["joined"]) == 3


@LONG
def test_what_is_closed_is_joined_only_for_the_archives_own_use(tapes: Path) -> None:
    path = tapes / "transcripts" / "quay" / "recording.toml"
    shut = '\n[[closed]]\nstart = "1"\nend = "2"\nreason = "Asked for"\nuntil = "2041"\n'
    path.write_text(path.read_text(encoding="utf-8") + shut, encoding="utf-8")
    assert join(tapes, ALIKE, "all.mp3").exit_code == 1
    assert join(tapes, ALIKE, "all.mp3", "--include-closed").exit_code == 0
    tags = mutagen.File("all.mp3").tags
    assert tags["TIT2"].text[0].endswith(" [closed until 2041]")
    assert "Not to be handed on: closed until 2041." in tags["COMM::eng"].text[0]
    assert [each["closed"] for each in json.loads(Path("all.mp3.json").read_bytes())["joined"]] == [
        ["closed until 2041"],
        None,
        ["closed until 2041"],
    ]
    assert run(tapes, "verify", "all.mp3").exit_code == 0


def test_what_a_search_finds_and_may_not_be_handed_on_is_left_out_and_named(tapes: Path) -> None:
    path = tapes / "transcripts" / "mole" / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[access]\nsound = "on request"\n', encoding="utf-8")
    result = run(tapes, "clips", "--search", "office", "--join", "-o", "office.mp3")
    assert result.exit_code == 1
    assert "mole mole-3: mole: its sound can be heard on request" in result.stderr
    assert "office.mp3: 2 passages of 1 recording, " in result.stdout


@pytest.mark.long
def test_a_machines_words_are_labelled_in_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    archive = write_archive(tmp_path / "archive")
    rows = f"{HEAD}{SLUG},0,3,one\n{SLUG},3,9,two\n"
    result = join(archive, rows, "all.mp3", "--edl", "all.edl")
    assert result.stdout.endswith(f" [{LABEL}]\n"), result.output
    tags = mutagen.File("all.mp3").tags
    assert tags["USLT::und"].text.startswith(f"[{LABEL}]\n")
    assert tags["TXXX:MACHINE"].text == [f"{LABEL}: faster-whisper 1.2.1, tiny.en, 2026-11-27"]
    words = read_transcript(Path("all.mp3.vtt"))
    assert [line.is_unchecked for line in words.lines] == [True, False, True, True]
    assert str(words.machine) == "faster-whisper 1.2.1, tiny.en, 2026-11-27"
    assert Path("all.edl").read_text(encoding="utf-8").count(f"* WORDS: [{LABEL}] ") == 2
    assert run(archive, "verify", "all.mp3").exit_code == 0
    # One more was heard than when it was joined.
    assert run(archive, "reviewed", SLUG, "--by", "Ines Keeper").exit_code == 0
    told = run(archive, "verify", "all.mp3")
    assert (told.exit_code, "people have heard or reviewed its words" in told.output) == (0, True), told.output


@pytest.mark.long
def test_where_the_encoder_fails_nothing_is_left_behind(
    tapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = f'case "$*" in *libmp3lame*) exit 1;; esac\nexec {real_ffmpeg()} "$@"'
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, fails)))
    result = join(tapes, UNLIKE, "all.mp3", "--loudness", "-18")
    assert (result.exit_code, "all.mp3: the sound cannot be written" in result.stderr) == (1, True), result.output
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


@LONG
def test_a_terminal_sees_how_far_it_is(tapes: Path) -> None:
    Path("list.csv").write_text(UNLIKE, encoding="utf-8")
    asked = ["clips", "--from-csv", "list.csv", "--join", "--loudness", "-18", "-o", "all.mp3"]
    _, seen = at_terminal(tapes, *asked)
    assert b"Joining all.mp3" in seen
    assert b"100%" in seen


def test_what_is_sampled_alike_but_for_channels_and_size_keeps_its_samples(tapes: Path) -> None:
    sound = decoding(tapes / "media" / "quay.wav", 8000, 24_000)
    whole = np.frombuffer(sound.samples, "<i2")
    two = np.frombuffer(shaped(sound, Shape(8000, 2, 2)).samples, "<i2").reshape(-1, 2)
    assert np.array_equal(two[:, 0], whole)
    assert np.array_equal(two[:, 1], whole)
    wide = np.frombuffer(shaped(sound, Shape(8000, 1, 4)).samples, "<i4")
    assert np.array_equal(wide, whole.astype(np.int32) << 16)
    assert shaped(sound, Shape(8000, 1, 2)) is sound
    assert common([Shape(8000, 1, 2), Shape(44_100, 1, 4)]) == Shape(44_100, 1, 4)
    assert common([Shape(8000, 1, 2), Shape(8000, 4, 2)]) == Shape(8000, 2, 2)
