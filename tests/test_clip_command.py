"""``player clip``: the passage that was asked for, by times or words, into a file that says what it is, or nothing."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import wave
from pathlib import Path

import mutagen
import pytest
from at_the_desk import desk_window
from clip_server import LIMIT, gated, until
from clipping import as_reading, pitches, run, start
from tones import ffmpeg

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.webvtt.reading import read_transcript
from player.audio import formats
from player.clips.selection import by_cues
from player.errors import NotFoundError
from player.files import new_files

FORMATS = [each.name for each in formats.FORMATS.values()]
TIMES = ("--from", "2", "--to", "4")
PLAIN = ("--fade-in", "0", "--fade-out", "0")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    path = tmp_path / "work"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def length(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        (("--from", "2", "--to", "4"), 2000, 4000),
        (("--from", ":02.5", "--for", "1.5"), 2500, 4000),
        (("--cue", "first"), 2000, 4500),
        (("--cue", "first..c3"), 2000, 7000),
        (("--annotation", "late"), 8500, 10_000),
        (("--annotation", "who"), 2000, 4500),
        (("--quote", "TWO — three"), 2500, 4500),
        (("--quote", "hum one"), 0, 2500),
        (("--match", r"t\w+o t"), 2500, 4500),
        (("--match", "e", "--nth", "2"), 2000, 2500),
        (("--quote", "two", "--pad", "0.75"), 1750, 3750),
        (("--quote", "two", "--pad-before", "0.75"), 1750, 3000),
        (("--quote", "two", "--pad", "0.5", "--pad-after", "0"), 2000, 3000),
        (("--quote", "two", "--pad-before", "0", "--pad-after", "99"), 2500, 10_000),
        (("--quote", "the end", "--pad", "9"), 0, 10_000),
        (("--from", "0", "--to", "10", "--pad", "9"), 0, 10_000),
    ],
)
def test_a_passage_is_found_as_it_was_asked_for(
    archive: Path, folder: Path, asked: tuple[str, ...], start: int, end: int
) -> None:
    result = run(archive, "clip", "tones", *asked, *PLAIN, "-o", "clip.wav")
    assert result.exit_code == 0, result.output
    with wave.open("clip.wav") as made, wave.open(str(archive / "media" / "tones.wav")) as tape:
        tape.setpos(start * 8)
        assert made.readframes(100_000) == tape.readframes((end - start) * 8)
    assert names(folder) == ["clip.wav", "clip.wav.json", "clip.wav.vtt"]


def test_words_said_in_several_places_are_listed_and_refused(archive: Path, folder: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("The end", "Two, two"), encoding="utf-8")
    result = run(archive, "clip", "tones", "--quote", "two", "-o", "clip.wav")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        '"two" is said 3 times; cut all with --all, or one with --nth N:',
        "   1  0:02.5 to 0:03  two",
        "   2  0:08 to 0:10  Two,",
        "   3  0:08 to 0:10  two.",
    ]
    assert names(folder) == []
    assert run(archive, "clip", "tones", "--quote", "two", "--nth", "4", "-o", "clip.wav").exit_code == 1
    assert run(archive, "clip", "tones", "--quote", "two", "--nth", "2", "-o", "clip.wav").exit_code == 0
    assert length(folder / "clip.wav") == 2
    assert run(archive, "clip", "tones", "--quote", "two", "--all", "-o", "all.wav", "--bare").exit_code == 0
    assert [name for name in names(folder) if name.startswith("all")] == ["all-1.wav", "all-2.wav", "all-3.wav"]


def test_words_that_would_steer_a_terminal_are_not_printed(archive: Path, folder: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("The end", "two\x1b[2J two\x9b"), encoding="utf-8")
    for asked in (("--quote", "two"), ("--match", "two", "--dry-run"), ("--match", "two", "--bare")):
        result = run(archive, "clip", "tones", *asked)
        assert "two" in result.output or names(folder)
        assert result.output.replace("\n", "").isprintable()


def test_hits_are_joined_with_a_gap_and_none_is_heard_twice(archive: Path, folder: Path) -> None:
    asked = ("--match", "hum|One|second|The", "--join", "--gap", "1", *PLAIN, "-o", "joined.wav")
    assert run(archive, "clip", "tones", *asked).exit_code == 0
    sidecar = json.loads((folder / "joined.wav.json").read_bytes())
    # The words of "Silence & hum." are not timed, and the next line begins where it ends: one passage, not two.
    assert [(part["start"], part["end"]) for part in sidecar["cut"]] == [(0, 2500), (5000, 7000), (8000, 10_000)]
    assert length(folder / "joined.wav") == 2.5 + 1 + 2 + 1 + 2
    with wave.open("joined.wav") as made:
        made.setpos(int(2.5 * 8000))
        assert set(made.readframes(8000)) == {0}
    cues = read_transcript(folder / "joined.wav.vtt").cues
    assert [(cue.id, cue.start, cue.end) for cue in cues] == [
        ("opening", 0, 2000),
        ("first", 2000, 2500),
        ("c3", 3500, 5500),
        ("last", 6500, 8500),
    ]


def test_the_words_beside_a_clip_begin_at_zero_with_voices_and_times(archive: Path, folder: Path) -> None:
    assert run(archive, "clip", "tones", "--from", "2.5", "--to", "6.5", "-o", "clip.mp3").exit_code == 0
    transcript = read_transcript(folder / "clip.mp3.vtt")
    assert [(cue.start, cue.end, cue.speaker, cue.text, cue.words) for cue in transcript.cues] == [
        (0, 2000, "Ada", "two three.", (0, 500)),
        (2500, 4000, "Ben", "A second voice.", ()),
    ]
    assert [str(citation) for citation in transcript.cues[0].citations] == ["log, p. 2"]
    assert transcript.media_sha256 == hashlib.sha256((folder / "clip.mp3").read_bytes()).hexdigest()
    assert transcript.faults == ()


def test_the_account_beside_a_clip_holds_all_that_cutting_again_needs(archive: Path, folder: Path) -> None:
    asked = ("--from", "2", "--to", "4", "--fade-in", "7", "--bitrate", "48", "-o", "clip.mp3")
    assert run(archive, "clip", "tones", *asked).exit_code == 0
    sidecar = json.loads((folder / "clip.mp3.json").read_bytes())
    media = (archive / "media" / "tones.wav").read_bytes()
    assert sidecar["media_sha256"] == hashlib.sha256(media).hexdigest()
    assert sidecar["clip"] == {
        "file": "clip.mp3",
        "sha256": hashlib.sha256((folder / "clip.mp3").read_bytes()).hexdigest(),
    }
    assert sidecar["cut"][0]["samples"] == [16_000, 32_000]
    assert sidecar["settings"] == {"format": "mp3", "bitrate": 48, "fade_in": 7, "fade_out": 5, "gap": 500}
    assert sidecar["words"] == ["One two three."]
    assert sidecar["sound"] == {"rate": 8000, "channels": 1, "width": 2, "length": 16_000}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_clip_without_a_name_gets_one_that_says_the_passage(archive: Path, folder: Path, kind: str) -> None:
    result = run(archive, "clip", "tones", *TIMES, "--format", kind)
    assert result.exit_code == 0, result.output
    name = f"tones_0m02s000-0m04s000.{kind}"
    assert names(folder) == [name, f"{name}.json", f"{name}.vtt"]
    assert result.stdout == f"{name}: 0:02 to 0:04 of tones\n"
    assert pitches(folder / name) == [300, 350]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_clip_goes_to_standard_output_whole_and_with_its_tags(archive: Path, folder: Path, kind: str) -> None:
    with start(archive, "clip", "tones", *TIMES, "--format", kind, "-o", "-", cwd=folder) as process:
        sound, message = process.communicate()
    assert (process.returncode, message) == (0, b"")
    assert names(folder) == []
    (folder / f"x.{kind}").write_bytes(sound)
    assert pitches(folder / f"x.{kind}") == [300, 350]
    assert b"log of the tones" in sound or "log of the tones".encode("utf-16-le") in sound


def test_a_full_or_closed_standard_output_is_told(archive: Path, folder: Path) -> None:
    asked = ("clip", "tones", *TIMES, "--format", "wav", "-o", "-")
    command = [sys.executable, "-m", "player", *asked, "--archive", str(archive)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=folder)
    assert done.returncode == 1
    assert done.stderr == "standard output cannot be written (no space left on device); send the clip somewhere else\n"


def test_several_clips_do_not_go_to_one_output(archive: Path) -> None:
    result = run(archive, "clip", "tones", "--match", "e", "--format", "wav", "-o", "-")
    assert result.exit_code == 1
    assert "cannot share one output; join them with --join" in result.stderr


def test_a_dry_run_prints_the_plan_and_makes_nothing(archive: Path, folder: Path) -> None:
    result = run(archive, "clip", "tones", "--match", "two|second", "--dry-run")
    assert result.stdout.splitlines() == [
        "tones_0m02s500-0m03s000_1.mp3: 0:02.5 to 0:03 of tones: two",
        "tones_0m05s000-0m07s000_2.mp3: 0:05 to 0:07 of tones: second",
    ]
    assert names(folder) == []
    plan = json.loads(run(archive, "clip", "tones", "--match", "two|second", "--dry-run", "--json").stdout)
    assert [row["spans"] for row in plan] == [[[2500, 3000]], [[5000, 7000]]]


def test_what_was_made_is_printed_as_json(archive: Path, folder: Path) -> None:
    (made,) = json.loads(run(archive, "clip", "tones", *TIMES, "-o", "clip.wav", "--json").stdout)
    assert (made["path"], made["start"], made["end"], made["length"]) == ("clip.wav", 2000, 4000, 16_000)
    assert made["sidecar"] == json.loads((folder / "clip.wav.json").read_bytes())


def title_of(path: Path) -> str:
    tags = mutagen.File(path, easy=True)
    assert tags is not None
    return str(tags["title"][0])


def test_a_readings_clip_says_so_in_its_name_and_title_whatever_is_left_out(archive: Path, folder: Path) -> None:
    as_reading(archive)
    result = run(archive, "clip", "tones", *TIMES, "-o", "clip.mp3", "--bare")
    assert result.exit_code == 0
    assert "clip.mp3: this is a clip of a reading, so it is named clip-reading.mp3" in result.stderr
    assert run(archive, "clip", "tones", *TIMES, "--bare").exit_code == 0
    assert run(archive, "clip", "tones", *TIMES, "-o", "My Reading.mp3", "--bare").exit_code == 0
    found = ["My Reading.mp3", "clip-reading.mp3", "tones-reading_0m02s000-0m04s000.mp3"]
    assert names(folder) == found
    for name in found:
        assert title_of(folder / name) == "Synthetic reading, not the tape: A tape of tones, 0:02 to 0:04"


def test_a_bare_clip_has_a_title_and_nothing_else(archive: Path, folder: Path) -> None:
    assert run(archive, "clip", "tones", *TIMES, "-o", "clip.flac", "--bare").exit_code == 0
    assert names(folder) == ["clip.flac"]
    tags = mutagen.File(folder / "clip.flac")
    assert tags is not None
    assert {name.lower() for name in tags} <= {"title", "encoder"}


def test_of_a_line_that_was_joined_it_is_said_where_its_words_are(archive: Path, folder: Path) -> None:
    window = desk_window(archive)
    window.step(do="join", id="first")
    assert window.post("write", {}).status_code == 200
    now = window.look()["lines"][1]["id"]
    found = run(archive, "clip", "tones", "--cue", "first", "-o", "clip.wav")
    assert found.exit_code == 1
    assert f'tones has no line "first" any more: its words are in {now} now; ask for that' in found.output
    record = archive / "transcripts/tones/recording.toml"
    record.write_text(
        f'{record.read_text(encoding="utf-8")}\n[[closed]]\ncue = "{now}"\nwhat = "words"\n', encoding="utf-8"
    )
    # A visitor is not told where words are that are closed.
    with pytest.raises(NotFoundError) as told:
        by_cues(Archive(archive).seen_by(Audience.VISITORS).recording("tones"), "first")
    assert now not in str(told.value)
    assert names(folder) == []


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("--from", "1", "--to", "1"), "no later than it starts"),
    (("--from", "5", "--to", "4"), "no later than it starts"),
    (("--from", "-1", "--to", "4"), "is not a time"),
    (("--from", "nan", "--to", "4"), '"nan" is not a time; write it as'),
    (("--from", "1", "--to", "inf"), "is not a time"),
    (("--from", "1", "--to", "1e9"), "is not a time"),
    (("--from", "1", "--to", "9" * 400), "is not a time"),
    (("--from", "1", "--to", "\x1b[2J"), r'"\x1b[2J" is not a time'),
    (("--from", "1", "--for", "0"), "no later than it starts"),
    (("--from", "9", "--to", "11"), "tones is 0:10 long, but the clip would run from 0:09 to 0:11; end it at 0:10"),
    (("--from", "999999999", "--for", "1"), "is longer than any recording"),
    (("--cue", "nobody"), 'tones has no line "nobody"; its first line is "opening", its last "last"'),
    (("--cue", "first..nobody"), 'no line "nobody"'),
    (("--cue", "last..first"), 'the line "first" comes before "last"; write first..last'),
    (("--cue", ".."), 'no line ""'),
    (("--annotation", "nobody"), 'no annotation "nobody"; the annotations with a passage are: who, late'),
    (("--annotation", "around"), "is about the whole recording; give times instead"),
    (("--quote", "never said"), '"never said" is not said in tones; write the words as the transcript has them'),
    (("--quote", "…"), "the quote contains no word"),
    (("--match", "zzz"), 'the pattern "zzz" matches nothing in tones; correct it, or begin it with (?i)'),
    (("--match", "("), "this is not a regular expression"),
    (("--quote", "two", "--pad", "nan"), "is not a time"),
    (("--quote", "two", "--pad", "-1"), "is not a time"),
    (("--match", "e", "--join", "--gap", "61"), "a gap of 61 seconds is not possible; give one from 0 to 60 seconds"),
    (("--from", "1", "--to", "2", "--bitrate", "-5"), "a bitrate of -5 kbit/s is not possible"),
    (("--from", "1", "--to", "2", "--fade-in", "9" * 30), "do not fit into a clip of 1000 ms"),
]


@pytest.mark.parametrize(("asked", "words"), REFUSED)
def test_what_cannot_be_cut_is_refused_in_words_and_leaves_nothing(
    archive: Path, folder: Path, asked: tuple[str, ...], words: str
) -> None:
    result = run(archive, "clip", "tones", *asked, "-o", "clip.mp3")
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert result.stderr.replace("\n", "").isprintable()
    assert names(folder) == []


MISUSED: list[tuple[tuple[str, ...], str]] = [
    ((), "say which passage, with one of --from, --cue,"),
    (("--from", "1"), "--from needs --to or --for."),
    (("--to", "2"), "--to goes only with --from."),
    (("--from", "1", "--to", "2", "--for", "1"), "--from needs either --to or --for, not both."),
    (("--from", "1", "--to", "2", "--cue", "first"), "give only one of --from, --cue,"),
    (("--cue", "first", "--annotation", "late"), "give only one of --from, --cue,"),
    (("--cue", "first", "--to", "2"), "--to goes only with --from."),
    (("--cue", "first", "--for", "2"), "--for goes only with --from."),
    (("--cue", "first", "--all"), "--all needs --quote"),
    (("--quote", "two", "--all", "--nth", "1"), "excludes --nth"),
    (("--quote", "two", "--nth", "0"), "--nth"),
    (("--cue", "first", "--nth", "1"), "--nth needs --quote or --match"),
    (("--cue", "first", "--gap", "1"), "--gap needs --join"),
    (("--cue", "first", "-o", "-"), "-o - needs --format"),
    (("--cue", "first", "-o", "-", "--format", "wav", "--json"), "excludes --json"),
    (("--cue", "first", "--format", "ogg"), "--format"),
    (("--cue", "first", "-o", "clip.wav", "--format", "mp3"), "leave one out"),
]


@pytest.mark.parametrize(("asked", "words"), MISUSED)
def test_options_that_contradict_one_another_are_misuse(
    archive: Path, folder: Path, asked: tuple[str, ...], words: str
) -> None:
    result = run(archive, "clip", "tones", *asked)
    assert result.exit_code == 2, result.output
    assert "Usage:" in result.stderr
    assert words in result.stderr
    assert names(folder) == []


@pytest.mark.parametrize("taken", ["clip.wav", "clip.wav.json", "clip.wav.vtt"])
def test_none_of_the_three_files_is_replaced_unasked(archive: Path, folder: Path, taken: str) -> None:
    (folder / taken).write_text("mine", encoding="utf-8")
    result = run(archive, "clip", "tones", *TIMES, "-o", "clip.wav")
    assert result.exit_code == 1
    assert f"{taken}: a file of that name exists; give another name, or --force to replace it" in result.stderr
    assert names(folder) == [taken]
    assert (folder / taken).read_text(encoding="utf-8") == "mine"
    assert run(archive, "clip", "tones", *TIMES, "-o", "clip.wav", "--force").exit_code == 0
    assert run(archive, "verify", "clip.wav").exit_code == 0
    assert len(names(folder)) == 3


def test_the_recording_itself_is_never_replaced(archive: Path) -> None:
    media = archive / "media" / "tones.wav"
    before = media.read_bytes()
    result = run(archive, "clip", "tones", *TIMES, "-o", str(media), "--force")
    assert result.exit_code == 1
    assert "this is the recording itself; give the clip another name" in result.stderr
    assert media.read_bytes() == before


def test_a_device_is_never_replaced(archive: Path, tmp_path: Path) -> None:
    link = tmp_path / "device.wav"
    link.symlink_to("/dev/null")
    result = run(archive, "clip", "tones", *TIMES, "-o", str(link), "--force")
    assert result.exit_code == 1
    assert "this is a device, not a file" in result.stderr
    assert link.is_symlink()


def test_words_of_another_sound_are_not_looked_for_nor_told(archive: Path, folder: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    bound = f"Type: caption\nLocal Usage Element: [Media SHA-256] {'0' * 64}"
    path.write_text(path.read_text(encoding="utf-8").replace("Type: caption", bound), encoding="utf-8")
    for asked in (("--quote", "two"), ("--cue", "first"), ("--match", "e"), ("--annotation", "who")):
        result = run(archive, "clip", "tones", *asked, "-o", "clip.wav")
        assert result.exit_code == 1
        assert "was timed to a different sound from the one that the archive has now" in result.stderr
    assert run(archive, "clip", "tones", *TIMES, "-o", "clip.wav").exit_code == 0
    assert names(folder) == ["clip.wav", "clip.wav.json"]
    assert json.loads((folder / "clip.wav.json").read_bytes())["words"] == []


def test_a_recording_without_a_transcript_has_only_times(archive: Path, folder: Path) -> None:
    for name in ("transcript.vtt", "annotations.toml"):
        (archive / "transcripts" / "tones" / name).unlink()
    result = run(archive, "clip", "tones", "--quote", "two")
    assert (result.exit_code, "has no transcript yet; give times" in result.stderr) == (1, True)
    assert run(archive, "clip", "tones", *TIMES, "-o", "clip.wav").exit_code == 0
    assert names(folder) == ["clip.wav", "clip.wav.json"]


@pytest.mark.long
def test_of_processes_that_cut_the_same_clip_one_succeeds_and_its_files_belong_together(
    archive: Path, folder: Path
) -> None:
    asked = ("clip", "tones", *TIMES, "-o", "clip.mp3")
    processes = [start(archive, *asked, cwd=folder) for _ in range(3)]
    told = [process.communicate()[1].decode() for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 1, 1]
    assert sum("a file of that name exists" in message for message in told) == 2
    assert names(folder) == ["clip.mp3", "clip.mp3.json", "clip.mp3.vtt"]
    assert run(archive, "verify", "clip.mp3").exit_code == 0


SMALL = """
import resource, sys
from player.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
main({arguments!r})
"""


@pytest.mark.parametrize(
    ("kind", "size"), [("mp3", 20_000), ("wav", 20_000), ("flac", 9000), ("mp3", 33_500), ("wav", 300)]
)
def test_where_the_disk_is_full_none_of_the_files_is_left(archive: Path, folder: Path, kind: str, size: int) -> None:
    arguments = ["clip", "tones", "--from", "1", "--to", "5", "-o", f"clip.{kind}", "--archive", str(archive)]
    program = SMALL.format(size=size, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=folder)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert f"clip.{kind}: " in done.stderr
    assert names(folder) == []


def test_ctrl_c_leaves_nothing(archive: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, "exec sleep 600")))
    with start(archive, "clip", "tones", *TIMES, "-o", "clip.mp3", cwd=folder) as process:
        until((tmp_path / "started").exists)
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert b"Aborted!" in message
    assert names(folder) == []


def test_files_that_belong_together_are_all_put_in_place_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"

    def attempt(*, force: bool) -> None:
        with new_files([first, second], force=force) as besides:
            for beside in besides:
                beside.write_text("new", encoding="utf-8")

    second.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError) as refusal:
        attempt(force=False)
    assert refusal.value.filename == str(second)
    assert names(tmp_path) == ["second"]
    second.unlink()
    second.mkdir()
    first.write_text("mine", encoding="utf-8")
    with pytest.raises(OSError, match="directory"):
        attempt(force=True)
    assert first.read_text(encoding="utf-8") == "mine"
    assert names(tmp_path) == ["first", "second"]
    second.rmdir()
    attempt(force=True)
    assert (first.read_text(encoding="utf-8"), second.read_text(encoding="utf-8")) == ("new", "new")
    assert names(tmp_path) == ["first", "second"]


@pytest.mark.long
def test_a_tape_of_24_bits_keeps_them_and_is_verified(archive: Path, folder: Path) -> None:
    media = archive / "media" / "tones.wav"
    fine = media.with_suffix(".flac")
    ffmpeg("-i", str(media), "-af", "volume=0.3", "-c:a", "flac", "-sample_fmt", "s32", str(fine))
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("tones.wav", "tones.flac"), encoding="utf-8")
    for kind in FORMATS:
        assert run(archive, "clip", "tones", *TIMES, "-o", f"clip.{kind}").exit_code == 0
        result = run(archive, "verify", f"clip.{kind}")
        assert result.exit_code == 0, result.output
        assert pitches(folder / f"clip.{kind}") == [300, 350]
